"""Estimate how old a face looks, with dlib's age network (CC0); it errs by several years in both directions."""

import cv2
import numpy as np

from gpu_worker.identity.faces import COMPANION_WIDTH, Face, find_faces
from gpu_worker.safety.networks import run_network

SIDE = 64  # pixels of the network's input
PADDING = 0.2
# Where dlib puts the middles of the eyes and the base of the nose in an unpadded square, person's right eye first.
PLACES = np.array([(0.2273, 0.2214), (0.7528, 0.2212), (0.4901, 0.6278)])
NOSE_BASE = 0.35  # of the way from the tip of the nose, which YuNet marks, to the mouth
MEANS = np.array([122.782, 117.001, 104.298], np.float32)
AGES = np.array([0.25, *range(1, 81)], np.float32)
VIEWS = ((0, 1.0), (-8, 1.0), (8, 1.0), (0, 0.93), (0, 1.07))  # turn in degrees, size
SMALLEST_FACE = 40.0  # pixels; below it an estimate is a guess
MIN_SCORE = 0.75  # of the detector; what is fainter may be no face


def estimate_age(rgb: np.ndarray, face: Face) -> float:
    """Apparent age in years of a face found in this RGB uint8 picture.

    It is the mean over ten slightly turned and scaled views, since one view alone jumps by ten years and more.
    """
    near, landmarks = _near(rgb, face)
    chips = [_align(near, landmarks, degrees, size) for degrees, size in VIEWS]
    seen = np.stack([*chips, *(chip[:, ::-1] for chip in chips)]).astype(np.float32)
    planes = np.ascontiguousarray(((seen - MEANS) / 256).transpose(0, 3, 1, 2))
    chances = np.stack([run_network("age", one[None])[0] for one in planes])
    return float((chances @ AGES).mean())


def youngest_face(rgb: np.ndarray) -> float | None:
    """The lowest apparent age among the faces that a picture portrays; None without one large enough to tell.

    Faces much smaller than the main one are passers-by, as in identity.count_people.
    """
    faces = [face for face in find_faces(rgb) if face.width >= SMALLEST_FACE and face.score >= MIN_SCORE]
    shown = [face for face in faces if face.width >= COMPANION_WIDTH * faces[0].width]
    return min((estimate_age(rgb, face) for face in shown), default=None)


def _near(rgb: np.ndarray, face: Face) -> tuple[np.ndarray, np.ndarray]:
    """The face's surroundings, reduced without aliasing to about the size the network sees, and the landmarks there."""
    x, y, width, height = face.box
    x0, y0 = max(0, int(x - width)), max(0, int(y - width))
    around = rgb[y0 : int(y + height + width), x0 : int(x + 2 * width)]
    share = min(1.0, SIDE / width)
    near = cv2.resize(around, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    scale = np.array([near.shape[1] / around.shape[1], near.shape[0] / around.shape[0]])
    return near, (face.landmarks - (x0, y0)) * scale


def _align(near: np.ndarray, landmarks: np.ndarray, degrees: float, size: float) -> np.ndarray:
    """The face as the network saw faces when it was trained: upright, eyes and nose at fixed places; uint8 64 x 64."""
    right_eye, left_eye, tip, right_mouth, left_mouth = landmarks.astype(np.float64)
    base = tip + NOSE_BASE * ((right_mouth + left_mouth) / 2 - tip)
    source = np.stack([right_eye, left_eye, base])
    about = ((PLACES - 0.5) * size) @ _rotation(degrees).T + 0.5
    target = (about + PADDING) / (1 + 2 * PADDING) * SIDE
    turn, shift = _similarity(source, target)
    return cv2.warpAffine(near, np.hstack([turn, shift[:, None]]), (SIDE, SIDE), flags=cv2.INTER_LINEAR)


def _rotation(degrees: float) -> np.ndarray:
    angle = np.radians(degrees)
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _similarity(source: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Turn-and-scale (2, 2) and shift (2,) that bring points (n, 2) closest to the target; as complex least squares."""
    a, b = source @ (1, 1j), target @ (1, 1j)
    factor = np.vdot(a - a.mean(), b - b.mean()) / np.vdot(a - a.mean(), a - a.mean())
    shift = b.mean() - factor * a.mean()
    turn = np.array([[factor.real, -factor.imag], [factor.imag, factor.real]])
    return turn, np.array([shift.real, shift.imag])
