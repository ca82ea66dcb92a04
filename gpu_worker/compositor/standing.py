"""Where a whole person stands: the shadow that ties the feet to the floor."""

from dataclasses import replace

import cv2
import numpy as np

from .scene import Scene

FLAT = 0.13  # how deep a shadow on the floor looks by its width: the camera stands at chest height
SPREADS = ((0.05, 0.5), (0.16, 0.42))  # blur by the height of the person, strength: contact, and the wider shade
SOLE = 0.03  # height of what touches the floor, by the height of the person


def lay_shadow(scene: Scene, alpha: np.ndarray) -> Scene:
    """The scene with the shadow of a person with this matte, float32 (height, width), under the feet."""
    rows = np.nonzero((alpha > 0.5).any(axis=1))[0]
    if not len(rows):
        return scene
    top, bottom = int(rows[0]), int(rows[-1])
    tall = bottom - top + 1
    sole = alpha[max(top, bottom - max(2, round(SOLE * tall))) : bottom + 1].max(axis=0)
    light = np.ones_like(alpha)
    for spread, strength in SPREADS:
        side = 2 * max(1, round(2.5 * spread * tall)) + 1
        across = cv2.GaussianBlur(sole[None], (side, 1), spread * tall, borderType=cv2.BORDER_CONSTANT)[0]
        away = (np.arange(len(alpha), dtype=np.float32) - (bottom - 0.4 * SOLE * tall)) / (spread * FLAT * 4 * tall)
        light *= 1 - strength * np.minimum(1, 1.6 * across)[None] * np.exp(-(away**2))[:, None]
    return replace(scene, plate=scene.plate * light[..., None])
