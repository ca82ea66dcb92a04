"""Inside a boutique: lit shelves with bags and shoes, rails with clothes, mirrors."""

import numpy as np

from ..scene import Scene
from .fittings import BLACK, BRASS, plant
from .indoor import curtain, polished, strip_light
from .interior import Plan, light_up, shell
from .lighting import mix
from .plate import Layer, Plate, View
from .room import Room
from .room_light import room_lens, room_scene

PLASTERS = (
    (0.64, 0.60, 0.54),
    (0.60, 0.52, 0.45),
    (0.68, 0.66, 0.63),
    (0.50, 0.42, 0.36),
    (0.15, 0.18, 0.16),
    (0.12, 0.13, 0.17),
    (0.24, 0.16, 0.11),
)
GARMENTS = (
    (0.62, 0.58, 0.52), (0.03, 0.03, 0.033), (0.46, 0.35, 0.24), (0.20, 0.06, 0.06), (0.08, 0.10, 0.16),
    (0.40, 0.42, 0.38), (0.58, 0.44, 0.38), (0.12, 0.16, 0.12), (0.66, 0.64, 0.60),
)  # fmt: skip
LEATHERS = (
    (0.40, 0.22, 0.10),
    (0.03, 0.03, 0.03),
    (0.55, 0.48, 0.38),
    (0.30, 0.05, 0.05),
    (0.62, 0.60, 0.55),
    (0.07, 0.13, 0.12),
    (0.50, 0.30, 0.28),
)
SPOT = (1.0, 0.88, 0.70)


def boutique(rng: np.random.Generator, view: View) -> Scene:
    """Lit niches with bags and shoes, rails with clothes, a mirror, a polished floor."""
    lens, back, ceiling = room_lens(rng), rng.uniform(5.2, 6.8), rng.uniform(2.9, 3.4)
    plan = Plan(
        side=-1.0 if rng.random() < 0.5 else 1.0, back=back, ceiling=ceiling,
        wall=np.asarray(PLASTERS[rng.integers(len(PLASTERS))]), wood=np.asarray((0.46, 0.34, 0.22)),
        daylight=mix(SPOT, (1, 1, 1), rng.uniform(0.3, 0.8)), frame=(0.3, 0.22, 0.1),
    )  # fmt: skip
    half = 0.42 * back / lens.reach
    spots = [((x, ceiling - 0.3, back - 1.0), SPOT, 0.9) for x in (-half, -half * 0.3, half * 0.3, half)]
    window = (plan.side * half * 1.2, plan.side * half * 1.2, 0.4, ceiling - 0.3, back - 2.0, back - 4.5)
    plate = Plate(view, lens)
    room = light_up(lens, plan, window, 3.6, spots, 0.15)
    layer = Layer(view, lens.blur(back))
    shell(rng, layer, room, plan, False)
    x = -half * 1.3 + rng.uniform(-0.5, 0)
    metal = (BRASS, BLACK, (0.4, 0.4, 0.4))[rng.integers(3)]
    niche = rng.random() < 0.5
    while x < half * 1.3:
        wide, niche = rng.uniform(0.9, 1.5), not niche
        if niche:
            _niche(rng, room, layer, x, x + wide, back)
        elif rng.random() < 0.5:
            _clothes(rng, room, layer, x, x + wide, back - 0.35, metal)
        else:
            _mirror_or_curtain(rng, room, layer, plan, x, x + wide)
        x += wide + rng.uniform(0.12, 0.3)
    for place in np.arange(-half * 1.2, half * 1.2, 0.55):
        room.face(
            layer,
            place + np.array((-0.05, 0.05, 0.05, -0.05)),
            ceiling - 0.005,
            back - np.array((0.5, 0.5, 0.65, 0.65)),
            BLACK,
            glow=np.asarray(SPOT) * 5,
        )
    polished(
        rng,
        layer,
        room,
        back,
        ((0.58, 0.55, 0.50), (0.36, 0.25, 0.15), (0.30, 0.29, 0.28))[rng.integers(3)],
        rng.uniform(0.25, 0.5),
    )
    plate.over(layer, cat_eye=False)
    _middle(rng, plate, room, plan, half, metal)
    return room_scene(rng, plate, room, plan.side, plan.daylight, plan.wall, SPOT)


def _niche(rng, room: Room, layer: Layer, x0: float, x1: float, z: float) -> None:
    """Shelves in a lit recess with bags, shoes or folded clothes."""
    tone = np.asarray(((0.58, 0.48, 0.36), (0.60, 0.57, 0.52), (0.30, 0.20, 0.13))[rng.integers(3)])
    room.panel(layer, x0 - 0.04, x1 + 0.04, 0.3, 2.45, z - 0.01, tone * 0.5)
    step, glow = rng.uniform(0.42, 0.52), np.asarray(SPOT) * rng.uniform(0.25, 0.45)
    for y in np.arange(0.35, 2.3, step):
        for part in range(4):
            low, high = y + step * part / 4, y + step * (part + 1) / 4
            room.face(layer, (x0, x1, x1, x0), (high, high, low, low), z - 0.02, tone, glow=glow * (0.35 + 0.3 * part))
        x = x0 + rng.uniform(0.05, 0.15)
        while x < x1 - 0.25:
            x += _article(rng, room, layer, x, y + 0.02, z - 0.12)
        room.box(layer, x0, x1, y - 0.015, y + 0.015, z - 0.25, z, tone)
        strip_light(room, layer, x0 + 0.02, x1 - 0.02, y + step - 0.035, z - 0.03, np.asarray(SPOT) * 2.2)


