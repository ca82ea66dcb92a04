"""A kitchen: fitted cupboards, worktop, open shelves, an island under lamps."""

import numpy as np

from ..scene import Scene
from .fittings import BLACK, BRASS, BULB, STEEL, pendant, plant
from .furnishing import shelf_load, vase
from .home import draw_plan, lit_room
from .interior import Plan, back_window, shell, side_windows
from .plate import Layer, Plate, View
from .room import Room
from .room_light import room_lens, room_scene

CABINETS = (
    (0.64, 0.63, 0.60),
    (0.16, 0.21, 0.19),
    (0.12, 0.16, 0.22),
    (0.48, 0.35, 0.22),
    (0.36, 0.40, 0.36),
    (0.58, 0.52, 0.44),
)
WORKTOPS = ((0.44, 0.29, 0.16), (0.66, 0.65, 0.63), (0.06, 0.06, 0.062))
FRUIT = ((0.60, 0.30, 0.03), (0.55, 0.48, 0.05), (0.45, 0.04, 0.02), (0.20, 0.30, 0.04))


def kitchen(rng: np.random.Generator, view: View) -> Scene:
    """Fitted cupboards, worktop, tiles, shelves with dishes, an island with lamps above, a window."""
    plan, lens = draw_plan(rng, rng.uniform(4.6, 5.8), rng.uniform(2.6, 3.0)), room_lens(rng)
    plate = Plate(view, lens)
    half = 0.42 * plan.back / lens.reach
    behind = rng.random() < 0.55
    room, wall_x, inner, _, high = lit_room(rng, lens, plan, behind, half)
    front = np.asarray(CABINETS[rng.integers(len(CABINETS))])
    top = np.asarray(WORKTOPS[rng.integers(len(WORKTOPS))])
    layer = Layer(view, lens.blur(plan.back - 0.3))
    shell(rng, layer, room, plan, False)
    tiles = np.asarray((0.68, 0.67, 0.64)) * (1.0 if rng.random() < 0.6 else np.asarray((0.75, 0.9, 0.85)))
    room.panel(layer, -half * 1.4, half * 1.4, 0.9, 1.5, plan.back - 0.01, tiles)
    x0, x1 = -half * 1.4, half * 1.4
    if behind:
        a, b = sorted((inner, plan.side * half * rng.uniform(0.85, 1.3)))
        back_window(rng, layer, room, plan, a, b, 1.08, min(high, 2.2))
        x0, x1 = (x0, inner - 0.1) if plan.side > 0 else (inner + 0.1, x1)
    else:
        side_windows(rng, layer, room, plan, wall_x)
    _upper(rng, room, layer, plan, x0, x1, front)
    _counter(rng, room, layer, plan, half, front, top)
    plate.over(layer, cat_eye=False)
    _island(rng, plate, room, plan, half, front, top)
    return room_scene(rng, plate, room, plan.side, plan.daylight, plan.wall)


def _upper(rng, room: Room, layer: Layer, plan: Plan, x0: float, x1: float, front) -> None:
    """Wall cupboards and a hood, or open shelves with dishes, between x0 and x1."""
    z, low = plan.back - 0.35, rng.uniform(1.45, 1.55)
    if rng.random() < 0.45:
        for y in (low, low + 0.38):
            room.shadow(layer, x0, x1, y - 0.2, y, plan.back, 0.06, 0.45)
            shelf_load(
                rng,
                room,
                layer,
                x0 + 0.05,
                x1 - 0.05,
                y + 0.02,
                z + 0.1,
                0.32,
                "workshop" if rng.random() < 0.4 else "objects",
            )
            room.box(layer, x0, x1, y - 0.02, y + 0.02, z, plan.back, plan.wood)
        return
    high = min(low + 0.75, plan.ceiling - 0.15)
    room.shadow(layer, x0, x1, low - 0.35, low, plan.back, 0.1, 0.5)
    for x in np.arange(x0, x1, 0.5):
        room.box(layer, x + 0.006, min(x + 0.494, x1), low, high, z, plan.back, front * rng.uniform(0.97, 1.03))
        room.panel(layer, x + 0.42, x + 0.445, low + 0.06, low + 0.2, z - 0.02, BRASS if front.mean() < 0.3 else STEEL)
    room.face(layer, (x0, x1, x1, x0), (low, low, low - 0.02, low - 0.02), z + 0.2, BLACK, glow=np.asarray(BULB) * 1.2)


