"""Yachts: rails, cushioned seats and decks seen from aboard, and moored boats seen from the quay."""

import numpy as np

from .daylight import Day
from .optics import Lens
from .plate import Layer
from .shapes import polygon

GELCOAT, DARK_GLASS, STEEL = (0.72, 0.71, 0.69), (0.02, 0.024, 0.03), (0.42, 0.43, 0.44)
TEAK = (0.40, 0.25, 0.13)
CREAM = ((0.62, 0.57, 0.48), (0.66, 0.64, 0.60), (0.48, 0.42, 0.34), (0.30, 0.31, 0.32))
PILLOWS = ((0.03, 0.06, 0.14), (0.52, 0.38, 0.22), (0.42, 0.16, 0.09), (0.10, 0.24, 0.28), (0.64, 0.62, 0.58))
CABIN_LIGHT = (1.0, 0.74, 0.44)


def face(layer: Layer, lens: Lens, x, y, z, colour) -> None:
    """Fill a polygon given by its corners in metres."""
    x, y, z = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float), np.asarray(z, float))
    polygon(layer, *lens.project(x, y, z), colour)


def bar(layer: Layer, lens: Lens, start, end, thick: float, colour) -> None:
    """Draw a round bar between two points in metres, its upper half brighter."""
    (x0, y0, z0), (x1, y1, z1) = start, end
    (u0, v0), (u1, v1) = lens.project(x0, y0, z0), lens.project(x1, y1, z1)
    along = np.array((u1 - u0, v1 - v0))
    side = np.array((-along[1], along[0])) / max(np.hypot(*along), 1e-6)
    side *= np.sign(-side[1]) or 1.0
    a, b = (thick / 2 * lens.reach / z for z in (z0, z1))
    for near, far, tone in ((-1.0, 0.1, 0.55), (0.0, 1.0, 1.35)):
        u = (u0 + side[0] * a * far, u1 + side[0] * b * far, u1 + side[0] * b * near, u0 + side[0] * a * near)
        v = (v0 + side[1] * a * far, v1 + side[1] * b * far, v1 + side[1] * b * near, v0 + side[1] * a * near)
        polygon(layer, u, v, np.asarray(colour) * tone)


def rail(layer: Layer, lens: Lens, day: Day, places: np.ndarray, high: float, step: int = 2) -> None:
    """Draw a steel rail along places (n, 3), with stanchions at every step-th place and a wire halfway up."""
    light = day.shade * 1.4 + 0.4 * day.hour.power * np.float32(day.hour.sun)
    colour = np.float32(STEEL) * light
    up = np.array((0.0, high, 0.0))
    for index in range(len(places) - 1, -1, -1):
        if index % step == 0:
            bar(layer, lens, places[index], places[index] + up + (1e-4, 0, 0), 0.035, colour)
        if index:
            bar(layer, lens, places[index - 1] + up * 0.52, places[index] + up * 0.52, 0.018, colour)
            bar(layer, lens, places[index - 1] + up, places[index] + up, 0.045, colour * 1.15)


def sofa(rng, layer: Layer, lens: Lens, day: Day, x0: float, x1: float, z: float, base: float = 0.0) -> None:
    """Draw an upholstered bench with its back along z, from x0 to x1, and scatter pillows on it."""
    cloth = np.float32(CREAM[rng.integers(len(CREAM))])
    sun = np.float32(day.hour.sun) * day.hour.power
    upright, flat = day.shade * 1.05 + 0.12 * sun, day.shade * 1.25 + 0.42 * sun
    face(layer, lens, (x0, x1, x1, x0), base + np.array((0.4, 0.4, 0, 0)), z - 0.75, np.float32(GELCOAT) * upright)
    count = max(1, round((x1 - x0) / 0.75))
    edges = np.linspace(x0, x1, count + 1)
    for a, b in zip(edges[:-1], edges[1:], strict=True):
        gap = 0.012
        a, b = a + gap, b - gap
        tone = np.exp(rng.normal(0, 0.04))
        lean = base + np.array((0.88, 0.90, 0.90, 0.88, 0.5, 0.5))
        back = (a, a + 0.06, b - 0.06, b, b, a)
        face(layer, lens, back, lean, z, cloth * upright * tone)
        face(layer, lens, (a, b, b, a), base + np.array((0.9, 0.9, 0.84, 0.84)), z, cloth * flat * tone)
        face(layer, lens, (a, b, b, a), base + 0.52, (z, z, z - 0.75, z - 0.75), cloth * flat * tone)
        face(layer, lens, (a, b, b, a), base + np.array((0.52, 0.52, 0.4, 0.4)), z - 0.75, cloth * upright * 0.85)
    for x in rng.uniform(x0 + 0.2, x1 - 0.2, rng.integers(1, 4)):
        size, tilt = rng.uniform(0.2, 0.26), rng.uniform(-0.3, 0.3)
        turn = np.linspace(0, 2 * np.pi, 24, endpoint=False) + tilt
        px = size * np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** 0.5
        py = size * np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** 0.5
        colour = np.float32(PILLOWS[rng.integers(len(PILLOWS))])
        for reach, lift, tone in ((1.0, 0.0, 0.8), (0.9, 0.02, 1.0), (0.6, 0.05, 1.25)):
            face(layer, lens, x + reach * px, base + 0.5 + size + reach * py + lift, z - 0.18, colour * upright * tone)


