"""A gala in a ballroom."""

import numpy as np

from ..scene import Scene
from .figures import EVENING_CLOTHES, figure
from .fittings import BLACK, BULB, plant
from .indoor import curtain, polished
from .interior import Plan, light_up, shell
from .lighting import mix
from .optics import Lens
from .plate import Layer, Plate, View
from .room import Room
from .room_light import by_bulbs, room_lens

GALA_WALLS = ((0.50, 0.38, 0.24), (0.20, 0.05, 0.06), (0.07, 0.10, 0.15), (0.36, 0.33, 0.30), (0.08, 0.12, 0.10))
DRAPES = ((0.28, 0.04, 0.05), (0.46, 0.36, 0.22), (0.05, 0.08, 0.16), (0.52, 0.48, 0.42))
UPLIGHTS = ((1.0, 0.62, 0.28), (1.0, 0.45, 0.25), (0.75, 0.35, 1.0), (0.30, 0.45, 1.0))
CRYSTAL = (1.0, 0.82, 0.58)
CANDLE = (1.0, 0.55, 0.20)
CLOTHS = ((0.62, 0.60, 0.56), (0.60, 0.55, 0.47), (0.10, 0.10, 0.12))


def gala(rng: np.random.Generator, view: View) -> Scene:
    """A ballroom: chandeliers, columns and drapes lit from below, set tables with candles, guests in evening dress."""
    lens, back, ceiling = room_lens(rng, (60, 72), (1.4, 1.7)), rng.uniform(10.5, 14.0), rng.uniform(5.5, 7.0)
    side = -1.0 if rng.random() < 0.5 else 1.0
    plan = Plan(
        side=side, back=back, ceiling=ceiling, wall=np.asarray(GALA_WALLS[rng.integers(len(GALA_WALLS))]),
        wood=np.asarray((0.16, 0.10, 0.06)), daylight=mix(BULB, (1, 1, 1), 0.3), frame=(0.4, 0.3, 0.15),
    )  # fmt: skip
    half = 0.42 * back / lens.reach
    upright = UPLIGHTS[rng.choice(4, p=(0.5, 0.25, 0.13, 0.12))]
    lamps = [((x, 4.0, back - 3.0), BULB, 2.2) for x in (-half * 0.6, half * 0.6)]
    lamps += [((x, 0.3, back - 0.4), upright, 0.7) for x in (-half, 0.0, half)]
    window = (-half, half, ceiling - 0.6, ceiling - 0.3, back - 4, back - 4)
    plate = Plate(view, lens)
    room = light_up(lens, plan, window, 3.5, lamps, 0.10)
    layer = Layer(view, lens.blur(back))
    shell(rng, layer, room, plan, False)
    _hall_wall(rng, room, layer, plan, half)
    polished(rng, layer, room, back, (0.26, 0.20, 0.15), rng.uniform(0.3, 0.5))
    plate.over(layer, cat_eye=False)
    _party(rng, plate, room, plan, half)
    _chandeliers(rng, plate, back, ceiling)
    return by_bulbs(rng, plate, side)


def _hall_wall(rng, room: Room, layer: Layer, plan: Plan, half: float) -> None:
    """Tall drapes or arched windows between columns, and a cornice."""
    cloth = np.asarray(DRAPES[rng.integers(len(DRAPES))])
    step, top, night = rng.uniform(2.2, 2.8), plan.ceiling - 1.0, rng.random() < 0.5
    start = -half * 1.4 + rng.uniform(-0.6, 0.0)
    turn = np.linspace(0, np.pi, 14)
    for x in np.arange(start, half * 1.4, step):
        if night:
            radius = step * 0.24
            arch_x = np.r_[x + step / 2 + radius * np.cos(turn), x + step / 2 - radius, x + step / 2 + radius]
            arch_y = np.r_[top - 1.2 + radius * np.sin(turn), 0.9, 0.9]
            room.face(layer, arch_x, arch_y, plan.back, BLACK, glow=np.asarray((0.010, 0.016, 0.034)))
        for a, b in (
            ((x + step * 0.14, x + step * 0.3), (x + step * 0.7, x + step * 0.86))
            if night
            else ((x + step * 0.16, x + step * 0.84),)
        ):
            curtain(rng, room, layer, a, b, 0.05, top, plan.back - 0.1, cloth, fold_m=0.3)
        room.box(layer, x - 0.16, x + 0.16, 0, plan.ceiling - 0.5, plan.back - 0.3, plan.back, plan.wall * 0.6 + 0.25)
        for y, wide in ((0.0, 0.24), (plan.ceiling - 0.75, 0.26)):
            room.box(layer, x - wide, x + wide, y, y + 0.22, plan.back - 0.38, plan.back, plan.wall * 0.6 + 0.3)
        room.face(
            layer,
            x + np.array((-0.1, 0.1, 0.1, -0.1)),
            (2.5, 2.5, 2.2, 2.2),
            plan.back - 0.35,
            BLACK,
            glow=np.asarray(BULB) * 3.0,
        )
    room.box(
        layer,
        -half * 1.6,
        half * 1.6,
        plan.ceiling - 0.5,
        plan.ceiling - 0.25,
        plan.back - 0.4,
        plan.back,
        plan.wall * 0.6 + 0.28,
    )


