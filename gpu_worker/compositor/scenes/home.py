"""A living room, and the plan of a home's rooms."""

import numpy as np

from ..scene import Scene
from .fittings import BLACK, BRASS, BULB, STEEL, pendant, plant
from .furnishing import picture, shelf_load
from .indoor import FABRICS, curtain, floor_lamp, rug, sofa, table
from .interior import Plan, back_window, light_up, shell, side_windows, sun_patch
from .optics import Lens
from .plate import Layer, Plate, View
from .room import Room
from .room_light import room_lens, room_scene

WALLS = (
    (0.66, 0.63, 0.58),
    (0.62, 0.58, 0.52),
    (0.68, 0.66, 0.63),
    (0.48, 0.50, 0.45),
    (0.58, 0.49, 0.42),
    (0.40, 0.44, 0.47),
)
WOODS = ((0.44, 0.30, 0.17), (0.30, 0.19, 0.10), (0.55, 0.43, 0.29), (0.50, 0.46, 0.40))
DAYLIGHTS = ((1.0, 0.95, 0.87), (1.0, 0.86, 0.68), (1.0, 0.80, 0.56), (0.95, 0.98, 1.0))
FRAMES = ((0.62, 0.61, 0.58), (0.03, 0.03, 0.032), (0.40, 0.27, 0.15))


def draw_plan(rng: np.random.Generator, back: float, ceiling: float) -> Plan:
    """Return a room of a home: its size in metres, walls, wood and daylight drawn at random."""
    return Plan(
        side=-1.0 if rng.random() < 0.5 else 1.0,
        back=back,
        ceiling=ceiling,
        wall=np.asarray(WALLS[rng.integers(len(WALLS))]) * rng.uniform(0.92, 1.06),
        wood=np.asarray(WOODS[rng.integers(len(WOODS))]),
        daylight=DAYLIGHTS[rng.choice(4, p=(0.3, 0.3, 0.25, 0.15))],
        frame=FRAMES[rng.integers(len(FRAMES))],
    )


def lit_room(rng, lens: Lens, plan: Plan, behind: bool, half: float) -> tuple[Room, float, float, float, float]:
    """Return the room, x of the side wall, and the back window: inner edge, sill, top."""
    side, wall_x = plan.side, plan.side * half * rng.uniform(0.8, 1.0)
    inner, low = side * half * rng.uniform(0.1, 0.32), rng.choice((0.12, 0.75))
    high = plan.ceiling - rng.uniform(0.2, 0.4)
    if behind:
        window = (inner, side * (half + 1.2), low, high, plan.back - 0.05, plan.back - 0.4)
    else:
        window = (wall_x, wall_x, 0.6, high, plan.back - 0.8, plan.back - 4.0)
    lamp = (-side * half * 0.7, 1.6, plan.back - 0.7)
    power = rng.uniform(7.0, 10.0) * (0.8 if behind else 1.0)
    room = light_up(lens, plan, window, power, ((lamp, BULB, rng.uniform(0.25, 0.5)),), rng.uniform(0.18, 0.26))
    return room, wall_x, inner, low, high


def living_room(rng: np.random.Generator, view: View) -> Scene:
    """A sofa with pillows before a wall with pictures, a lamp, plants, light from a large window."""
    plan, lens = draw_plan(rng, rng.uniform(4.8, 6.2), rng.uniform(2.7, 3.2)), room_lens(rng)
    plate = Plate(view, lens)
    half, behind = 0.42 * plan.back / lens.reach, rng.random() < 0.45
    room, wall_x, inner, low, high = lit_room(rng, lens, plan, behind, half)
    layer = Layer(view, lens.blur(plan.back))
    shell(rng, layer, room, plan, False)
    if rng.random() < 0.5:
        sun_patch(rng, layer, room, plan, plan.wall)
    x0, x1 = -half * 0.75, half * 0.75
    if behind:
        back_window(rng, layer, room, plan, *sorted((inner, plan.side * (half + 1.5))), low, high)
        cloth = np.asarray(FABRICS[rng.integers(len(FABRICS))]) * 0.9
        a, b = sorted((inner - plan.side * 0.3, inner + plan.side * 0.15))
        curtain(rng, room, layer, a, b, 0.02, high + 0.1, plan.back - 0.12, cloth, np.asarray(plan.daylight) * 0.15)
        x0, x1 = sorted((-plan.side * half * 1.2, inner))
    else:
        side_windows(rng, layer, room, plan, wall_x)
    _wall_of_pictures(rng, room, layer, plan, x0, x1)
    plate.over(layer, cat_eye=False)
    _seats(rng, plate, room, plan, half)
    return room_scene(rng, plate, room, plan.side, plan.daylight, plan.wall)


def _wall_of_pictures(rng, room: Room, layer: Layer, plan: Plan, x0: float, x1: float) -> None:
    if rng.random() < 0.4:
        for y in (1.35, 1.78)[: rng.integers(1, 3)]:
            a, b = x0 + 0.15, x0 + (x1 - x0) * rng.uniform(0.5, 0.9)
            room.shadow(layer, a, b, y - 0.15, y, plan.back, 0.06, 0.4)
            shelf_load(rng, room, layer, a, b, y + 0.02, plan.back - 0.15, 0.34, "objects")
            room.box(layer, a, b, y - 0.02, y + 0.02, plan.back - 0.22, plan.back, plan.wood)
        return
    x = x0 + rng.uniform(0.05, 0.3)
    while x < x1 - 0.35:
        wide, tall = rng.uniform(0.35, 0.75), rng.uniform(0.45, 0.85)
        low = rng.uniform(1.2, 1.4)
        room.shadow(layer, x, x + wide + 0.03, low - 0.05, low + tall, plan.back, 0.05, 0.4)
        picture(rng, room, layer, x, x + wide, low, low + tall, plan.back)
        x += wide + rng.uniform(0.12, 0.5)


def _seats(rng, plate: Plate, room: Room, plan: Plan, half: float) -> None:
    z = plan.back - rng.uniform(0.35, 0.7)
    layer = Layer(plate.view, plate.lens.blur(z - 0.4))
    reach, side = half * z / plan.back, plan.side
    rug(rng, room, layer, -reach * 1.1, reach * 1.1, z - 2.0, z - 0.5, FABRICS[rng.integers(len(FABRICS))])
    shift = rng.uniform(-0.3, 0.3)
    cloth = FABRICS[rng.integers(len(FABRICS))]
    lamp_side = -side * (reach * rng.uniform(0.75, 0.95))
    floor_lamp(rng, room, layer, lamp_side, z, rng.uniform(0.5, 1.0))
    if rng.random() < 0.8:
        x = side * reach * rng.uniform(0.75, 0.95)
        room.floor_shadow(layer, x, z, 0.35, 0.25, 0.5)
        plant(rng, room, layer, (x, 0.0, z), 0.17, rng.uniform(0.9, 1.4))
    sofa(rng, room, layer, -reach * 0.8 + shift, reach * 0.8 + shift, z - 0.1, cloth)
    if rng.random() < 0.6:
        table(rng, room, layer, -side * reach * rng.uniform(0.5, 0.8), z - 1.2, rng.uniform(0.42, 0.55), 0.3, plan.wood)
    if rng.random() < 0.3:
        metal = (BLACK, BRASS, STEEL)[rng.integers(3)]
        pendant(rng, room, layer, (rng.uniform(-0.6, 0.6) * reach, 2.05, z - 0.6), int(rng.integers(3)), metal, 1.5)
    plate.over(layer)
