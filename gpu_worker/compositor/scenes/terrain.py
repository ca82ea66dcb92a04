"""Land in the distance: mountains with snow, headlands, white villages on their slopes, rocks."""

import cv2
import numpy as np

from .daylight import Day
from .landscape import finish
from .noise import clouds
from .optics import Lens
from .plate import Layer, Plate
from .shapes import polygon

HOUSE_WALLS = ((0.72, 0.70, 0.66), (0.70, 0.66, 0.58), (0.66, 0.52, 0.38), (0.62, 0.40, 0.28))
ROOFS = ((0.40, 0.17, 0.09), (0.34, 0.15, 0.09), (0.60, 0.58, 0.54))
SNOW, ROCK, MEADOW = (0.78, 0.80, 0.84), (0.17, 0.155, 0.145), (0.085, 0.11, 0.04)
WINDOW_GLOW = (1.0, 0.68, 0.34)


def crest(rng: np.random.Generator, points: int, rough: float) -> np.ndarray:
    """Return the heights (points,) of a jagged skyline, 0 to 1, by halving."""
    line = rng.uniform(0.3, 1.0, 5)
    spread = 0.24
    while line.size < points:
        middle = (line[1:] + line[:-1]) / 2 + rng.normal(0, spread * rough, line.size - 1)
        line = np.insert(middle, np.arange(line.size - 1), line[:-1])
        line = np.append(line, line[-1])
        spread *= 0.55
    return np.clip(np.interp(np.linspace(0, 1, points), np.linspace(0, 1, line.size), line), 0.05, 1.2)


def peaks(
    rng: np.random.Generator, plate: Plate, day: Day, metres: float, height_m: float, snow: float, rough: float = 1.0
) -> None:
    """A mountain range; snow: share of the height above which it lies, above 1 for none."""
    lens = plate.lens
    layer = Layer(plate.view, lens.blur(metres))
    shape = layer.pixels.shape[:2]
    places = np.linspace(-0.7, 0.7, 257)
    skyline = np.interp(layer.u[0], places, crest(rng, 257, rough)).astype(np.float32)
    rise = (lens.horizon - layer.v) * metres / lens.reach / height_m
    inside = np.clip((skyline[None, :] - rise) * height_m * lens.reach / metres * layer.scale + 0.5, 0, 1)
    relief = np.float32(clouds(rng, layer, 0.16, 6, 0.6, 0.7) + 2.2 * skyline[None, :])
    slope = cv2.Sobel(cv2.GaussianBlur(relief, (0, 0), 1.2), cv2.CV_32F, 1, 0, ksize=3) * layer.scale / 60
    lit = np.clip(0.42 - 0.42 * day.side * slope, 0.05, 1)[..., None]
    white = np.clip((rise - snow * 0.75 + 0.09 * clouds(rng, layer, 0.035, 4, 0.7)) / 0.22, 0, 1)[..., None]
    green = np.clip((0.38 - rise + 0.1 * clouds(rng, layer, 0.08, 2)) / 0.2, 0, 1)[..., None]
    albedo = np.float32(ROCK) * (1 - green) + np.float32(MEADOW) * green
    albedo = albedo * (1 - white) + np.float32(SNOW) * white
    light = day.shade * 1.1 + lit * day.hour.power * 0.62 * np.float32(day.hour.sun)
    layer.paint(inside.astype(np.float32).reshape(shape), albedo * light * np.exp(0.06 * relief)[..., None])
    layer.pixels[...] *= np.clip((lens.horizon + 0.02 - layer.v) * layer.scale, 0, 1)[..., None]
    finish(plate, layer, day.weather, metres * 0.03, cat_eye=False)


def headland(
    rng: np.random.Generator, plate: Plate, day: Day, metres: float, height_m: float, side: float, above_m: float
) -> None:
    """A rocky cape that falls from one side of the frame into the sea, which lies above_m below the camera."""
    lens = plate.lens
    layer = Layer(plate.view, lens.blur(metres))
    metre = lens.reach / metres
    foot = lens.horizon + above_m * metre
    u = np.linspace(0.75, rng.uniform(-0.18, 0.12), 120)
    fall = np.linspace(1, 0, 120) ** rng.uniform(0.35, 0.8)
    top = foot - metre * (height_m + above_m) * np.clip(fall * (0.85 + 0.3 * (crest(rng, 120, 0.5) - 0.6)), 0, None)
    stencil = Layer(plate.view, layer.blur)
    polygon(stencil, side * np.r_[u, u[::-1]], np.r_[top, np.full(120, foot)], (1, 1, 1))
    inside = stencil.alpha
    relief = np.float32(clouds(rng, layer, 0.07, 5, 0.6, 0.6))
    slope = cv2.Sobel(cv2.GaussianBlur(relief, (0, 0), 1.0), cv2.CV_32F, 1, 0, ksize=3) * layer.scale / 90
    lit = np.clip(0.4 - 0.5 * day.side * slope + 0.2 * (side != day.side), 0, 1)[..., None]
    low = np.clip((layer.v - foot + 0.045) / 0.05, 0, 1) + 0 * layer.u
    green = np.clip(0.75 + 0.6 * relief - 1.4 * low, 0, 1)[..., None]
    albedo = np.float32((0.30, 0.25, 0.19)) * (1 - green) + np.float32((0.07, 0.085, 0.035)) * green
    light = day.shade * 1.05 + lit * day.hour.power * 0.7 * np.float32(day.hour.sun)
    layer.paint(inside, albedo * light)
    finish(plate, layer, day.weather, metres * 0.4, cat_eye=False)


