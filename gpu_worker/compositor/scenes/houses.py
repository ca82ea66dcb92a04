"""House fronts by day as flat pictures in metres: walls, windows with shutters, shops with awnings, roofs."""

from dataclasses import dataclass

import numpy as np

from ..scene import RGB

PPM = 12  # pixels per metre
GLASS, STONE = (0.05, 0.06, 0.075), (0.50, 0.46, 0.39)
WARM_GLOW = (1.0, 0.64, 0.31)
OLD_WALLS = (
    (0.62, 0.40, 0.22), (0.66, 0.50, 0.30), (0.55, 0.26, 0.16), (0.68, 0.58, 0.44),
    (0.60, 0.33, 0.24), (0.50, 0.45, 0.38), (0.66, 0.62, 0.54), (0.58, 0.44, 0.20),
)  # fmt: skip
OLD_SHUTTERS = ((0.05, 0.13, 0.08), (0.16, 0.08, 0.04), (0.06, 0.13, 0.20), (0.28, 0.30, 0.28), (0.03, 0.09, 0.10))
GRAND_WALLS = ((0.60, 0.54, 0.44), (0.64, 0.60, 0.52), (0.56, 0.49, 0.39), (0.62, 0.60, 0.57))
SHOP_FRAMES = (
    (0.012, 0.012, 0.013),
    (0.02, 0.045, 0.035),
    (0.02, 0.025, 0.05),
    (0.10, 0.065, 0.04),
    (0.06, 0.02, 0.02),
)
AWNINGS = ((0.55, 0.51, 0.43), (0.02, 0.02, 0.022), (0.20, 0.03, 0.035), (0.03, 0.09, 0.06), (0.05, 0.07, 0.14))
BLOSSOM = ((0.55, 0.05, 0.10), (0.60, 0.12, 0.30), (0.62, 0.55, 0.50), (0.05, 0.11, 0.03))


@dataclass(frozen=True)
class Style:
    """What the houses of a street have in common; heights in metres, shops: share of ground floors with a shop."""

    walls: tuple[RGB, ...]
    shutters: tuple[RGB, ...]
    heights: tuple[float, float]
    widths: tuple[float, float]
    storey: float
    shops: float
    grand: bool


OLD_TOWN = Style(OLD_WALLS, OLD_SHUTTERS, (8.0, 13.0), (5.0, 9.0), 3.1, 0.35, False)
GRAND = Style(GRAND_WALLS, ((0.3, 0.3, 0.29),), (15.0, 18.0), (12.0, 20.0), 3.5, 1.0, True)


class Front:
    """A row of fronts: albedo float32 (height, length, 4) premultiplied, and glow (height, length, 3) it gives off.

    The top row of both is `tall` metres above the street, the bottom row at its foot.
    """

    def __init__(self, length_m: float, tall_m: float):
        self.tall, self.length = tall_m, length_m
        self.albedo = np.zeros((int(tall_m * PPM), int(length_m * PPM), 4), np.float32)
        self.glow = np.zeros((*self.albedo.shape[:2], 3), np.float32)

    def part(self, x0: float, x1: float, low: float, high: float) -> tuple[slice, slice]:
        """Return the pixels between two places along the street and two heights above it."""
        rows = self.albedo.shape[0]
        top, base = (int(np.clip(rows - round(y * PPM), 0, rows)) for y in (high, low))
        return np.s_[top:base, max(int(round(x0 * PPM)), 0) : max(int(round(x1 * PPM)), 0)]

    def fill(self, x0: float, x1: float, low: float, high: float, colour) -> None:
        """Paint a rectangle given in metres with a colour (3,) of linear albedo."""
        self.albedo[self.part(x0, x1, low, high)] = (*np.asarray(colour, np.float32), 1.0)

    def lit(self, light: np.ndarray, dim: float) -> np.ndarray:
        """Return the radiance (height, length, 4) under light (height, length or 1, 3); dim: strength of the lamps."""
        return np.dstack([self.albedo[..., :3] * light + self.glow * dim, self.albedo[..., 3]])


