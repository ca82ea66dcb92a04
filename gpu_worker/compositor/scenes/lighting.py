"""How light falls: pools on walls, spill from large sources, colour temperatures, and Light data for the subject."""

import numpy as np

from ..scene import RGB, Light
from .plate import Layer

# Linear-light RGB of common sources on a camera balanced for daylight, largest channel 1.
LOW_SUN = (1.0, 0.74, 0.43)
TUNGSTEN = (1.0, 0.62, 0.27)
FLASH = (1.0, 0.985, 0.97)


def aim(side: float, height: float, front: float, colour, intensity: float = 1.0, softness: float = 0.5) -> Light:
    """Return a Light from a direction of any length (side to the right, height up, front to the camera)."""
    direction = np.array([side, height, front], np.float64)
    direction /= np.linalg.norm(direction)
    tint = np.asarray(colour, np.float64) / max(colour)
    return Light(_plain(direction), _plain(tint), float(intensity), float(softness))


def mix(first, second, share: float) -> RGB:
    """Return the colour share of the way from first to second."""
    return _plain(np.asarray(first) * (1 - share) + np.asarray(second) * share)


def scaled(colour, factor: float) -> RGB:
    return _plain(np.asarray(colour) * factor)


def pool(layer: Layer, u: float, v: float, distance: float, squash: float = 1.0) -> np.ndarray:
    """Return the light that a bare lamp distance frame lengths before a wall throws on it, 1 at its brightest.

    squash: how much higher than wide the pool is (a tilted lamp).
    """
    away = ((layer.u - u) ** 2 + ((layer.v - v) / squash) ** 2) / distance**2
    return (1 + away) ** -1.5


def side_fall(layer: Layer, side: float, reach: float, height: float = 0.4) -> np.ndarray:
    """Return the fall-off of a large source that stands reach frame lengths off one side (-1 left, 1 right)."""
    away = (layer.u - side * (0.5 + reach)) ** 2 + 0.6 * (layer.v - height) ** 2
    return reach**2 / np.maximum(away, reach**2 * 0.2)


def tinted(*fields) -> np.ndarray:
    """Return the sum of (field, colour) pairs as an RGB image."""
    return sum(field[..., None] * np.asarray(colour, np.float32) for field, colour in fields)


def _plain(values) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
