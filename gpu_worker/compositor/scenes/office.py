"""A modern office: rows of desks with screens, colleagues, light bands in the ceiling, the city behind glass."""

from dataclasses import replace

import numpy as np

from ..scene import Scene
from .daylight import GOLDEN, MORNING, SOFT, day_sky, draw_day
from .figures import figure
from .fittings import chair, desk_lamp, plant, screen
from .furnishing import picture
from .indoor import glass_wall
from .interior import Plan, light_up, shell
from .lighting import mix
from .plate import Layer, Plate, View
from .room import Room
from .room_light import room_lens, room_scene
from .skyline import skyline

WALLS = ((0.64, 0.64, 0.62), (0.20, 0.26, 0.29), (0.46, 0.33, 0.21), (0.42, 0.45, 0.41), (0.60, 0.57, 0.52))
DESKS = ((0.62, 0.60, 0.57), (0.45, 0.32, 0.19), (0.30, 0.20, 0.12))
FLOORS = ((0.44, 0.31, 0.19), (0.36, 0.33, 0.30), (0.26, 0.17, 0.10), (0.12, 0.14, 0.16))
CEILING_LIGHT = (1.0, 0.94, 0.86)


def office(rng: np.random.Generator, view: View) -> Scene:
    """An open office in daylight."""
    day = draw_day(rng, (MORNING, MORNING, SOFT, GOLDEN), (0.0, 0.3))
    lens, back, ceiling = room_lens(rng, (58, 66), (1.3, 1.5)), rng.uniform(8.0, 10.0), rng.uniform(2.8, 3.2)
    plan = Plan(
        side=day.side, back=back, ceiling=ceiling,
        wall=np.asarray(WALLS[rng.integers(len(WALLS))]), wood=np.asarray(FLOORS[rng.integers(len(FLOORS))]),
        daylight=mix(day.hour.sun, (1, 1, 1), 0.35), frame=(0.03, 0.03, 0.032),
    )  # fmt: skip
    half = 0.42 * back / lens.reach
    plate = Plate(view, lens)
    day_sky(rng, plate, day)
    skyline(rng, plate, day, rng.uniform(25, 60), 0.03, rng.uniform(0.5, 1.0), 2)
    plate.rgb[...] *= 1.3
    inner = -plan.side * half * rng.uniform(0.1, 0.6)
    window = (inner, plan.side * half * 1.5, 0.6, ceiling - 0.2, back, back)
    bands = [((x, ceiling - 0.05, z), CEILING_LIGHT, 0.5) for x in (-1.2, 1.2) for z in (back - 2, back - 5)]
    room = light_up(lens, plan, window, 13.0, bands, 0.26)
    layer = Layer(view, lens.blur(back))
    shell(rng, layer, room, plan, False)
    a, b = sorted((inner, plan.side * half * 2.2))
    glass_wall(room, layer, a, b, 0.35, ceiling - 0.2, back, rng.uniform(1.1, 1.6))
    for x in np.linspace(-half * 1.1, half * 1.1, int(rng.integers(3, 5))):
        _band(room, layer, x, ceiling, 2.5, back - 0.8)
    a, b = sorted((-plan.side * half * 1.2, inner - plan.side * 0.2))
    if rng.random() < 0.7 and b - a > 0.6:
        picture(rng, room, layer, a + 0.2, b - 0.1, 1.2, 2.1, back)
    elif b - a > 0.6:
        _notes(rng, room, layer, a + 0.1, b, back)
    plate.over(layer, cat_eye=False)
    _rows(rng, plate, room, plan, half)
    return room_scene(
        rng, plate, room, plan.side, plan.daylight, replace(plan, wall=np.asarray(WALLS[0])).wall, CEILING_LIGHT
    )


def _band(room: Room, layer: Layer, x: float, ceiling: float, near: float, far: float) -> None:
    glow = np.asarray(CEILING_LIGHT) * 1.6
    room.face(
        layer, (x - 0.06, x + 0.06, x + 0.06, x - 0.06), ceiling - 0.02, (far, far, near, near), (0, 0, 0), glow=glow
    )


def _notes(rng, room: Room, layer: Layer, x0: float, x1: float, z: float) -> None:
    """A white board with coloured notes."""
    room.panel(layer, x0, x1, 1.0, 2.1, z - 0.03, (0.70, 0.70, 0.69))
    for x in np.arange(x0 + 0.1, x1 - 0.12, 0.16):
        for y in np.arange(1.15, 1.95, 0.17):
            if rng.random() < 0.5:
                tone = ((0.65, 0.50, 0.08), (0.60, 0.20, 0.22), (0.15, 0.42, 0.50), (0.30, 0.50, 0.20))[rng.integers(4)]
                room.panel(layer, x, x + 0.1, y, y + 0.1, z - 0.04, tone)


def _rows(rng, plate: Plate, room: Room, plan: Plan, half: float) -> None:
    """Desks in rows with what stands on them, people at some of them."""
    top, desk = rng.uniform(0.72, 0.76), np.asarray(DESKS[rng.integers(len(DESKS))])
    for index, z in enumerate((plan.back - 1.8, plan.back - 3.6, plan.back - 5.2)):
        layer, reach = Layer(plate.view, plate.lens.blur(z)), half * z / plan.back
        for edge in (-1, 1):
            x0, x1 = sorted((edge * reach * rng.uniform(0.2, 0.35), edge * reach * 1.4))
            if index == 2 and rng.random() < 0.4:
                continue
            middle = (x0 + x1) / 2
            if z > 5.0 and rng.random() < 0.6:
                seated = rng.random() < 0.6
                light = room.light((middle, 1.2, z + 0.6))[0]
                figure(
                    rng,
                    layer,
                    plate.lens,
                    middle + rng.uniform(-0.3, 0.3),
                    z + 1.0,
                    light * 1.1,
                    light * 0.5,
                    plan.side,
                    foot=0.42 * seated,
                    seated=seated,
                )
            for x in (x0 + 0.08, x1 - 0.08):
                room.box(layer, x - 0.025, x + 0.025, 0, top, z + 0.1, z + 0.14, (0.5, 0.5, 0.5))
            room.box(layer, x0, x1, top - 0.035, top, z, z + 0.75, desk)
            for x in np.arange(x0 + 0.35, x1 - 0.2, rng.uniform(0.75, 0.95)):
                screen(rng, room, layer, x, top, z + 0.4, rng.uniform(0.5, 0.62))
                if rng.random() < 0.6:
                    chair(rng, room, layer, x + rng.uniform(-0.1, 0.1), z - 0.2)
            if rng.random() < 0.5:
                plant(rng, room, layer, (x0 + 0.1, top, z + 0.3), 0.06, rng.uniform(0.25, 0.4))
            if rng.random() < 0.25:
                desk_lamp(rng, room, layer, x1 - 0.2, top, z + 0.3)
        if index == 0 and rng.random() < 0.8:
            x = -plan.side * reach * rng.uniform(0.8, 1.0)
            plant(rng, room, layer, (x, 0.0, z + 0.9), 0.2, rng.uniform(0.9, 1.5))
        plate.over(layer)