def row(rng: np.random.Generator, length_m: float, style: Style) -> Front:
    """Return a row of houses of the style, length_m long."""
    front, x = Front(length_m, style.heights[1] + 1.5), 0.0
    while x < length_m:
        wide = rng.uniform(*style.widths)
        _house(rng, front, x, min(x + wide, length_m + 0.5), style)
        x += wide
    return front


def _house(rng: np.random.Generator, front: Front, x0: float, x1: float, style: Style) -> None:
    high = rng.uniform(*style.heights)
    wall = np.float32(style.walls[rng.integers(len(style.walls))]) * np.exp(rng.normal(0, 0.08))
    front.fill(x0, x1, 0, high, wall)
    body = front.albedo[front.part(x0, x1, 0, high)]
    body[..., :3] *= np.exp(rng.normal(0, 0.035, (*body.shape[:2], 1)))
    drop = np.linspace(0.9, 1.04, body.shape[0], dtype=np.float32)[::-1, None, None]
    body[..., :3] *= drop
    front.fill(x0 - 0.15, x1 + 0.15, high - 0.3, high, np.float32(STONE) * 0.9)
    front.fill(x0, x1, high - 0.75, high - 0.3, wall * 0.42)  # the shadow of the eaves
    ground = style.storey * 1.25
    front.fill(x0, x1, ground - 0.12, ground + 0.05, np.float32(STONE))
    shutter = np.float32(style.shutters[rng.integers(len(style.shutters))])
    bay, floor = rng.uniform(1.9, 2.7), ground + 0.75
    wide, tall = rng.uniform(0.85, 1.1), style.storey * (0.62 if style.grand else rng.uniform(0.44, 0.54))
    count = max(1, int((x1 - x0 - 0.6) / bay))
    middles = x0 + (np.arange(count) + 0.5) * (x1 - x0) / count
    while floor + tall < high - 0.8:
        for middle in middles:
            _window(rng, front, middle, wide, floor, tall, shutter, style.grand)
        if style.grand and rng.random() < 0.6:
            front.fill(x0 + 0.3, x1 - 0.3, floor - 0.25, floor - 0.05, np.float32(STONE) * 0.8)
            front.fill(x0 + 0.3, x1 - 0.3, floor + 0.0, floor + 0.75, np.float32(wall) * 0.35)
        floor += style.storey
    if rng.random() < style.shops:
        _shops(rng, front, x0 + 0.4, x1 - 0.4, ground - 0.3)
    else:
        for middle in middles:
            _door(rng, front, middle, ground, shutter, wall)


def _window(rng, front: Front, x: float, wide: float, low: float, tall: float, shutter, grand: bool) -> None:
    frame = 0.14
    front.fill(x - wide / 2 - frame, x + wide / 2 + frame, low - frame, low + tall + frame, np.float32(STONE) * 1.05)
    front.fill(x - wide / 2, x + wide / 2, low, low + tall, np.float32(GLASS) * rng.uniform(0.5, 2.2))
    front.fill(x - 0.04, x + 0.04, low, low + tall, (0.45, 0.43, 0.39))
    front.fill(x - wide / 2, x + wide / 2, low + tall - 0.22, low + tall, np.float32(GLASS) * 0.3)
    if rng.random() < 0.22:
        colour = np.float32(WARM_GLOW) * rng.uniform(0.4, 1.1)
        front.glow[front.part(x - wide / 2, x + wide / 2, low, low + tall)] = colour
    if not grand:
        leaf = wide * rng.choice((0.5, 0.5, 0.2))
        for side in (-1, 1):
            a, b = sorted((x + side * wide / 2, x + side * (wide / 2 + leaf)))
            front.fill(a, b, low - 0.05, low + tall + 0.05, shutter * rng.uniform(0.85, 1.1))
        if rng.random() < 0.3:
            _flower_box(rng, front, x - wide / 2, x + wide / 2, low)


