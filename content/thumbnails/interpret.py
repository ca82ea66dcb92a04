"""Words -> edits: what a message asks for, what needs another engine, and a reply in plain words. No randomness."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from content.thumbnails.clauses import read_clause
from content.thumbnails.places import Places, place_words
from content.thumbnails.rules import ASPECTS, COLOURS, FORMAT, Reading, drawn, has
from content.thumbnails.words import SLOT, read_sentence

EXAMPLES = (
    "More dramatic light from the left",
    "Put me on a yacht at sunset",
    "Add the headline “I QUIT” in yellow",
    "Crop closer",
)
UNDO = re.compile(
    r"^(?:please )?(?:undo(?: (?:that|it|this|the last (?:one|step|change|edit)))?|revert(?: (?:that|it))?|go back"
    r"(?: (?:one|a) step)?|(?:take|turn) (?:that|it) back|never ?mind|back|step back|not good|"
    r"i (?:do not|don't) like it)$"
)
BACK_TO = re.compile(
    r"\b(?:back|return|go|revert|jump)\b.*?\b(?:step|picture|version|number|no|edit|#)\s*#?(\d{1,3})\b"
)
RESTART = re.compile(
    r"\b(?:start over|start again|reset (?:it|all|everything)|reset$|"
    r"(?:back to|to) the (?:original|start|beginning|first))\b"
)
FILLER = re.compile(
    r"^(?:please|thanks?(?: you)?|ok(?:ay)?|hi|hello|hey|great|nice|perfect|cool thanks|now|yes|can you|make it|and|so|"
    r"good|wow|love it|looks? (?:good|great))$"
)
_VOCABULARY = """
    headline title caption background backdrop brighter bright darker lighter warmer cooler colder contrast dramatic
    softer harsh lighting light lights saturated saturation colourful colorful vibrant vivid vignette grain sharper
    sharpen crisp blurred blurry mirror mirrored closer tighter wider smaller bigger larger square landscape vertical
    cinematic vintage retro monochrome pastel sunset sunrise golden night moody right bottom above behind original
    remove without outline shadow gradient excited happy surprised smile smiling angry expression shirt jacket glasses
    sunglasses clothes hair beard pointing hands undo revert temperature exposure neon youtube zoom blackwhite
    tealorange headshoulders
"""
VOCABULARY = frozenset(_VOCABULARY.split()) | frozenset(COLOURS)


@dataclass(frozen=True)
class Understanding:
    """What a message means. back_to: the number of the picture to go on from (0 = the first), -1 the one before.

    operations: for the engine, done after going back. needs_drawing: what only an engine that draws can do.
    """

    operations: tuple[dict[str, Any], ...] = ()
    reply: str = ""
    back_to: int | None = None
    needs_drawing: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.operations and self.back_to is None


def interpret(text: str, *, places: Places, done: Sequence[Mapping[str, Any]] = ()) -> Understanding:
    """Read one message; `done` are the operations so far, which decide what “bigger” or “in red” is about."""
    sentence = read_sentence(text, _vocabulary(tuple((look, tuple(offered)) for look, offered in places.items())))
    reading = Reading(places, _has_text(done), done[-1]["op"] if done else "", sentence.quoted, _side(done))
    back_to: int | None = None
    drawing: list[tuple[str, str]] = []
    unread: list[str] = []
    for clause in sentence.clauses:
        if (step := _going_back(clause)) is not None:
            back_to = step
        elif found := _drawn(clause):
            drawing.append(found)
            before = len(reading.operations)
            read_clause(reading, clause)
            reading.operations[before:], reading.said[before:] = _only_background(reading, before)
        elif not read_clause(reading, clause) and not FILLER.match(clause):
            unread.append(clause.replace(SLOT, f"“{sentence.quoted}”"))
    operations = tuple(_tidy(operation) for operation in reading.operations)
    reply = _reply(reading.said, back_to, drawing, unread)
    return Understanding(operations, reply, back_to, tuple(dict.fromkeys(what for what, _ in drawing)), tuple(unread))


def asked_format(text: str) -> str:
    """The format that words for an engine plainly ask for; "" when they ask for none."""
    said = [found[0] for found in FORMAT.finditer(text.lower())]
    return next((aspect for words in said for aspect, pattern in ASPECTS.items() if has(words, pattern)), "")


def _only_background(reading: Reading, before: int) -> tuple[list[dict], list[str]]:
    """Of a clause about a red shirt on a yacht only the yacht is read: its other words belong to the shirt."""
    pairs = zip(reading.operations[before:], reading.said[before:], strict=True)
    kept = [
        (operation, words) for operation, words in pairs if operation["op"] == "background" and operation.get("look")
    ]
    return [operation for operation, _ in kept], [words for _, words in kept]


def _drawn(clause: str) -> tuple[str, str] | None:
    if SLOT in clause or has(clause, r"\b(?:headline|text|caption|lettering)\b"):
        return None
    return drawn(clause)


def _going_back(clause: str) -> int | None:
    if found := BACK_TO.search(clause):
        return int(found[1])
    if has(clause, r"\b(?:background|light|lighting|colou?rs?)\b"):
        return None
    if RESTART.search(clause):
        return 0
    return -1 if UNDO.match(clause) else None


def _has_text(done: Sequence[Mapping[str, Any]]) -> bool:
    texts = [operation for operation in done if operation["op"] == "text"]
    return bool(texts) and not texts[-1].get("remove")


def _side(done: Sequence[Mapping[str, Any]]) -> str:
    sides = [operation["from"] for operation in done if operation["op"] == "light" and "from" in operation]
    return sides[-1] if sides else ""


def _tidy(operation: dict) -> dict:
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in operation.items()}


def _reply(said: list[str], back_to: int | None, drawing: list[tuple[str, str]], unread: list[str]) -> str:
    parts = []
    if back_to is not None:
        parts.append(
            {-1: "Back one step.", 0: "Back to the first picture."}.get(back_to, f"Back to picture {back_to}.")
        )
    if said:
        sentence = ", ".join(said)
        parts.append(f"{sentence[:1].upper()}{sentence[1:]}.")
    if drawing:
        what = " and ".join(dict.fromkeys(name for name, _ in drawing))
        parts.append(f"{what[:1].upper()}{what[1:]} need an engine that draws. Here you can {drawing[0][1]}.")
    if unread:
        parts.append(f"I did not understand “{unread[0]}”.")
    if not said and back_to is None and not drawing:
        parts.append("Try words such as: " + " · ".join(EXAMPLES))
    return " ".join(parts)[:500]


@lru_cache(maxsize=8)
def _vocabulary(places: tuple) -> frozenset[str]:
    return VOCABULARY | place_words(dict(places))
