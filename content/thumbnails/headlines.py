"""Reads what a clause says about the headline: its words, colour, place, size and style."""

import re

from content.thumbnails.rules import BIGGER, ME, NO, SMALLER, TEXT_WORDS, Reading, amount, colour_in, has
from content.thumbnails.words import SLOT

PLACES = r"(?P<place>left|right|top|bottom|above|below|up|down|upper|lower)"
TEXT_PLACES = {"above": "top", "up": "top", "upper": "top", "below": "bottom", "down": "bottom", "lower": "bottom"}


def read_headline(reading: Reading, clause: str) -> str:
    """A headline: its words, colour, place, size and style."""
    names_it = has(clause, rf"\b{TEXT_WORDS}\b")
    about_it = names_it or (reading.topic == "text" and reading.has_text and not has(clause, ME))
    if not about_it:
        return clause
    if names_it and has(clause, NO) and SLOT not in clause and not has(clause, r"\b(?:outline|shadow|box)\b"):
        reading.has_text = False
        reading.add({"op": "text", "remove": True}, "without the headline")
        return ""
    operation, words = _text_details(reading, clause)
    if len(operation) == 1:
        return clause
    if not reading.has_text:
        return "" if names_it else clause
    reading.add(operation, " ".join(words))
    return ""


def _text_details(reading: Reading, clause: str) -> tuple[dict, list[str]]:
    operation: dict = {"op": "text"}
    words = ["headline"]
    if SLOT in clause and reading.quoted:
        operation["text"] = reading.quoted
        words.append(f"“{reading.quoted}”")
        reading.has_text = True
    if colour := colour_in(clause):
        operation["colour"] = colour
        words.append(f"in {colour}")
    if found := re.search(rf"\b{PLACES}\b", clause):
        operation["place"] = TEXT_PLACES.get(found["place"], found["place"])
        where = operation["place"]
        words.append(f"at the {where}" if where in ("top", "bottom") else f"on the {where}")
    if has(clause, BIGGER):
        operation["by"] = 1 + 0.25 * amount(clause)
        words.append("and larger" if len(words) > 1 else "larger")
    elif has(clause, SMALLER):
        operation["by"] = 1 / (1 + 0.25 * amount(clause))
        words.append("and smaller" if len(words) > 1 else "smaller")
    style = _text_style(clause)
    if style:
        operation["style"] = style
        words.append({"box": "in a box", "plain": "plain"}.get(style, f"with {style}"))
    return operation, words


def _text_style(clause: str) -> str:
    if has(clause, r"\b(?:box|boxed|banner|bar|label|block)\b"):
        return "outline" if has(clause, NO) else "box"
    if has(clause, r"\boutlin\w*|\bborder\b|\bstroke\b"):
        return "plain" if has(clause, NO) else "outline"
    if has(clause, r"\bplain\b"):
        return "plain"
    return "shadow" if has(clause, r"\bshadow\b") else ""
