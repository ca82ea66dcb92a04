"""Aboard and beside yachts: an aft deck at sea, a bow in golden light, a marina."""

from dataclasses import replace

import numpy as np

from ..scene import Scene
from .boats import GELCOAT, STEEL, TEAK, bar, face, rail, sailing_boat, side_yacht, sofa
from .daylight import DAY, DUSK, GOLDEN, MORNING, Day, day_sky, draw_day, scene_by_day
from .ground import Ground
from .landscape import finish, ridge
from .lighting import mix
from .optics import Lens
from .plate import Layer, Plate, View
from .sea import coastline, sails, sea
from .terrain import village

SHORES = ((0.10, 0.13, 0.16), (0.16, 0.15, 0.12), (0.07, 0.10, 0.09))
DECK_LIGHT = (1.0, 0.86, 0.66)


def _lens(rng: np.random.Generator, eye_m: float, focal=(52, 62), horizon=(0.43, 0.49)) -> Lens:
    return Lens(
        focal_mm=rng.uniform(*focal), f_number=rng.uniform(1.8, 2.2), subject_m=1.9, eye_m=eye_m,
        horizon=rng.uniform(*horizon), rotation=rng.uniform(0, 0.7),
    )  # fmt: skip


def _open_water(rng, plate: Plate, day: Day, above_m: float, wake: float) -> None:
    day_sky(rng, plate, day)
    if rng.random() < 0.65:
        coastline(rng, plate, day, rng.uniform(2500, 5000), rng.uniform(120, 420), SHORES[rng.integers(3)])
    sea(rng, plate, day, above_m, wake)
    if rng.random() < 0.7:
        sails(rng, plate, day, int(rng.integers(1, 4)), above_m)


def deck(rng: np.random.Generator, view: View) -> Scene:
    """The aft deck under way or at anchor: cushioned seats, rail, the roof above, wake and coast behind."""
    day = draw_day(rng, (GOLDEN, GOLDEN, MORNING, DAY), (-0.05, 0.32))
    lens = _lens(rng, rng.uniform(1.35, 1.5))
    plate = Plate(view, lens)
    _open_water(rng, plate, day, rng.uniform(3.8, 5.0), rng.choice((0.0, 1.0), p=(0.4, 0.6)))
    z, half = rng.uniform(4.6, 5.4), rng.uniform(1.9, 2.3)
    layer = Layer(view, lens.blur(z))
    ground = Ground(layer, lens, far=z)
    sun = np.float32(day.hour.sun) * day.hour.power
    tone = np.exp(0.12 * ground.noise(rng, 0.09, 12.0))[..., None]
    ground.paint(layer, np.float32(TEAK) * tone * (day.shade * 1.2 + 0.35 * sun))
    face(layer, lens, (-half, half, half, -half), (0.45, 0.45, 0, 0), z, np.float32(GELCOAT) * day.shade)
    face(
        layer,
        lens,
        (-half, half, half, -half),
        0.45,
        (z + 0.2, z + 0.2, z, z),
        np.float32(GELCOAT) * (day.shade + 0.5 * sun),
    )
    across = np.linspace(-half, half, 9)
    rail(layer, lens, day, np.stack([across, np.full(9, 0.45), np.full(9, z + 0.1)], 1), 0.5)
    kind = rng.integers(3)
    if kind == 0:
        sofa(rng, layer, lens, day, -half * 0.95, half * 0.95, z - 0.1)
    else:
        side = rng.choice((-1, 1))
        a, b = sorted((side * half * 1.1, side * half * rng.uniform(0.1, 0.35)))
        sofa(rng, layer, lens, day, a, b, z - 0.15)
    if rng.random() < 0.7:
        _hardtop(rng, layer, lens, day, z, half)
    plate.over(layer)
    return scene_by_day(rng, plate, day, None, (1.0, 0.94, 0.86))


