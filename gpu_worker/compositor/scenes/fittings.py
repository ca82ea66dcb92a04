"""Plants, lamps, screens and chairs of a room."""

import numpy as np

from .foliage import Leaves, crown
from .plate import Layer
from .room import Room
from .shapes import polygon

POTS = ((0.62, 0.60, 0.56), (0.12, 0.13, 0.14), (0.42, 0.24, 0.15), (0.30, 0.34, 0.30), (0.20, 0.15, 0.10))
LEAF_DARK, LEAF_LIGHT = np.array((0.014, 0.034, 0.012)), np.array((0.105, 0.20, 0.055))
FICUS = Leaves((0.006, 0.012, 0.005), (0.020, 0.040, 0.014), (0.10, 0.17, 0.05), (0.34, 0.44, 0.10))
LEAF_PARTS = (  # relative brightness, outline of half a leaf as (along, across)
    (0.75, ((0, 0), (0.2, 0.75), (0.42, 1.0), (0.42, 0))),
    (1.0, ((0.4, 0), (0.4, 1.0), (0.68, 0.75), (0.68, 0))),
    (1.25, ((0.66, 0), (0.66, 0.77), (0.85, 0.4), (1, 0))),
)
BRASS, STEEL, BLACK = (0.36, 0.25, 0.10), (0.28, 0.29, 0.30), (0.022, 0.022, 0.024)
SEATS = ((0.03, 0.03, 0.033), (0.30, 0.17, 0.08), (0.33, 0.33, 0.32), (0.06, 0.09, 0.10))
BULB = (1.0, 0.66, 0.34)


def plant(rng: np.random.Generator, room: Room, layer: Layer, place, pot: float, tall: float, kind: int = -1) -> None:
    """Draw a potted plant at (x, y, z). kind: 0 broad leaves, 1 arching blades, 2 a little tree; -1 any."""
    x, y, z = place
    kind = rng.integers(3) if kind < 0 else kind
    rim = y + pot * 1.75
    body = np.asarray(POTS[rng.integers(len(POTS))]) * np.exp(rng.normal(0, 0.1))
    if kind == 2:
        room.stick(
            layer, (x, rim - 0.02, z), (x + rng.normal(0, 0.03), rim + tall * 0.6, z), pot * 0.16, (0.10, 0.07, 0.05)
        )
        room.turned(layer, x, y, z, (0, pot * 0.1, pot * 1.75), (pot * 0.75, pot * 0.8, pot), body)
        (u, v), metre = room.lens.project(x, rim + tall * 0.62, z), room.lens.reach / z
        light = room.light((x, rim + tall * 0.6, z))[0]
        leaves = Leaves(*(tuple(np.asarray(tone) * light * 1.25) for tone in vars(FICUS).values()))
        size = (tall * 0.36 * metre, tall * 0.48 * metre)
        crown(
            rng, layer, (float(u), float(v)), size, (0.8 * room.sun_side, -0.6), leaves, 26, 60, 0.3, 0.07 * metre, 0.3
        )
        return
    leaf = _broad_leaf if kind == 0 else _blade
    count = int(rng.integers(44, 64)) if kind == 0 else int(rng.integers(40, 70))
    angles = np.clip(rng.normal(0, 0.55, count), -1.15, 1.15)
    reach = tall * np.sqrt(rng.uniform(0.12, 1, count))
    for index in range(count):
        leaf(rng, room, layer, (x, rim, z), angles[index], reach[index], tall)
        if index == count * 2 // 3:
            room.turned(layer, x, y, z, (0, pot * 0.1, pot * 1.7, pot * 1.75), (pot * 0.72, pot * 0.78, pot, pot), body)


def _leaf_colour(rng, room: Room, points: np.ndarray, angle: float, place) -> np.ndarray:
    turn = 0.38 + 0.3 * np.cos(angle) + 0.4 * room.sun_side * np.sin(angle) + rng.normal(0, 0.27)
    turn = float(np.clip(turn, 0, 1.5))
    tone = LEAF_DARK * (1 - min(turn, 1)) + LEAF_LIGHT * turn
    middle = points.mean(0)
    return tone * room.light((middle[0], middle[1], place[2]), (0.3 * room.sun_side, 0.6, -0.6))[0]


