"""Parts of an outdoor picture at their distance in metres: sky, tree line, lawn, path, trees, bushes, tall grass."""

from dataclasses import dataclass

import cv2
import numpy as np

from .foliage import Leaves, crown, grass, sparkle, trunk
from .ground import Ground, sky
from .lighting import mix
from .noise import clouds
from .plate import Layer, Plate
from .shapes import polygon, stamps

GAP_COLOURS = ((1.0, 0.93, 0.78), (1.0, 0.98, 0.92), (0.93, 0.97, 0.6), (1.0, 0.80, 0.46), (1.0, 0.88, 0.62))
SHINE_COLOURS = ((0.92, 0.95, 0.55), (1.0, 0.93, 0.72), (0.95, 1.0, 0.85))
AIR, AIR_STEP = 0.0028, 8  # share of haze per metre; it is computed for every 8th pixel
GRASS_SHADE, GRASS_SUN = (0.026, 0.046, 0.014), (0.185, 0.235, 0.045)
LEAF_M = 0.09


@dataclass(frozen=True)
class Weather:
    """What all parts of a picture share: the sun's side and place in the frame, colours, leaves."""

    side: float
    sun: tuple[float, float]
    colour: tuple[float, float, float]
    zenith: tuple[float, float, float]
    leaves: Leaves
    far_leaves: Leaves
    haze: float

    @property
    def toward(self) -> tuple[float, float]:
        """Direction to the sun in the frame, u right and v down."""
        return 0.7 * self.side, -0.71

    def air(self, u: np.ndarray, v: np.ndarray) -> np.ndarray:
        """Return the colour of the lit haze at frame coordinates, golden towards the sun and blue away from it."""
        few = np.hypot(u[:, ::AIR_STEP] - self.sun[0], v[::AIR_STEP] - self.sun[1])[..., None]
        near = 1 / (1 + (few / 0.45) ** 2)
        cool = np.float32(mix(self.zenith, self.colour, 0.5)) * 0.32
        colour = cool * (1 - near) + np.float32(self.colour) * near * 1.15
        return cv2.resize(colour.astype(np.float32), (u.shape[1], v.shape[0]), interpolation=cv2.INTER_LINEAR)


def finish(plate: Plate, layer: Layer, weather: Weather, metres: float, cat_eye: bool = True) -> None:
    """Add the haze between the camera and a layer and lay it on the plate."""
    share = 1 - np.exp(-AIR * weather.haze * metres)
    layer.rgb[...] *= 1 - share
    layer.rgb[...] += (layer.alpha * share)[..., None] * weather.air(layer.u, layer.v)
    plate.over(layer, cat_eye)


def open_sky(rng: np.random.Generator, plate: Plate, weather: Weather) -> None:
    layer = Layer(plate.view, plate.lens.blur(2000.0))
    haze = np.float32(mix(weather.colour, (1.0, 0.97, 0.93), 0.25)) * rng.uniform(0.75, 1.2)
    sky(rng, layer, weather.sun, weather.zenith, haze, weather.colour, plate.lens.horizon)
    plate.over(layer, cat_eye=False)


def tree_line(rng: np.random.Generator, plate: Plate, weather: Weather, metres: float, height_m: float) -> None:
    """A wood edge along the horizon: crowns of many kinds, undergrowth in its own shade, light between."""
    lens = plate.lens
    layer = Layer(plate.view, lens.blur(metres))
    foot = float(lens.project(0, 0, metres)[1])
    metre = lens.reach / metres
    u = -0.75
    places = []
    while u < 0.75:
        tall = height_m * rng.uniform(0.45, 1.2) * metre
        wide = tall * rng.uniform(0.3, 0.55)
        u += wide * rng.uniform(0.5, 1.1)
        places.append((rng.random(), u, wide, tall))
    for _, u, wide, tall in sorted(places):
        leaves = weather.far_leaves if rng.random() < 0.5 else weather.leaves
        middle = (u, foot - tall * 0.5)
        crown(rng, layer, middle, (wide, tall * 0.52), weather.toward, leaves, 34, 70, 0.26, LEAF_M * 2 * metre)
    edge = 0.25 * height_m * metre
    for u in rng.uniform(-0.6, 0.6, 16):
        size = (edge * rng.uniform(0.6, 1.6), edge * rng.uniform(0.35, 0.75))
        middle = (u, foot - size[1] * 0.8)
        crown(rng, layer, middle, size, weather.toward, weather.far_leaves, 16, 60, 0.3, LEAF_M * 2 * metre)
    sparkle(rng, layer, 70, 0.05, GAP_COLOURS, weather.sun, foot)
    finish(plate, layer, weather, metres)


