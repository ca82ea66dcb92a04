"""The prompt of a picture, from a look's template and everything a creator chose: pure functions, no database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from content.styles import BY_KEY

REALISM = (
    "raw photo",
    "visible skin pores",
    "film grain",
    "unretouched natural skin texture",
    "subsurface scattering",
    "photographed on film",
)
PLACEHOLDERS = {
    "persona": "who is shown",
    "content_type": "how much of the person is shown",
    "setting": "where",
    "light": "the look's light",
    "pose": "the look's pose",
    "style": "the words of the style",
}
CONTENT_TYPE_WORDS = {
    "portrait": "head and shoulders portrait",
    "full_body": "full body photograph, head to shoes in frame",
    "action": "full body action photograph, caught mid-movement",
}
SHOWN_ATTRIBUTES = ("age", "style", "personality")  # of the persona; what it is about and how it speaks is not seen
MAX_LENGTH = 4000  # characters, as Shoot.prompt holds


@dataclass(frozen=True)
class Recipe:
    """The words of a look, as PromptTemplate keeps them."""

    text: str
    light: str
    pose: str
    setting: str = ""


def build_prompt(
    recipe: Recipe,
    *,
    description: str = "",
    attributes: Mapping[str, object] | None = None,
    content_type: str = "portrait",
    style: str = "natural",
    setting: str = "",
    details: str = "",
    drawn: bool = False,
) -> str:
    """Return the prompt: the template's sentence, the creator's details, and always the realism additions.

    The persona's name never appears in it. A `drawn` persona gets no words about film and skin. Text of a user is
    taken as it is: braces in it mean nothing. Raises ValueError for a template with a placeholder that is not known.
    """
    if faults := template_faults(recipe.text):
        raise ValueError(faults[0])
    words = {
        "persona": _person(description, attributes or {}, drawn),
        "content_type": CONTENT_TYPE_WORDS.get(content_type, content_type),
        "setting": _clean(setting) or _clean(recipe.setting),
        "light": _clean(recipe.light),
        "pose": _clean(recipe.pose),
        "style": BY_KEY[style].words if style in BY_KEY else _clean(style),
    }
    parts = [_tidy(_clean(recipe.text.format_map(words))), _clean(details)]
    end = "hand-drawn illustration" if drawn else ", ".join(REALISM)
    said = ". ".join(part.rstrip(". ") for part in parts if part)
    said = re.sub(r"(^|\. )([a-z])", lambda start: start[1] + start[2].upper(), said)
    return f"{said[: MAX_LENGTH - len(end) - 3].rstrip('. ')}. {_capital(end)}."


def template_faults(text: str) -> list[str]:
    """What is wrong with a template's text, one sentence each; empty when it can be used."""
    try:
        fields = [(name, spec, turn) for _, name, spec, turn in Formatter().parse(text) if name is not None]
    except ValueError:
        return ["A brace is open or closed alone. Write a placeholder as {setting}, and no other braces."]
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    unknown = [name for name, spec, turn in fields if name not in PLACEHOLDERS or spec or turn]
    faults = [f"{{{name}}} is not a placeholder. There are {known}." for name in unknown]
    if "persona" not in {name for name, _, _ in fields}:
        faults.append("Say who is shown: the text needs {persona}.")
    return faults


def _person(description: str, attributes: Mapping[str, object], drawn: bool) -> str:
    """Who is shown: an engine has the face from the photos, words add age and manner."""
    said = [_clean(description)] if description and drawn else []
    age = attributes.get("age")
    said += [f"{age} years old"] if age else []
    said += [_clean(str(attributes[key])) for key in SHOWN_ATTRIBUTES[1:] if attributes.get(key)]
    who = "the described person" if drawn else "the person in the reference photos"
    return ", ".join([who, *said])


def _clean(text: str) -> str:
    """One line, single spaces, no control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _tidy(text: str) -> str:
    """Mend what an empty placeholder leaves behind: doubled or stray punctuation."""
    text = re.sub(r"\s+([,.;])", r"\1", text)
    return re.sub(r"[,.;](?:\s*[,.;])+", lambda run: "." if "." in run[0] else ",", text).strip(" ,;")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
