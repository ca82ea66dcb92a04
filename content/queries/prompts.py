"""The words of a look: from the database, or a plain sentence where an operator deleted them."""

import logging

from content.categories import CATEGORY_OF, LOOKS
from content.engines import kind_of, places_of
from content.models import PromptTemplate
from content.prompts import Recipe, build_prompt, template_faults
from inflio.generation.engines import get_engine
from personas.models import Persona

log = logging.getLogger(__name__)
FALLBACK = "{content_type} of {persona}, {setting}. {pose}. {light}. {style}"


def recipe_of(look: str) -> Recipe:
    """The template of a look; a missing or broken one is logged and replaced by the category's light and pose."""
    row = PromptTemplate.objects.filter(look=look).first()
    if row and not template_faults(row.text):
        return Recipe(row.text, row.light, row.pose, row.setting)
    log.error("prompt template of %s is %s; a plain sentence is used", look, "broken" if row else "missing")
    category = CATEGORY_OF[look]
    return Recipe(FALLBACK, category.light, category.pose, f"{LOOKS[look].title}: {LOOKS[look].line}")


def suggested_prompt(
    persona: Persona,
    *,
    look: str,
    engine: str,
    content_type: str = "portrait",
    style: str = "natural",
    place: str = "",
    setting: str = "",
    details: str = "",
) -> str:
    """The prompt that these choices make; an engine's own place is written by its title."""
    kind = kind_of(persona)
    titles = dict(places_of(get_engine(engine), kind, look))
    return build_prompt(
        recipe_of(look),
        description=persona.description,
        attributes=persona.attributes,
        content_type=content_type,
        style=style,
        setting=setting or titles.get(place, ""),
        details=details,
        drawn=kind == "illustration",
    )
