"""An arcade of shops under a vault of glass."""

import numpy as np

from ..scene import Scene
from .boutique import GARMENTS, PLASTERS, SPOT
from .daylight import GOLDEN, MORNING, SOFT, Day, day_sky, draw_day
from .figures import figure
from .fittings import BRASS, BULB
from .houses import AWNINGS, SHOP_FRAMES
from .indoor import polished
from .lighting import aim, mix, scaled
from .optics import Lens
from .plate import Layer, Plate, View
from .room import Room


def arcade(rng: np.random.Generator, view: View) -> Scene:
    """A passage of shops between tall arches under a vault of glass, lamps in rows, a floor that shines."""
    day = draw_day(rng, (GOLDEN, MORNING, SOFT), (-0.1, 0.2))
    lens = Lens(
        focal_mm=rng.uniform(54, 64), f_number=rng.uniform(1.8, 2.2), subject_m=2.0, eye_m=1.5,
        horizon=rng.uniform(0.47, 0.54), rotation=rng.uniform(0, 0.7),
    )  # fmt: skip
    plate = Plate(view, lens)
    day_sky(rng, plate, day)
    half, wall, bay, shift = rng.uniform(2.9, 3.6), rng.uniform(5.0, 6.2), rng.uniform(3.6, 4.4), rng.uniform(-1.0, 1.0)
    stone = np.asarray(PLASTERS[rng.integers(2)]) * np.asarray((1.04, 1.0, 0.94))
    room = Room(
        lens, np.array([(0.0, wall + 1.5, z) for z in (6.0, 14.0, 24.0)]),
        np.array([np.float32(mix(day.hour.sun, (1, 1, 1), 0.5)) * 9] * 3), np.full(3, 2.5),
        day.shade * 0.45 + np.float32(SPOT) * 0.13, day.side,
    )  # fmt: skip
    layer = Layer(view, lens.blur(16.0))
    far, metal = rng.uniform(38, 48), (0.10, 0.12, 0.11) if rng.random() < 0.6 else (0.24, 0.18, 0.10)
    _end(rng, room, layer, half, wall, shift, far, stone)
    for z in np.arange(far - bay, 3.0, -bay):
        _vault(room, layer, half, wall, shift, z, bay, metal, day)
        for edge in (-1, 1):
            _bay(rng, room, layer, edge * half + shift, edge, z, bay, wall, stone)
    frame = SHOP_FRAMES[rng.integers(len(SHOP_FRAMES))]
    polished(
        rng, layer, room, far, np.asarray(mix(stone, frame, 0.15)) * 0.8, rng.uniform(0.14, 0.3), rng.choice((0.0, 0.8))
    )
    plate.over(layer, cat_eye=False)
    _visitors(rng, plate, room, day, half, wall, shift)
    plate.glare(rng.uniform(0.06, 0.1), scaled(SPOT, 0.003))
    plate.rgb[...] *= mix((1, 1, 1), day.hour.sun, 0.14)
    return Scene(
        plate=plate.develop(rng.uniform(0.9, 1.08)),
        key=aim(day.side * rng.uniform(0.4, 0.7), 0.7, 0.75, mix(day.hour.sun, (1, 1, 1), 0.6), 0.88, 0.85),
        ambient=scaled(mix(SPOT, (1, 1, 1), 0.4), 0.42),
        rims=(aim(-day.side * 0.8, 0.5, -0.7, SPOT, 0.4, 0.4), aim(day.side * 0.8, 0.6, -0.7, day.hour.sun, 0.5, 0.5)),
        contrast=1.04, saturation=1.03, grain=0.010, vignette=0.16, bloom=0.2,
    )  # fmt: skip


def _end(rng, room: Room, layer: Layer, half: float, wall: float, shift: float, far: float, stone) -> None:
    """The end of the passage: an arch with daylight in it."""
    turn = np.linspace(0, np.pi, 24)
    x, y = shift + half * 1.02 * np.cos(turn), wall + half * 0.95 * np.sin(turn)
    room.face(layer, np.r_[x, shift - half, shift + half], np.r_[y, 0, 0], far, np.asarray(stone) * 0.8)
    inner = half * 0.55
    x, y = shift + inner * np.cos(turn), wall * 0.55 + inner * np.sin(turn)
    room.face(
        layer,
        np.r_[x, shift - inner, shift + inner],
        np.r_[y, 0, 0],
        far - 0.1,
        (0.2, 0.2, 0.2),
        glow=np.asarray((0.95, 0.92, 0.86)),
    )


