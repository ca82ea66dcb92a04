"""The opening of an exhibition."""

import numpy as np

from ..scene import Scene
from .figures import DAY_CLOTHES, EVENING_CLOTHES, figure
from .fittings import BLACK
from .furnishing import BOOKS
from .indoor import polished
from .interior import Plan, light_up, shell
from .plate import Layer, Plate, View
from .room import Room
from .room_light import room_lens, room_scene

DARK_WALLS = ((0.16, 0.18, 0.20), (0.30, 0.10, 0.09), (0.12, 0.17, 0.16))


def gallery(rng: np.random.Generator, view: View) -> Scene:
    """White rooms with large paintings under spotlights, guests with glasses, a pale floor."""
    lens, back, ceiling = room_lens(rng, (58, 68), (1.3, 1.5)), rng.uniform(7.0, 9.5), rng.uniform(3.6, 4.4)
    side = -1.0 if rng.random() < 0.5 else 1.0
    white = rng.random() < 0.75
    plan = Plan(
        side=side, back=back, ceiling=ceiling,
        wall=np.asarray((0.72, 0.71, 0.69) if white else DARK_WALLS[rng.integers(3)]),
        wood=np.asarray((0.40, 0.38, 0.35)), daylight=(1.0, 0.93, 0.84), frame=(0.4, 0.4, 0.39),
    )  # fmt: skip
    half = 0.42 * back / lens.reach
    spots = [((x, ceiling - 0.4, back - 1.4), (1.0, 0.9, 0.76), 1.3) for x in np.linspace(-half, half, 5)]
    window = (side * half * 1.3, side * half * 1.3, 1.0, ceiling - 0.4, back - 1, back - 5)
    plate = Plate(view, lens)
    room = light_up(lens, plan, window, 4.0, spots, 0.22 if white else 0.15)
    layer = Layer(view, lens.blur(back))
    shell(rng, layer, room, plan, False)
    x = -half * 1.3 + rng.uniform(-0.6, 0.2)
    while x < half * 1.3:
        wide, tall = rng.uniform(0.9, 2.0), rng.uniform(1.1, 1.9)
        low = 1.65 - tall / 2 + rng.uniform(0, 0.15)
        _pool(room, layer, x + wide / 2, low + tall / 2, back, wide)
        room.shadow(layer, x, x + wide + 0.05, low - 0.1, low + tall, back, 0.07, 0.35)
        painting(rng, room, layer, x, x + wide, low, low + tall, back - 0.04)
        x += wide + rng.uniform(0.5, 1.1)
    for place in np.linspace(-half * 1.2, half * 1.2, 9):
        room.turned(layer, place, ceiling - 0.35, back - 1.4, (0, 0.14), (0.05, 0.045), BLACK)
        room.face(
            layer,
            place + np.array((-0.04, 0.04, 0.04, -0.04)),
            ceiling - 0.36,
            back - 1.4 + np.array((0.04, 0.04, -0.04, -0.04)),
            BLACK,
            glow=np.asarray((1.0, 0.9, 0.75)) * 12,
        )
    room.stick(layer, (-half * 1.5, ceiling - 0.2, back - 1.4), (half * 1.5, ceiling - 0.2, back - 1.4), 0.04, BLACK)
    polished(rng, layer, room, back, ((0.46, 0.44, 0.41), (0.34, 0.24, 0.15))[rng.integers(2)], rng.uniform(0.2, 0.4))
    plate.over(layer, cat_eye=False)
    _crowd(rng, plate, room, plan, half)
    return room_scene(rng, plate, room, side, plan.daylight, (1.0, 0.97, 0.93), (1.0, 0.88, 0.7))