def lawn(rng: np.random.Generator, plate: Plate, weather: Weather, way: str | None = None, dapple: float = 0.9) -> None:
    """Grass in sun and shadow, running to the horizon, with a gravel path, a street or nothing on it."""
    lens = plate.lens
    layer = Layer(plate.view, lens.blur(13.0))
    ground = Ground(layer, lens)
    shadows = 1.1 * ground.noise(rng, 2.2, 0.6)
    sun = 1 / (1 + np.exp(-4.0 * (dapple * shadows + rng.uniform(-0.35, 0.35))))[..., None]
    tone = np.exp(0.13 * ground.noise(rng, 0.35) + 0.1 * ground.noise(rng, 3.0))[..., None]
    dry = np.clip(0.5 + 0.3 * ground.noise(rng, 1.8), 0, 1)[..., None] * 0.4
    shade = np.float32(GRASS_SHADE) * (0.9, 1.0, 1.25) * rng.uniform(0.8, 1.2)
    lit = np.float32(GRASS_SUN) * (1 - dry) + np.float32((0.28, 0.25, 0.09)) * dry
    lit = lit * np.float32(mix(weather.colour, (1, 1, 1), 0.45)) * rng.uniform(1.1, 1.45)
    litter = np.clip(ground.noise(rng, 0.3) - 0.9, 0, 1)[..., None]
    fallen = np.float32(weather.leaves.sunlit) * (0.25 + sun)
    colour = (shade * (1 - sun) + lit * sun) * tone
    colour = colour * (1 - 0.6 * litter) + 0.6 * litter * fallen
    if way:
        half = rng.uniform(0.7, 1.2) if way == "path" else rng.uniform(1.9, 2.8)
        bend = rng.uniform(-0.02, 0.02) if way == "path" else 0.0
        middle = rng.uniform(-0.6, 0.6) + bend * ground.z**1.5
        off = np.abs(ground.x - middle) - half * (1 + 0.06 * ground.noise(rng, 0.7))
        on_way = np.clip(0.5 - off / 0.15, 0, 1)[..., None]
        stone = np.float32((0.20, 0.175, 0.145) if way == "path" else (0.115, 0.112, 0.11))
        stone = stone * tone * (np.float32((0.26, 0.28, 0.33)) + 1.9 * sun * np.float32(weather.colour))
        colour = colour * (1 - on_way) + stone * on_way
    share = 1 - np.exp(-AIR * weather.haze * ground.z)[..., None]
    ground.paint(layer, colour * (1 - share) + share * weather.air(ground.u, ground.v))
    plate.over(layer, cat_eye=False)


def trees(rng: np.random.Generator, plate: Plate, weather: Weather, z: float, stems, tall_m: float) -> None:
    """Trees that stand at about the same distance; stems: their x in metres."""
    lens = plate.lens
    layer = Layer(plate.view, lens.blur(z))
    metre = lens.reach / z
    for x in stems:
        u, foot = (float(place) for place in lens.project(x, 0, z))
        tall = tall_m * rng.uniform(0.8, 1.2)
        width = rng.uniform(0.14, 0.34) * metre
        trunk(rng, layer, (u, foot), foot - 0.62 * tall * metre, width, weather.side)
        low, high = foot - rng.uniform(2.1, 3.2) * metre, max(foot - tall * metre, -0.5)
        size = (tall * rng.uniform(0.28, 0.42) * metre, max((low - high) / 2, 0.1))
        seen = min(1.0, 0.5 / size[1] + 0.3)
        clumps = int(np.clip(150 * seen, 60, 150))
        crown(
            rng, layer, (u, (low + high) / 2), size, weather.toward, weather.leaves, clumps, 105, 0.15, LEAF_M * metre
        )
    lowest_leaf = float(lens.project(0, 2.2, z)[1])
    sparkle(rng, layer, 150, 0.085, GAP_COLOURS, weather.sun, lowest_leaf)
    finish(plate, layer, weather, z)


def bushes(
    rng: np.random.Generator, plate: Plate, weather: Weather, z: float, tall_m: float, blooms=None, inner: float = 0.2
) -> None:
    """Bushes or tall plants at both sides of the frame, with or without flowers."""
    lens = plate.lens
    layer = Layer(plate.view, lens.blur(z))
    metre = lens.reach / z
    foot = float(lens.project(0, 0, z)[1])
    for edge in (-1, 1):
        for _ in range(rng.integers(2, 5)):
            u = edge * rng.uniform(inner, 0.58)
            tall = tall_m * rng.uniform(0.5, 1.15) * (0.55 + abs(u)) * metre
            centre, size = (u, foot - tall * 0.48), (tall * rng.uniform(0.5, 0.85), tall * 0.55)
            crown(rng, layer, centre, size, weather.toward, weather.leaves, 44, 90, 0.22, 0.06 * metre, 0.1)
            if blooms is not None:
                _flowers(rng, layer, centre, size, blooms, 0.045 * metre)
    sparkle(rng, layer, 40, 0.05, SHINE_COLOURS, weather.sun, foot, on_leaves=True)
    finish(plate, layer, weather, z, cat_eye=False)


