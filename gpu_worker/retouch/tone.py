"""Exposure, contrast, colour, vignette and grain of a whole frame, in linear light until the end."""

from collections.abc import Callable

import cv2
import numpy as np

from gpu_worker.compositor.skin import LUMA
from gpu_worker.pictures import linear_to_srgb

from .recipe import Recipe

STOPS = 1.3  # exposure of 1
PIVOT = 0.42  # encoded grey that contrast leaves alone
GRAIN_SIDE = 720  # pixels of the frame's shorter side at which grain has its own size
SEED = 7


def develop(linear: np.ndarray, recipe: Recipe) -> np.ndarray:
    """The frame (linear float32 (h, w, 3)) as sRGB uint8 with the recipe's tones and grade."""
    picture = linear * np.float32(2.0 ** (STOPS * recipe.tone("exposure")))
    picture *= _white_balance(recipe.tone("temperature"))
    _saturate(picture, 1 + 0.8 * recipe.tone("saturation"))
    _vignette(picture, recipe.tone("vignette"))
    encoded = linear_to_srgb(_shoulder(picture)).astype(np.float32) / 255
    encoded = _contrast(encoded, recipe.tone("contrast"))
    if recipe.grade:
        encoded = GRADES[recipe.grade](encoded)
    _sharpen(encoded, recipe.tone("sharpness"))
    _grain(encoded, recipe.tone("grain"))
    return (np.clip(encoded, 0, 1) * 255 + 0.5).astype(np.uint8)


def _white_balance(amount: float) -> np.ndarray:
    """Gains of the channels, brightness kept: positive is warmer."""
    gains = np.exp(np.float32(amount) * np.array([0.24, 0.02, -0.42], np.float32))
    return (gains / (gains @ LUMA)).astype(np.float32)


def _saturate(picture: np.ndarray, amount: float) -> None:
    if amount == 1:
        return
    grey = cv2.transform(picture, LUMA[None])[..., None]
    picture -= grey
    picture *= np.float32(max(amount, 0.0))
    picture += grey
    np.maximum(picture, 0, out=picture)


def _vignette(picture: np.ndarray, strength: float) -> None:
    if strength <= 0:
        return
    height, width = picture.shape[:2]
    y = ((np.arange(height, dtype=np.float32) + 0.5) / height - 0.5)[:, None] * 2
    x = ((np.arange(width, dtype=np.float32) + 0.5) / width - 0.5)[None] * 2
    distance = np.clip((x * x + y * y) / 2, 0, 1)
    picture *= (1 - 0.8 * min(strength, 1.2) * distance**1.3)[..., None].clip(0)


def _shoulder(picture: np.ndarray, start: float = 0.85) -> np.ndarray:
    """Highlights roll off below 1 instead of being cut; what is darker stays as it is."""
    peak = picture.max(axis=2)
    if float(peak.max()) <= 1.0:
        return picture
    span = 1 - start
    rolled = np.where(peak > start, 1 - span * np.exp(-(peak - start) / span), peak)
    return picture * (rolled / np.maximum(peak, 1e-6))[..., None]


def _contrast(encoded: np.ndarray, amount: float) -> np.ndarray:
    if amount == 0:
        return encoded
    power = float(np.exp(0.55 * amount))
    low = PIVOT * (np.minimum(encoded, PIVOT) / PIVOT) ** power
    high = 1 - (1 - PIVOT) * ((1 - np.maximum(encoded, PIVOT)) / (1 - PIVOT)) ** power
    return np.where(encoded < PIVOT, low, high).astype(np.float32)


def _sharpen(encoded: np.ndarray, amount: float) -> None:
    if amount == 0:
        return
    soft = cv2.GaussianBlur(encoded, (0, 0), max(0.8, min(encoded.shape[:2]) / 600))
    encoded += np.float32(0.9 * amount) * np.clip(encoded - soft, -0.08, 0.08)


def _grain(encoded: np.ndarray, strength: float) -> None:
    if strength <= 0:
        return
    height, width = encoded.shape[:2]
    noise = np.random.default_rng(SEED).standard_normal((height, width), np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), max(0.4, 0.6 * min(height, width) / GRAIN_SIDE))
    luma = encoded.mean(axis=2)
    encoded += (noise * 0.075 * strength * (0.3 + 1.6 * luma * (1 - luma)))[..., None]


def _split(shadows: tuple[float, float, float], lights: tuple[float, float, float], contrast: float, colour: float):
    """A grade that tints shadows and lights apart; tints are added to the encoded values."""

    def grade(encoded: np.ndarray) -> np.ndarray:
        encoded = _contrast(encoded, contrast)
        luma = encoded @ LUMA
        tint = (1 - luma)[..., None] ** 2 * np.float32(shadows) + luma[..., None] ** 1.2 * np.float32(lights)
        grey = luma[..., None]
        return grey + colour * (encoded - grey) + tint * (4 * luma * (1 - luma) + 0.25)[..., None].clip(0, 1)

    return grade


def _black_white(encoded: np.ndarray) -> np.ndarray:
    # Red weighs more than the eye gives it, as with a yellow filter: skin gets lighter and blemishes fade.
    grey = encoded @ np.array([0.42, 0.42, 0.16], np.float32)
    return np.repeat(_contrast(grey, 0.25)[..., None], 3, axis=2)


GRADES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "black_white": _black_white,
    "cinematic": _split((-0.03, 0.02, 0.07), (0.06, 0.015, -0.06), 0.25, 0.95),
    "vintage": _split((0.05, 0.02, 0.03), (0.05, 0.03, -0.07), -0.15, 0.72),
    "noir": lambda encoded: _black_white(_contrast(encoded, 0.75)),
    "pastel": _split((0.08, 0.06, 0.10), (0.02, 0.0, 0.02), -0.3, 0.85),
    "vivid": _split((0.0, 0.0, 0.02), (0.01, 0.0, 0.0), 0.3, 1.35),
    "moody": _split((-0.02, 0.01, 0.03), (-0.03, -0.03, -0.04), 0.35, 0.72),
    "neon": _split((0.10, -0.04, 0.18), (-0.02, 0.02, 0.07), 0.4, 1.25),
    "sunset": _split((0.05, -0.01, 0.03), (0.07, 0.015, -0.08), 0.1, 1.06),
    "night": _split((-0.04, -0.01, 0.10), (-0.10, -0.06, 0.03), 0.25, 0.75),
}
