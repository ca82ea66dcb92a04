"""A café: counter with machine and shelves, tables and guests, by day beside a window or by lamplight."""

from dataclasses import replace

import numpy as np

from ..scene import Scene
from .daylight import BLUE, DUSK, day_sky, draw_day
from .figures import DAY_CLOTHES, figure
from .fittings import BLACK, BRASS, BULB, STEEL, pendant, plant
from .furnishing import jars, picture, shelf_load
from .indoor import chair, glass_wall, laptop, strip_light, table
from .interior import Plan, back_window, light_up, shell, side_windows, sun_patch
from .lighting import mix
from .plate import Layer, Plate, View
from .room import Room
from .room_light import by_bulbs, room_lens, room_scene
from .skyline import skyline

WALLS = (
    (0.62, 0.58, 0.51),
    (0.16, 0.21, 0.19),
    (0.33, 0.17, 0.11),
    (0.42, 0.24, 0.16),
    (0.50, 0.50, 0.46),
    (0.13, 0.15, 0.18),
)
BRICK = 2  # index of the wall that is brick
WOODS = ((0.38, 0.24, 0.13), (0.24, 0.14, 0.08), (0.48, 0.36, 0.23))
COUNTERS = ((0.62, 0.61, 0.58), (0.10, 0.16, 0.14), (0.34, 0.21, 0.11), (0.10, 0.13, 0.18), (0.45, 0.25, 0.18))
GLASS_TONES = ((0.30, 0.13, 0.03), (0.07, 0.14, 0.05), (0.42, 0.36, 0.24), (0.20, 0.05, 0.03), (0.10, 0.18, 0.22))
GUESTS_FROM_M = 4.6  # guests nearer to the camera would be too sharp to pass as people


def work(rng: np.random.Generator, view: View) -> Scene:
    """A café by day where people work: laptops on the tables."""
    return _cafe(rng, view, 0.0, True)


def friends(rng: np.random.Generator, view: View) -> Scene:
    """A café to meet in, by day or in the warm light of the evening."""
    return _cafe(rng, view, 0.55, False)


def _cafe(rng: np.random.Generator, view: View, evenings: float, laptops: bool) -> Scene:
    evening = rng.random() < evenings
    choice = int(rng.integers(len(WALLS)))
    plan = Plan(
        side=-1.0 if rng.random() < 0.5 else 1.0,
        back=rng.uniform(6.5, 8.5),
        ceiling=rng.uniform(3.0, 3.6),
        wall=np.asarray(WALLS[choice]) * rng.uniform(0.92, 1.08),
        wood=np.asarray(WOODS[rng.integers(len(WOODS))]),
        daylight=((1.0, 0.95, 0.86), (1.0, 0.86, 0.66), (0.96, 0.98, 1.0))[rng.integers(3)],
        frame=((0.03, 0.03, 0.032), (0.30, 0.20, 0.11))[rng.integers(2)],
    )
    lens = room_lens(rng, (58, 66), (1.3, 1.5))
    plate, half = Plate(view, lens), 0.42 * plan.back / lens.reach
    lamps = [((x, 2.2, plan.back - 1.4), BULB, 1.1 if evening else 0.35) for x in (-half * 0.7, 0.0, half * 0.7)]
    behind = rng.random() < 0.35
    inner, wall_x = plan.side * half * rng.uniform(0.25, 0.5), plan.side * half * rng.uniform(0.85, 1.0)
    high = plan.ceiling - 0.3
    if behind:
        window = (inner, plan.side * (half + 1.2), 0.6, high, plan.back - 0.05, plan.back - 0.4)
    else:
        window = (wall_x, wall_x, 0.6, high, plan.back - 0.8, plan.back - 4.0)
    power, ambient = (1.2, 0.10) if evening else (rng.uniform(8.0, 11.0), rng.uniform(0.18, 0.26))
    warm = replace(plan, daylight=mix(BULB, (1, 1, 1), 0.25)) if evening else plan
    room = light_up(lens, warm, window, power, lamps, ambient)
    layer = Layer(view, lens.blur(plan.back))
    shell(rng, layer, room, plan, choice == BRICK)
    if not evening and rng.random() < 0.4:
        sun_patch(rng, layer, room, plan, plan.wall)
    x0, x1 = -half * 1.3, half * 1.3
    if behind:
        edges = sorted((inner, plan.side * (half + 1.5)))
        if evening:
            night = draw_day(rng, (BLUE, DUSK))
            day_sky(rng, plate, night)
            skyline(rng, plate, night, 4.0, 0.45, 0.5, 2)
            glass_wall(room, layer, *edges, 0.5, high, plan.back, rng.uniform(0.7, 1.1))
        else:
            back_window(rng, layer, room, plan, *edges, 0.5, high)
        x0, x1 = (x0, inner - 0.15) if plan.side > 0 else (inner + 0.15, x1)
    elif not evening:
        side_windows(rng, layer, room, plan, wall_x)
    _shelves(rng, room, layer, plan, x0, x1)
    plate.over(layer, cat_eye=False)
    _counter(rng, plate, room, plan, half, x0, x1, evening)
    _tables(rng, plate, room, plan, half, laptops, evening)
    if not evening:
        return room_scene(rng, plate, room, plan.side, plan.daylight, plan.wall)
    return by_bulbs(rng, plate, plan.side)


