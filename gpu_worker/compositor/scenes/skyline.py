"""A city seen from above the roofs: towers with rows of windows, in haze by day and lit at dusk."""

import numpy as np

from .daylight import Day
from .landscape import finish
from .plate import Layer, Plate
from .shapes import cover

TOWER_WALLS = ((0.30, 0.30, 0.31), (0.42, 0.36, 0.29), (0.20, 0.22, 0.25), (0.50, 0.46, 0.41), (0.34, 0.22, 0.16))
WINDOW_LIGHTS = ((1.0, 0.66, 0.30), (1.0, 0.80, 0.55), (0.85, 0.93, 1.0), (1.0, 0.56, 0.22))
ROWS = ((1500.0, 120.0), (700.0, 75.0), (300.0, 44.0))  # distance and height in metres
CELL = 4  # texture pixels per window


def tower(rng: np.random.Generator, day: Day, columns: int, storeys: int, lit: float) -> np.ndarray:
    """Return the front of a tower as radiance (storeys * CELL, columns * CELL, 3); lit: share of windows with light."""
    shape = (storeys, columns, 1)
    wall = np.float32(TOWER_WALLS[rng.integers(len(TOWER_WALLS))]) * np.exp(rng.normal(0, 0.15))
    facing = rng.choice((0.0, 0.25, 0.7))
    body = np.ones((storeys * CELL, columns * CELL, 3), np.float32) * (wall * day.on_wall(facing))
    sky = np.float32(day.hour.horizon) * 0.55 + np.float32(day.hour.zenith) * 0.25
    glass = sky * rng.uniform(0.25, 0.9) * np.exp(rng.normal(0, 0.25, shape))
    lamp = np.float32(WINDOW_LIGHTS)[rng.integers(len(WINDOW_LIGHTS), size=shape[:2])]
    on = rng.random(shape) < lit * np.exp(rng.normal(0, 0.5, (storeys, 1, 1)))
    window = np.where(on, lamp * 0.7 * np.exp(rng.normal(0, 0.7, shape)), glass).astype(np.float32)
    fine = np.repeat(np.repeat(window, CELL, 0), CELL, 1)
    inside = np.zeros((CELL, CELL, 1), np.float32)
    inside[1:, 1:] = 1
    mask = np.tile(inside, (storeys, columns, 1))
    return body * (1 - mask) + fine * mask


def skyline(
    rng: np.random.Generator, plate: Plate, day: Day, above_m: float, lit: float, tall: float = 1.0, rows: int = 3
) -> None:
    """Rows of towers to the horizon as seen from above_m over the street.

    lit: share of windows with light; tall: factor on the heights; rows: 1 to 3, the nearest one always.
    """
    lens = plate.lens
    for z, high in ROWS[3 - rows :]:
        layer = Layer(plate.view, lens.blur(z))
        metre = lens.reach / z
        u = -0.7
        while u < 0.7:
            wide, height = rng.uniform(18, 38) * z / 420, high * tall * np.exp(rng.normal(0, 0.38))
            if rng.random() < 0.1:
                height *= 1.7
            picture = tower(rng, day, max(3, int(wide / 5)), max(4, int((height + above_m) / 4.5)), lit)
            top, foot = lens.horizon - height * metre, lens.horizon + (above_m + 5) * metre
            cover(layer, picture, (u, u + wide * metre, u + wide * metre, u), (top, top, foot, foot))
            u += wide * metre * rng.uniform(0.8, 1.3)
        finish(plate, layer, day.weather, z * 0.45, cat_eye=False)


def city_lights(rng: np.random.Generator, plate: Plate, day: Day, count: int, level: float) -> None:
    """Points of light between the towers."""
    lens = plate.lens
    u = rng.uniform(-0.55, 0.55, count)
    v = lens.horizon + rng.normal(0.01, 0.05, count)
    colours = np.float32(WINDOW_LIGHTS)[rng.integers(len(WINDOW_LIGHTS), size=count)]
    power = level * np.exp(rng.normal(0, 0.8, (count, 1)))
    plate.lights(u, v, lens.blur(500.0) * rng.uniform(0.9, 1.05, count), colours * power)
