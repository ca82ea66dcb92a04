"""From a lit subject and a plate to one photograph: composite, stray light, tone, vignette, grain, 8 bits."""

from functools import cache

import cv2
import numpy as np

from .relight import Lit
from .scene import Scene
from .skin import LUMA

VEIL = 0.025  # share of the scene's light that scatters in the lens onto everything
WRAP = 0.35
STEPS = 4096
PIVOT = 0.42


def finish(lit: Lit, scene: Scene, face_height: float, rng: np.random.Generator) -> np.ndarray:
    """The finished picture, sRGB uint8 (height, width, 3). face_height: pixels in the frame."""
    picture = _composite(lit, scene, face_height)
    _bloom(picture, scene.bloom)
    _vignette(picture, scene.vignette)
    _saturate(picture, scene.saturation)
    encoded = _encode(picture, scene.contrast)
    return _grain(encoded, scene.grain, rng)


def _composite(lit: Lit, scene: Scene, face_height: float) -> np.ndarray:
    alpha = lit.alpha
    height, width = alpha.shape
    around = cv2.resize(scene.plate, (width // 8, height // 8), interpolation=cv2.INTER_AREA)
    near = cv2.GaussianBlur(around, (0, 0), 0.12 * face_height / 8)
    near = cv2.resize(near, (width, height), interpolation=cv2.INTER_LINEAR)
    edge = np.clip(1.25 - cv2.GaussianBlur(alpha, (0, 0), 0.03 * face_height) * 1.35, 0, 1)
    far = cv2.resize(cv2.GaussianBlur(around, (0, 0), 0.25 * width / 8), (width, height))
    front = lit.colour + near * (WRAP * edge)[..., None]
    front += VEIL * (far - front)
    share = alpha[..., None]
    picture = scene.plate * (1 - share)
    picture += front * share
    if scene.foreground is not None:
        picture *= 1 - scene.foreground[..., 3:]
        picture += scene.foreground[..., :3]
    return picture


def _bloom(picture: np.ndarray, strength: float) -> None:
    if strength <= 0:
        return
    height, width = picture.shape[:2]
    small = cv2.resize(picture, (width // 4, height // 4), interpolation=cv2.INTER_AREA)
    luma = cv2.transform(small, LUMA[None])
    small *= np.clip((luma - 0.45) / 0.5, 0, 1)[..., None]
    glow = 0.6 * cv2.GaussianBlur(small, (0, 0), 0.01 * width / 4) + cv2.GaussianBlur(small, (0, 0), 0.04 * width / 4)
    glow = cv2.resize(glow, (width, height), interpolation=cv2.INTER_LINEAR) * strength
    picture += glow * (1 - np.minimum(picture, 1))


def _vignette(picture: np.ndarray, strength: float) -> None:
    height, width = picture.shape[:2]
    y = ((np.arange(height, dtype=np.float32) + 0.5) / height - 0.47)[:, None] * 2
    x = ((np.arange(width, dtype=np.float32) + 0.5) / width - 0.5)[None] * 2
    distance = np.minimum((x * x + y * y) / 2, 1)
    picture *= (1 - 0.75 * strength * distance ** np.float32(1.4))[..., None]


def _saturate(picture: np.ndarray, amount: float) -> None:
    luma = cv2.transform(picture, LUMA[None])[..., None]
    picture *= amount
    picture += (1 - amount) * luma


@cache
def _curve(contrast: float) -> np.ndarray:
    """Linear light in STEPS * STEPS parts of its square root to the encoded value 0-1, with an S-shaped tone curve."""
    linear = (np.arange(STEPS, dtype=np.float64) / (STEPS - 1)) ** 2
    encoded = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    bent = np.where(
        encoded < PIVOT,
        PIVOT * (encoded / PIVOT) ** contrast,
        1 - (1 - PIVOT) * ((1 - encoded) / (1 - PIVOT)) ** contrast,
    )
    return bent.astype(np.float32)


def _encode(picture: np.ndarray, contrast: float) -> np.ndarray:
    np.clip(picture, 0, 1, out=picture)
    steps = (cv2.sqrt(picture) * np.float32(STEPS - 1) + np.float32(0.5)).astype(np.uint16)
    return _curve(round(float(contrast), 3))[steps]


def _grain(encoded: np.ndarray, strength: float, rng: np.random.Generator) -> np.ndarray:
    """Film grain over subject and scene alike, strongest in the middle tones; it also hides 8-bit steps."""
    height, width = encoded.shape[:2]
    noise = cv2.GaussianBlur(rng.standard_normal((height, width, 3), np.float32), (0, 0), 0.55)
    grey = cv2.transform(noise, np.full((1, 3), 1.3, np.float32))
    luma = encoded.mean(axis=2)
    amount = strength * (0.3 + 1.6 * luma * (1 - luma))
    encoded += (amount * grey)[..., None]
    noise *= (amount * np.float32(0.7))[..., None]
    encoded += noise
    np.clip(encoded, 0, 1, out=encoded)
    return (encoded * 255 + np.float32(0.5)).astype(np.uint8)