def bottles(rng: np.random.Generator, room: Room, layer: Layer, x0: float, x1: float, y: float, z: float) -> None:
    """Fill a board with bottles."""
    for x in np.arange(x0 + 0.05, x1 - 0.05, rng.uniform(0.09, 0.12)):
        tall, glass = rng.uniform(0.22, 0.32), np.asarray(GLASS_TONES[rng.integers(len(GLASS_TONES))])
        outline = np.array((0, 0.62, 0.75, 1.0)) * tall, np.array((0.036, 0.036, 0.014, 0.014))
        room.turned(layer, x, y, z, *outline, glass * rng.uniform(0.5, 1.5), gloss=0.4)


def _shelves(rng, room: Room, layer: Layer, plan: Plan, x0: float, x1: float) -> None:
    """Boards with cups, jars and bottles, a dark menu board, or pictures, above the counter."""
    middle = x0 + (x1 - x0) * rng.uniform(0.45, 0.65)
    for y in (1.45, 1.85, 2.25)[: rng.integers(2, 4)]:
        room.shadow(layer, x0, middle, y - 0.2, y, plan.back, 0.07, 0.45)
        kind = rng.integers(3)
        if kind == 0:
            bottles(rng, room, layer, x0, middle, y + 0.02, plan.back - 0.15)
        elif kind == 1:
            jars(rng, room, layer, x0 + 0.05, middle - x0 - 0.1, y + 0.02, plan.back - 0.15)
        else:
            shelf_load(rng, room, layer, x0 + 0.03, middle, y + 0.02, plan.back - 0.15, 0.34, "workshop")
        room.box(layer, x0, middle, y - 0.02, y + 0.02, plan.back - 0.25, plan.back, plan.wood)
    a, b = middle + 0.15, x1 - 0.1
    if b - a < 0.5:
        return
    if rng.random() < 0.6:
        room.panel(layer, a, b, 1.5, 2.4, plan.back - 0.04, plan.wood)
        room.panel(layer, a + 0.05, b - 0.05, 1.55, 2.35, plan.back - 0.05, (0.02, 0.023, 0.022))
        for y in np.arange(1.66, 2.3, 0.11):
            for start in (a + 0.12, (a + b) / 2 + 0.06):
                end = start + (b - a) * rng.uniform(0.15, 0.33)
                room.panel(layer, start, end, y, y + 0.025, plan.back - 0.06, (0.5, 0.48, 0.44))
    else:
        picture(rng, room, layer, a + 0.1, min(b, a + 1.0), 1.4, 2.2, plan.back)