def _broad_leaf(rng, room: Room, layer: Layer, place, angle: float, reach: float, tall: float) -> None:
    """Draw a stalk and a leaf, in two halves that catch the light differently and darken towards the stalk."""
    stem = np.array((np.sin(angle), np.cos(angle))) * reach * np.array((0.5, 0.8))
    room.stick(layer, place, (place[0] + stem[0], place[1] + stem[1], place[2]), 0.009, (0.05, 0.08, 0.03))
    tilt = np.clip(angle * 1.5 + rng.normal(0, 0.45), -2.2, 2.2)
    along = np.array((np.sin(tilt), np.cos(tilt)))
    across = np.array((along[1], -along[0]))
    long = tall * rng.uniform(0.17, 0.3)
    wide = long * rng.uniform(0.16, 0.36)
    for half in (-1, 1):
        middle = np.array([stem + along * long / 2]) + place[:2]
        colour = _leaf_colour(rng, room, middle, tilt + half * 0.6, place)
        for tone, shape in LEAF_PARTS:
            points = np.array([stem + along * long * t + across * half * wide * w for t, w in shape]) + place[:2]
            polygon(layer, *room.lens.project(points[:, 0], points[:, 1], place[2]), colour * tone)


def _blade(rng, room: Room, layer: Layer, place, angle: float, reach: float, tall: float) -> None:
    """Draw a long blade that rises and bends over."""
    t = np.linspace(0, 1, 7)
    bend = angle * 1.1 + np.sign(angle) * 0.5 * t**2
    x, y = np.cumsum(np.sin(bend)) / 7 * reach, np.cumsum(np.cos(bend)) / 7 * reach
    half = tall * rng.uniform(0.012, 0.028) * (1 - t) ** 0.6 + 0.001
    points = np.stack([np.r_[x - half, (x + half)[::-1]], np.r_[y, y[::-1]]], -1) + place[:2]
    polygon(
        layer, *room.lens.project(points[:, 0], points[:, 1], place[2]), _leaf_colour(rng, room, points, angle, place)
    )


def screen(rng: np.random.Generator, room: Room, layer: Layer, x: float, y: float, z: float, wide: float) -> None:
    """Draw a monitor on its stand, its picture glowing cool or dark with some blocks of colour."""
    high = wide * 0.58
    room.panel(layer, x - wide * 0.04, x + wide * 0.04, y, y + 0.14, z + 0.04, STEEL)
    room.box(layer, x - wide * 0.16, x + wide * 0.16, y, y + 0.012, z, z + 0.15, STEEL)
    y0 = y + 0.12
    room.panel(layer, x - wide / 2, x + wide / 2, y0, y0 + high, z, BLACK)
    base = np.asarray((0.03, 0.04, 0.06) if rng.random() < 0.6 else (0.36, 0.42, 0.50)) * rng.uniform(0.8, 1.2)
    x0, x1, low, top = x - wide / 2 + 0.012, x + wide / 2 - 0.012, y0 + 0.014, y0 + high - 0.012
    _glowing(room, layer, x0, x1, low, top, z, base)
    for _ in range(rng.integers(6, 14)):
        left, floor = rng.uniform(x0, x1 - 0.08), rng.uniform(low, top - 0.03)
        right, roof = min(left + rng.uniform(0.04, 0.2), x1), min(floor + rng.uniform(0.008, 0.07), top)
        tint = np.asarray(((0.3, 0.5, 0.8), (0.8, 0.6, 0.45), (0.4, 0.65, 0.55), (0.7, 0.7, 0.75))[rng.integers(4)])
        _glowing(room, layer, left, right, floor, roof, z, base * 0.6 + tint * rng.uniform(0.05, 0.4))


