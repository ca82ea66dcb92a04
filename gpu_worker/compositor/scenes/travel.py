"""On the way: the window of a train, a road in the mist, a hillside after sunset, a window at dawn."""

import cv2
import numpy as np

from ..scene import Scene
from .foliage import AUTUMN, DARK_PINE, OLIVE
from .ground import Ground
from .landscape import Weather, lawn, open_sky, ridge, tall_grass
from .lighting import aim, mix, scaled
from .noise import clouds, smooth
from .optics import Lens
from .plate import Layer, Plate, View
from .shapes import box_mask, ellipse_mask, polygon, soften

HOURS = (  # sky above, sky at the horizon, land, light on the face
    ((0.30, 0.38, 0.60), (1.0, 0.62, 0.36), (0.075, 0.070, 0.060), (1.0, 0.80, 0.58)),
    ((0.60, 0.66, 0.74), (0.84, 0.86, 0.88), (0.16, 0.19, 0.12), (0.94, 0.97, 1.0)),
    ((0.12, 0.17, 0.34), (0.56, 0.44, 0.50), (0.030, 0.036, 0.050), (0.72, 0.80, 1.0)),
    ((0.52, 0.62, 0.80), (1.0, 0.86, 0.64), (0.20, 0.19, 0.08), (1.0, 0.90, 0.74)),
)
SEATS = ((0.05, 0.09, 0.16), (0.16, 0.035, 0.035), (0.07, 0.11, 0.085), (0.11, 0.10, 0.095))
MISTS = ((0.62, 0.67, 0.72), (0.70, 0.70, 0.69), (0.50, 0.57, 0.66), (0.74, 0.68, 0.62))
DUSKS = (  # zenith, glow, power of the glow
    ((0.10, 0.16, 0.34), (1.0, 0.50, 0.22)),
    ((0.16, 0.14, 0.32), (1.0, 0.42, 0.38)),
    ((0.07, 0.14, 0.28), (0.95, 0.62, 0.34)),
)


def train(rng: np.random.Generator, view: View) -> Scene:
    """Beside a train's window: the land rushes past, seats and the frame of the window stay."""
    above, low, land, light = HOURS[rng.integers(len(HOURS))]
    side = _side(rng)
    lens = Lens(focal_mm=60, f_number=2.2, subject_m=1.3, horizon=rng.uniform(0.44, 0.52))
    plate = Plate(view, lens)
    layer = Layer(view, lens.blur(60.0))
    _rushing_land(rng, layer, above, low, land, lens.horizon)
    plate.over(layer, cat_eye=False)
    layer = Layer(view, lens.blur(2.2))
    shell, dim = np.float32((0.30, 0.30, 0.29)), 0.35 * float(np.mean(low))
    u0, u1 = sorted((-side * rng.uniform(0.34, 0.46), side * rng.uniform(0.34, 0.6)))
    top, bottom, bend = rng.uniform(0.0, 0.07), rng.uniform(0.72, 0.8), 0.035
    hole = _rounded(layer, u0, top, u1, bottom, bend)
    rim = _rounded(layer, u0 - 0.022, top - 0.022, u1 + 0.022, bottom + 0.022, bend + 0.02)
    wall = (0.75 + 0.35 * (layer.v - 0.3) + 0 * layer.u)[..., None] * shell * dim * np.float32(light)
    layer.paint(1 - hole, wall)
    layer.paint(np.clip(rim - hole, 0, 1), (0.010, 0.010, 0.011))
    sill = box_mask(layer, -1, bottom + 0.03, 1, bottom + 0.05, 0.004)
    layer.paint(sill, np.float32(light) * 0.32 * float(np.mean(low)))
    plate.over(layer, cat_eye=False)
    layer = Layer(view, lens.blur(1.95))
    _seat(rng, layer, -side * rng.uniform(0.38, 0.46), np.float32(light) * 0.9)
    plate.over(layer, cat_eye=False)
    plate.glare(rng.uniform(0.06, 0.1), scaled(low, 0.003))
    return Scene(
        plate=plate.develop(rng.uniform(0.8, 1.0)),
        key=aim(side * rng.uniform(0.85, 1.1), 0.25, 0.5, mix(light, (1, 1, 1), 0.25), 0.95, 0.6),
        ambient=scaled(mix(light, (0.9, 0.95, 1.0), 0.5), 0.22),
        rims=(aim(side * 0.95, 0.2, -0.5, low, 0.9, 0.6),),
        exposure=-0.08, contrast=1.06, saturation=0.92, grain=0.013, vignette=0.25, bloom=0.18,
    )  # fmt: skip


