"""What stands on shelves and hangs on walls: books, vases, jars, boxes, pictures, tools."""

import numpy as np

from .fittings import plant
from .plate import Layer
from .room import Room

BOOKS = (
    (0.42, 0.38, 0.31), (0.55, 0.53, 0.49), (0.10, 0.12, 0.16), (0.30, 0.09, 0.06), (0.06, 0.13, 0.13),
    (0.38, 0.22, 0.08), (0.17, 0.18, 0.17), (0.50, 0.41, 0.26), (0.09, 0.17, 0.24), (0.28, 0.30, 0.22),
    (0.62, 0.60, 0.56), (0.05, 0.05, 0.055), (0.45, 0.20, 0.12), (0.24, 0.14, 0.10), (0.66, 0.64, 0.60),
)  # fmt: skip
CERAMICS = (
    (0.62, 0.60, 0.56), (0.12, 0.13, 0.14), (0.42, 0.24, 0.15),
    (0.16, 0.25, 0.26), (0.50, 0.42, 0.31), (0.30, 0.34, 0.30),
)  # fmt: skip
CARDBOARD, KRAFT, WHITE = (0.34, 0.22, 0.12), (0.25, 0.17, 0.10), (0.62, 0.61, 0.58)
TOOL_STEEL, HANDLES = (
    (0.20, 0.20, 0.21),
    ((0.30, 0.16, 0.06), (0.40, 0.05, 0.03), (0.05, 0.09, 0.20), (0.45, 0.30, 0.04)),
)
VASES = (
    ((0, 0.05, 0.12, 0.2, 0.26, 0.3), (0.05, 0.08, 0.10, 0.07, 0.035, 0.045)),
    ((0, 0.03, 0.16, 0.2), (0.06, 0.075, 0.085, 0.08)),
    ((0, 0.02, 0.08, 0.12, 0.26, 0.28), (0.06, 0.085, 0.09, 0.03, 0.022, 0.03)),
    ((0, 0.01, 0.13, 0.14), (0.09, 0.10, 0.10, 0.095)),
)


def books(rng: np.random.Generator, room: Room, layer: Layer, x0: float, x1: float, y: float, z: float, tall: float):
    """Fill a shelf from x0 to x1 with upright books, some leaning; return where they end."""
    x, series, size = x0, BOOKS[rng.integers(len(BOOKS))], rng.uniform(0.7, 0.95)
    while x < x1 - 0.05:
        thick = rng.uniform(0.012, 0.045)
        if rng.random() < 0.7:
            series, size = BOOKS[rng.integers(len(BOOKS))], rng.uniform(0.55, 0.97)
        height = tall * size * rng.uniform(0.96, 1.0)
        colour = np.asarray(series) * np.exp(rng.normal(0, 0.18)) * np.exp(rng.normal(0, 0.05, 3))
        lean = rng.uniform(0.03, 0.09) if rng.random() < 0.08 else 0.0
        deep = z + rng.uniform(-0.03, 0.03)
        room.face(layer, (x + lean, x + thick + lean, x + thick, x), (y + height, y + height, y, y), deep, colour)
        if rng.random() < 0.5:
            mark, wide = y + height * rng.uniform(0.5, 0.85), height * rng.uniform(0.03, 0.14)
            label = colour * 0.3 if colour.mean() > 0.25 else np.asarray((0.6, 0.55, 0.42))
            corners = np.array((0.15, 0.85, 0.85, 0.15)) * thick + x + lean * 0.7
            room.face(layer, corners, (mark + wide, mark + wide, mark, mark), z, label)
        x += thick + lean + rng.uniform(0.0005, 0.003)
    return x


