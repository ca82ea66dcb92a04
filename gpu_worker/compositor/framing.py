"""Where and how large a subject stands in the frame, so that nothing shows where her photo ended."""

from dataclasses import dataclass

import cv2
import numpy as np

from .scenarios import Framing
from .subject import Subject

MARGIN = 10.0  # pixels of a 1280-pixel frame by which the photo's cuts stay outside it
MOST_ENLARGED = 2.4
BEST_ENLARGED = 1.6
TIGHTEST = 0.6  # face height of the closest framing, taken where the photo allows no other


@dataclass(frozen=True)
class Placement:
    """A similarity that takes a subject's pixels into the frame.

    matrix: float64 (2, 3). scale: frame pixels per subject pixel. turn: radians, clockwise on screen.
    face_height, eyes_x, eyes_y, headroom: what came out of it, in shares of the frame. cost: 0 = as wished.
    """

    matrix: np.ndarray
    scale: float
    turn: float
    face_height: float
    eyes_x: float
    eyes_y: float
    headroom: float
    cost: float


def place(
    subject: Subject, wish: Framing, width: int, height: int, rng: np.random.Generator | None = None
) -> Placement | None:
    """The placement nearest to the wish that the photo allows; None where it allows none.

    With `rng` the wish is varied a little, as a photographer would from shot to shot.
    """
    least, best, most = wish.face_height
    eyes_x, lean = wish.eyes_x, np.radians(wish.lean[0])
    if rng is not None:
        best *= rng.uniform(0.95, 1.07)
        eyes_x += rng.uniform(-wish.drift, wish.drift)
        if rng.random() < 0.5:
            eyes_x = 1 - eyes_x
        lean = np.radians(wish.lean[0] * rng.choice((-1, 1)) + wish.lean[1] * rng.uniform(-1, 1))
    turns = _turns(subject.roll, float(lean))
    shares = np.geomspace(least, max(most, TIGHTEST), 18)
    columns = eyes_x + np.linspace(-0.2, 0.2, 21)
    rows = wish.eyes_y + np.linspace(-0.16, 0.16, 17)
    turn, share, x, y = (grid.ravel() for grid in np.meshgrid(turns, shares, columns, rows, indexing="ij"))
    scale = share * height / subject.face[3]
    cosine, sine = scale * np.cos(turn), scale * np.sin(turn)
    offset_x = x * width - cosine * subject.eyes[0] + sine * subject.eyes[1]
    offset_y = y * height - sine * subject.eyes[0] - cosine * subject.eyes[1]
    crown = np.array([subject.eyes[0] + subject.roll * (subject.eyes[1] - subject.head[1]), subject.head[1]])
    headroom = (sine * crown[0] + cosine * crown[1] + offset_y) / height
    cost = (
        (np.log(share / best) / 0.22) ** 2
        + ((x - eyes_x) / 0.08) ** 2
        + ((y - wish.eyes_y) / 0.07) ** 2
        + ((turn + subject.roll - lean) / 0.06) ** 2
        + ((headroom - wish.headroom) / np.where(headroom < wish.headroom, 0.05, 0.09)) ** 2
        + np.maximum(0, np.log(share / most) / 0.1) ** 2
        + np.maximum(0, (scale - BEST_ENLARGED * max(subject.detail, 0.5)) / 0.8) ** 2
        + 4.0 * np.maximum(0, 1 - np.abs(headroom) / 0.035)  # hair that just touches the edge looks like a mistake
        + np.where((wish.headroom > 0) & (headroom < 0.012), 60.0, 0.0)
        + 4.0 * np.maximum(0, _share_outside(subject, cosine, sine, offset_x, width))
    )
    allowed = scale <= MOST_ENLARGED
    order = np.argsort(np.where(allowed, cost, np.inf), kind="stable")
    margin = MARGIN * height / 1280
    for start in range(0, len(order), 512):
        some = order[start : start + 512]
        some = some[allowed[some]]
        free = ~_shows_cut(subject, cosine[some], sine[some], offset_x[some], offset_y[some], width, height, margin)
        if free.any():
            found = int(some[free.argmax()])
            matrix = np.array(
                [[cosine[found], -sine[found], offset_x[found]], [sine[found], cosine[found], offset_y[found]]]
            )
            doubt = _visible_doubt(subject, matrix, width, height)
            return Placement(
                matrix,
                float(scale[found]),
                float(turn[found]),
                float(share[found]),
                float(x[found]),
                float(y[found]),
                float(headroom[found]),
                float(cost[found] + 40.0 * doubt),
            )
    return None


def _turns(roll: float, lean: float) -> np.ndarray:
    """Rotations to try: none, and up to the one that gives the wanted lean; never so far that it shows."""
    wanted = float(np.clip(lean - roll, -0.14, 0.14))
    return np.unique(np.round([0.0, 0.5 * wanted, wanted], 5))


def _share_outside(subject: Subject, cosine, sine, offset_x, width: int) -> np.ndarray:
    """By how much of the frame's width the head is cut at the sides."""
    left, _, right, _ = subject.head
    middle = subject.eyes[1]
    low = cosine * left - sine * middle + offset_x
    high = cosine * right - sine * middle + offset_x
    return (np.maximum(0, -low) + np.maximum(0, high - width)) / width * 8


def _shows_cut(subject, cosine, sine, offset_x, offset_y, width, height, margin) -> np.ndarray:
    """Which placements would show a place where the photo cut the person off."""
    if not len(subject.cuts):
        return np.zeros(len(cosine), bool)
    px, py = subject.cuts[:, 0][None], subject.cuts[:, 1][None]
    x = cosine[:, None] * px - sine[:, None] * py + offset_x[:, None]
    y = sine[:, None] * px + cosine[:, None] * py + offset_y[:, None]
    inside = (x > -margin) & (x < width + margin) & (y > -margin) & (y < height + margin)
    return inside.any(axis=1)


def _visible_doubt(subject: Subject, matrix: np.ndarray, width: int, height: int) -> float:
    """Share of the frame where the matte may be wrong."""
    small = subject.doubt.shape[1] / subject.alpha.shape[1]
    reduced = 1 / 16
    down = np.vstack([matrix, [0, 0, 1]])
    down = np.diag([reduced, reduced, 1]) @ down @ np.diag([1 / small, 1 / small, 1])
    size = (round(width * reduced), round(height * reduced))
    return float(cv2.warpAffine(subject.doubt, down[:2], size, flags=cv2.INTER_LINEAR).mean())