def misty_road(rng: np.random.Generator, view: View) -> Scene:
    """A road that goes off into mist between trees."""
    mist = np.float32(MISTS[rng.integers(len(MISTS))]) * rng.uniform(0.75, 1.0)
    side = _side(rng)
    leaves = (DARK_PINE, OLIVE, AUTUMN)[rng.integers(3)]
    sky = tuple(float(value) for value in mist)
    weather = Weather(
        side=side, sun=(side * rng.uniform(0.1, 0.4), -0.3), colour=sky, zenith=sky, leaves=leaves,
        far_leaves=DARK_PINE, haze=rng.uniform(7.0, 13.0),
    )  # fmt: skip
    lens = Lens(f_number=2.0, subject_m=2.2, horizon=rng.uniform(0.46, 0.54), rotation=rng.uniform(0, 0.7))
    plate = Plate(view, lens)
    layer = Layer(view, lens.blur(2000.0))
    layer.rgb[...] = mist * np.exp(0.05 * clouds(rng, layer, 0.3, 3) - 0.15 * (0.5 - layer.v))[..., None]
    layer.alpha[...] = 1
    plate.over(layer, cat_eye=False)
    lawn(rng, plate, weather, "street", 0.15)
    bare = rng.random() < 0.4
    for z in rng.uniform(13, 17) + np.array((62.0, 40.0, 24.0, 12.0, 3.0)):
        layer = Layer(view, lens.blur(z))
        clear = float(np.exp(-z / rng.uniform(22, 34)))
        for edge in (-1, 1):
            for step in range(3):
                x = edge * (rng.uniform(3.0, 4.2) + step * rng.uniform(1.8, 3.2))
                colour = np.float32((0.030, 0.036, 0.032)) * clear + mist * (1 - clear)
                (_bare_tree if bare else _pine)(rng, layer, lens, x, z, colour)
        plate.over(layer)
    ground = 1 / (1 + np.exp(-np.clip((plate.v - lens.horizon + 0.05) / 0.03, -30, 30)))
    veil = 0.35 * ground * np.exp(-np.abs(plate.v - lens.horizon) / 0.12) + 0 * plate.u
    plate.rgb[...] += veil[..., None] * (mist - plate.rgb)
    plate.glare(0.12, tuple(0.006 * mist))
    return Scene(
        plate=plate.develop(rng.uniform(0.72, 0.9)),
        key=aim(side * rng.uniform(0.4, 0.7), 0.7, 0.8, mix(sky, (1, 1, 1), 0.5), 0.7, 0.95),
        ambient=scaled(mix(sky, (1, 1, 1), 0.3), 0.55),
        rims=(aim(-side * 0.7, 0.6, -0.8, mix(sky, (1, 1, 1), 0.4), 0.45, 0.8),),
        exposure=-0.12, contrast=1.0, saturation=0.74, grain=0.014, vignette=0.25, bloom=0.15,
    )  # fmt: skip


