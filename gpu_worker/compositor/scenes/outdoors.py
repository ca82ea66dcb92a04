"""Outdoors in warm late light: a park, a garden, a tree-lined street, or a meadow by the sea."""

import numpy as np

from ..scene import Scene
from .foliage import AUTUMN, DARK_PINE, OLIVE, SPRING, SUMMER, overhang
from .landscape import Weather, bushes, lawn, open_sky, ridge, tall_grass, tree_line, trees, water
from .lighting import aim, mix, scaled
from .optics import Lens
from .plate import Plate, View

PLACES = ("park", "park", "garden", "avenue", "meadow")
SUN_COLOURS = ((1.0, 0.80, 0.52), (1.0, 0.72, 0.40), (1.0, 0.87, 0.66))
ZENITHS = ((0.36, 0.56, 0.90), (0.58, 0.72, 0.92), (0.50, 0.58, 0.74))
FOREGROUND_SHARE = 0.45
CLEAR_OF_PATH_M = 2.0  # trees of a park stand at least this far from its middle
WARMTH = 0.22  # share of the sun's colour that the white balance keeps
BLOOMS = ((0.75, 0.16, 0.24), (0.85, 0.80, 0.70), (0.80, 0.38, 0.50), (0.85, 0.52, 0.08), (0.36, 0.22, 0.62))


def render(rng: np.random.Generator, view: View) -> Scene:
    side = -1.0 if rng.random() < 0.5 else 1.0
    season = (SUMMER, OLIVE, SPRING, AUTUMN)[rng.choice(4, p=(0.4, 0.25, 0.2, 0.15))]
    weather = Weather(
        side=side,
        sun=(side * rng.uniform(0.2, 0.55), rng.uniform(-0.12, 0.22)),
        colour=SUN_COLOURS[rng.integers(len(SUN_COLOURS))],
        zenith=ZENITHS[rng.integers(len(ZENITHS))],
        leaves=season,
        far_leaves=(season, OLIVE, DARK_PINE)[rng.integers(3)],
        haze=rng.uniform(0.3, 1.2),
    )
    lens = Lens(f_number=1.8, subject_m=2.2, horizon=rng.uniform(0.44, 0.56), rotation=rng.uniform(0, 0.7))
    plate = Plate(view, lens)
    place = PLACES[rng.integers(len(PLACES))]
    PLACE_DRAWERS[place](rng, plate, weather)
    plate.glare(rng.uniform(0.04, 0.09), scaled(weather.colour, 0.001))
    _flare(plate, weather)
    plate.rgb[...] *= mix((1, 1, 1), weather.colour, WARMTH)
    foreground = None
    if rng.random() < FOREGROUND_SHARE:
        foreground = overhang(rng, view, lens, season, rng.choice((-1, 1)), place == "meadow")
    return Scene(
        plate=plate.develop(rng.uniform(0.8, 1.02)),
        key=aim(side * rng.uniform(0.6, 0.9), 0.45, 0.75, mix(weather.colour, (1, 1, 1), 0.35), 0.8, 0.65),
        ambient=scaled(mix(mix(weather.zenith, (1, 1, 1), 0.5), season.sunlit, 0.3), 0.42),
        rims=(aim(side * 0.8, 0.55, -0.8, weather.colour, rng.uniform(0.9, 1.4), 0.25),),
        foreground=foreground,
        exposure=0.05,
        contrast=1.06,
        saturation=1.04,
        grain=0.010,
        vignette=0.16,
        bloom=0.22,
    )


def _flare(plate: Plate, weather: Weather) -> None:
    """Veil the side of the sun with stray light, warm and without structure."""
    away = np.hypot(plate.u - weather.sun[0] * 1.1, plate.v - weather.sun[1])
    veil = 0.10 / (1 + (away / 0.28) ** 2)
    plate.rgb[...] += veil[..., None] * np.float32(weather.colour)


def _park(rng: np.random.Generator, plate: Plate, weather: Weather) -> None:
    open_sky(rng, plate, weather)
    tree_line(rng, plate, weather, rng.uniform(55, 110), rng.uniform(9, 17))
    lawn(rng, plate, weather, "path" if rng.random() < 0.6 else None)
    for z in np.sort(rng.uniform(13, 40, rng.integers(2, 4)))[::-1]:
        stems = rng.uniform(0.1, 0.4, rng.integers(1, 3)) * z / plate.lens.reach
        stems = rng.choice((-1, 1)) * np.maximum(stems, CLEAR_OF_PATH_M)
        trees(rng, plate, weather, z, stems, rng.uniform(7, 12))
    if rng.random() < 0.4:
        bushes(rng, plate, weather, rng.uniform(7, 11), rng.uniform(1.0, 1.8))


def _garden(rng: np.random.Generator, plate: Plate, weather: Weather) -> None:
    open_sky(rng, plate, weather)
    tree_line(rng, plate, weather, rng.uniform(25, 45), rng.uniform(6, 10))
    lawn(rng, plate, weather, "path" if rng.random() < 0.5 else None)
    if rng.random() < 0.6:
        stems = (-weather.side * rng.uniform(0.15, 0.4) * 14 / plate.lens.reach,)
        trees(rng, plate, weather, 14.0, stems, rng.uniform(5, 7))
    for z in (rng.uniform(10, 13), rng.uniform(5.5, 8)):
        blooms = BLOOMS[rng.integers(len(BLOOMS))]
        bushes(rng, plate, weather, z, rng.uniform(1.5, 2.3), blooms, 0.12)


def _avenue(rng: np.random.Generator, plate: Plate, weather: Weather) -> None:
    open_sky(rng, plate, weather)
    tree_line(rng, plate, weather, rng.uniform(90, 140), rng.uniform(8, 13))
    lawn(rng, plate, weather, "street", 1.2)
    step = rng.uniform(7, 10)
    left, right = -rng.uniform(3.2, 4.5), rng.uniform(3.2, 4.5)
    for z in rng.uniform(11, 15) + step * np.array((5.0, 3.0, 1.5, 0.0)):
        trees(rng, plate, weather, z, (left, right), rng.uniform(8, 10))


def _meadow(rng: np.random.Generator, plate: Plate, weather: Weather) -> None:
    open_sky(rng, plate, weather)
    sea = rng.random() < 0.5
    ridge(rng, plate, weather, 2500.0, rng.uniform(60, 160), (0.10, 0.13, 0.16))
    if sea:
        water(rng, plate, weather, rng.uniform(40, 70))
    else:
        tree_line(rng, plate, weather, rng.uniform(120, 200), rng.uniform(9, 16))
    lawn(rng, plate, weather, None, 0.4)
    if rng.random() < 0.5:
        stems = (-weather.side * rng.uniform(0.25, 0.4) * 24 / plate.lens.reach,)
        trees(rng, plate, weather, 24.0, stems, rng.uniform(6, 9))
    blooms = BLOOMS[rng.integers(len(BLOOMS))] if rng.random() < 0.6 else None
    for z, deep in ((14.0, 14.0), (6.0, 5.0)):
        tall_grass(rng, plate, weather, z, rng.uniform(0.5, 0.8), deep, blooms)


PLACE_DRAWERS = {"park": _park, "garden": _garden, "avenue": _avenue, "meadow": _meadow}