def shelf_load(
    rng, room: Room, layer: Layer, x0: float, x1: float, y: float, z: float, clear: float, style: str
) -> None:
    """Fill one board from x0 to x1. style: "books", "objects" or "workshop" sets what is frequent."""
    odds = {
        "books": (0.62, 0.1, 0.08, 0.06, 0.06, 0.04, 0.04),
        "objects": (0.26, 0.12, 0.2, 0.12, 0.14, 0.08, 0.08),
        "workshop": (0.1, 0.06, 0.04, 0.02, 0.06, 0.4, 0.32),
    }[style]
    x = x0 + rng.uniform(0.0, 0.06)
    while x < x1 - 0.12:
        kind, left = rng.choice(7, p=odds), x1 - x
        if kind == 0:
            x = books(rng, room, layer, x, x + min(rng.uniform(0.16, 0.75), left), y, z, min(clear * 0.92, 0.3))
        elif kind == 1:
            x += stack(rng, room, layer, x, min(0.26, left), y, z)
        elif kind == 2:
            x += vase(rng, room, layer, x + 0.09, y, z, min(clear / 0.34, 1.1) * rng.uniform(0.6, 1.0))
        elif kind == 3:
            wide, high = rng.uniform(0.14, 0.24), min(clear * 0.8, rng.uniform(0.18, 0.32))
            picture(rng, room, layer, x, x + wide, y, y + high, z, 0.012)
            x += wide
        elif kind == 4:
            plant(rng, room, layer, (x + 0.12, y, z), rng.uniform(0.05, 0.075), clear * rng.uniform(0.5, 0.8))
            x += 0.24
        elif kind == 5:
            wide = min(rng.uniform(0.16, 0.4), left)
            colour = np.asarray((CARDBOARD, KRAFT, WHITE, *CERAMICS)[rng.integers(9)]) * rng.uniform(0.6, 1.0)
            high = min(clear * 0.85, rng.uniform(0.12, 0.3))
            room.panel(layer, x, x + wide, y, y + high, z, colour)
            room.panel(layer, x + wide * 0.35, x + wide * 0.6, y + high * 0.5, y + high * 0.7, z, WHITE)
            x += wide
        else:
            x += jars(rng, room, layer, x, min(rng.uniform(0.2, 0.5), left), y, z)
        x += rng.uniform(0.005, 0.1)


def stack(rng, room: Room, layer: Layer, x: float, wide: float, y: float, z: float) -> float:
    """Draw books or papers lying on each other; return the width they take."""
    for _ in range(rng.integers(2, 6)):
        thick, shift = rng.uniform(0.012, 0.04), rng.uniform(0, 0.03)
        colour = np.asarray(BOOKS[rng.integers(len(BOOKS))]) * np.exp(rng.normal(0, 0.15))
        room.box(layer, x + shift, x + wide * rng.uniform(0.8, 1.0), y, y + thick, z, z + 0.2, colour)
        y += thick
    return wide


def jars(rng, room: Room, layer: Layer, x: float, wide: float, y: float, z: float) -> float:
    """Draw a row of jars and tins; return the width they take."""
    radius, high = rng.uniform(0.03, 0.05), rng.uniform(0.09, 0.16)
    for middle in np.arange(x + radius, x + wide, radius * 2.15):
        colour = np.asarray(BOOKS[rng.integers(len(BOOKS))]) * rng.uniform(0.5, 1.1)
        room.turned(layer, middle, y, z, (0, high * 0.8), (radius, radius), colour, gloss=0.35)
        room.turned(layer, middle, y + high * 0.8, z, (0, high * 0.14), (radius * 0.85, radius * 0.85), TOOL_STEEL)
    return wide


def vase(rng, room: Room, layer: Layer, x: float, y: float, z: float, scale: float) -> float:
    """Draw a vase or bowl with its middle at x, sometimes with dry twigs; return the width it takes."""
    heights, radii = VASES[rng.integers(len(VASES))]
    colour = np.asarray(CERAMICS[rng.integers(len(CERAMICS))]) * np.exp(rng.normal(0, 0.12))
    heights, radii = np.asarray(heights) * scale, np.asarray(radii) * scale
    if rng.random() < 0.3:
        for _ in range(7):
            tip = (x + rng.normal(0, 0.09) * scale, y + heights[-1] * rng.uniform(1.5, 2.3), z)
            room.stick(layer, (x, y + heights[-1] * 0.8, z), tip, 0.006, (0.25, 0.18, 0.10))
    room.turned(layer, x, y, z, heights, radii, colour)
    room.glint(layer, x + 0.6 * room.sun_side * radii.max(), y + 0.65 * heights[-1], z, 0.03 * np.exp(rng.normal(0, 1)))
    return 2.1 * float(radii.max())


