"""New light on the person where they stand: the base picture times new light over old, and light from behind."""

import cv2
import numpy as np

from gpu_worker.compositor.geometry import cast_shadow
from gpu_worker.compositor.skin import LUMA
from gpu_worker.compositor.subject import Subject

from .colours import linear_of
from .person import warp
from .recipe import LightWish

# Unit vectors towards the light; x right, y up, z towards the camera.
DIRECTIONS = {
    "left": (-0.83, 0.28, 0.48),
    "right": (0.83, 0.28, 0.48),
    "top": (0.0, 0.86, 0.51),
    "front": (0.0, 0.2, 0.98),
    "back": (0.35, 0.3, 0.89),
}
TAKEN = 0.75  # share of the photo's own light and shade that is taken away first
POWER = 0.6  # how far new light goes; measured: the full relief of light and shade costs 0.05 of likeness
TINT = 0.65  # of a light's colour that skin shows
RIM_TINT = 0.95
LEAST_SHADOW = 0.2  # darker than this a face is no longer recognised


def direction_of(wish: LightWish, subject: Subject, mirrored: bool) -> np.ndarray:
    """Where the light comes from before the picture is mirrored; without a wish the side that the photo is lit from."""
    side = wish.source or ("left" if subject.shading[1] < 0 else "right")
    x, y, z = DIRECTIONS[side]
    if mirrored and wish.source:
        x = -x
    return np.array([x, y, z], np.float32) / np.float32(np.linalg.norm((x, y, z)))


def tint_of(name: str, kept: float = TINT) -> np.ndarray:
    """A light's colour with brightness 1, float32 (3,); deep colours stay darker, or they would glow."""
    if not name:
        return np.ones(3, np.float32)
    colour = np.maximum(linear_of(name), 0.02)
    return ((colour / max(float(colour @ LUMA), 0.3 * float(colour.max()))) ** kept).astype(np.float32)


def relight(
    linear: np.ndarray, alpha: np.ndarray, subject: Subject, matrix: np.ndarray, wish: LightWish, mirrored: bool
) -> np.ndarray:
    """The frame, linear float32 (h, w, 3), with other light on the person.

    alpha: float32 (h, w), the person in the frame; matrix: from the cut-out's pixels to the frame's.
    """
    size = alpha.shape[1::-1]
    drama = wish.drama + (0.25 if wish.source in ("left", "right", "top") else 0.0)
    shade = _new_over_old(subject, direction_of(wish, subject, mirrored), drama, tint_of(wish.colour), wish.strength)
    small = subject.normals.shape[1] / subject.alpha.shape[1]
    shrunk = matrix.copy()
    shrunk[:, :2] /= small
    shrunk[:, 2] += matrix[:, :2] @ np.full(2, 0.5 / small - 0.5)
    shade = warp(shade, shrunk, size, cv2.BORDER_REPLICATE)
    behind = np.float32(1 - 0.75 * np.clip(drama - 0.1, 0, 0.9))
    factor = behind + alpha[..., None] * (np.maximum(shade, 0) - behind)
    picture = linear * factor
    for rim, towards in _rims(wish, drama, mirrored):
        unit = subject.face[3] * float(np.hypot(matrix[0, 0], matrix[1, 0]))
        picture += _rim(linear, alpha, towards, unit)[..., None] * rim
    return picture


def _new_over_old(
    subject: Subject, direction: np.ndarray, drama: float, tint: np.ndarray, strength: float
) -> np.ndarray:
    """Gains of linear light at the relief's size, float32 (h, w, 3); about 1 where the light falls on the face."""
    normals = subject.normals.astype(np.float32)
    old = np.clip(subject.shading[0] + normals @ subject.shading[1:], 0.45, 1.8) ** np.float32(-TAKEN)
    softness = float(np.clip(0.55 - 0.4 * drama, 0.1, 0.95))
    fill = float(np.clip(0.34 - 0.22 * drama, LEAST_SHADOW * 0.8, 0.6))
    wrap = 0.25 + 0.4 * softness
    facing = np.clip((normals @ direction + wrap) / (1 + wrap), 0, 1)
    shadow = cast_shadow(subject.relief, tuple(float(value) for value in direction), softness)
    key = facing ** (1.3 - 0.3 * softness) * (1 - (0.75 - 0.4 * softness) * (1 - shadow))
    light = (key + fill * (0.85 + 0.15 * normals[..., 1])) * old
    x, y, w, h = (value * normals.shape[1] / subject.alpha.shape[1] for value in subject.face)
    face = light[max(0, round(y + 0.15 * h)) : round(y + 0.85 * h), max(0, round(x + 0.1 * w)) : round(x + 0.9 * w)]
    light = np.maximum(light / max(float(np.percentile(face, 80)), 1e-3), LEAST_SHADOW)
    light = (np.float32(1.06) * light ** np.float32(POWER * strength)).astype(np.float32)
    # The tint belongs to the light: shadows keep the photo's own colour.
    lit = np.clip(light, 0, 1)[..., None]
    return light[..., None] * (1 + lit * (tint - 1))


def _rims(wish: LightWish, drama: float, mirrored: bool) -> list[tuple[np.ndarray, tuple[float, float]]]:
    """Colours of the lights from behind, and where each comes from on screen (x right, y up)."""
    sides = {"left": (0.9, 0.35), "right": (-0.9, 0.35)}
    x, y = sides.get(wish.source, (0.9, 0.4))
    towards = (-x if mirrored else x, y)
    if wish.rim:
        colour = 0.9 * tint_of(wish.rim, RIM_TINT)
        return [(colour, towards), (0.6 * colour, (-towards[0], towards[1]))]
    if wish.source == "back":
        return [(1.4 * tint_of(wish.colour, RIM_TINT), (side, 0.5)) for side in (-0.8, 0.8)]
    if drama > 0.3:
        return [(0.8 * drama * tint_of(wish.colour), towards)]
    return []


def _rim(linear: np.ndarray, alpha: np.ndarray, towards: tuple[float, float], unit: float) -> np.ndarray:
    """How much light from behind catches the outline, float32 (h, w); it follows hair and cloth."""
    total = np.zeros_like(alpha)
    across = float(np.hypot(*towards))
    for width, weight in ((0.02, 0.45), (0.05, 0.5)):
        soft = cv2.GaussianBlur(alpha, (0, 0), max(0.6, width * unit))
        down = cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=3)
        right = cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=3)
        length = np.sqrt(down * down + right * right) + 1e-6
        facing = np.clip((-towards[0] * right + towards[1] * down) / (across * length), 0, 1)
        total += weight * facing * np.clip(2 * (1 - soft), 0, 1)
    luma = cv2.transform(linear, LUMA[None])
    return total * alpha * (0.75 * luma + 0.06)
