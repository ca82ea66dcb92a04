"""Which pixels of a photo are the person: a first guess by a small segmentation network, tidied into one body."""

from dataclasses import dataclass

import cv2
import numpy as np

from .networks import run_network

Box = tuple[float, float, float, float]
Windows = tuple[tuple[float, float, float], ...]

SIDE = 256
# Windows on the head: side and drop below the face's middle in face heights, and how much each is believed.
# The network sees hair and ears best where the head fills its picture, and the body best from further away.
WINDOWS = ((2.4, 0.1, 1.0), (3.2, 0.3, 1.0), (4.2, 0.6, 0.7), (6.0, 1.3, 0.5))
# More windows where the whole body is asked for: the network knows legs only where it sees the body around them.
LEG_WINDOWS = ((11.5, 4.2, 1.0), (6.5, 4.0, 0.6), (6.0, 6.5, 0.8))
WHOLE_PICTURE = 0.15
SMALLEST = 0.5  # height of a window in face heights that is worth a look


@dataclass(frozen=True)
class Outline:
    """Where the person is, before the edges are solved.

    person: float32 (h, w), how sure the network is that a pixel is the person (0-1).
    body: bool (h, w), the one connected body that carries the face.
    doubt: float32 (h, w), 0-1, high where the network could not decide over a whole patch (a held object, a
        second person, furniture of the same colour).
    """

    person: np.ndarray
    body: np.ndarray
    doubt: np.ndarray


def find_person(rgb: np.ndarray, face: Box, windows: Windows = WINDOWS) -> Outline:
    """Outline of the person with this face (x, y, width, height in pixels) in RGB uint8 (h, w, 3)."""
    person = _probability(rgb, face, windows)
    body = _one_body(person, face)
    soft = np.where(body, 1.0 - person, np.minimum(person, 0.9))
    doubt = np.clip(cv2.blur(soft, _square(0.12 * face[3])) * 1.6 - 0.1, 0, 1)
    return Outline(person, body, doubt)


def _probability(rgb: np.ndarray, face: Box, windows: Windows) -> np.ndarray:
    height, width = rgb.shape[:2]
    x, y, face_width, face_height = face
    votes = _segment(rgb) * WHOLE_PICTURE
    weights = np.full((height, width), WHOLE_PICTURE, np.float32)
    for side, drop, belief in windows:
        left, right = _span(x + face_width / 2, side * face_height, width)
        top, bottom = _span(y + face_height / 2 + drop * face_height, side * face_height, height)
        if bottom - top < SMALLEST * face_height:
            continue  # below the photo
        sides = (top > 0, bottom < height, left > 0, right < width)
        weight = belief * _window_weight((bottom - top, right - left), sides)
        votes[top:bottom, left:right] += weight * _segment(rgb[top:bottom, left:right])
        weights[top:bottom, left:right] += weight
    return cv2.GaussianBlur(votes / weights, (0, 0), max(0.5, 0.006 * face_height))


def _span(middle: float, length: float, limit: int) -> tuple[int, int]:
    low, high = round(middle - length / 2), round(middle + length / 2)
    return max(0, low), min(limit, high)


def _segment(rgb: np.ndarray) -> np.ndarray:
    height, width = rgb.shape[:2]
    seen = run_network("selfie_segmentation", cv2.resize(rgb, (SIDE, SIDE), interpolation=cv2.INTER_AREA))[0, 0]
    return np.clip(cv2.resize(seen, (width, height), interpolation=cv2.INTER_CUBIC), 0.0, 1.0)


def _window_weight(shape: tuple[int, int], fade: tuple[bool, bool, bool, bool]) -> np.ndarray:
    """1 in a window's middle, falling to 0 at the sides named by `fade` (top, bottom, left, right)."""
    top, bottom, left, right = fade
    return _ramp(shape[0], top, bottom)[:, None] * _ramp(shape[1], left, right)[None]


def _ramp(length: int, low: bool, high: bool) -> np.ndarray:
    place = (np.arange(length, dtype=np.float32) + 0.5) / length
    rising = np.clip(place / 0.12, 0, 1) if low else np.ones(length, np.float32)
    return rising * np.clip((1 - place) / 0.12, 0, 1) if high else rising


def _one_body(person: np.ndarray, face: Box) -> np.ndarray:
    """The connected patch that holds the face, with the gaps filled that the network left in clothes."""
    unit = face[3]
    solid = (person > 0.5).astype(np.uint8)
    side = 2 * max(1, round(0.03 * unit)) + 1
    solid = cv2.morphologyEx(solid, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    _, labels = cv2.connectedComponents(solid, connectivity=4)
    x, y, w, h = (round(value) for value in face)
    counts = np.bincount(labels[max(0, y) : y + h, max(0, x) : x + w].ravel(), minlength=2)
    counts[0] = 0
    if not counts.any():
        return np.zeros(person.shape, bool)
    return _fill_gaps((labels == counts.argmax()).astype(np.uint8), person, unit).astype(bool)


def _fill_gaps(body: np.ndarray, person: np.ndarray, unit: float) -> np.ndarray:
    """Fill holes (also those open to the lower border) that are small or that the network was unsure about."""
    framed = cv2.copyMakeBorder(body, 0, 2, 0, 0, cv2.BORDER_CONSTANT, value=1)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(1 - framed, connectivity=4)
    height, width = framed.shape
    for index in range(1, count):
        left, top, wide, high, area = stats[index]
        if left == 0 or top == 0 or left + wide == width:
            continue
        hole = labels[top : top + high, left : left + wide] == index
        seen = person[top : top + high, left : left + wide][hole]
        if area < (0.1 * unit) ** 2 or float(seen.mean()) > 0.12:
            framed[top : top + high, left : left + wide][hole] = 1
    return framed[:-2]


def _square(side: float) -> tuple[int, int]:
    length = max(1, round(side))
    return length, length