def _counter(rng, plate: Plate, room: Room, plan: Plan, half: float, x0: float, x1: float, evening: bool) -> None:
    z = plan.back - rng.uniform(1.1, 1.5)
    layer = Layer(plate.view, plate.lens.blur(z))
    front = np.asarray(COUNTERS[rng.integers(len(COUNTERS))])
    for x in np.arange(x0, x1, 0.18):
        room.panel(layer, x, min(x + 0.172, x1), 0.12, 1.05, z, front * rng.uniform(0.9, 1.08))
    room.box(layer, x0, x1, 1.05, 1.1, z - 0.05, z + 0.6, plan.wood * 1.1)
    if evening or rng.random() < 0.4:
        strip_light(room, layer, x0, x1, 1.02, z - 0.01, np.asarray(BULB) * 1.2)
    x = x0 + (x1 - x0) * rng.uniform(0.2, 0.6)
    room.box(layer, x, x + 0.75, 1.1, 1.5, z + 0.15, z + 0.55, STEEL)
    room.panel(layer, x + 0.04, x + 0.71, 1.16, 1.3, z + 0.14, BLACK)
    for place in (0.2, 0.4, 0.6):
        room.turned(layer, x + place, 1.5, z + 0.3, (0, 0.06), (0.04, 0.045), (0.66, 0.65, 0.62))
        room.glint(layer, x + place, 1.42, z + 0.14, 0.05 * np.exp(rng.normal(0, 0.8)))
    if rng.random() < 0.8:
        place = x + rng.choice((-0.5, 1.2))
        figure(
            rng, layer, plate.lens, place, z + 0.4, room.light((place, 1.4, z))[0], np.float32(BULB) * 0.3, plan.side
        )
        room.panel(layer, place - 0.5, place + 0.5, 0.12, 1.05, z, front)
        room.box(layer, place - 0.5, place + 0.5, 1.05, 1.1, z - 0.05, z + 0.05, plan.wood * 1.1)
    for place in rng.uniform(x0, x1, 3):
        plant(rng, room, layer, (place, 1.1, z + 0.2), 0.06, rng.uniform(0.2, 0.35))
    shade, metal, glow = int(rng.integers(4)), (BLACK, BRASS, STEEL)[rng.integers(3)], rng.uniform(2.0, 4.0)
    for place in np.arange(x0 + 0.3, x1, rng.uniform(0.65, 0.9)):
        pendant(rng, room, layer, (place, rng.uniform(2.1, 2.2), z - 0.1), shade, metal, glow)
    plate.over(layer)


def _tables(rng, plate: Plate, room: Room, plan: Plan, half: float, laptops: bool, evening: bool) -> None:
    """Two rows of small tables with chairs, guests and what they have on them."""
    for z in (plan.back - rng.uniform(2.2, 2.6), plan.back - rng.uniform(3.2, 3.6)):
        layer = Layer(plate.view, plate.lens.blur(z))
        reach = half * z / plan.back
        for edge in (-1, 1):
            if rng.random() < 0.2:
                continue
            x = edge * reach * rng.uniform(0.5, 0.95)
            if z > GUESTS_FROM_M and rng.random() < 0.7:
                light = room.light((x, 1.2, z))[0]
                figure(
                    rng,
                    layer,
                    plate.lens,
                    x + 0.1 * edge,
                    z + 0.5,
                    light * 1.1,
                    light * 0.6,
                    plan.side,
                    DAY_CLOTHES,
                    0.42,
                    seated=True,
                )
            table(rng, room, layer, x, z, 0.74, 0.36, plan.wood)
            if laptops and rng.random() < 0.75:
                laptop(room, layer, x, 0.74, z + 0.05)
            if evening:
                room.turned(layer, x + 0.15, 0.74, z - 0.1, (0, 0.07), (0.035, 0.04), BLACK, np.asarray(BULB) * 2.5, 0)
            if rng.random() < 0.7:
                chair(rng, room, layer, x - edge * 0.1, z - 0.55, plan.wood * rng.choice((0.35, 1.0)))
        plate.over(layer)
