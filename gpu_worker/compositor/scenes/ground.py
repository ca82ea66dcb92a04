"""Sky and the ground that runs to the horizon, in perspective."""

import cv2
import numpy as np

from .noise import clouds
from .optics import Lens
from .plate import Layer

GRID = 384  # pixels of the noise that is laid on the ground
SUN_GLOW = 5.0  # radiance of the sky close to a low sun, display white = 1


def sky(rng: np.random.Generator, layer: Layer, sun: tuple[float, float], zenith, haze, glow, horizon: float) -> None:
    """Fill the layer with a sky: zenith colour above, haze colour at the horizon, a warm glow round the sun (u, v)."""
    height = np.clip((horizon - layer.v) / 0.5, 0, 1)
    veil = (1 - height) ** 1.6 + 0 * layer.u
    streaks = clouds(rng, layer, 0.16, 4, 0.55, 2.6)
    cloud = np.clip(0.35 * streaks - 0.05, 0, 1) * (0.35 + 0.65 * height)
    away = np.hypot(layer.u - sun[0], layer.v - sun[1])
    flare = 0.16 / (1 + (away / 0.10) ** 2) + 0.05 / (1 + (away / 0.35) ** 2)
    base = np.float32(zenith) * (1 - veil[..., None]) + np.float32(haze) * veil[..., None]
    base = base * (1 + 0.5 * cloud[..., None] * np.float32((1.1, 1.0, 0.92)))
    layer.rgb[...] = base + SUN_GLOW * flare[..., None] * np.float32(glow)
    layer.alpha[...] = 1


class Ground:
    """The plane under the subject, as far as a layer shows it.

    rows: the rows of the layer that show it; u, v, x, z: frame coordinates and metres of each of their pixels;
    mask: coverage of the whole layer.
    """

    def __init__(self, layer: Layer, lens: Lens, far: float = 400.0):
        height, width = layer.pixels.shape[:2]
        edge = lens.horizon + lens.reach * lens.eye_m / far
        first = int(np.clip(np.floor((edge - layer.top) * layer.scale) - 1, 0, height - 1))
        self.rows = slice(first, height)
        self.u, self.v = layer.u, layer.v[self.rows]
        depth = np.minimum(lens.reach * lens.eye_m / np.maximum(self.v - lens.horizon, 1e-4), far)
        self.z = np.repeat(depth, width, 1).astype(np.float32)
        self.x = (layer.u * self.z / lens.reach).astype(np.float32)
        self.mask = np.repeat(np.clip((layer.v - edge) * layer.scale + 0.5, 0, 1), width, 1).astype(np.float32)

    def paint(self, layer: Layer, rgb, coverage=1.0) -> None:
        """Lay a colour image of the ground's rows over the layer."""
        mask = (self.mask[self.rows] * coverage)[..., None]
        part = layer.pixels[self.rows]
        part *= 1 - mask
        part[..., :3] += mask * rgb
        part[..., 3:] += mask

    def noise(self, rng: np.random.Generator, cell: float, deep: float = 1.0) -> np.ndarray:
        """Return noise lying on the ground; cell is its width in metres, deep its length divided by its width."""
        grid = sum(
            weight * cv2.resize(rng.standard_normal((side, side), dtype=np.float32), (GRID, GRID))
            for side, weight in ((GRID // 4, 1.1), (GRID // 2, 0.5), (GRID, 0.3))
        )
        column = self.x * (4 / cell) + GRID / 2
        row = np.log1p(self.z * 0.25) * (25.6 / (cell * deep)) % (2 * GRID)
        return cv2.remap(grid, column, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
