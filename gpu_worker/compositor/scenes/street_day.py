"""A street by day or at dusk between two rows of houses: an old town, or a street of elegant shops."""

from dataclasses import dataclass

import numpy as np

from ..scene import RGB, Scene
from .daylight import DUSK, GOLDEN, MORNING, SOFT, Day, day_sky, draw_day, scene_by_day
from .figures import figure
from .foliage import crown
from .ground import Ground
from .houses import GRAND, OLD_TOWN, PPM, Front, Style, row
from .landscape import finish
from .lighting import mix
from .optics import Lens
from .plate import Layer, Plate, View
from .shapes import cover, polygon

LAMP_GLOW = (1.0, 0.70, 0.36)
PAVING = {"old": (0.26, 0.225, 0.18), "grand": (0.25, 0.24, 0.225)}
PARASOLS = ((0.62, 0.56, 0.46), (0.50, 0.10, 0.06), (0.16, 0.22, 0.16), (0.60, 0.60, 0.58))


@dataclass(frozen=True)
class Lane:
    """Where the street runs: u of its far end, walls at x metres to the left and right, its light."""

    vanish: float
    left: float
    right: float
    day: Day
    style: Style
    dim: float  # strength of lamps and shop windows

    def project(self, lens: Lens, x, y, z):
        """Return (u, v) of points in metres, as Lens.project does, with the street ending at vanish."""
        u, v = lens.project(x, y, z)
        return u + self.vanish, v


def old_town(rng: np.random.Generator, view: View) -> Scene:
    """Return a lane between painted houses, by day."""
    return _street(rng, view, OLD_TOWN, (GOLDEN, GOLDEN, MORNING, SOFT), (2.2, 3.4), (3.2, 5.0), (1.0, 0.82, 0.62))


def boutique_street(rng: np.random.Generator, view: View) -> Scene:
    """Return a street of elegant shops, by day or at dusk."""
    return _street(rng, view, GRAND, (GOLDEN, GOLDEN, GOLDEN, MORNING, DUSK), (2.6, 3.8), (5.5, 8.5), (1.0, 0.88, 0.74))


def _street(rng, view: View, style: Style, hours, near, far, bounce: RGB) -> Scene:
    day = draw_day(rng, hours, (-0.02, 0.3))
    lens = Lens(
        focal_mm=rng.uniform(58, 70), f_number=rng.uniform(1.8, 2.2), subject_m=2.0, eye_m=1.5,
        horizon=rng.uniform(0.45, 0.53), rotation=rng.uniform(0, 0.7),
    )  # fmt: skip
    walk = -1.0 if rng.random() < 0.5 else 1.0
    walls = sorted((walk * rng.uniform(*near), -walk * rng.uniform(*far)))
    dim = 0.3 if day.hour.power > 1 else 0.45 if day.hour is SOFT else 1.0
    dim *= 1.7 if style.grand and day.hour.power > 1 else 1.0
    lane = Lane(-walk * rng.uniform(0.02, 0.14), *walls, day, style, dim)
    plate = Plate(view, lens)
    day_sky(rng, plate, day)
    _far_end(rng, plate, lane)
    layer = Layer(view, lens.blur(14.0))
    _paving(rng, layer, lens, lane)
    for x in (lane.left, lane.right):
        _side(rng, layer, lens, lane, x)
    plate.over(layer, cat_eye=False)
    _life(rng, plate, lane)
    _lamps(rng, plate, lane)
    return scene_by_day(rng, plate, day, None, bounce)