def village(
    rng: np.random.Generator, plate: Plate, day: Day, metres: float, height_m: float, count: int, side: float = 0.0,
    above_m: float = 0.0,
) -> None:  # fmt: skip
    """Houses stacked on a slope along the shore; side: where they crowd, -1 left to 1 right, 0 everywhere."""
    lens = plate.lens
    layer = Layer(plate.view, lens.blur(metres))
    steps = np.sort(rng.uniform(0, 1, count))[::-1]
    dark = day.hour.power < 0.2
    for step in steps:
        z = metres * (1 + 0.12 * step)
        u = rng.uniform(-0.55, 0.55) if side == 0 else side * (0.5 - abs(rng.normal(0, 0.2)))
        x = u * z / lens.reach
        y = lens.eye_m - above_m + height_m * step**1.3 * (0.4 + 0.6 * np.abs(np.sin(u * 5 + 1)))
        _house(rng, layer, lens, day, x, y, z, dark)
    finish(plate, layer, day.weather, metres * 0.3, cat_eye=False)


def _house(rng, layer: Layer, lens: Lens, day: Day, x: float, y: float, z: float, dark: bool) -> None:
    wide, tall = rng.uniform(5, 10), rng.uniform(4.5, 9)
    wall = np.float32(HOUSE_WALLS[rng.choice(4, p=(0.45, 0.25, 0.18, 0.12))])
    split = day.side * wide * rng.uniform(0.1, 0.3)
    for a, b, facing in ((-wide / 2 * day.side, split, 0.1), (split, wide / 2 * day.side, 0.75)):
        u, v = lens.project(x + np.array((a, b, b, a)), y + np.array((tall, tall, -6, -6)), z)
        polygon(layer, u, v, wall * day.on_wall(facing))
    roof = np.float32(ROOFS[rng.integers(3)]) * day.on_wall(0.5)
    peak = np.array((-0.55, 0, 0.55)) * wide
    u, v = lens.project(x + peak, y + tall + np.array((0, rng.uniform(0.4, 2.0), 0)), z)
    polygon(layer, u, v, roof)
    for place in np.arange(-wide * 0.35, wide * 0.4, 2.2):
        lit = rng.random() < (0.5 if dark else 0.06)
        colour = np.float32(WINDOW_GLOW) * rng.uniform(0.6, 2.0) if lit else wall * day.shade * 0.3
        u, v = lens.project(
            x + place + np.array((-0.45, 0.45, 0.45, -0.45)), y + tall * 0.5 + np.array((0.7, 0.7, -0.7, -0.7)), z
        )
        polygon(layer, u, v, colour)


def rocks(rng: np.random.Generator, plate: Plate, day: Day, z: float, size_m: float, inner: float = 0.2) -> None:
    """Boulders at both sides of the frame."""
    lens = plate.lens
    layer = Layer(plate.view, lens.blur(z))
    sun = np.float32(day.hour.sun) * day.hour.power
    for edge in (-1, 1):
        for _ in range(rng.integers(1, 4)):
            x, size = edge * rng.uniform(inner, 0.6) * z / lens.reach, size_m * rng.uniform(0.4, 1.1)
            turn = np.linspace(0, np.pi, 9)
            reach = size * rng.uniform(0.75, 1.15, 9)
            tone = np.float32(ROCK) * 1.5 * np.exp(rng.normal(0, 0.15))
            px, py = reach * 1.3 * np.cos(turn), np.maximum(reach * 0.8 * np.sin(turn), 0)
            polygon(layer, *lens.project(x + px, py, z), tone * day.shade)
            half = px * day.side > -0.2 * size
            polygon(layer, *lens.project(x + px[half] * 0.95, py[half] * 0.98, z), tone * (day.shade + 0.45 * sun))
    finish(plate, layer, day.weather, z, cat_eye=False)
