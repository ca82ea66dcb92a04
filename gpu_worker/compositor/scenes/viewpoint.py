"""Places to stop on a journey: above the sea, and on a mountain pass."""

import numpy as np

from ..scene import Scene
from .daylight import DAY, GOLDEN, MORNING, SOFT, Day, day_sky, draw_day, scene_by_day
from .foliage import overhang
from .landscape import bushes, lawn, tall_grass, tree_line
from .optics import Lens
from .plate import Layer, Plate, View
from .sea import coastline, sails, sea
from .shapes import polygon
from .terrain import headland, peaks, rocks, village

BOUGAINVILLEA = ((0.62, 0.05, 0.28), (0.60, 0.12, 0.42), (0.70, 0.55, 0.52), (0.65, 0.20, 0.06))


def coast(rng: np.random.Generator, view: View) -> Scene:
    """High above a bay: capes falling into the sea, a village, flowers and a low wall in front."""
    day = draw_day(rng, (GOLDEN, GOLDEN, MORNING, DAY), (-0.02, 0.3), False)
    lens = Lens(
        focal_mm=rng.uniform(52, 66), f_number=rng.uniform(2.0, 2.5), subject_m=2.0,
        horizon=rng.uniform(0.38, 0.46), rotation=rng.uniform(0, 0.7),
    )  # fmt: skip
    plate = Plate(view, lens)
    above, side = rng.uniform(35, 60), rng.choice((-1, 1))
    day_sky(rng, plate, day)
    coastline(rng, plate, day, rng.uniform(6000, 9000), rng.uniform(250, 700), (0.10, 0.13, 0.16))
    sea(rng, plate, day, above, metres=200.0)
    sails(rng, plate, day, int(rng.integers(1, 5)), above)
    headland(rng, plate, day, rng.uniform(900, 1300), rng.uniform(60, 150), side, above)
    if rng.random() < 0.7:
        headland(rng, plate, day, rng.uniform(420, 560), rng.uniform(15, 45), side, above)
        village(rng, plate, day, rng.uniform(330, 400), rng.uniform(25, 45), int(rng.integers(25, 45)), side, above)
    _wall(rng, plate, day)
    if rng.random() < 0.65:
        bushes(
            rng, plate, day.weather, rng.uniform(5.0, 7.0), rng.uniform(1.5, 2.1), BOUGAINVILLEA[rng.integers(4)], 0.26
        )
    else:
        tall_grass(rng, plate, day.weather, rng.uniform(5, 7), rng.uniform(0.4, 0.7), 4.0)
    foreground = (
        overhang(rng, view, lens, day.weather.leaves, rng.choice((-1, 1)), False) if rng.random() < 0.3 else None
    )
    return scene_by_day(rng, plate, day, foreground, (1.0, 0.92, 0.82))


def _wall(rng, plate: Plate, day: Day) -> None:
    """A low whitewashed or stone wall at the edge of the terrace."""
    lens, z = plate.lens, rng.uniform(5.5, 8.0)
    layer = Layer(plate.view, lens.blur(z))
    stone = np.float32((0.70, 0.68, 0.63) if rng.random() < 0.6 else (0.40, 0.34, 0.27))
    sun, high, half = np.float32(day.hour.sun) * day.hour.power, rng.uniform(0.7, 0.95), 0.7 * z / lens.reach
    for low, top, depth, light in ((0, high, (z, z), day.shade), (high, high, (z + 0.4, z), day.shade + 0.5 * sun)):
        u, v = lens.project((-half, half, half, -half), (top, top, low, low), (depth[0], depth[0], depth[1], depth[1]))
        polygon(layer, u, v, stone * light)
    u, v = lens.project((-half, half, half, -half), 0.0, (z, z, 1.0, 1.0))
    polygon(layer, u, v, np.float32((0.34, 0.29, 0.23)) * (day.shade + 0.35 * sun))
    plate.over(layer, cat_eye=False)


def mountains(rng: np.random.Generator, view: View) -> Scene:
    """A pass in the mountains: ranges behind each other, dark woods below, grass and boulders in front."""
    day = draw_day(rng, (GOLDEN, MORNING, MORNING, SOFT), (-0.08, 0.2))
    lens = Lens(
        focal_mm=rng.uniform(55, 75), f_number=rng.uniform(2.0, 2.6), subject_m=2.1,
        horizon=rng.uniform(0.50, 0.58), rotation=rng.uniform(0, 0.7),
    )  # fmt: skip
    plate = Plate(view, lens)
    snow = rng.choice((0.55, 0.8, 1.6), p=(0.4, 0.4, 0.2))
    day_sky(rng, plate, day)
    peaks(rng, plate, day, 9000.0, rng.uniform(1900, 2600), snow, 0.55)
    peaks(rng, plate, day, 4500.0, rng.uniform(620, 980), snow * 1.25, 0.6)
    if rng.random() < 0.75:
        peaks(rng, plate, day, 1800.0, rng.uniform(90, 190), 2.0, 0.5)
    if rng.random() < 0.7:
        tree_line(rng, plate, day.weather, rng.uniform(150, 230), rng.uniform(6, 10))
    lawn(rng, plate, day.weather, "path" if rng.random() < 0.4 else None, 0.5)
    tall_grass(rng, plate, day.weather, 10.0, rng.uniform(0.2, 0.35), 20.0)
    if rng.random() < 0.6:
        rocks(rng, plate, day, rng.uniform(8, 12), rng.uniform(0.6, 1.1))
    flowers = BOUGAINVILLEA[rng.integers(4)] if rng.random() < 0.5 else None
    tall_grass(rng, plate, day.weather, 4.9, rng.uniform(0.3, 0.45), 4.6, flowers)
    return scene_by_day(rng, plate, day, None, (0.9, 1.0, 0.82))
