"""What each engine can make for a persona: read from the engines' own capabilities, for forms and services."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings

from content.categories import LOOKS
from content.models import ASPECTS
from inflio.accounts.models import Workspace
from inflio.generation.engines import ENGINES, HIDDEN, get_engine
from inflio.generation.engines.base import Capability, Engine
from inflio.generation.keys import available_engines
from personas.models import Persona
from personas.queries import companies_allowed, model_params, outside_refusal

# The looks that can be drawn, and the drawing engine's own scene that shows each of them truthfully.
DRAWN = {
    "lifestyle.working": "environmental_portrait",
    "lifestyle.home": "thoughtful_closeup",
    "lifestyle.social": "dynamic_action",
    "editorial.magazine_cover": "professional_headshot",
    "portrait.headshot": "professional_headshot",
    "portrait.professional": "environmental_portrait",
    "story.journey": "casual_friendly",
}
UPRIGHT = ("4:5", "1:1", "3:4", "2:3")  # ratios in which a drawn figure fills the frame
LONG_SIDE = 1280  # pixels, where an engine names no sizes of its own


@dataclass(frozen=True)
class EngineOffer:
    """An engine for this persona: what it is, and why it cannot be used now ("" when it can)."""

    name: str
    engine: Engine
    capability: Capability
    why_not: str = ""
    needs: str = ""  # "key", "consent" or "model": what would make it ready

    @property
    def title(self) -> str:
        return self.engine.title

    @property
    def is_ready(self) -> bool:
        return not self.why_not


def kind_of(persona: Persona) -> str:
    """The kind of job that makes this persona's content."""
    return "picture" if persona.look == Persona.Look.PHOTOREAL else "illustration"


def engine_offers(workspace: Workspace, persona: Persona) -> list[EngineOffer]:
    """Every engine of this installation that makes this persona's kind of content, ready ones first."""
    kind = kind_of(persona)
    untrained, allowed = not model_params(persona), companies_allowed(persona)
    offers = []
    for state in available_engines(workspace):
        if capability := state.engine.capabilities.get(kind):
            why_not, needs = state.why_not, "key" if state.why_not else ""
            if not why_not and (provider := state.engine.provider) and provider not in allowed:
                why_not, needs = outside_refusal(persona, provider), "consent"
            if not why_not and capability.needs_model and untrained:
                why_not, needs = f"Needs a model trained on {persona.name}'s photos.", "model"
            offers.append(EngineOffer(state.name, get_engine(state.name), capability, why_not, needs))
    return sorted(offers, key=lambda offer: not offer.is_ready)


def refused_personas(engine: str, personas: Iterable[Persona]) -> list[Persona]:
    """Those of `personas` whose photos may not be sent to the company behind `engine`."""
    provider = get_engine(engine).provider
    return [persona for persona in personas if provider and provider not in companies_allowed(persona)]


def default_engine(kind: str) -> str:
    """The installation's chosen engine, or the embedded one where that cannot do this kind of work."""
    return settings.DEFAULT_ENGINE if kind in get_engine(settings.DEFAULT_ENGINE).capabilities else "embedded"


def picture_engines() -> tuple[str, ...]:
    """Names of the engines of this installation that make content, in the registry's order."""
    shown = (name for name in ENGINES if name not in HIDDEN)
    return tuple(name for name in shown if {"picture", "illustration"} & set(get_engine(name).capabilities))


def looks_for(kind: str) -> tuple[str, ...]:
    """Keys of the looks that can be made."""
    return tuple(DRAWN) if kind == "illustration" else tuple(LOOKS)


def places_of(engine: Engine, kind: str, look: str) -> tuple[tuple[str, str], ...]:
    """The fixed settings to choose from, (key, title); empty where there are none."""
    if kind == "illustration" or engine.capabilities[kind].free_setting:
        return ()
    return engine.places(look)


def place_title(engine: str, look: str, place: str) -> str:
    """The title of an engine's own setting; the bare key of one that no longer exists."""
    return dict(get_engine(engine).places(look)).get(place, place) if place and engine in ENGINES else place


def aspects_of(engine: Engine, kind: str) -> tuple[str, ...]:
    """The aspect ratios an engine makes, in our order."""
    can = UPRIGHT if kind == "illustration" else ASPECTS
    return tuple(aspect for aspect in can if not engine.sizes or aspect in engine.sizes)


def size_of(engine: Engine, aspect: str) -> tuple[int, int]:
    """Width and height in pixels; KeyError for a ratio that the engine does not make."""
    if engine.sizes:
        return engine.sizes[aspect]
    width, height = (int(part) for part in aspect.split(":"))
    scale = LONG_SIDE / max(width, height)
    return round(width * scale / 16) * 16, round(height * scale / 16) * 16


def drawing_params(persona: Persona, look: str, details: str) -> Mapping[str, object]:
    """What the drawing engine needs. The creator's details add to the description; the face stays the same."""
    description, attributes = persona.description, persona.attributes
    words = f"{description} . with {details}" if details else description
    seed = attributes.get("look_seed") or description
    return {"scenario": DRAWN[look], "description": words, "attributes": {**attributes, "look_seed": seed}}