def _counter(rng, room: Room, layer: Layer, plan: Plan, half: float, front, top) -> None:
    z = plan.back - 0.62
    x0, x1 = -half * 1.4, half * 1.4
    room.box(layer, x0, x1, 0.1, 0.88, z, plan.back, front * 0.95)
    for x in np.arange(x0, x1, 0.6):
        room.panel(layer, x - 0.006, x + 0.006, 0.1, 0.86, z - 0.01, front * 0.35)
        room.panel(layer, x + 0.2, x + 0.4, 0.76, 0.78, z - 0.02, BRASS if front.mean() < 0.3 else STEEL)
    room.box(layer, x0, x1, 0.88, 0.92, z - 0.02, plan.back, top)
    for x in np.arange(x0 + 0.3, x1 - 0.2, rng.uniform(0.35, 0.55)):
        x, kind, y = x + rng.uniform(-0.1, 0.1), rng.integers(5), 0.92
        if kind == 0:
            vase(rng, room, layer, x, y, z + 0.3, rng.uniform(0.6, 1.0))
        elif kind == 1:
            plant(rng, room, layer, (x, y, z + 0.35), 0.06, rng.uniform(0.22, 0.34))
        elif kind == 2:
            room.turned(layer, x, y, z + 0.3, (0, 0.02, 0.16, 0.2), (0.08, 0.09, 0.085, 0.03), STEEL, gloss=0.5)
        elif kind == 3:
            room.box(layer, x - 0.02, x + 0.02, y, y + rng.uniform(0.3, 0.4), z + 0.45, z + 0.47, plan.wood)
            room.panel(layer, x, x + 0.22, y, y + 0.3, z + 0.46, plan.wood * 1.1)
        else:
            _fruit(rng, room, layer, x, y, z + 0.25)


def _fruit(rng, room: Room, layer: Layer, x: float, y: float, z: float) -> None:
    colour = np.asarray(FRUIT[rng.integers(len(FRUIT))])
    for place in np.linspace(-0.09, 0.09, 4):
        up = 0.09 + 0.03 * np.cos(place * 16)
        room.turned(layer, x + place, y + up, z, (-0.035, -0.02, 0.02, 0.035), (0.01, 0.04, 0.04, 0.01), colour)
    room.turned(layer, x, y, z - 0.02, (0, 0.02, 0.09), (0.06, 0.1, 0.15), (0.6, 0.58, 0.54))


def _island(rng, plate: Plate, room: Room, plan: Plan, half: float, front, top) -> None:
    """An island or table nearer to the camera, with fruit or flowers, and lamps hanging above it."""
    z = plan.back - rng.uniform(1.5, 1.9)
    layer = Layer(plate.view, plate.lens.blur(z))
    reach, side = half * z / plan.back, rng.choice((-1, 1))
    x0, x1 = sorted((side * reach * 1.5, -side * reach * rng.uniform(0.1, 0.9)))
    room.box(layer, x0, x1, 0.05, 0.88, z, z + 0.7, front if rng.random() < 0.5 else plan.wood)
    room.box(layer, x0 - 0.03, x1 + 0.03, 0.88, 0.93, z - 0.05, z + 0.75, top)
    for x in rng.uniform(x0 + 0.2, x1 - 0.2, 3):
        thing = rng.integers(3)
        if thing == 0:
            _fruit(rng, room, layer, x, 0.93, z + 0.3)
        elif thing == 1:
            plant(rng, room, layer, (x, 0.93, z + 0.3), 0.07, rng.uniform(0.3, 0.45))
        else:
            vase(rng, room, layer, x, 0.93, z + 0.3, rng.uniform(0.6, 0.9))
    shade, metal, glow = int(rng.integers(4)), (BLACK, BRASS, STEEL)[rng.integers(3)], rng.uniform(1.5, 3.0)
    for step in range(rng.integers(2, 4)):
        x = side * reach * (0.95 - 0.62 * step)
        pendant(rng, room, layer, (x, rng.uniform(1.86, 1.9), z + 0.3), shade, metal, glow)
    plate.over(layer)