def _vault(
    room: Room, layer: Layer, half: float, wall: float, shift: float, z: float, bay: float, metal, day: Day
) -> None:
    """One bay of the glass roof: panes with the sky in them between ribs."""
    turn = np.linspace(0.0, np.pi, 13)
    x, y = shift + half * np.cos(turn), wall + half * 0.75 * np.sin(turn)
    sky = np.float32(mix(day.hour.zenith, day.hour.horizon, 0.55)) * 1.25 + 0.12
    near, inset = max(z, 2.2), 0.12
    for index in range(12):
        corner = (x[index], x[index + 1], x[index + 1], x[index])
        depth = (z + bay, z + bay, near, near)
        height = (y[index], y[index + 1], y[index + 1], y[index])
        room.face(layer, corner, height, depth, metal, (0, -1, 0))
        a, b = (x[index] * (1 - inset) + x[index + 1] * inset, x[index] * inset + x[index + 1] * (1 - inset))
        c, d = (y[index] * (1 - inset) + y[index + 1] * inset, y[index] * inset + y[index + 1] * (1 - inset))
        depth = (z + bay - 0.25, z + bay - 0.25, near + 0.05, near + 0.05)
        towards = 0.85 + 0.3 * (np.cos((turn[index] + turn[index + 1]) / 2) * day.side > 0)
        room.face(layer, (a, b, b, a), (c, d, d, c), depth, (0, 0, 0), glow=sky * towards)


def _bay(rng, room: Room, layer: Layer, x: float, edge: int, z: float, bay: float, wall: float, stone) -> None:
    """One bay of a side wall: pilaster, lit shop window, arched window above, cornice."""
    near, far, normal = max(z, 2.4), z + bay, (-edge, 0, 0)
    room.face(layer, x, (wall, wall, 0, 0), (far, near, near, far), stone, normal)
    if far - near < 1.5:
        return
    a, b, deep = near + 0.4, far - 0.4, x + edge * 0.02
    frame = SHOP_FRAMES[rng.integers(len(SHOP_FRAMES))]
    room.face(layer, deep, (3.3, 3.3, 0, 0), (b, a, a, b), frame, normal)
    glow = np.asarray(mix(BULB, (1, 1, 1), 0.3)) * rng.uniform(0.7, 1.2)
    for part in range(4):
        low, high = 0.5 + 2.0 * part / 4, 0.5 + 2.0 * (part + 1) / 4
        room.face(
            layer,
            deep,
            (high, high, low, low),
            (b - 0.15, a + 0.15, a + 0.15, b - 0.15),
            (0, 0, 0),
            glow=glow * (0.3 + 0.3 * part),
        )
    for place in np.arange(a + 0.4, b - 0.3, 0.7):
        cloth = np.asarray(GARMENTS[rng.integers(len(GARMENTS))]) * 0.35
        tall = rng.uniform(1.2, 2.0)
        room.face(
            layer,
            deep,
            (tall, tall, 0.5, 0.5),
            (place + 0.28, place + 0.05, place, place + 0.32),
            (0, 0, 0),
            glow=cloth,
        )
    room.face(
        layer,
        deep,
        (2.95, 2.95, 2.7, 2.7),
        (b - 0.8, a + 0.8, a + 0.8, b - 0.8),
        (0, 0, 0),
        glow=np.asarray(BRASS) * 1.6,
    )
    if rng.random() < 0.3:
        cloth = np.asarray(AWNINGS[rng.integers(len(AWNINGS))])
        out = x - edge * 0.6
        room.face(layer, (x, x, out, out), (3.2, 3.2, 2.5, 2.5), (b, a, a, b), cloth, (-edge * 0.5, 0.6, 0))
    turn = np.linspace(0, np.pi, 12)
    middle, reach = (a + b) / 2, (b - a) * 0.3
    y = np.r_[3.9 + (wall - 4.8) * 0.6 + 0.5 * np.sin(turn), 3.75, 3.75]
    room.face(
        layer,
        deep,
        y,
        np.r_[middle + reach * np.cos(turn), middle - reach, middle + reach],
        (0.05, 0.06, 0.07),
        normal,
        glow=np.asarray(BULB) * rng.choice((0.05, 0.4)),
    )
    for y in (3.4, wall):
        room.face(
            layer,
            (x, x, x - edge * 0.18, x - edge * 0.18),
            (y + 0.12, y + 0.12, y - 0.05, y - 0.05),
            (far, near, near, far),
            np.asarray(stone) * 1.15,
            (-edge, 0.3, 0),
        )
    room.face(
        layer,
        (x - edge * 0.12,) * 4,
        (wall, wall, 0, 0),
        (near + 0.35, near, near, near + 0.35),
        np.asarray(stone) * 1.1,
        normal,
    )


def _visitors(rng, plate: Plate, room: Room, day: Day, half: float, wall: float, shift: float) -> None:
    lens = plate.lens
    layer = Layer(plate.view, lens.blur(11.0))
    for z in np.sort(rng.uniform(9, 34, rng.integers(4, 9)))[::-1]:
        x = shift + rng.uniform(-0.75, 0.75) * half
        light = room.light((x, 1.2, z))[0]
        figure(rng, layer, lens, x, z, light * 1.1, light * 0.6, day.side)
    plate.over(layer, cat_eye=False)
    z = np.repeat(np.arange(7.0, 34.0, rng.uniform(3.2, 4.2)), 2)
    x = shift + np.where(np.arange(z.size) % 2, 1, -1) * half * 0.86
    u, v = lens.project(x, rng.uniform(2.9, 3.3), z)
    blur = np.array([lens.blur(place) for place in z])
    plate.lights(u, v, blur, rng.uniform(0.5, 1.1) * np.exp(rng.normal(0, 0.2, (z.size, 1))) * np.float32(BULB))
