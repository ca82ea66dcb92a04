"""Water by day as far as the horizon: waves that mirror the sky, the sun's glitter, a wake, sails far out."""

from dataclasses import replace

import numpy as np

from .daylight import Day
from .ground import Ground
from .landscape import finish
from .lighting import mix
from .noise import clouds
from .plate import Layer, Plate
from .shapes import polygon

DEEP = ((0.010, 0.075, 0.115), (0.012, 0.11, 0.15), (0.008, 0.05, 0.09), (0.02, 0.15, 0.17))
FOAM = (0.75, 0.78, 0.80)


def sea(
    rng: np.random.Generator, plate: Plate, day: Day, above_m: float, wake: float = 0.0, metres: float = 25.0
) -> None:
    """Fill the plate from the horizon down with water that lies above_m below the camera.

    wake: how much foam a stern in the middle leaves behind, 0 to 1. metres: distance whose blur the water has.
    """
    lens = replace(plate.lens, eye_m=above_m)
    layer = Layer(plate.view, plate.lens.blur(metres))
    ground, hour = Ground(layer, lens, far=60000.0), day.hour
    size = above_m / 4
    swell = 0.7 * ground.noise(rng, 5.0 * size, 0.35) + 0.5 * ground.noise(rng, 1.8 * size, 0.3)
    grazing = 1 / (1 + (np.maximum(ground.v - lens.horizon, 0) / 0.12) ** 1.2)
    mirror = np.clip(0.12 + 0.62 * grazing + 0.10 * swell, 0.03, 0.92)[..., None]
    sky = np.float32(mix(hour.zenith, hour.horizon, 0.35)) * 0.9
    deep = np.float32(DEEP[rng.integers(len(DEEP))]) * min(1.0, hour.fill * 2.2 + 0.2 * hour.power)
    colour = deep * (1 - mirror) + sky * mirror
    sun_u = day.weather.sun[0]
    spread = 0.06 + 0.5 * np.maximum(ground.v - lens.horizon, 0)
    path = np.exp(-(((ground.u - sun_u) / spread) ** 2)) * np.clip(0.55 + 0.45 * swell, 0, 2)
    colour = colour + (0.42 * hour.glow * path)[..., None] * np.float32(hour.sun)
    if wake > 0:
        colour = _foam(rng, ground, lens, day, colour, wake)
    ground.paint(layer, colour)
    _glitter(rng, layer, lens, day)
    finish(plate, layer, day.weather, 25.0)


def _foam(rng, ground: Ground, lens, day: Day, colour: np.ndarray, wake: float) -> np.ndarray:
    """Two white lines that part behind the boat and churned water between them."""
    half = 0.8 + 0.085 * ground.z
    off = np.abs(ground.x) / half
    rough = np.clip(0.6 + 0.5 * ground.noise(rng, 1.2, 0.6), 0, 1.6)
    edge = np.exp(-(((off - 1) / 0.22) ** 2)) + 0.45 * np.exp(-((off / 0.8) ** 4))
    share = np.clip(edge * rough * wake * np.exp(-ground.z / 160), 0, 0.9)[..., None]
    light = day.shade * 1.3 + 0.35 * day.hour.power * np.float32(day.hour.sun)
    return colour * (1 - share) + share * np.float32(FOAM) * light


def _glitter(rng, layer: Layer, lens, day: Day, count: int = 420) -> None:
    if day.hour.glow < 0.08:
        return
    below = rng.uniform(0.004, 1, count) ** 1.7 * 0.45
    v, u = lens.horizon + below, day.weather.sun[0] + rng.normal(0, 1, count) * (0.035 + 0.35 * below)
    x, y = (np.round(place).astype(int) for place in layer.xy(u, v))
    inside = (x >= 0) & (x < layer.pixels.shape[1]) & (y >= 0) & (y < layer.pixels.shape[0])
    disc = np.pi * max(layer.blur * layer.scale, 0.6) ** 2
    level = 0.24 * day.hour.glow * np.exp(rng.normal(0, 0.9, count))
    np.add.at(layer.rgb, (y[inside], x[inside]), (level[:, None] * disc * np.float32(day.hour.sun))[inside])


def sails(rng: np.random.Generator, plate: Plate, day: Day, count: int, above_m: float) -> None:
    """Sailing boats and motor yachts far out."""
    lens = replace(plate.lens, eye_m=above_m)
    layer = Layer(plate.view, plate.lens.blur(300.0))
    for z in np.sort(rng.uniform(140, 700, count))[::-1]:
        x = rng.uniform(-0.45, 0.45) * z / lens.reach
        light = day.shade * 1.2 + day.hour.power * 0.45 * np.float32(day.hour.sun)
        long, tall = rng.uniform(9, 16), rng.uniform(11, 18)
        hull = (x + long * np.array((-0.5, 0.5, 0.42, -0.42)), np.array((1.5, 1.7, 0, 0)))
        polygon(layer, *lens.project(*hull, z), 0.75 * light)
        if rng.random() < 0.7:
            for foot, top in ((0.42, 1.0), (-0.38, 0.85)):
                u, v = lens.project(x + long * np.array((0, 0, foot)), np.array((tall * top, 2.0, 2.0)), z)
                polygon(layer, u, v, 0.8 * light * (1.0 if foot * day.side > 0 else 0.75))
        else:
            for low, high, half in ((1.5, 3.2, 0.33), (3.2, 4.6, 0.18)):
                u, v = lens.project(x + long * np.array((-half, half, half * 0.7, -half)), (high, high, low, low), z)
                polygon(layer, u, v, 0.75 * light)
    finish(plate, layer, day.weather, 120.0)


def coastline(rng: np.random.Generator, plate: Plate, day: Day, metres: float, height_m: float, colour) -> None:
    """A mountainous shore across the water, fading at one side into the open sea."""
    lens = plate.lens
    layer = Layer(plate.view, lens.blur(metres))
    u = np.linspace(-0.75, 0.75, 140)
    rough = sum(np.sin(u * f + rng.uniform(0, 6.3)) / f**0.9 for f in (5.0, 11.0, 23.0, 47.0, 91.0))
    open_at, side = rng.uniform(-0.2, 0.35), rng.choice((-1, 1))
    slope = np.clip((open_at - side * u) / 0.35, 0, 1) ** 0.8
    top = lens.horizon - lens.reach / metres * height_m * np.maximum((1 + 1.6 * rough) * slope, 0)
    light = day.shade + 0.35 * day.hour.power * np.float32(day.hour.sun)
    polygon(layer, np.r_[u, u[::-1]], np.r_[top, np.full(140, lens.horizon + 0.004)], np.float32(colour) * light * 2)
    layer.rgb[...] *= np.exp(0.3 * clouds(rng, layer, 0.03, 3))[..., None]
    finish(plate, layer, day.weather, metres, cat_eye=False)