def dusk_hill(rng: np.random.Generator, view: View) -> Scene:
    """A hillside after sunset: ridges one behind the other, the last glow, dark grass."""
    zenith, glow = DUSKS[rng.integers(len(DUSKS))]
    side = _side(rng)
    sun = (side * rng.uniform(0.15, 0.4), rng.uniform(0.4, 0.5))
    weather = Weather(
        side=side, sun=sun, colour=glow, zenith=zenith, leaves=_darker(OLIVE, 0.28), far_leaves=_darker(DARK_PINE, 0.4),
        haze=rng.uniform(0.5, 0.9),
    )  # fmt: skip
    lens = Lens(f_number=1.8, subject_m=2.2, horizon=rng.uniform(0.5, 0.58), rotation=rng.uniform(0, 0.7))
    plate = Plate(view, lens)
    open_sky(rng, plate, weather)
    dim = np.clip((plate.v + 0.25) / lens.horizon, 0.35, 1)[..., None]
    plate.rgb[...] *= 0.72 * dim
    for metres, tall, share in ((9000.0, 900.0, 0.5), (5000.0, 380.0, 0.3), (2200.0, 110.0, 0.14)):
        colour = np.float32(mix(zenith, glow, 0.3)) * share
        ridge(rng, plate, _clear(weather, metres), metres, tall * rng.uniform(0.7, 1.2), colour)
    layer = Layer(view, lens.blur(25.0))
    ground = Ground(layer, lens)
    tone = np.exp(0.25 * ground.noise(rng, 0.6) + 0.2 * ground.noise(rng, 3.0))[..., None]
    ground.paint(layer, tone * (np.float32((0.020, 0.024, 0.016)) + 0.03 * np.float32(glow)))
    plate.over(layer, cat_eye=False)
    for z, deep in ((15.0, 14.0), (6.5, 5.0)):
        tall_grass(rng, plate, weather, z, rng.uniform(0.5, 0.8), deep)
    plate.glare(0.06, scaled(zenith, 0.01))
    return Scene(
        plate=plate.develop(rng.uniform(0.85, 1.05)),
        key=aim(side * rng.uniform(0.7, 1.0), 0.2, 0.7, mix(glow, (1, 1, 1), 0.35), 0.72, 0.7),
        ambient=scaled(mix(zenith, (1, 1, 1), 0.25), 0.55),
        rims=(aim(side * 0.85, 0.15, -0.7, glow, 1.1, 0.4),),
        exposure=-0.22, contrast=1.06, saturation=0.95, grain=0.015, vignette=0.28, bloom=0.2,
    )  # fmt: skip


def dawn_window(rng: np.random.Generator, view: View) -> Scene:
    """A dark room in the first light: a tall window, sheer curtains, the morning outside."""
    side = _side(rng)
    above, low = (((0.30, 0.42, 0.72), (1.0, 0.62, 0.42)), ((0.46, 0.52, 0.72), (1.0, 0.74, 0.58)),
                  ((0.24, 0.36, 0.60), (0.92, 0.70, 0.66)))[rng.integers(3)]  # fmt: skip
    lens = Lens(f_number=1.8, subject_m=2.0)
    plate = Plate(view, lens)
    layer = Layer(view, lens.blur(4.2))
    wall = np.float32(((0.34, 0.32, 0.31), (0.25, 0.28, 0.31), (0.30, 0.26, 0.23))[rng.integers(3)])
    near, far = side * rng.uniform(0.02, 0.12), side * 0.95
    u0, u1, top, bottom = *sorted((near, far)), rng.uniform(-0.08, 0.04), rng.uniform(0.74, 0.88)
    spill = np.exp(-np.maximum(0, side * (near - layer.u)) / rng.uniform(0.16, 0.3)) * (0.35 + 0.65 * layer.v)
    plaster = np.exp(0.04 * clouds(rng, layer, 0.1, 4, 0.6) + 0.06 * smooth(rng, layer, 0.4))
    layer.rgb[...] = (plaster * (0.07 + 0.3 * spill))[..., None] * wall * np.float32(mix(low, above, 0.3))
    layer.alpha[...] = 1
    down = np.clip((layer.v - top) / (bottom - top), 0, 1) + 0 * layer.u
    hills = 1 / (1 + np.exp(-(down - 0.78 - 0.06 * smooth(rng, layer, 0.3, 3.0)) / 0.03))
    sky = np.float32(above) * (1 - down[..., None]) + np.float32(low) * down[..., None]
    outside = 1.5 * sky * np.exp(0.1 * clouds(rng, layer, 0.12, 4, 0.55, 2.6))[..., None]
    outside = outside * (1 - 0.6 * hills[..., None]) + hills[..., None] * 0.12 * np.float32(above)
    opening = box_mask(layer, u0, top, u1, bottom, 0.003)
    layer.paint(box_mask(layer, u0 - 0.022, top - 0.022, u1 + 0.022, bottom + 0.03, 0.003), wall * 0.25)
    layer.paint(opening, outside)
    step = rng.uniform(0.18, 0.28)
    for place in np.arange(1, 5):
        u = near + side * place * step
        layer.paint(box_mask(layer, u - 0.008, top, u + 0.008, bottom, 0.003) * opening, wall * 0.2)
    v = top + (bottom - top) * rng.uniform(0.35, 0.5)
    layer.paint(box_mask(layer, u0, v - 0.006, u1, v + 0.006, 0.003), wall * 0.2)
    edge = side * (layer.u - near)
    folds = 0.55 + 0.35 * np.sin(edge * rng.uniform(70, 110) + 1.8 * smooth(rng, layer, 0.9, 0.08))
    wide = rng.uniform(0.1, 0.17)
    drape = np.clip((edge + 0.05) / 0.01, 0, 1) * np.clip((wide + 0.02 * layer.v - edge) / 0.02, 0, 1)
    layer.paint(
        0.85 * drape, (folds * (0.35 + 0.65 * opening))[..., None] * np.float32(mix(low, (1, 1, 1), 0.3)) * 0.75
    )
    plate.over(layer, cat_eye=False)
    plate.glare(0.12, scaled(low, 0.003))
    return Scene(
        plate=plate.develop(rng.uniform(0.8, 1.0)),
        key=aim(side * rng.uniform(0.9, 1.15), 0.25, 0.45, mix(low, (1, 1, 1), 0.35), 0.9, 0.65),
        ambient=scaled(mix(above, (1, 1, 1), 0.35), 0.19),
        rims=(aim(side * 0.95, 0.25, -0.55, low, 1.0, 0.5),),
        exposure=-0.12, contrast=1.07, saturation=0.95, grain=0.014, vignette=0.22, bloom=0.25,
    )  # fmt: skip