def picture(rng, room: Room, layer: Layer, x0, x1, y0, y1, z, frame: float = 0.025) -> None:
    """Draw a framed picture or print: frame, mount, and soft shapes of an abstract or a landscape."""
    wood = ((0.02, 0.02, 0.022), (0.33, 0.22, 0.12), (0.6, 0.59, 0.57))[rng.integers(3)]
    room.panel(layer, x0, x1, y0, y1, z, wood)
    x0, x1, y0, y1 = x0 + frame, x1 - frame, y0 + frame, y1 - frame
    room.panel(layer, x0, x1, y0, y1, z, WHITE)
    mount = rng.choice((0.0, 0.14, 0.2)) * min(x1 - x0, y1 - y0)
    x0, x1, y0, y1 = x0 + mount, x1 - mount, y0 + mount, y1 - mount
    palette = np.asarray(BOOKS)[rng.choice(len(BOOKS), 5, replace=False)]
    room.panel(layer, x0, x1, y0, y1, z, palette[0] * 0.7 + 0.1)
    across = np.linspace(x0, x1, 14)
    for index, colour in enumerate(palette[1:4]):
        hills = y0 + (y1 - y0) * (0.62 - 0.2 * index + 0.09 * np.cumsum(rng.normal(0, 0.5, 14)))
        edge = np.clip(hills, y0, y1)
        room.face(layer, np.r_[across, across[::-1]], np.r_[edge, np.full(14, y0)], z, colour)
    turn, size = np.linspace(0, 2 * np.pi, 14), min(x1 - x0, y1 - y0) * rng.uniform(0.08, 0.2)
    sun = rng.uniform(x0 + size, x1 - size), y1 - (y1 - y0) * rng.uniform(0.2, 0.4)
    room.face(layer, sun[0] + size * np.cos(turn), np.clip(sun[1] + size * np.sin(turn), y0, y1), z, palette[4])


def tools(rng: np.random.Generator, room: Room, layer: Layer, x0, x1, y0, y1, z) -> None:
    """Hang tools on a board: saws, hammers, pliers, clamps, rulers."""
    for y in np.arange(y1 - 0.06, y0 + 0.3, -rng.uniform(0.38, 0.48)):
        x = x0 + rng.uniform(0.04, 0.1)
        while x < x1 - 0.06:
            long, handle = rng.uniform(0.16, 0.36), HANDLES[rng.integers(len(HANDLES))]
            kind = rng.integers(4)
            if kind == 0:
                room.stick(layer, (x, y, z), (x + 0.01, y - long, z), 0.03, handle)
                room.panel(layer, x - 0.06, x + 0.06, y - 0.03, y + 0.025, z, TOOL_STEEL)
            elif kind == 1:
                corners = (x, x + 0.1, x + 0.05, x), (y, y - 0.02, y - long * 1.2, y - long * 1.2)
                room.face(layer, *corners, z, np.asarray(TOOL_STEEL) * rng.uniform(0.8, 2.0))
                room.panel(layer, x - 0.01, x + 0.11, y - 0.03, y + 0.1, z, handle)
                x += 0.06
            else:
                room.stick(layer, (x, y, z), (x, y - long * 0.55, z), rng.uniform(0.012, 0.03), TOOL_STEEL)
                room.stick(layer, (x, y - long * 0.5, z), (x, y - long, z), rng.uniform(0.025, 0.045), handle)
            room.glint(layer, x, y - long * rng.random(), z, 0.012 * np.exp(rng.normal(0, 1.2)))
            x += rng.uniform(0.09, 0.2)