def _pool(room: Room, layer: Layer, x: float, y: float, z: float, wide: float) -> None:
    """The cone of a spotlight on the wall."""
    u, v = room.lens.project(x, y + 0.2, z)
    metre = room.lens.reach / z
    away = ((layer.u - u) / (0.75 * wide * metre)) ** 2 + ((layer.v - v) / (1.1 * metre)) ** 2
    layer.rgb[...] *= 1 + 0.45 * np.exp(-away)[..., None]


def painting(rng: np.random.Generator, room: Room, layer: Layer, x0, x1, y0, y1, z) -> None:
    """Draw a large abstract painting: fields, bands, discs and strokes of a few colours."""
    palette = np.asarray(BOOKS)[rng.choice(len(BOOKS), 4, replace=False)] * 1.2
    vivid = np.asarray(
        ((0.62, 0.16, 0.05), (0.05, 0.14, 0.42), (0.66, 0.46, 0.06), (0.06, 0.30, 0.28), (0.55, 0.10, 0.20))[
            rng.integers(5)
        ]
    )
    room.panel(layer, x0, x1, y0, y1, z, palette[0] * 0.5 + 0.25)
    kind, wide, tall = rng.integers(3), x1 - x0, y1 - y0
    if kind == 0:
        cuts = np.sort(rng.uniform(0, 1, 3))
        for low, high, colour in zip(
            np.r_[0, cuts], np.r_[cuts, 1], (palette[1], vivid, palette[2], palette[3]), strict=True
        ):
            room.panel(
                layer,
                x0 + 0.04 * wide,
                x1 - 0.04 * wide,
                y0 + tall * low + 0.02,
                y0 + tall * high - 0.02,
                z - 0.01,
                colour,
            )
        return
    turn = np.linspace(0, 2 * np.pi, 24)
    for index in range(int(rng.integers(4, 9))):
        colour = vivid if index % 3 == 0 else palette[rng.integers(4)]
        cx, cy = rng.uniform(x0, x1), rng.uniform(y0, y1)
        if kind == 1:
            radius = rng.uniform(0.1, 0.35) * tall
            px, py = cx + radius * np.cos(turn), cy + radius * np.sin(turn)
        else:
            lean, long, thick = rng.uniform(-1.2, 1.2), rng.uniform(0.4, 1.0) * wide, rng.uniform(0.04, 0.16) * tall
            along, across = (
                np.array((np.cos(lean), np.sin(lean))) * long / 2,
                np.array((-np.sin(lean), np.cos(lean))) * thick / 2,
            )
            corners = np.array((-along - across, along - across, along + across, -along + across))
            px, py = cx + corners[:, 0], cy + corners[:, 1]
        room.face(layer, np.clip(px, x0, x1), np.clip(py, y0, y1), z - 0.01, colour)


def _crowd(rng, plate: Plate, room: Room, plan: Plan, half: float) -> None:
    clothes = EVENING_CLOTHES if rng.random() < 0.6 else DAY_CLOTHES
    for z in (plan.back - 0.9, plan.back - 2.0):
        layer, reach = Layer(plate.view, plate.lens.blur(z)), half * z / plan.back
        for _ in range(rng.integers(1, 5)):
            x = rng.choice((-1, 1)) * reach * rng.uniform(0.3, 1.05)
            light = room.light((x, 1.3, z))[0]
            room.floor_shadow(layer, x, z, 0.3, 0.3, 0.35)
            figure(rng, layer, plate.lens, x, z, light * 1.2, light * 0.5, plan.side, clothes)
        if rng.random() < 0.3:
            x = rng.choice((-1, 1)) * reach * rng.uniform(0.5, 0.9)
            room.box(layer, x - 0.25, x + 0.25, 0, 1.0, z, z + 0.4, (0.68, 0.67, 0.65))
            room.turned(
                layer,
                x,
                1.0,
                z + 0.2,
                (0, 0.1, 0.3, 0.5, 0.6),
                (0.08, 0.16, 0.1, 0.18, 0.05),
                (0.12, 0.11, 0.10),
                gloss=0.4,
            )
        plate.over(layer)
