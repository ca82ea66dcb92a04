"""Where a headline goes and how large it is: as large as there is room beside, above or below the face."""

from dataclasses import dataclass
from functools import cache
from itertools import combinations

from PIL import ImageFont

from gpu_worker.compositor.mask import Box
from gpu_worker.weights import weight_path

from .recipe import Headline, RetouchRefused

FONTS = ("headline_font", "headline_font_wide")
LINE = 1.12  # line height in font sizes
PAD = 0.16  # what outline or box add around the letters, in font sizes
LARGEST = 0.24  # of the frame's shorter side
SMALLEST = 0.055  # nobody reads less on a phone
MOST_LINES = 4
HAIR = 0.75  # share of the hair beside the face that stays free of words
PREFERENCE = {"left": 1.0, "right": 1.0, "bottom": 0.8, "top": 0.75}
NOTDEF = "\uffff"


@dataclass(frozen=True)
class Layout:
    """A headline set in lines. size: font size in pixels; box: (left, top, right, bottom) of everything drawn."""

    lines: tuple[str, ...]
    font: str
    size: int
    box: Box
    align: str


def set_headline(headline: Headline, size: tuple[int, int], face: Box | None, head: Box | None) -> Layout:
    """Set the words in a frame of size (width, height), never on the face. RetouchRefused where they don't fit.

    face: (x, y, width, height) and head: (left, top, right, bottom), both in pixels of the frame.
    """
    font = _font_for(headline.text)
    rooms = _rooms(size, face, head)
    short = min(size)
    wished = [headline.place] if headline.place else list(rooms)
    fits = []
    for place in wished:
        left, top, right, bottom = rooms[place]
        lines, largest = _fit(headline.text.split(), font, right - left, bottom - top)
        if largest >= SMALLEST * short:
            usual = min(largest, LARGEST * short, max(0.85 * largest, 0.13 * short))
            fits.append((largest**0.5 * usual * PREFERENCE[place], place, lines, min(usual * headline.size, largest)))
    if not fits:
        where = {"left": "on the left", "right": "on the right", "top": "above", "bottom": "below", "": "anywhere"}
        raise RetouchRefused(
            f"“{headline.text}” finds no room {where[headline.place]} without covering the face: "
            "use fewer words, another place, or let the person stand to one side."
        )
    _, place, _, pixels = max(fits)
    pixels = max(1, round(pixels))
    lines = _best_lines(headline.text.split(), font, pixels, rooms[place])
    return _settle(lines, font, pixels, place, rooms[place])


def missing_letters(text: str) -> str:
    """Letters that none of our fonts has, each once."""
    return "".join(dict.fromkeys(c for c in text if not c.isspace() and not any(_has(font, c) for font in FONTS)))


@cache
def load_font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """One of FONTS at a size in pixels."""
    return ImageFont.truetype(str(weight_path(name)), size)


def _font_for(text: str) -> str:
    letters = [c for c in text if not c.isspace()]
    for font in FONTS:
        if all(_has(font, c) for c in letters):
            return font
    raise RetouchRefused(f"Our fonts do not have {' '.join(missing_letters(text)) or 'these letters together'}.")


@cache
def _has(font: str, letter: str) -> bool:
    loaded = load_font(font, 40)
    return bytes(loaded.getmask(letter)) != bytes(loaded.getmask(NOTDEF))


def _rooms(size: tuple[int, int], face: Box | None, head: Box | None) -> dict[str, Box]:
    width, height = size
    margin = 0.045 * min(size)
    # YouTube lays the length of the video over the lower right corner.
    low = height - (0.11 * height if width > 1.2 * height else margin)
    if face is None or head is None:
        return {
            "bottom": (margin, 0.6 * height, width - margin, low),
            "top": (margin, margin, width - margin, 0.4 * height),
        }
    gap = 0.03 * width
    chin = face[1] + face[3] * 1.04
    return {
        "left": (margin, margin, face[0] - max(gap, HAIR * (face[0] - head[0])), low),
        "right": (face[0] + face[2] + max(gap, HAIR * (head[2] - face[0] - face[2])), margin, width - margin, low),
        "bottom": (margin, chin, width - margin, low),
        "top": (margin, margin, width - margin, min(head[1] - 0.01 * height, face[1])),
    }


def _fit(words: list[str], font: str, width: float, height: float) -> tuple[tuple[str, ...], float]:
    """The breaks that allow the largest letters in width x height pixels, and that size."""
    best: tuple[tuple[str, ...], float] = ((), 0.0)
    if width <= 0 or height <= 0:
        return best
    for lines in _breaks(words):
        widest = max(_width(line, font) for line in lines)
        size = min(width / (widest + 2 * PAD), height / (len(lines) * LINE + 2 * PAD))
        if size > best[1]:
            best = (lines, size)
    return best


def _best_lines(words: list[str], font: str, size: int, room: Box) -> tuple[str, ...]:
    """The fewest, most even lines that fit at this size."""
    width, height = room[2] - room[0], room[3] - room[1]
    fitting = []
    for lines in _breaks(words):
        widths = [_width(line, font) for line in lines]
        if (max(widths) + 2 * PAD) * size <= width + 1 and (len(lines) * LINE + 2 * PAD) * size <= height + 1:
            fitting.append((len(lines), max(widths), lines))
    return min(fitting)[2] if fitting else _fit(words, font, width, height)[0]


def _breaks(words: list[str]):
    for count in range(1, min(len(words), MOST_LINES) + 1):
        for cuts in combinations(range(1, len(words)), count - 1):
            edges = (0, *cuts, len(words))
            yield tuple(" ".join(words[start:end]) for start, end in zip(edges, edges[1:], strict=False))


@cache
def _width(line: str, font: str) -> float:
    """Width of a line in font sizes."""
    return load_font(font, 100).getlength(line) / 100


def _settle(lines: tuple[str, ...], font: str, size: int, place: str, room: Box) -> Layout:
    wide = (max(_width(line, font) for line in lines) + 2 * PAD) * size
    high = (len(lines) * LINE + 2 * PAD) * size
    left, top, right, bottom = room
    if place == "left":
        x, align = left, "left"
    elif place == "right":
        # Close to the person when there is much room, so that words and face are one composition.
        x, align = (right - wide if right - left < 1.5 * wide else left + 0.35 * (right - left - wide)), "left"
    else:
        x, align = (left + right - wide) / 2, "centre"
    y = {"top": top, "bottom": bottom - high}.get(place, top + 0.45 * (bottom - top - high))
    return Layout(lines, font, size, (x, y, x + wide, y + high), align)
