"""Judge a photo of a face: its light, its clarity and the angle of the head, each measured, with advice in words."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from gpu_worker.identity.faces import Face

# Widths in pixels at which the face is looked at for detail, a factor of about 1.4 apart.
DETAIL_WIDTHS = (40, 57, 80, 113, 160, 226, 320)
# Edges of a crisp face, as deviation of the Laplacian over the contrast of the face, are stronger than this.
CRISP_EDGES = 0.2
TONE_WIDTH = 112


@dataclass(frozen=True)
class Measures:
    """What was measured on one face. Tones are sRGB luma, 0-1; angles are degrees, 0 = straight at the camera.

    middle, highlight, contrast: median, 95th percentile and 5-95 % range of the face's tones.
    clipped: share of the face that is pure white. imbalance: 0 = both halves equally lit, 1 = one half black.
    behind: median tone of the rest of the picture. width: of the face in pixels; detail: its true width, that
    is, the largest at which it is still crisp. cut_off: share of the face outside the picture.
    """

    middle: float
    highlight: float
    contrast: float
    clipped: float
    imbalance: float
    behind: float
    width: float
    detail: float
    yaw: float
    pitch: float
    roll: float
    cut_off: float


@dataclass(frozen=True)
class Scores:
    """Quality of one photo, each 0 (unusable) to 1 (as good as it gets)."""

    lighting: float
    clarity: float
    angle: float
    overall: float


def measure_face(rgb: np.ndarray, face: Face) -> Measures:
    """Measure one face of an RGB uint8 picture."""
    left, top, width, height = face.box
    rows, columns = rgb.shape[:2]
    x0, x1 = max(0, round(left)), min(columns, round(left + width))
    y0, y1 = max(0, round(top)), min(rows, round(top + height))
    luma = cv2.cvtColor(rgb[y0:y1, x0:x1], cv2.COLOR_RGB2GRAY)
    tones = _at_width(luma, TONE_WIDTH / width)
    inside = _face_mask(tones.shape)
    half = tones.shape[1] // 2
    low, middle, highlight = np.percentile(tones[inside], (5, 50, 95))
    one, other = tones[:, :half][inside[:, :half]].mean(), tones[:, half:][inside[:, half:]].mean()
    yaw, pitch, roll = estimate_angles(face.landmarks)
    return Measures(
        middle=float(middle),
        highlight=float(highlight),
        contrast=float(highlight - low),
        clipped=float((tones[inside] > 0.97).mean()),
        imbalance=float(abs(one - other) / max(one + other, 0.02)),
        behind=_tone_behind(rgb, (x0, y0, x1, y1)),
        width=width,
        detail=measure_detail(luma, width),
        yaw=yaw,
        pitch=pitch,
        roll=roll,
        cut_off=max(0.0, 1 - (x1 - x0) * (y1 - y0) / max(width * height, 1.0)),
    )


def measure_detail(luma: np.ndarray, width: float) -> float:
    """True width in pixels of a face `width` pixels wide, uint8 (h, w): less where it is blurred or enlarged.

    Noise is no detail: it spreads evenly, so its share shows in the median of the Laplacian, while edges are
    rare and strong; that share is taken off.
    """
    previous = None
    for target in DETAIL_WIDTHS:
        if target > width:
            return min(width, float(DETAIL_WIDTHS[-1]))
        tones = _at_width(luma, target / width)
        inside = _face_mask(tones.shape)
        laplacian = cv2.Laplacian(tones, cv2.CV_32F, ksize=1)[inside]
        noise = 1.4826 * float(np.median(np.abs(laplacian)))
        edges = math.sqrt(max(0.0, float(np.mean(laplacian**2)) - noise**2))
        crispness = edges / (float(tones[inside].std()) + 0.02)
        if crispness < CRISP_EDGES:
            if previous is None:
                return target * crispness / CRISP_EDGES
            share = (previous - CRISP_EDGES) / (previous - crispness)
            return target * 2 ** ((share - 1) / 2)
        previous = crispness
    return float(DETAIL_WIDTHS[-1])


def estimate_angles(landmarks: np.ndarray) -> tuple[float, float, float]:
    """Yaw, pitch and roll of the head in degrees from five landmarks; good to about 10 degrees.

    Positive yaw: the nose points to the picture's right; positive pitch: downwards; positive roll: clockwise.
    """
    right_eye, left_eye, nose, right_mouth, left_mouth = (complex(*point) for point in landmarks.astype(float))
    between_eyes = left_eye - right_eye
    if abs(between_eyes) < 1e-6:
        return 90.0, 0.0, 0.0
    roll = math.degrees(math.atan2(between_eyes.imag, between_eyes.real))
    # In units of the distance between the eyes, turned upright, from the point between them.
    middle = (right_eye + left_eye) / 2
    tip = (nose - middle) / between_eyes
    mouth = ((right_mouth + left_mouth) / 2 - middle) / between_eyes
    drop = max(mouth.imag, 0.2)
    by_nose = math.degrees(math.atan(tip.real / 0.55))
    # Turning the head draws the eyes together but leaves the distance to the mouth.
    by_foreshortening = math.degrees(math.acos(min(1.0, 1.08 / drop)))
    yaw = math.copysign(max(abs(by_nose), by_foreshortening), by_nose)
    pitch = math.degrees(math.atan((tip.imag / drop - 0.57) / 0.5))
    return yaw, pitch, roll


def score_measures(measures: Measures) -> Scores:
    """Turn measurements into scores."""
    exposure = _ramp(measures.highlight, 0.36, 0.66) * (1 - _ramp(measures.clipped, 0.1, 0.6))
    exposure *= 1 - 0.7 * _ramp(measures.middle, 0.80, 0.92)
    evenness = 1 - 0.5 * _ramp(measures.imbalance, 0.05, 0.55)
    depth = 0.5 + 0.5 * _ramp(measures.contrast, 0.06, 0.22)
    lighting = exposure * evenness * depth
    clarity = _ramp(math.log(max(measures.detail, 1.0)), math.log(40), math.log(220))
    angle = 1 - 0.75 * _ramp(abs(measures.yaw), 8, 55) - 0.6 * _ramp(abs(measures.pitch), 8, 45)
    angle -= 0.3 * _ramp(abs(measures.roll), 15, 60) + 0.6 * _ramp(measures.cut_off, 0.03, 0.3)
    angle = max(0.0, angle)
    overall = lighting**0.3 * clarity**0.4 * angle**0.3
    return Scores(*(round(score, 3) for score in (lighting, clarity, angle, overall)))


def _face_mask(shape: tuple[int, int]) -> np.ndarray:
    height, width = shape
    mask = np.zeros(shape, np.uint8)
    axes = (round(width * 0.42), round(height * 0.44))
    return cv2.ellipse(mask, (width // 2, height // 2), axes, 0, 0, 360, 1, -1) > 0


def _at_width(luma: np.ndarray, scale: float) -> np.ndarray:
    size = (max(8, round(luma.shape[1] * scale)), max(8, round(luma.shape[0] * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return cv2.resize(luma, size, interpolation=method).astype(np.float32) / 255.0


def _tone_behind(rgb: np.ndarray, face: tuple[int, int, int, int]) -> float:
    step = max(1, max(rgb.shape[:2]) // 128)
    tones = cv2.cvtColor(np.ascontiguousarray(rgb[::step, ::step]), cv2.COLOR_RGB2GRAY)
    outside = np.ones(tones.shape, bool)
    x0, y0, x1, y1 = (edge // step for edge in face)
    outside[y0:y1, x0:x1] = False
    return float(np.median(tones[outside])) / 255.0 if outside.any() else 0.0


def _ramp(value: float, start: float, end: float) -> float:
    """0 up to `start`, 1 from `end` on, straight between."""
    return min(1.0, max(0.0, (value - start) / (end - start)))
