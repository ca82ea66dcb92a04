"""The wide living room of a villa behind walls of glass."""

from dataclasses import replace

import numpy as np

from ..scene import Scene
from .daylight import DAY, GOLDEN, MORNING, Day, day_sky, draw_day
from .fittings import BRASS, BULB, pendant, plant
from .furnishing import picture
from .home import FRAMES, WALLS, draw_plan
from .indoor import FABRICS, curtain, floor_lamp, glass_wall, polished, rug, sofa
from .interior import Plan, light_up, shell
from .landscape import lawn, tree_line
from .lighting import mix
from .plate import Layer, Plate, View
from .room import Room
from .room_light import room_lens, room_scene
from .sea import coastline, sea


def villa_interior(rng: np.random.Generator, view: View) -> Scene:
    """A wide living room behind glass walls: sea or garden outside, stone floor, low sofas, long curtains."""
    day = draw_day(rng, (GOLDEN, GOLDEN, MORNING, DAY), (0.1, 0.34))
    back, ceiling = rng.uniform(6.5, 8.0), rng.uniform(3.2, 3.8)
    lens = room_lens(rng, (54, 62))
    plan = replace(
        draw_plan(rng, back, ceiling), side=day.side, daylight=mix(day.hour.sun, (1, 1, 1), 0.35), frame=FRAMES[1]
    )
    plan = replace(plan, wall=np.asarray(WALLS[rng.integers(3)]))
    half = 0.42 * back / lens.reach
    plate = Plate(view, lens)
    _view_outside(rng, plate, day)
    window = (-half, half, 0.1, ceiling - 0.2, back, back)
    room = light_up(lens, plan, window, 13.0, (((0.0, 2.6, back - 2.0), BULB, 0.5),), 0.32)
    layer = Layer(view, lens.blur(back))
    solid = -plan.side * half * rng.uniform(0.45, 0.75)
    shell(rng, layer, room, plan, False)
    a, b = sorted((solid, plan.side * half * 2.5))
    glass_wall(room, layer, a, b, 0.06, ceiling - 0.25, back, rng.uniform(1.3, 1.9))
    polished(rng, layer, room, back, (0.56, 0.53, 0.48), rng.uniform(0.25, 0.45), 0.0)
    sheer = np.asarray(plan.daylight) * 0.55
    a, b = sorted((solid - plan.side * 0.15, solid + plan.side * rng.uniform(0.5, 0.8)))
    curtain(rng, room, layer, a, b, 0.02, ceiling - 0.1, back - 0.15, (0.6, 0.57, 0.52), sheer)
    edge = -plan.side * half * 1.1
    a, b = sorted((edge, solid - plan.side * 0.25))
    if b - a > 0.5:
        picture(rng, room, layer, a + 0.1, b - 0.05, 1.15, rng.uniform(2.0, 2.5), back - 0.05)
    plate.over(layer, cat_eye=False)
    _villa_seats(rng, plate, room, plan, half)
    return room_scene(rng, plate, room, plan.side, plan.daylight, plan.wall)


def _view_outside(rng, plate: Plate, day: Day) -> None:
    day_sky(rng, plate, day)
    if rng.random() < 0.6:
        coastline(rng, plate, day, 5000.0, rng.uniform(150, 450), (0.10, 0.13, 0.16))
        sea(rng, plate, day, 14.0)
    else:
        tree_line(rng, plate, day.weather, rng.uniform(28, 45), rng.uniform(5, 8))
        lawn(rng, plate, day.weather)
    plate.rgb[...] *= 1.25


def _villa_seats(rng, plate: Plate, room: Room, plan: Plan, half: float) -> None:
    z = plan.back - rng.uniform(1.2, 1.8)
    layer = Layer(plate.view, plate.lens.blur(z - 0.4))
    reach, side = half * z / plan.back, rng.choice((-1, 1))
    rug(rng, room, layer, -reach, reach, z - 1.9, z - 0.3, (0.58, 0.55, 0.50))
    x0, x1 = sorted((side * reach * 1.3, -side * reach * rng.uniform(0.0, 0.5)))
    sofa(rng, room, layer, x0, x1, z, (FABRICS[0], FABRICS[5], FABRICS[1])[rng.integers(3)])
    x = -side * reach * rng.uniform(0.7, 0.95)
    if rng.random() < 0.6:
        plant(rng, room, layer, (x, 0, z), 0.22, rng.uniform(1.1, 1.7), int(rng.choice((0, 2))))
    else:
        floor_lamp(rng, room, layer, x, z, 0.8)
    count = int(rng.integers(3, 6))
    for index in range(count if rng.random() < 0.6 else 0):
        place = (side * reach * (0.35 + 0.14 * index), rng.uniform(2.1, 2.6), z - 0.4)
        pendant(rng, room, layer, place, 2, BRASS, 1.6)
    plate.over(layer)
