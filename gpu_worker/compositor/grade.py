"""Put a style on a picture: on the scene before it is finished, and on the tones of the finished pixels."""

from dataclasses import replace
from functools import cache

import cv2
import numpy as np

from .scene import Scene
from .styles import STYLES


def style_scene(scene: Scene, style: str) -> Scene:
    """The scene with the style's contrast, saturation, grain, bloom and vignette."""
    wish = STYLES[style]
    return replace(
        scene,
        contrast=scene.contrast * wish.contrast,
        saturation=scene.saturation * wish.saturation,
        grain=scene.grain * wish.grain,
        bloom=scene.bloom * wish.bloom,
        vignette=max(0.0, scene.vignette + wish.vignette),
    )


def tone(rgb: np.ndarray, style: str) -> np.ndarray:
    """The finished picture, sRGB uint8 (h, w, 3), in the style's tones; the same array where it has none."""
    table = _tones(style)
    return rgb if table is None else cv2.LUT(rgb, table)


@cache
def _tones(style: str) -> np.ndarray | None:
    """Table uint8 (1, 256, 3) from tone to tone for each channel."""
    wish = STYLES[style]
    if not (wish.exposure or wish.black) and wish.shadows == wish.highlights == (1.0, 1.0, 1.0):
        return None
    value = np.arange(256) / 255
    # More light that rolls off towards white, so that no highlight burns out; less light simply darkens.
    gain = 2 ** (wish.exposure / 2.2)
    lit = value * gain if gain <= 1 else value * gain / (1 + (gain - 1) * value)
    light = lit[:, None]
    tinted = light * (np.array(wish.shadows) * (1 - light) + np.array(wish.highlights) * light)
    lifted = wish.black + (1 - wish.black) * tinted
    return np.rint(np.clip(lifted, 0, 1) * 255).astype(np.uint8)[None]