def _party(rng, plate: Plate, room: Room, plan: Plan, half: float) -> None:
    """Round tables under long cloths with flowers and candles, and guests between them."""
    lens = plate.lens
    cloth = np.asarray(CLOTHS[rng.integers(len(CLOTHS))])
    for z in (plan.back - 2.2, plan.back - 4.2, plan.back - 6.0):
        layer, reach = Layer(plate.view, lens.blur(z)), half * z / plan.back
        for _ in range(rng.integers(2, 6)):
            x, depth = rng.choice((-1, 1)) * reach * rng.uniform(0.25, 1.0), z + rng.uniform(0.4, 1.2)
            light = room.light((x, 1.3, depth))[0]
            figure(rng, layer, lens, x, depth, light * 1.3, light * 0.8 + 0.06, plan.side, EVENING_CLOTHES)
        for edge in (-1, 1):
            if rng.random() < 0.25:
                continue
            x = edge * reach * rng.uniform(0.55, 0.9)
            room.turned(layer, x, 0, z, (0.02, 0.7, 0.75), (0.86, 0.8, 0.8), cloth)
            turn = np.linspace(0, 2 * np.pi, 24)
            room.face(layer, x + 0.8 * np.cos(turn), 0.75, z + 0.8 * np.sin(turn), cloth * 1.1, (0, 1, 0))
            plant(rng, room, layer, (x, 0.75, z), 0.07, rng.uniform(0.35, 0.55), 0)
            _candles(rng, plate, room, layer, x, z)
        plate.over(layer)


def _candles(rng, plate: Plate, room: Room, layer: Layer, x: float, z: float) -> None:
    for _ in range(rng.integers(3, 7)):
        place, deep, tall = x + rng.uniform(-0.6, 0.6), z + rng.uniform(-0.5, 0.4), rng.choice((0.06, 0.28))
        room.stick(layer, (place, 0.75, deep), (place, 0.75 + tall, deep), 0.03, (0.6, 0.56, 0.48))
        light = np.array((-0.025, 0.025, 0.0))
        room.face(layer, place + light, 0.75 + tall + np.array((0, 0, 0.09)), deep, BLACK, glow=np.asarray(CANDLE) * 14)


def _chandeliers(rng, plate: Plate, back: float, ceiling: float) -> None:
    """Tiers of bulbs and crystals in rings, the nearer the larger, as discs of light."""
    lens: Lens = plate.lens
    side = rng.choice((-1, 1))
    places = [
        (side * rng.uniform(0.9, 1.6), rng.uniform(6.0, 7.5)),
        (-side * rng.uniform(0.9, 2.2), rng.uniform(8.0, back - 1.5)),
    ]
    if rng.random() < 0.6:
        places.append((rng.uniform(-1, 1), back - 1.5))
    for x, z in places:
        low = min(rng.uniform(2.7, 3.2), ceiling - 1.5)
        for tier in range(int(rng.integers(2, 4))):
            count, radius = 10 + 4 * (2 - tier), 0.75 - 0.2 * tier
            turn = np.linspace(0, 2 * np.pi, count, endpoint=False) + rng.uniform(0, 1)
            u, v = lens.project(
                x + radius * np.cos(turn), low + 0.42 * tier + rng.normal(0, 0.02, count), z + radius * np.sin(turn)
            )
            level = rng.uniform(0.7, 1.1) * np.exp(rng.normal(0, 0.15, (count, 1)))
            plate.lights(u, v, lens.blur(z) * rng.uniform(0.94, 1.06, count), level * np.float32(BULB))
        count = 46
        turn, reach = rng.uniform(0, 2 * np.pi, count), np.sqrt(rng.uniform(0, 1, count)) * 0.7
        y = low + rng.uniform(-0.45, 0.9, count) * (1 - reach / 0.8)
        u, v = lens.project(x + reach * np.cos(turn), y, z + reach * np.sin(turn))
        level = 0.16 * np.exp(rng.normal(0, 0.9, (count, 1)))
        plate.lights(u, v, lens.blur(z) * rng.uniform(0.9, 1.05, count), level * np.float32(CRYSTAL))
