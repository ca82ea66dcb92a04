"""Trees and plants of southern gardens: cypresses, palms, clipped trees, hedges."""

import numpy as np

from .boats import face
from .daylight import Day
from .foliage import Leaves, crown, trunk
from .lighting import scaled
from .optics import Lens
from .plate import Layer
from .shapes import stamps

CYPRESS = Leaves((0.008, 0.014, 0.008), (0.024, 0.040, 0.020), (0.11, 0.135, 0.055), (0.34, 0.36, 0.11))
STONE = (0.48, 0.43, 0.36)


def evergreen(day: Day) -> Leaves:
    """Return the leaves of the moment, but of a tree that keeps them green."""
    level = day.weather.leaves.shade[2] / 0.018
    return CYPRESS if level > 0.5 else Leaves(*(scaled(tone, 0.28) for tone in vars(CYPRESS).values()))


def cypress(rng, layer: Layer, lens: Lens, day: Day, x: float, z: float, tall: float) -> None:
    """Draw a slender cypress."""
    metre = lens.reach / z
    u, foot = (float(place) for place in lens.project(x, 0, z))
    wide = tall * rng.uniform(0.085, 0.12)
    for low, high, share in ((0.02, 0.6, 1.0), (0.35, 0.85, 0.8), (0.65, 1.0, 0.5)):
        centre, half = foot - tall * (low + high) / 2 * metre, tall * (high - low) / 2 * metre
        crown(
            rng,
            layer,
            (u, centre),
            (wide * share * metre, half),
            day.weather.toward,
            evergreen(day),
            34,
            60,
            0.3,
            0.08 * metre,
        )


def palm(rng, layer: Layer, lens: Lens, day: Day, x: float, z: float, tall: float) -> None:
    """Draw a palm: a ringed trunk and a head of arching fronds."""
    metre, light = lens.reach / z, day.shade + 0.35 * day.hour.power * np.float32(day.hour.sun)
    u, foot = (float(place) for place in lens.project(x, 0, z))
    top = foot - tall * metre
    trunk(rng, layer, (u, foot), top, 0.3 * metre, day.side)
    leaves, t = evergreen(day), np.linspace(0, 1, 20)
    places, tones, lengths, angles = [], [], [], []
    for angle in rng.uniform(0, 2 * np.pi, 34):
        reach, rise, fall = rng.uniform(1.7, 2.6) * metre, rng.uniform(0.1, 1.0), rng.uniform(0.6, 0.95)
        px = u + reach * t * np.cos(angle) * (1 - 0.12 * t)
        py = top - reach * (t * rise - fall * t**2 + 0.15 * t * np.sin(angle)) + 0.1 * metre
        tone = np.float32(leaves.sunlit if np.cos(angle) * day.side > 0 else leaves.shade) * rng.uniform(0.7, 1.6)
        for hang in (-0.5, 0.5):
            places.append((px, py))
            tones.append(np.tile(tone * light / max(float(light.mean()), 1e-3) * (1.1 + hang * 0.4), (t.size, 1)))
            lengths.append(0.42 * metre * (1.1 - t))
            angles.append(np.full(t.size, np.pi / 2 + hang))
    px, py = np.concatenate(places, axis=1)
    stamps(layer, px, py, np.concatenate(tones), np.concatenate(lengths), np.concatenate(angles), 2)


def urn_tree(rng, layer: Layer, lens: Lens, day: Day, x: float, z: float) -> None:
    """A clipped tree in a stone urn."""
    metre, light = lens.reach / z, day.shade + 0.3 * day.hour.power * np.float32(day.hour.sun)
    face(layer, lens, x + 0.4 * np.array((-1, 1, 0.6, -0.6)), (0.8, 0.8, 0, 0), z, np.float32(STONE) * light)
    u, v = (float(place) for place in lens.project(x, 1.9, z))
    trunk(rng, layer, (u, v + 1.2 * metre), v, 0.09 * metre, day.side)
    crown(
        rng,
        layer,
        (u, v),
        (0.62 * metre, 0.62 * metre),
        day.weather.toward,
        day.weather.leaves,
        40,
        80,
        0.24,
        0.05 * metre,
    )


def hedge(rng, layer: Layer, lens: Lens, day: Day, x: float, z: float, long: float) -> None:
    """Draw a clipped hedge from z to z + long metres, its inner face towards the path."""
    metre = lens.reach / z
    count = 900
    inner = x - np.sign(x) * 0.6
    depth = rng.uniform(z, z + long, count)
    on_top = rng.random(count) < 0.4
    px = np.where(on_top, inner + np.sign(x) * rng.uniform(0, 0.8, count), inner)
    u, v = lens.project(px, np.where(on_top, 0.75, rng.uniform(0, 0.75, count)), depth)
    leaves = day.weather.leaves
    tone = np.where(on_top[:, None], np.float32(leaves.sunlit), np.float32(leaves.shade) * 0.9) * np.exp(
        rng.normal(0, 0.3, (count, 1))
    )
    corners = (inner, inner + np.sign(x) * 0.8, inner + np.sign(x) * 0.8, inner)
    face(layer, lens, inner, (0.75, 0.75, 0, 0), (z + long, z, z, z + long), np.float32(leaves.shade) * 0.8)
    face(layer, lens, corners, (0.75, 0.75, 0, 0), z, np.float32(leaves.shade) * 0.7)
    face(layer, lens, corners, 0.75, (z + long, z + long, z, z), np.float32(leaves.sunlit) * 0.8)
    stamps(layer, u, v, tone.astype(np.float32), 0.07 * metre, rng.uniform(0, np.pi, count), 2)