def _glowing(room: Room, layer: Layer, x0, x1, y0, y1, z, radiance) -> None:
    room.face(layer, (x0, x1, x1, x0), (y1, y1, y0, y0), z, (0.01, 0.01, 0.01), glow=np.asarray(radiance))


def pendant(rng: np.random.Generator, room: Room, layer: Layer, place, shade: int, metal, glow: float) -> None:
    """Draw a hanging lamp at (x, y, z). shade: 0 dome, 1 cone, 2 globe, 3 bare bulb; glow: radiance of the bulb."""
    x, y, z = place
    room.stick(layer, (x, y + 0.15, z), (x, 4.6, z), 0.010, BLACK)
    light = np.asarray(BULB) * glow
    if shade >= 2:
        size = 0.105 if shade == 2 else 0.045
        angle = np.linspace(-np.pi / 2, np.pi / 2, 9)
        heights, radii = size * (1 + np.sin(angle)), size * np.cos(angle) + 0.004
        room.turned(layer, x, y - size, z, heights, radii, (0.3, 0.3, 0.3), light * (0.45 if shade == 2 else 2.0), 0)
        room.turned(layer, x, y + size * 0.9, z, (0, 0.07), (0.025, 0.022), metal)
        return
    heights, radii = (
        ((0, 0.07, 0.15, 0.2), (0.19, 0.18, 0.11, 0.03)) if shade == 0 else ((0, 0.2, 0.24), (0.17, 0.045, 0.03))
    )
    room.turned(layer, x, y, z, heights, radii, metal)
    room.glint(layer, x + 0.09 * room.sun_side, y + 0.1, z, 0.04 * np.exp(rng.normal(0, 1)))
    turn = np.linspace(0, 2 * np.pi, 16)
    u, v = room.lens.project(x + radii[0] * 0.93 * np.cos(turn), y - 0.01 + 0.016 * np.sin(turn), z)
    polygon(layer, u, v, light * 1.8)


def desk_lamp(rng: np.random.Generator, room: Room, layer: Layer, x: float, y: float, z: float) -> None:
    """Draw a jointed lamp on a desk, switched on."""
    metal, turn = (BLACK, BRASS, STEEL)[rng.integers(3)], rng.choice((-1, 1))
    elbow, head = (x - turn * 0.1, y + 0.28, z), (x + turn * 0.12, y + 0.46, z)
    room.turned(layer, x, y, z, (0, 0.015, 0.02), (0.09, 0.085, 0.02), metal)
    room.stick(layer, (x, y, z), elbow, 0.016, metal)
    room.stick(layer, elbow, head, 0.016, metal)
    tip = head[0] + turn * 0.04
    room.turned(layer, tip, head[1] - 0.13, z, (0, 0.03), (0.05, 0.07), (0.4, 0.4, 0.4), np.asarray(BULB) * 5.0, 0)
    room.turned(layer, tip, head[1] - 0.1, z, (0, 0.06, 0.1), (0.085, 0.06, 0.02), metal)


def chair(rng: np.random.Generator, room: Room, layer: Layer, x: float, z: float) -> None:
    """Draw a desk chair seen from its front or back: rounded back, seat, post."""
    colour = np.asarray(SEATS[rng.integers(len(SEATS))])
    wide, top = rng.uniform(0.22, 0.27), rng.uniform(0.88, 1.05)
    room.stick(layer, (x, 0.1, z), (x, 0.45, z), 0.06, STEEL)
    room.box(layer, x - wide, x + wide, 0.43, 0.5, z - 0.4, z, colour)
    turn = np.linspace(0, 2 * np.pi, 28)
    for size, shift, tone in ((1.0, 0.0, 0.75), (0.9, -0.012 * room.sun_side, 1.0), (0.6, 0.02 * room.sun_side, 1.18)):
        px = np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** 0.45 * wide * size
        py = np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** 0.5 * (top - 0.55) / 2 * size
        room.face(layer, x + px + shift, (top + 0.55) / 2 + py, z, colour * tone)
