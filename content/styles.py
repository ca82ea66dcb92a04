"""The styles a creator chooses from: a key that engines know, and words for engines that read the prompt."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """How a picture is graded: `line` tells the creator, `words` tell the engine."""

    key: str
    title: str
    line: str
    words: str


STYLES = (
    Style("natural", "Natural", "As it was", "true-to-life colour, gentle contrast"),
    Style("minimal", "Minimal", "Quiet, little colour", "minimal styling, muted palette, clean uncluttered frame"),
    Style("luxury", "Luxury", "Warm, rich", "luxurious styling, warm highlights, rich deep tones"),
    Style("bold", "Bold", "Strong colour", "bold styling, saturated colour, crisp strong contrast"),
    Style("vintage", "Vintage", "Faded film", "vintage styling, faded blacks, warm analogue colour"),
    Style("moody", "Moody", "Dark, cool", "moody styling, deep shadows, cool restrained colour"),
    Style("bright", "Bright", "Light, airy", "bright airy styling, lifted shadows, clean whites"),
)
BY_KEY = {style.key: style for style in STYLES}


def style_title(key: str) -> str:
    """The title of a style; the bare key of one that no longer exists."""
    return BY_KEY[key].title if key in BY_KEY else key