def _flower_box(rng, front: Front, x0: float, x1: float, y: float) -> None:
    front.fill(x0, x1, y - 0.25, y - 0.02, (0.22, 0.10, 0.06))
    colour = BLOSSOM[rng.integers(len(BLOSSOM))]
    for place in np.arange(x0 - 0.05, x1, 0.12):
        tone = np.float32(colour if rng.random() < 0.5 else BLOSSOM[-1]) * np.exp(rng.normal(0, 0.3))
        front.fill(place, place + 0.16, y - 0.1 + rng.uniform(-0.2, 0.1), y + rng.uniform(0.08, 0.3), tone)


def _door(rng, front: Front, x: float, ground: float, shutter, wall) -> None:
    wide, tall = rng.uniform(0.5, 0.8), ground * rng.uniform(0.6, 0.72)
    low = 0.0 if rng.random() < 0.5 else 1.0
    colour = shutter if low == 0 else np.float32(GLASS)
    front.fill(x - wide - 0.16, x + wide + 0.16, low, low + (tall - low) + 0.2, np.float32(STONE))
    front.fill(x - wide, x + wide, low, tall, colour)
    for step in np.linspace(0.1, 0.9, 5):  # a round arch, in steps
        half = wide * np.sqrt(1 - step**2)
        front.fill(x - half, x + half, tall + wide * (step - 0.2) * 0.8, tall + wide * step * 0.8, colour * 0.8)


def _shops(rng, front: Front, x0: float, x1: float, high: float) -> None:
    x = x0
    while x < x1 - 1.8:
        wide = min(rng.uniform(3.2, 5.5), x1 - x)
        frame = np.float32(SHOP_FRAMES[rng.integers(len(SHOP_FRAMES))])
        front.fill(x, x + wide, 0, high, frame)
        level = np.float32(WARM_GLOW) * rng.uniform(0.5, 1.1)
        panes = max(1, round((wide - 0.3) / 1.6))
        step = (wide - 0.3) / panes
        for index in range(panes):
            left = x + 0.2 + index * step
            part = front.part(left, left + step - 0.22, 0.45, high - 0.75)
            front.albedo[part][..., :3] = GLASS
            rows, columns = front.glow[part].shape[:2]
            down = np.linspace(2.1, 0.12, rows, dtype=np.float32)[:, None, None]
            front.glow[part] = level * down * np.exp(rng.normal(0, 0.12, (rows, columns, 1)))
            if rng.random() < 0.75:
                _goods(rng, front, left + 0.15, left + step - 0.3)
        front.glow[front.part(x + wide * 0.3, x + wide * 0.7, high - 0.45, high - 0.25)] = np.float32(WARM_GLOW) * 0.8
        if rng.random() < 0.6:
            cloth = np.float32(AWNINGS[rng.integers(len(AWNINGS))])
            for index, place in enumerate(np.arange(x, x + wide, 0.4)):
                tone = cloth if index % 2 or rng.random() < 0.8 else np.float32((0.6, 0.57, 0.5))
                front.fill(place, min(place + 0.4, x + wide), high - 1.35, high - 0.5, tone)
            front.fill(x, x + wide, high - 1.5, high - 1.35, cloth * 0.5)
            front.glow[front.part(x, x + wide, high - 1.5, high - 0.5)] = 0
        x += wide + rng.uniform(0.15, 0.5)


def _goods(rng, front: Front, x0: float, x1: float) -> None:
    """Dressed figures and boxes in a shop window, dark or coloured before its light."""
    for x in np.arange(x0 + 0.2, x1, rng.uniform(0.55, 0.8)):
        cloth = np.float32(rng.uniform(0.02, 0.5, 3)) * np.float32((1.0, 0.85, 0.75))
        tall = rng.uniform(1.1, 1.9)
        for low, high, half in ((0.5, tall * 0.55, 0.16), (tall * 0.5, tall * 0.85, 0.2), (tall * 0.86, tall, 0.07)):
            part = front.part(x - half, x + half, low + 0.1, high + 0.4)
            front.glow[part] *= 0.25
            front.glow[part] += cloth * 0.35
