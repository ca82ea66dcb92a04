"""A villa's formal garden."""

import numpy as np

from ..scene import Scene
from .boats import face
from .daylight import GOLDEN, MORNING, SOFT, Day, day_sky, draw_day, scene_by_day
from .garden_plants import cypress, hedge, urn_tree
from .landscape import bushes, finish, lawn, tree_line
from .plate import Layer, Plate, View
from .pool_terrace import WINDOW_GLOW, garden_lens
from .shapes import polygon
from .viewpoint import BOUGAINVILLEA


def villa_garden(rng: np.random.Generator, view: View) -> Scene:
    """A formal garden: cypresses and clipped hedges along a gravel path to a house with warm windows."""
    day, lens = draw_day(rng, (GOLDEN, GOLDEN, MORNING, SOFT), (-0.05, 0.25)), garden_lens(rng)
    plate = Plate(view, lens)
    day_sky(rng, plate, day)
    tree_line(rng, plate, day.weather, rng.uniform(70, 100), rng.uniform(8, 13))
    lawn(rng, plate, day.weather, "path", 0.7)
    _house(rng, plate, day, rng.uniform(36, 48), rng.uniform(-3, 3))
    step, half = rng.uniform(6, 8), rng.uniform(2.6, 3.4)
    tall, slim = rng.uniform(5, 7.5), rng.random() < 0.7
    for z in rng.uniform(9, 11) + step * np.arange(3, -1, -1):
        layer = Layer(plate.view, lens.blur(z))
        for x in (-half, half):
            if slim:
                cypress(rng, layer, lens, day, x, z, tall)
            else:
                urn_tree(rng, layer, lens, day, x, z)
            hedge(rng, layer, lens, day, x, z, step)
        finish(plate, layer, day.weather, z, cat_eye=False)
    if rng.random() < 0.7:
        bushes(
            rng, plate, day.weather, rng.uniform(5.5, 7.5), rng.uniform(1.0, 1.5), BOUGAINVILLEA[rng.integers(4)], 0.28
        )
    return scene_by_day(rng, plate, day, None, (0.94, 1.0, 0.82))


def _house(rng, plate: Plate, day: Day, z: float, x: float) -> None:
    lens = plate.lens
    layer = Layer(plate.view, lens.blur(z))
    half, tall = rng.uniform(7, 10), rng.uniform(6.5, 8.5)
    wall = np.float32(((0.66, 0.58, 0.46), (0.70, 0.67, 0.61), (0.62, 0.42, 0.28))[rng.integers(3)])
    light = day.on_wall(rng.choice((0.1, 0.55)))
    face(layer, lens, x + half * np.array((-1, 1, 1, -1)), (tall, tall, 0, 0), z, wall * light)
    roof = np.float32((0.36, 0.17, 0.10)) * day.on_wall(0.4)
    face(layer, lens, x + half * np.array((-0.85, 0.85, 1.08, -1.08)), (tall + 2, tall + 2, tall, tall), z - 0.3, roof)
    for level in (0.6, 4.0):
        for place in np.linspace(-0.8, 0.8, 6) * half:
            colour = np.float32(WINDOW_GLOW) * rng.uniform(0.5, 1.2) if rng.random() < 0.55 else wall * day.shade * 0.25
            box = x + place + np.array((-0.55, 0.55, 0.55, -0.55))
            face(layer, lens, box, np.array((2.2, 2.2, 0, 0)) + level, z - 0.05, colour)
    polygon(
        layer,
        *lens.project(x + np.array((-1.0, 1.0, 1.0, -1.0)), np.array((3, 3, 0, 0)), z - 0.1),
        np.float32((0.10, 0.06, 0.04)),
    )
    finish(plate, layer, day.weather, z, cat_eye=False)
