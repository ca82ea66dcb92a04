"""A picnic on a lawn under trees."""

import numpy as np

from ..scene import Scene
from .boats import face
from .daylight import GOLDEN, MORNING, SOFT, Day, day_sky, draw_day, scene_by_day
from .figures import figure
from .foliage import overhang
from .landscape import lawn, tree_line, trees
from .plate import Layer, Plate, View
from .pool_terrace import garden_lens

BLANKETS = ((0.55, 0.10, 0.07), (0.10, 0.18, 0.32), (0.60, 0.52, 0.38), (0.62, 0.60, 0.55), (0.58, 0.40, 0.08))


def picnic(rng: np.random.Generator, view: View) -> Scene:
    """A lawn under trees: blankets and baskets, friends, bunting or bulbs between the trees."""
    day, lens = draw_day(rng, (GOLDEN, GOLDEN, MORNING, SOFT), (-0.08, 0.22)), garden_lens(rng)
    plate = Plate(view, lens)
    day_sky(rng, plate, day)
    tree_line(rng, plate, day.weather, rng.uniform(50, 90), rng.uniform(9, 15))
    lawn(rng, plate, day.weather, "path" if rng.random() < 0.3 else None)
    for z in np.sort(rng.uniform(14, 32, rng.integers(1, 3)))[::-1]:
        stems = rng.choice((-1, 1)) * np.maximum(rng.uniform(0.12, 0.4, 2) * z / lens.reach, 2.0)
        trees(rng, plate, day.weather, z, stems, rng.uniform(7, 11))
    _company(rng, plate, day)
    if rng.random() < 0.6:
        _bunting(rng, plate, day)
    leaves = day.weather.leaves
    foreground = overhang(rng, view, lens, leaves, rng.choice((-1, 1)), False) if rng.random() < 0.35 else None
    return scene_by_day(rng, plate, day, foreground, (0.92, 1.0, 0.78))


def _company(rng, plate: Plate, day: Day) -> None:
    """Blankets with baskets and friends standing or sitting around them."""
    lens, sun = plate.lens, np.float32(day.hour.sun) * day.hour.power
    layer = Layer(plate.view, lens.blur(9.0))
    light = day.shade * 1.25
    for z in np.sort(rng.uniform(6.5, 16, rng.integers(2, 5)))[::-1]:
        x = rng.choice((-1, 1)) * rng.uniform(0.18, 0.4) * z / lens.reach
        cloth = np.float32(BLANKETS[rng.integers(len(BLANKETS))])
        corners = x + np.array((-1.2, 1.1, 1.3, -1.0)), np.array((0.8, 0.9, -0.8, -0.9)) + z
        face(layer, lens, corners[0], 0.01, corners[1], cloth * (light + 0.35 * sun))
        for strip in np.linspace(-0.8, 0.8, 5):
            face(
                layer,
                lens,
                x + strip + np.array((0, 0.12, 0.12, 0)),
                0.015,
                z + np.array((0.8, 0.8, -0.8, -0.8)),
                cloth * 1.4 * (light + 0.35 * sun),
            )
        basket = x + rng.uniform(-0.6, 0.6) + 0.22 * np.array((-1, 1, 0.85, -0.85))
        face(layer, lens, basket, (0.3, 0.3, 0, 0), z - 0.2, np.float32((0.30, 0.18, 0.08)) * (light + 0.2 * sun))
        for _ in range(rng.integers(1, 4)):
            seated = rng.random() < 0.7
            place = x + rng.uniform(-1.1, 1.1)
            figure(rng, layer, lens, place, z + rng.uniform(0.0, 0.8), light, sun * 0.7, day.side, seated=seated)
    plate.over(layer, cat_eye=False)


def _bunting(rng, plate: Plate, day: Day) -> None:
    lens, bulbs = plate.lens, rng.random() < 0.5
    layer = Layer(plate.view, lens.blur(10.0))
    for z in rng.uniform(8, 13, rng.integers(1, 3)):
        half, count = 0.62 * z / lens.reach, int(rng.integers(16, 24))
        share = np.linspace(0, 1, count)
        y = rng.uniform(2.6, 3.2) + 2.2 * (share - rng.uniform(0.35, 0.65)) ** 2
        x = -half + 2 * half * share
        u, v = lens.project(x, y, z)
        if bulbs:
            level = 0.8 * np.exp(rng.normal(0, 0.15, (count, 1)))
            plate.lights(u, v, np.full(count, lens.blur(z)), level * np.float32((1.0, 0.72, 0.38)))
            continue
        for place, high in zip(x, y, strict=True):
            cloth = np.float32(BLANKETS[rng.integers(len(BLANKETS))]) * (
                day.shade * 1.2 + 0.3 * day.hour.power * np.float32(day.hour.sun)
            )
            face(layer, lens, place + np.array((-0.13, 0.13, 0.0)), high + np.array((0, 0, -0.32)), z, cloth)
    plate.over(layer, cat_eye=False)