def _article(rng, room: Room, layer: Layer, x: float, y: float, z: float) -> float:
    """Draw a bag, a pair of shoes or folded cloth; return the width it takes."""
    leather = np.asarray(LEATHERS[rng.integers(len(LEATHERS))]) * np.exp(rng.normal(0, 0.15))
    kind = rng.integers(3)
    if kind == 0:
        wide, tall = rng.uniform(0.2, 0.3), rng.uniform(0.15, 0.22)
        turn = np.linspace(0, np.pi, 12)
        room.face(layer, x + wide * (0.5 + 0.28 * np.cos(turn)), y + tall + 0.11 * np.sin(turn), z, leather * 0.8)
        room.face(layer, x + wide * (0.5 + 0.22 * np.cos(turn)), y + tall + 0.085 * np.sin(turn), z, (0.5, 0.42, 0.32))
        room.face(layer, x + wide * np.array((0.06, 0.94, 1, 0)), (y + tall, y + tall, y, y), z, leather)
        room.face(
            layer,
            x + wide * np.array((0.08, 0.92, 0.9, 0.1)),
            y + tall * np.array((1, 1, 0.55, 0.55)),
            z,
            leather * 1.25,
        )
        room.glint(layer, x + wide / 2, y + tall * 0.6, z, 0.05)
        return wide + rng.uniform(0.06, 0.16)
    if kind == 1:
        for shift in (0.0, 0.12):
            heel = np.array((0, 0.2, 0.2, 0.14, 0.05, 0.03, 0))
            room.face(layer, x + shift + heel, y + np.array((0.13, 0.02, 0, 0.03, 0.06, 0, 0)), z, leather)
        return 0.4
    for level in range(rng.integers(2, 5)):
        cloth = np.asarray(GARMENTS[rng.integers(len(GARMENTS))])
        room.panel(layer, x, x + 0.26, y + level * 0.045, y + level * 0.045 + 0.042, z, cloth)
    return 0.34


def _clothes(rng, room: Room, layer: Layer, x0: float, x1: float, z: float, metal) -> None:
    """A rail with dresses and coats."""
    high = rng.uniform(1.65, 1.8)
    room.shadow(layer, x0, x1, 0.5, high, z + 0.35, 0.15, 0.35)
    palette = [GARMENTS[index] for index in rng.choice(len(GARMENTS), 4, replace=False)]
    for x in np.arange(x0 + 0.06, x1 - 0.06, rng.uniform(0.055, 0.085)):
        cloth = np.asarray(palette[rng.integers(4)]) * np.exp(rng.normal(0, 0.12))
        long, half = rng.uniform(0.7, 1.2), rng.uniform(0.035, 0.055)
        shape = (
            x + half * np.array((-0.5, 0.5, 1, 1.1, -1.1, -1)),
            high - np.array((0.05, 0.05, 0.14, long, long, 0.14)),
        )
        room.face(layer, *shape, z, cloth)
        room.stick(
            layer,
            (x + half * 0.4, high - 0.15, z - 0.01),
            (x + half * 0.5, high - long, z - 0.01),
            half * 0.5,
            cloth * 1.3,
        )
    room.stick(layer, (x0, high, z), (x1, high, z), 0.03, metal)
    for x in (x0, x1):
        room.stick(layer, (x, 0, z), (x, high, z), 0.03, metal)


def _mirror_or_curtain(rng, room: Room, layer: Layer, plan: Plan, x0: float, x1: float) -> None:
    if rng.random() < 0.5:
        cloth = np.asarray(
            ((0.52, 0.46, 0.38), (0.22, 0.07, 0.07), (0.12, 0.17, 0.16), (0.55, 0.42, 0.36))[rng.integers(4)]
        )
        curtain(rng, room, layer, x0, x1, 0.05, 2.4, plan.back - 0.1, cloth)
        room.stick(layer, (x0, 2.42, plan.back - 0.1), (x1, 2.42, plan.back - 0.1), 0.03, BRASS)
        return
    a, b = x0 + 0.15, min(x0 + 0.95, x1)
    turn = np.linspace(0, np.pi, 20)
    for grow, tone in ((0.04, np.asarray(BRASS) * 1.3), (0.0, np.asarray((0.42, 0.43, 0.43)))):
        x = np.r_[(a + b) / 2 + ((b - a) / 2 + grow) * np.cos(turn), a - grow, b + grow]
        y = np.r_[1.7 + ((b - a) / 2 + grow) * np.sin(turn), 0.2 - grow, 0.2 - grow]
        room.face(layer, x, y, plan.back - 0.03, tone)
    for low, high, tone in ((0.3, 0.9, 0.5), (1.4, 1.75, 1.2)):
        room.panel(layer, a + 0.1, b - 0.12, low, high, plan.back - 0.04, np.asarray((0.42, 0.38, 0.33)) * tone)


def _middle(rng, plate: Plate, room: Room, plan: Plan, half: float, metal) -> None:
    """A rail, a plinth with bags, a seat or another customer between the back wall and the subject."""
    z = plan.back - rng.uniform(1.5, 2.0)
    layer, reach = Layer(plate.view, plate.lens.blur(z)), half * z / plan.back
    for edge in (-1, 1):
        x, kind = edge * reach * rng.uniform(0.65, 0.95), rng.choice((0, 1, 3))
        room.floor_shadow(layer, x, z, 0.5, 0.3, 0.4)
        if kind == 0:
            _clothes(rng, room, layer, x - 0.5, x + 0.5, z, metal)
        elif kind == 1:
            room.box(layer, x - 0.35, x + 0.35, 0, 0.9, z, z + 0.5, (0.60, 0.57, 0.53))
            for place in (x - 0.28, x + 0.04):
                _article(rng, room, layer, place, 0.9, z + 0.2)
        else:
            plant(rng, room, layer, (x, 0, z), 0.2, rng.uniform(1.0, 1.5))
    plate.over(layer)