def _hardtop(rng, layer: Layer, lens: Lens, day: Day, z: float, half: float) -> None:
    """The roof over the aft deck, with lamps in it, and what carries it."""
    high = rng.uniform(2.3, 2.5)
    light = day.shade * 0.75 + 0.16 * day.hour.power * np.float32(day.hour.sun) * np.float32((1.0, 0.86, 0.7))
    side = rng.choice((-1, 1))
    for edge in (-1, 1):
        x = edge * half * (0.98 if edge != side else rng.uniform(0.55, 0.75))
        foot = np.array((0.03, 0.22, 0.12, -0.12)) * edge
        face(layer, lens, x + foot, (high, high, 0.4, 0.4), z - 0.2, np.float32(GELCOAT) * day.shade * 0.95)
    reach = half * 2.0
    face(layer, lens, (-reach, reach, reach, -reach), high, (z + 0.5, z + 0.5, 1.0, 1.0), np.float32(GELCOAT) * light)
    face(
        layer,
        lens,
        (-reach, reach, reach, -reach),
        (high + 0.14, high + 0.14, high, high),
        z + 0.5,
        np.float32(GELCOAT) * day.shade * 1.2,
    )
    for x in np.linspace(-half * 0.7, half * 0.7, 4):
        for depth in (z - 0.4, z - 1.4):
            spot = np.array((-0.06, 0.06, 0.06, -0.06))
            face(
                layer,
                lens,
                x + spot,
                high - 0.002,
                depth + np.array((0.06, 0.06, -0.06, -0.06)),
                np.float32(DECK_LIGHT) * 4,
            )


def bow(rng: np.random.Generator, view: View) -> Scene:
    """The foredeck running to its point over open water, the sun low above the horizon."""
    day = draw_day(rng, (GOLDEN, GOLDEN, DUSK), (0.26, 0.4))
    day = replace(day, hour=replace(day.hour, glow=day.hour.glow * 1.25))
    lens = _lens(rng, rng.uniform(1.55, 1.8), horizon=(0.42, 0.47))
    plate = Plate(view, lens)
    _open_water(rng, plate, day, rng.uniform(4.5, 5.5), 0.0)
    tip, half, shift = rng.uniform(8.5, 10.5), rng.uniform(2.0, 2.5), rng.uniform(-0.5, 0.5)
    share = np.linspace(0, 1, 15)
    depth = 2.4 + (tip - 2.4) * share
    width = half * np.sqrt(np.maximum(1 - share**2.2, 0))
    middle = shift * share
    layer = Layer(view, lens.blur(5.5))
    sun = np.float32(day.hour.sun) * day.hour.power
    flat = day.shade * 1.1 + 0.32 * sun
    x, z = np.r_[middle - width, (middle + width)[::-1]], np.r_[depth, depth[::-1]]
    face(layer, lens, x, 0.0, z, np.float32(GELCOAT) * flat)
    inner = 0.86
    face(
        layer,
        lens,
        np.r_[middle - width * inner, (middle + width * inner)[::-1]],
        0.01,
        z * 0.98,
        np.float32(TEAK) * flat,
    )
    pad = np.float32((0.64, 0.60, 0.53)) * flat
    face(layer, lens, shift * 0.3 + np.array((-0.8, 0.8, 1.1, -1.1)), 0.32, (tip * 0.62, tip * 0.62, 3.2, 3.2), pad)
    face(layer, lens, shift * 0.3 + np.array((-1.1, 1.1, 1.1, -1.1)), (0.32, 0.32, 0.05, 0.05), 3.2, pad * 0.6)
    for edge in (-1, 1):
        places = np.stack([middle + edge * width, np.zeros(15), depth], 1)
        rail(layer, lens, day, places, rng.uniform(0.72, 0.74))
    bar(layer, lens, (shift, 0.0, tip), (shift + 0.001, 1.2, tip), 0.06, np.float32(STEEL) * flat)
    plate.over(layer)
    return scene_by_day(rng, plate, day, None, (1.0, 0.88, 0.74))