def side_yacht(rng, layer: Layer, lens: Lens, day: Day, x: float, z: float, long: float, dim: float) -> None:
    """Draw a motor yacht seen from the side, its bow to the right or the left; the water lies at y = 0."""
    turn, size = rng.choice((-1, 1)), long / 16
    sun = np.float32(day.hour.sun) * day.hour.power
    light = day.shade * 1.1 + 0.5 * sun
    glow = np.float32(CABIN_LIGHT) * dim

    def part(px, py, colour) -> None:
        face(layer, lens, x + turn * size * np.asarray(px, float), size * np.asarray(py, float), z, colour)

    white = np.float32(GELCOAT) * light
    part(
        (-8, 8.6, 6.6, -7.6),
        (1.7, 2.5, 0.1, 0.1),
        white if rng.random() < 0.7 else np.float32((0.03, 0.04, 0.07)) * light,
    )
    part((-5, 5, 4.6, -5), (1.35, 1.75, 1.35, 1.0), np.float32(DARK_GLASS))
    part((-6.5, 2.2, 5.2, -6.5), (3.7, 3.7, 2.2, 1.7), white * 0.95)
    part((-5.6, 2.0, 3.8, -5.6), (3.4, 3.4, 2.5, 2.3), np.float32(DARK_GLASS) + 0.5 * glow)
    part((-7.2, 0.6, 2.4, -7.2), (4.0, 4.0, 3.7, 3.7), white)
    part((-3.6, 0.4, 1.6, -3.8), (4.9, 4.9, 4.0, 4.0), white * 0.8)
    part((-3.5, -0.2, 0.2, -3.5), (6.1, 6.1, 5.9, 5.9), white)
    part((-3.2, -2.8, -2.5, -2.9), (5.9, 5.9, 4.9, 4.9), white * 0.8)
    part((-6.8, -5.6, -5.6, -6.8), (3.6, 3.6, 2.0, 2.0), glow * 0.8 + 0.1 * white)
    for place in np.arange(-4.6, 3.6, 1.5):
        part(place + np.array((-0.06, 0.06, 0.06, -0.06)), (3.4, 3.4, 2.4, 2.4), white * 0.7)
    for place in (2.6, 4.0, 5.4, 6.8, 8.2):
        part(place + np.array((-0.03, 0.03, 0.03, -0.03)), (3.1, 3.1, 2.2, 2.2), np.float32(STEEL) * light)
    part((2.0, 8.4, 8.4, 2.0), (3.14, 3.18, 3.1, 3.06), np.float32(STEEL) * light * 1.3)


def sailing_boat(rng, layer: Layer, lens: Lens, day: Day, x: float, z: float) -> None:
    """Draw a moored sailing boat: hull, boom with its rolled sail, tall mast and stays."""
    light = day.shade * 1.1 + 0.35 * np.float32(day.hour.sun) * day.hour.power
    tall, long, turn = rng.uniform(13, 19), rng.uniform(4.0, 5.5), rng.choice((-1, 1))
    face(
        layer,
        lens,
        x + turn * long * np.array((-1, 1.1, 0.9, -0.95)),
        (1.2, 1.5, 0.1, 0.1),
        z,
        np.float32(GELCOAT) * light,
    )
    face(
        layer,
        lens,
        x + turn * long * np.array((-0.5, 0.3, 0.45, -0.5)),
        (1.9, 1.9, 1.4, 1.2),
        z,
        np.float32(GELCOAT) * light * 0.8,
    )
    cloth = np.float32(PILLOWS[rng.integers(len(PILLOWS))]) * light
    bar(layer, lens, (x, 2.8, z), (x - turn * long * 0.8, 2.9, z), 0.35, cloth)
    mast = np.float32((0.5, 0.5, 0.5) if rng.random() < 0.7 else (0.32, 0.2, 0.1)) * light
    bar(layer, lens, (x, 1.3, z), (x + 0.02, tall, z), 0.2, mast)
    for end in (-1.0, 1.08):
        bar(layer, lens, (x, tall, z), (x + turn * long * end, 1.4, z), 0.05, mast * 0.6)
