"""The visible mark: a plain “AI” in the upper right corner, readable on light and dark; Pillow, no Django, no font."""

from PIL import Image, ImageDraw

VERSION = 1  # of its looks; a new one makes new copies
HEIGHT = 0.066  # of the picture's shorter side
LEAST = 22  # pixels
FINE = 4  # it is drawn so many times larger and then reduced, for smooth edges
GROUND = (14, 15, 17, 255)
EDGE = (255, 255, 255, 255)
TALL = 1.6  # height by width from which platforms lay their own buttons over the top
BELOW_BUTTONS = 0.13  # of the height
# The letters in a box of height 1: A of width 0.92, a gap, I of width 0.22.
A_OUTLINE = ((0, 1), (0.34, 0), (0.58, 0), (0.92, 1), (0.69, 1), (0.622, 0.775), (0.298, 0.775), (0.23, 1))
A_HOLE = ((0.46, 0.235), (0.353, 0.595), (0.567, 0.595))
I_BAR = ((1.1, 0), (1.32, 0), (1.32, 1), (1.1, 1))
LETTERS_WIDTH = 1.32


def draw_mark(picture: Image.Image) -> Image.Image:
    """Return the picture with the mark on it."""
    badge, place = mark_for(picture.size)
    marked = picture.convert("RGB") if picture.mode not in ("RGB", "RGBA") else picture.copy()
    marked.paste(badge, place, badge)
    return marked


def mark_for(size: tuple[int, int]) -> tuple[Image.Image, tuple[int, int]]:
    """The mark (RGBA) for a picture or film of `size`, and its left and top there."""
    badge = _badge(max(LEAST, round(min(size) * HEIGHT)))
    return badge, place_of(size, badge.size)


def place_of(size: tuple[int, int], badge: tuple[int, int]) -> tuple[int, int]:
    """Left and top of the mark on a picture of `size`; on full-screen pictures below the platforms' own buttons."""
    width, height = size
    margin = round(min(size) * 0.032)
    top = round(height * BELOW_BUTTONS) if height / width >= TALL else margin
    return width - badge[0] - margin, top


def _badge(height: int) -> Image.Image:
    """A dark plate with a light edge and light letters: one of the two stands out on any ground."""
    tall, wide = height * FINE, round(height * 1.62) * FINE
    plate = Image.new("RGBA", (wide, tall), (0, 0, 0, 0))
    pen = ImageDraw.Draw(plate)
    edge = max(FINE, round(tall * 0.055))
    pen.rounded_rectangle((0, 0, wide - 1, tall - 1), radius=tall * 0.26, fill=GROUND, outline=EDGE, width=edge)
    scale = tall * 0.5
    left, top = (wide - LETTERS_WIDTH * scale) / 2, tall * 0.25
    for shape, colour in ((A_OUTLINE, EDGE), (A_HOLE, GROUND), (I_BAR, EDGE)):
        pen.polygon([(left + x * scale, top + y * scale) for x, y in shape], fill=colour)
    return plate.resize((wide // FINE, height), Image.Resampling.LANCZOS)
