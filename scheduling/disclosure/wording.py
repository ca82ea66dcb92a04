"""The words that say it where a platform has no field, and what must not be said."""

import re

from scheduling.disclosure.facts import Facts, Problem
from scheduling.disclosure.lines import AD

AI_WORDS = {
    "image": "AI-generated image.",
    "carousel": "AI-generated images.",
    "video": "AI-generated video.",
    "story": "AI-generated.",
}
# First-person claims of an experience that somebody who does not exist cannot have made.
TESTIMONY = re.compile(
    r"\b(?:i(?:'ve|’ve| have)? (?:tried|tested|used)|i use|i swear by|works? for me"
    r"|my (?:skin|hair|body) (?:has|is|feels)|changed my (?:skin|hair|body|life)"
    r"|cured my|helped me (?:lose|sleep|heal))\b",
    re.IGNORECASE,
)


def ai_words(facts: Facts) -> str:
    """That it was made with AI."""
    return AI_WORDS.get(facts.format, "AI-generated.")


def ad_words(facts: Facts) -> str:
    """That it is an advertisement, and for whom."""
    name = " ".join(facts.sponsor_name.split())
    if facts.paid:
        return f"{AD}paid partnership with {name}." if name else ""
    return f"{AD}for our own brand, {name}." if name else f"{AD}for our own brand."


def testimony_in(caption: str) -> Problem | None:
    """A warning when the caption tells of an experience with a product."""
    found = TESTIMONY.search(caption)
    if not found:
        return None
    return Problem(
        "testimony",
        f"“{found.group(0)}” tells of an experience. Somebody made with AI had none: tell what it does.",
        "caption",
        "warn",
    )


def length(text: str, count_in: str) -> int:
    """How long a text is as a platform counts."""
    if count_in == "bytes":
        return len(text.encode())
    return len(text.encode("utf-16-le")) // 2 if count_in == "utf16" else len(text)