def marina(rng: np.random.Generator, view: View) -> Scene:
    """A harbour: yachts with their sterns to the quay, masts, a hill with white houses."""
    day = draw_day(rng, (GOLDEN, GOLDEN, GOLDEN, MORNING, DUSK), (0.0, 0.3))
    lens = _lens(rng, 1.6, horizon=(0.46, 0.53))
    plate = Plate(view, lens)
    dim = 0.2 if day.hour.power > 1 else 0.9
    day_sky(rng, plate, day)
    ridge(rng, plate, day.weather, 1800.0, rng.uniform(150, 380), SHORES[rng.integers(3)])
    village(rng, plate, day, 420.0, rng.uniform(35, 70), int(rng.integers(45, 80)))
    sea(rng, plate, day, 2.8, 0.0)
    afloat = replace(lens, eye_m=2.6)
    side = rng.choice((-1, 1))
    far = Layer(view, lens.blur(38.0))
    for z in np.sort(rng.uniform(26, 80, rng.integers(8, 13)))[::-1]:
        x = rng.uniform(-0.5, 0.5) * z / lens.reach
        if rng.random() < 0.55:
            sailing_boat(rng, far, afloat, day, x, z)
        else:
            side_yacht(rng, far, afloat, day, x, z, rng.uniform(12, 22), dim)
    _mirrored(far, afloat, 34.0)
    finish(plate, far, day.weather, 40.0)
    near = Layer(view, lens.blur(20.0))
    z, long = rng.uniform(24, 32), rng.uniform(17, 23)
    side_yacht(rng, near, afloat, day, side * rng.uniform(0.3, 0.5) * z / lens.reach, z, long, dim)
    if rng.random() < 0.6:
        sailing_boat(rng, near, afloat, day, -side * rng.uniform(0.3, 0.4) * z / lens.reach, z - 2)
    _mirrored(near, afloat, z)
    plate.over(near)
    _quay(rng, plate, day, dim)
    return scene_by_day(rng, plate, day, None, (1.0, 0.92, 0.82))


def _mirrored(layer: Layer, lens: Lens, z: float) -> None:
    """Lay a dim mirror image of what is drawn below the waterline at distance z."""
    waterline = float(layer.xy(0.0, lens.project(0, 0, z)[1])[1])
    row = int(np.clip(round(waterline), 1, layer.pixels.shape[0] - 1))
    deep = min(row, layer.pixels.shape[0] - row)
    image = layer.pixels[row - deep : row][::-1]
    fade = np.linspace(0.55, 0.15, deep, dtype=np.float32)[:, None, None]
    below = layer.pixels[row : row + deep]
    below += image * fade * (1 - below[..., 3:])


def _quay(rng, plate: Plate, day: Day, dim: float) -> None:
    lens = plate.lens
    layer = Layer(plate.view, lens.blur(7.0))
    ground = Ground(layer, lens, far=rng.uniform(8.0, 10.0))
    sun = np.float32(day.hour.sun) * day.hour.power
    albedo = np.float32((0.30, 0.24, 0.18) if rng.random() < 0.6 else (0.34, 0.32, 0.29))
    tone = np.exp(0.14 * ground.noise(rng, 0.15, 0.2) + 0.1 * ground.noise(rng, 1.5))[..., None]
    ground.paint(layer, albedo * tone * (day.shade * 1.1 + 0.3 * sun))
    for x in rng.choice((-1, 1)) * np.array((0.9, -1.9)) * rng.uniform(0.9, 1.3):
        z = rng.uniform(6.5, 8.0)
        face(
            layer,
            lens,
            x + np.array((-0.11, 0.11, 0.13, -0.13)),
            (0.95, 0.95, 0, 0),
            z,
            np.float32(GELCOAT) * day.shade,
        )
        lamp = np.float32(mix(DECK_LIGHT, (1, 1, 1), 0.1)) * (0.6 + 3.0 * dim)
        face(layer, lens, x + np.array((-0.1, 0.1, 0.1, -0.1)), (0.9, 0.9, 0.78, 0.78), z - 0.01, lamp)
    plate.over(layer)