def _flowers(rng: np.random.Generator, layer: Layer, centre, size, colour, radius: float) -> None:
    count = int(rng.integers(14, 34))
    u, v = centre[0] + size[0] * rng.normal(0, 0.5, count), centre[1] + size[1] * rng.normal(-0.15, 0.45, count)
    petals = np.repeat(np.arange(count), 26)
    tone = np.exp(rng.normal(0, 0.3, (petals.size, 1)) + rng.normal(0, 0.5, (count, 1))[petals])
    spread = rng.normal(0, 0.4, (2, petals.size)) * radius * np.exp(rng.normal(0, 0.3, count))[petals]
    stamps(layer, u[petals] + spread[0], v[petals] + spread[1], np.float32(colour) * tone, radius * 0.4, width=2)


def tall_grass(
    rng: np.random.Generator, plate: Plate, weather: Weather, z: float, height_m: float, deep: float, blooms=None
) -> None:
    """A stretch of meadow from z to z + deep metres, its seed heads glowing against the sun, with flowers or not."""
    lens = plate.lens
    layer = Layer(plate.view, lens.blur(z + deep / 3))
    near, far = (float(lens.project(0, 0, distance)[1]) for distance in (z, z + deep))
    ground = Ground(layer, lens, z + deep)
    tone = np.exp(0.3 * ground.noise(rng, 0.6))[..., None] * np.float32(weather.leaves.shade) * 1.3
    ground.paint(layer, tone)
    metre = lens.reach / (z + deep / 3)
    feet = (far, max(near, far + 0.02))
    grass(rng, layer, feet, height_m * metre, 8000, weather.leaves, weather.sun[0], blooms)
    sparkle(rng, layer, 60, 0.02, ((1.0, 0.82, 0.5), (1.0, 0.9, 0.62)), weather.sun, near, on_leaves=True)
    finish(plate, layer, weather, z, cat_eye=False)


def ridge(rng: np.random.Generator, plate: Plate, weather: Weather, metres: float, height_m: float, colour) -> None:
    """A wooded hill or a far shore along the horizon."""
    lens = plate.lens
    layer = Layer(plate.view, lens.blur(metres))
    u = np.linspace(-0.7, 0.7, 90)
    rough = sum(np.sin(u * f + rng.uniform(0, 6.3)) / f * 6 for f in (3.0, 7.0, 17.0, 41.0))
    foot = float(lens.project(0, 0, metres)[1])
    top = foot - lens.reach / metres * height_m * np.maximum(0.6 + 0.22 * rough, 0.12)
    polygon(layer, np.r_[u, u[::-1]], np.r_[top, np.full(90, foot + 0.03)], colour)
    layer.rgb[...] *= np.exp(0.25 * clouds(rng, layer, 0.03, 3))[..., None]
    finish(plate, layer, weather, metres, cat_eye=False)


def water(rng: np.random.Generator, plate: Plate, weather: Weather, near_m: float) -> None:
    """The sea from the horizon down to near_m, with the sun glittering on it."""
    lens = plate.lens
    layer = Layer(plate.view, lens.blur(60.0))
    ground = Ground(layer, lens, far=3000.0)
    shore = float(lens.project(0, 0, near_m)[1])
    below = np.clip((ground.v - lens.horizon) / max(shore - lens.horizon, 1e-3), 0, 1)[..., None]
    far_water = np.float32(mix(weather.zenith, weather.colour, 0.35)) * 0.75
    colour = far_water * (1 - below) + below * np.float32((0.07, 0.13, 0.15))
    ground.paint(layer, colour * np.exp(0.2 * ground.noise(rng, 1.2, 0.4))[..., None], ground.v < shore)
    count = 260
    v = lens.horizon + (shore - lens.horizon) * rng.uniform(0.02, 1, count) ** 1.4
    u = weather.sun[0] + rng.normal(0, 0.09, count) * (1 + 3 * (v - lens.horizon) / (shore - lens.horizon))
    x, y = (np.round(place).astype(int) for place in layer.xy(u, v))
    inside = (x >= 0) & (x < layer.pixels.shape[1]) & (y >= 0) & (y < layer.pixels.shape[0])
    disc = np.pi * (layer.blur * layer.scale) ** 2
    level = 0.12 * np.exp(rng.normal(0, 1.0, count))
    np.add.at(layer.rgb, (y[inside], x[inside]), (level[:, None] * disc * np.float32(weather.colour))[inside])
    finish(plate, layer, weather, 40.0)
