"""Sky and the ground that runs to the horizon, in perspective."""

import cv2
import numpy as np

from .noise import clouds
from .optics import Lens
from .plate import Layer

SUN_GLOW = 5.0  # radiance of the sky close to a low sun, display white = 1


def sky(
    rng: np.random.Generator, layer: Layer, sun: tuple[float, float], zenith, haze, glow, horizon: float
) -> None:
    """Fill the layer with a sky: zenith colour above, haze colour at the horizon, a warm glow round the sun (u, v)."""
    height = np.clip((horizon - layer.v) / 0.5, 0, 1)
    veil = (1 - height) ** 1.6 + 0 * layer.u
    streaks = clouds(rng, layer, 0.16, 4, 0.55, 2.6)
    cloud = np.clip(0.35 * streaks - 0.05, 0, 1) * (0.35 + 0.65 * height)
    away = np.hypot(layer.u - sun[0], layer.v - sun[1])
    flare = 0.16 / (1 + (away / 0.10) ** 2) + 0.05 / (1 + (away / 0.35) ** 2)
    base = np.asarray(zenith) * (1 - veil[..., None]) + np.asarray(haze) * veil[..., None]
    base = base * (1 + 0.5 * cloud[..., None] * np.asarray((1.1, 1.0, 0.92)))
    layer.rgb[...] = base + SUN_GLOW * flare[..., None] * np.asarray(glow)
    layer.alpha[...] = 1


class Ground:
    """The plane under the subject, as far as a layer shows it: world coordinates and coverage for every pixel."""

    def __init__(self, layer: Layer, lens: Lens, far: float = 400.0, slope: float = 0.0):
        fall = np.maximum(layer.v - lens.horizon + slope * layer.u, 1e-4)
        self.z = np.minimum(lens.reach * lens.eye_m / fall, far)
        self.x = layer.u * self.z / lens.reach
        edge = lens.reach * lens.eye_m / far
        above = layer.v - lens.horizon + slope * layer.u - edge
        self.mask = np.clip(above * layer.scale + 0.5, 0, 1).astype(np.float32) + 0 * layer.u

    def noise(self, rng: np.random.Generator, cell: float, deep: float = 1.0, octaves: int = 3) -> np.ndarray:
        """Return noise lying on the ground; cell is its width in metres, deep its length divided by its width."""
        total, power = 0.0, 0.0
        for octave in range(octaves):
            size = cell * 0.5**octave
            grid = rng.standard_normal((256, 256), dtype=np.float32)
            column = (self.x / size + 128) % 255
            row = (np.log1p(self.z / 4) * 4 / (size * deep) * 1.6 + 0 * self.x) % 255
            total = total + 0.55**octave * cv2.remap(
                grid, column.astype(np.float32), row.astype(np.float32), cv2.INTER_LINEAR
            )
            power += 0.55 ** (2 * octave)
        return 1.3 * total / np.sqrt(power)