def _pine(rng: np.random.Generator, layer: Layer, lens: Lens, x: float, z: float, colour: np.ndarray) -> None:
    """A spruce as a dark shape: tiers of hanging branches around a trunk."""
    tall = rng.uniform(9, 14)
    polygon(layer, *lens.project((x - 0.12, x + 0.12, x + 0.03, x - 0.03), (0, 0, tall, tall), z), colour)
    count = int(rng.integers(12, 17))
    for step in range(count):
        y = 0.9 + (tall - 1.2) * step / count
        half = 0.26 * (tall - y) * rng.uniform(0.75, 1.15)
        points = np.linspace(-1, 1, 11)
        sag = y - 0.35 - 0.3 * np.abs(points) + rng.normal(0, 0.12, 11)
        u, v = lens.project(np.r_[x, x + half * points[::-1]], np.r_[y + 1.3, sag], z)
        polygon(layer, u, v, colour * rng.uniform(0.92, 1.05))


def _bare_tree(rng: np.random.Generator, layer: Layer, lens: Lens, x: float, z: float, colour: np.ndarray) -> None:
    """A tree without leaves: a trunk that forks again and again."""
    metre = lens.reach / z
    ends = [(*(float(c) for c in lens.project(x, 0.0, z)), rng.normal(0, 0.06), rng.uniform(2.2, 3.2), 0.2)]
    for _ in range(6):
        ends = [child for end in ends for child in _fork(rng, layer, end, metre, colour)]


def _fork(rng: np.random.Generator, layer: Layer, end, metre: float, colour: np.ndarray) -> list:
    u, v, turn, long, thick = end
    tip = u + np.sin(turn) * long * metre, v - np.cos(turn) * long * metre
    half = np.array((np.cos(turn), np.sin(turn))) * max(thick * metre, 0.8 / layer.scale) / 2
    x = (u - half[0], u + half[0], tip[0] + 0.7 * half[0], tip[0] - 0.7 * half[0])
    y = (v - half[1], v + half[1], tip[1] + 0.7 * half[1], tip[1] - 0.7 * half[1])
    polygon(layer, x, y, colour)
    return [(*tip, turn + s * rng.uniform(0.2, 0.6), long * rng.uniform(0.62, 0.8), thick * 0.66) for s in (-1, 1)]


