"""Smooth random fields over the frame, the same at every picture size and shape."""

import cv2
import numpy as np

from .plate import Layer

SPAN = 1.2  # frame lengths a field covers, see Layer.sample


def smooth(rng: np.random.Generator, layer: Layer, cell: float, stretch: float = 1.0) -> np.ndarray:
    """Return noise of mean 0 and deviation about 1 whose blobs are cell frame lengths high.

    stretch: width of the blobs divided by their height.
    """
    rows = int(np.ceil(SPAN / cell)) + 3
    columns = int(np.ceil(SPAN / (cell * stretch))) + 3
    grid = rng.standard_normal((rows, columns), dtype=np.float32)
    side = max(rows, columns)
    if rows != columns:
        grid = cv2.resize(grid, (side, side), interpolation=cv2.INTER_CUBIC)
    return 1.35 * layer.sample(grid, cv2.INTER_CUBIC)


def clouds(
    rng: np.random.Generator, layer: Layer, cell: float, octaves: int = 4, gain: float = 0.5, stretch: float = 1.0
) -> np.ndarray:
    """Return fractal noise of deviation about 1, from blobs of cell frame lengths down to finer ones."""
    total, weight, power = 0.0, 1.0, 0.0
    for _ in range(octaves):
        total = total + weight * smooth(rng, layer, cell, stretch)
        power += weight**2
        weight *= gain
        cell *= 0.5
    return total / np.sqrt(power)
