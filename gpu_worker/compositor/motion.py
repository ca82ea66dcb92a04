"""Movement of the camera with the subject: the place behind is smeared along one direction, the person is not."""

from dataclasses import replace

import cv2
import numpy as np

from .scene import Scene

SMALLER = 4  # what is smeared needs no more pixels
RISE = 0.12  # radians by which the movement may leave the level


def pan(scene: Scene, length: float, rng: np.random.Generator) -> Scene:
    """The scene as a camera sees it that follows the subject; length: of the smear by the width of the frame."""
    height, width = scene.plate.shape[:2]
    reach = length * width * rng.uniform(0.8, 1.2) / SMALLER
    angle = rng.uniform(-RISE, RISE)
    small = cv2.resize(scene.plate, (width // SMALLER, height // SMALLER), interpolation=cv2.INTER_AREA)
    smeared = cv2.filter2D(small, -1, _line(reach, angle), borderType=cv2.BORDER_REPLICATE)
    return replace(scene, plate=cv2.resize(smeared, (width, height), interpolation=cv2.INTER_CUBIC).clip(0, 1))


def _line(length: float, angle: float) -> np.ndarray:
    """Normalised float32 kernel of a line with soft ends; a shutter opens and closes gradually."""
    half = int(np.ceil(length / 2)) + 1
    steps = np.arange(-half, half + 1, dtype=np.float32)
    along = steps[None] * np.cos(angle) + steps[:, None] * np.sin(angle)
    across = -steps[None] * np.sin(angle) + steps[:, None] * np.cos(angle)
    kernel = np.clip(length / 2 - np.abs(along) + 0.5, 0, 1) * np.clip(1 - np.abs(across), 0, 1)
    kernel *= (1 - 0.5 * (2 * along / length) ** 2).clip(0.3)
    return (kernel / kernel.sum()).astype(np.float32)