def _sun_on(rng, lane: Lane, front: Front, x: float) -> np.ndarray:
    """Light (height, length, 3) on a side wall: the sun reaches the upper part of the one that faces it."""
    day = lane.day
    facing = 0.85 if np.sign(x) != day.side else 0.0
    rows, columns = front.albedo.shape[:2]
    height = (np.arange(rows, 0, -1, dtype=np.float32) / PPM)[:, None]
    steps = np.repeat(rng.uniform(-1.4, 1.4, columns // (7 * PPM) + 2), 7 * PPM)[:columns]
    edge = front.tall * rng.uniform(0.12, 0.5) + steps
    sunlit = np.clip((height - edge[None, :]) / 0.6 + 0.5, 0, 1)[..., None]
    shade = day.shade * (1.0 + 0.25 * np.exp(-height / 2.5)[..., None] * np.float32((1.0, 0.8, 0.6)))
    return shade + sunlit * (day.on_wall(facing) - day.shade)


def _side(rng, layer: Layer, lens: Lens, lane: Lane, x: float) -> None:
    start, length = max(abs(x) * 1.6, 3.0), 60.0
    front = row(rng, length, lane.style)
    picture = front.lit(_sun_on(rng, lane, front, x), lane.dim)
    depth = start + (np.arange(picture.shape[1]) + 0.5) / picture.shape[1] * length
    share = (1 - np.exp(-0.006 * lane.day.weather.haze * depth))[None, :, None].astype(np.float32)
    air = np.float32(mix(lane.day.hour.horizon, lane.day.hour.sun, 0.3)) * min(1.0, 1.8 * lane.day.hour.fill)
    picture[..., :3] = picture[..., :3] * (1 - share) + picture[..., 3:] * share * air
    end = start + length
    z = np.array((start, end, end, start)) if x < 0 else np.array((end, start, start, end))
    picture = picture if x < 0 else picture[:, ::-1]
    u, v = lane.project(lens, x, np.array((front.tall, front.tall, 0, 0)), z)
    cover(layer, picture, u, v)


def _far_end(rng, plate: Plate, lane: Lane) -> None:
    """Houses and a tower or a dome beyond the end of the street, in haze."""
    lens, day = plate.lens, lane.day
    for z, low, high in ((190.0, 14.0, 26.0), (70.0, 7.0, 11.0)):
        layer = Layer(plate.view, lens.blur(z))
        x = -40.0 * z / 70
        if z > 100 and rng.random() < 0.75:
            _tower(rng, layer, lens, lane, rng.uniform(-12, 12), z)
        while x < 40.0 * z / 70:
            wide = rng.uniform(7, 12) * z / 70
            front = row(rng, wide * 70 / z, lane.style)  # far houses need less detail
            picture = front.lit(day.on_wall(rng.choice((0.0, 0.15, 0.4)))[None, None], lane.dim * 0.6)
            tall = rng.uniform(low, high)
            u, v = lane.project(lens, (x, x + wide, x + wide, x), (tall, tall, 0, 0), z)
            cover(layer, picture, u, v)
            x += wide
        finish(plate, layer, day.weather, z * 0.7, cat_eye=False)


def _tower(rng, layer: Layer, lens: Lens, lane: Lane, x: float, z: float) -> None:
    day, half = lane.day, rng.uniform(3.0, 5.0)
    tall = rng.uniform(34, 52)
    stone = np.float32(lane.style.walls[rng.integers(len(lane.style.walls))])
    for left, right, facing in ((-1.0, 0.35, 0.1), (0.35, 1.0, 0.75)):
        a, b = x + day.side * half * left, x + day.side * half * right
        polygon(layer, *lane.project(lens, (a, b, b, a), (tall, tall, 0, 0), z), stone * day.on_wall(facing))
    roof = np.float32((0.30, 0.13, 0.08) if rng.random() < 0.6 else (0.16, 0.28, 0.25))
    turn = np.linspace(0, np.pi, 14)
    if rng.random() < 0.5:
        px, py = half * 1.1 * np.cos(turn), tall + half * 1.3 * np.sin(turn)
    else:
        px, py = np.array((1.15, 0, -1.15)) * half, tall + np.array((0, 2.6, 0)) * half
    polygon(layer, *lane.project(lens, x + px, py, z), roof * day.on_wall(0.4))
    gap = np.array((-0.35, 0.35, 0.35, -0.35)) * half
    polygon(layer, *lane.project(lens, x + gap, tall - np.array((2, 2, 7, 7)), z), stone * day.shade * 0.25)


def _paving(rng, layer: Layer, lens: Lens, lane: Lane) -> None:
    day, ground = lane.day, Ground(layer, lens, far=150.0)
    x = ground.x - lane.vanish * ground.z / lens.reach
    stone = np.float32(PAVING["grand" if lane.style.grand else "old"])
    tone = np.exp(0.16 * ground.noise(rng, 0.28) + 0.12 * ground.noise(rng, 1.6))
    streaks = 1 / (1 + np.exp(-5.0 * (0.8 * ground.noise(rng, 3.5, 2.2) + rng.uniform(-0.9, 0.1))))
    light = day.shade * 1.05 + (streaks * (day.hour.power * 0.42))[..., None] * np.float32(day.hour.sun)
    gutter = np.exp(-((np.minimum(np.abs(x - lane.left), np.abs(x - lane.right)) / 0.7) ** 2))
    colour = stone * tone[..., None] * light * (1 - 0.35 * gutter)[..., None]
    if lane.style.grand:
        road = np.clip((np.minimum(x - lane.left, lane.right - x) - 2.4) / 0.1, 0, 1)[..., None]
        colour = colour * (1 - 0.45 * road)
    spill = 0.1 * lane.dim * (gutter if not lane.style.grand else gutter**0.3)[..., None] * np.float32(LAMP_GLOW)
    ground.paint(layer, colour + spill)


def _life(rng, plate: Plate, lane: Lane) -> None:
    """Passers-by, pots with plants or clipped trees by the walls, and parasols of a café."""
    lens, day = plate.lens, lane.day
    layer = Layer(plate.view, lens.blur(9.0))
    sun = np.float32(day.hour.sun) * day.hour.power
    things = [(z, "person") for z in rng.uniform(11, 40, rng.integers(3, 8))]
    things += [(z, "pot") for z in rng.uniform(6.5, 30, rng.integers(4, 9))]
    things += [(z, "parasol") for z in rng.uniform(9, 16, rng.integers(0, 3))]
    for z, kind in sorted(things, reverse=True):
        wall = lane.left if rng.random() < 0.5 else lane.right
        x = wall * (rng.uniform(0.1, 0.75) if kind == "person" else 0.9)
        shade = day.shade * (1.1 if kind == "person" else 0.9)
        if kind == "person":
            figure(rng, layer, lens, x, z, shade, sun * rng.choice((0.05, 0.7)), day.side, vanish=lane.vanish)
        elif kind == "pot":
            _pot(rng, layer, lens, lane, wall - np.sign(wall) * 0.45, z)
        else:
            _parasol(rng, layer, lens, lane, wall * 0.7, z, shade + sun * 0.5)
    plate.over(layer, cat_eye=False)


def _pot(rng, layer: Layer, lens: Lens, lane: Lane, x: float, z: float) -> None:
    day, metre = lane.day, lens.reach / z
    clay = np.float32((0.03, 0.03, 0.032) if lane.style.grand else (0.34, 0.15, 0.08)) * day.shade * 1.6
    half = rng.uniform(0.2, 0.3)
    u, v = lane.project(lens, x + half * np.array((-1, 1, 0.75, -0.75)), np.array((0.5, 0.5, 0, 0)), z)
    polygon(layer, u, v, clay)
    (u, foot), size = lane.project(lens, x, 0.5, z), half * rng.uniform(1.2, 1.8)
    leaves = day.weather.leaves
    for up in (0.5, 1.5) if lane.style.grand and rng.random() < 0.6 else (0.6,):
        centre = (float(u), float(foot) - up * 1.15 * size * metre)
        crown(rng, layer, centre, (size * metre, size * metre), day.weather.toward, leaves, 22, 60, 0.3, 0.05 * metre)


def _parasol(rng, layer: Layer, lens: Lens, lane: Lane, x: float, z: float, light) -> None:
    cloth = np.float32(PARASOLS[rng.integers(len(PARASOLS))]) * light
    for left, right, tone in ((-1.0, -0.3, 0.75), (-0.3, 0.45, 0.9), (0.45, 1.0, 1.15)):
        u, v = lane.project(lens, x + 1.5 * np.array((left, 0, right)), (2.25, 2.85, 2.25), z)
        polygon(layer, u, v, cloth * tone)
    u, v = lane.project(lens, x + np.array((-0.03, 0.03, 0.03, -0.03)), (2.5, 2.5, 0, 0), z)
    polygon(layer, u, v, light * 0.3)


def _lamps(rng, plate: Plate, lane: Lane) -> None:
    """Lanterns on the walls and bulbs far down the street."""
    count = int(rng.integers(5, 10))
    z = 8 * np.exp(np.cumsum(rng.exponential(0.25, count)))
    x = np.where(rng.random(count) < 0.5, lane.left, lane.right) * 0.93
    u, v = lane.project(plate.lens, x, rng.uniform(2.9, 3.6) + rng.normal(0, 0.1, count), z)
    level = lane.dim * rng.uniform(0.8, 2.2) * np.exp(rng.normal(0, 0.3, count))
    blur = np.array([plate.lens.blur(distance) for distance in z])
    plate.lights(u, v, blur, level[:, None] * np.float32(LAMP_GLOW))