def _side(rng: np.random.Generator) -> float:
    return -1.0 if rng.random() < 0.5 else 1.0


def _darker(leaves, share: float):
    return type(leaves)(*(tuple(share * value for value in tone) for tone in vars(leaves).values()))


def _clear(weather: Weather, metres: float) -> Weather:
    """The weather with just so much haze that a ridge at this distance keeps its outline."""
    return Weather(**{**vars(weather), "haze": 0.35 / (0.0028 * metres)})


def _rushing_land(rng: np.random.Generator, layer: Layer, above, low, land, horizon: float) -> None:
    """Sky, hills, fields and a blurred hedge, all drawn out along the way."""
    up = np.clip((horizon - layer.v) / 0.5, 0, 1) ** 0.6 + 0 * layer.u
    sky = np.float32(low) * (1 - up[..., None]) + np.float32(above) * up[..., None]
    layer.rgb[...] = sky * np.exp(0.14 * clouds(rng, layer, 0.12, 4, 0.55, 4.0))[..., None]
    layer.alpha[...] = 1
    for height, share in ((rng.uniform(0.04, 0.1), 0.45), (rng.uniform(0.0, 0.03), 0.15)):
        crest = horizon - height + 0.03 * smooth(rng, layer, 0.4, 1.0)
        hill = np.clip((layer.v - crest) * layer.scale + 0.5, 0, 1)
        layer.paint(hill, np.float32(land) * (1 - share) + np.float32(low) * share * 0.6)
    field = np.clip((layer.v - horizon - 0.015) * layer.scale, 0, 1) + 0 * layer.u
    streaks = np.exp(0.35 * clouds(rng, layer, 0.05, 3, 0.6, 9.0))
    layer.paint(field, streaks[..., None] * np.float32(land) * 1.5)
    hedge = 1 / (
        1 + np.exp(-(layer.v - horizon - rng.uniform(0.06, 0.14) - 0.03 * smooth(rng, layer, 0.1, 4.0)) / 0.012)
    )
    layer.paint(hedge.astype(np.float32), streaks[..., None] * np.float32(land) * 0.6)
    for _ in range(int(rng.integers(2, 6))):
        u, wide = rng.uniform(-0.5, 0.5), rng.uniform(0.015, 0.05)
        tree = ellipse_mask(layer, u, horizon - 0.02, wide * 2.5, rng.uniform(0.04, 0.1), 0.03)
        layer.paint(0.7 * tree, np.float32(land) * 0.7)
    reach = max(3, round(0.07 * layer.scale))
    layer.rgb[...] = cv2.blur(np.ascontiguousarray(layer.rgb), (reach, 1), borderType=cv2.BORDER_REPLICATE)


def _rounded(layer: Layer, u0: float, v0: float, u1: float, v1: float, bend: float) -> np.ndarray:
    """Coverage of a rectangle with round corners."""
    away_u = np.maximum(np.abs(layer.u - (u0 + u1) / 2) - (u1 - u0) / 2 + bend, 0)
    away_v = np.maximum(np.abs(layer.v - (v0 + v1) / 2) - (v1 - v0) / 2 + bend, 0)
    return np.clip((bend - np.hypot(away_u, away_v)) * layer.scale + 0.5, 0, 1)


def _seat(rng: np.random.Generator, layer: Layer, u: float, light: np.ndarray) -> None:
    """The back of a seat with its head rest, at the edge of the frame."""
    cloth = np.float32(SEATS[rng.integers(len(SEATS))]) * light
    top = rng.uniform(0.36, 0.44)
    weave = np.exp(0.06 * clouds(rng, layer, 0.03, 3))
    across = 1 - 0.5 * np.clip(np.abs(layer.u - u) / 0.16, 0, 1) ** 2
    for half, v0, v1, bend, tone in (
        (0.16, 0.0, 1.2, 0.09, 0.75),
        (0.125, 0.03, 0.2, 0.06, 1.1),
        (0.135, 0.23, 1.2, 0.03, 0.95),
    ):
        shape = _rounded(layer, u - half, top + v0, u + half, top + v1, bend)
        layer.paint(soften(shape, layer, 0.002), (weave * across * tone)[..., None] * cloth)
