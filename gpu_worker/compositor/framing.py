"""Where and how large a subject stands in the frame, so that nothing shows where the photo ended."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from .scenarios import Framing
from .subject import Subject

MARGIN = 10.0  # pixels of a 1280-pixel frame by which the photo's cuts stay outside it
MOST_ENLARGED = 2.5
BEST_ENLARGED = 1.6
HAIR_CUT = 60.0
DOUBT = 40.0
LOWEST_SOLES = 0.975
TIGHTEST = 0.6  # face height of the closest framing, taken where the photo allows no other


@dataclass(frozen=True, eq=False)
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


@dataclass(frozen=True, eq=False)
class _Candidates:
    """Many placements at once, each field an array (n,): turn in radians, scale, where eyes and crown come to lie."""

    turn: np.ndarray
    face_height: np.ndarray
    eyes_x: np.ndarray
    eyes_y: np.ndarray
    scale: np.ndarray
    cosine: np.ndarray
    sine: np.ndarray
    offset_x: np.ndarray
    offset_y: np.ndarray
    headroom: np.ndarray
    soles: np.ndarray

    def matrix(self, index: int) -> np.ndarray:
        cosine, sine = self.cosine[index], self.sine[index]
        return np.array([[cosine, -sine, self.offset_x[index]], [sine, cosine, self.offset_y[index]]])


def place(
    subject: Subject, wish: Framing, width: int, height: int, rng: np.random.Generator | None = None
) -> Placement | None:
    """The placement nearest to the wish that the photo allows; None where it allows none.

    With `rng` the wish is varied a little, as a photographer would from shot to shot.
    """
    wish, lean = (wish, np.radians(wish.lean[0])) if rng is None else _vary(wish, rng)
    candidates = _propose(subject, wish, lean, width, height)
    cost = _cost(subject, wish, lean, candidates, width)
    order = np.argsort(cost, kind="stable")
    order = order[candidates.scale[order] <= MOST_ENLARGED]
    if wish.strict:
        order = order[candidates.face_height[order] <= wish.face_height[2]]
    if wish.soles:
        order = order[candidates.soles[order] <= LOWEST_SOLES]
    for start in range(0, len(order), 512):
        some = order[start : start + 512]
        free = ~_shows_cut(subject, candidates, some, width, height)
        if free.any():
            best = int(some[free.argmax()])
            return _settle(subject, candidates, best, float(cost[best]), width, height)
    return None


def _vary(wish: Framing, rng: np.random.Generator) -> tuple[Framing, float]:
    least, best, most = wish.face_height
    best *= rng.uniform(0.95, 1.07)
    eyes_x = wish.eyes_x + rng.uniform(-wish.drift, wish.drift)
    if rng.random() < 0.5:
        eyes_x = 1 - eyes_x
    degrees = wish.lean[0] * rng.choice((-1, 1)) + wish.lean[1] * rng.uniform(-1, 1)
    return replace(wish, face_height=(least, best, most), eyes_x=eyes_x), float(np.radians(degrees))


def _propose(subject: Subject, wish: Framing, lean: float, width: int, height: int) -> _Candidates:
    least, _, most = wish.face_height
    turns = _turns(subject.roll, lean)
    shares = np.geomspace(0.85 * least, max(most, TIGHTEST), 20)
    columns = wish.eyes_x + np.linspace(-0.2, 0.2, 21)
    rows = wish.eyes_y + np.linspace(-0.16, 0.16, 17)
    turn, share, x, y = (grid.ravel() for grid in np.meshgrid(turns, shares, columns, rows, indexing="ij"))
    scale = share * height / subject.face[3]
    cosine, sine = scale * np.cos(turn), scale * np.sin(turn)
    offset_x = x * width - cosine * subject.eyes[0] + sine * subject.eyes[1]
    offset_y = y * height - sine * subject.eyes[0] - cosine * subject.eyes[1]
    rise = subject.eyes[1] - subject.head[1]
    headroom = (sine * (subject.eyes[0] + subject.roll * rise) + cosine * subject.head[1] + offset_y) / height
    soles = (sine * subject.eyes[0] + cosine * subject.sole + offset_y) / height
    return _Candidates(turn, share, x, y, scale, cosine, sine, offset_x, offset_y, headroom, soles)


def _cost(subject: Subject, wish: Framing, lean: float, of: _Candidates, width: int) -> np.ndarray:
    """How far each candidate is from the wish, and how much enlarging or cutting hair harms it."""
    least, best, most = wish.face_height
    beyond = np.maximum(0, np.log(of.face_height / most)) + np.maximum(0, np.log(least / of.face_height))
    return (
        (np.log(of.face_height / best) / 0.22) ** 2
        + (beyond / 0.1) ** 2
        + ((of.eyes_x - wish.eyes_x) / 0.08) ** 2
        + ((of.eyes_y - wish.eyes_y) / 0.07) ** 2
        + (np.maximum(0, np.abs(of.turn + subject.roll - lean) - 0.03) / 0.05) ** 2
        + (of.turn / 0.2) ** 2
        + ((of.headroom - wish.headroom) / np.where(of.headroom < wish.headroom, 0.05, 0.09)) ** 2
        + (np.maximum(0, of.scale - BEST_ENLARGED * max(subject.detail, 0.5)) / 0.8) ** 2
        # Hair that just touches the edge looks like a mistake; cut hair is for close-ups only.
        + 4.0 * np.maximum(0, 1 - np.abs(of.headroom) / 0.035)
        + np.where((wish.headroom > 0) & (of.headroom < 0.012), HAIR_CUT, 0.0)
        + 32.0 * _head_outside(subject, of, width)
        + (((of.soles - wish.soles) / 0.05) ** 2 if wish.soles else 0.0)
    )


def _turns(roll: float, lean: float) -> np.ndarray:
    """Rotations to try: none, and up to the one that gives the wanted lean; never so far that it shows."""
    wanted = float(np.clip(lean - roll, -0.14, 0.14))
    return np.unique(np.round([0.0, 0.5 * wanted, wanted], 5))


def _head_outside(subject: Subject, of: _Candidates, width: int) -> np.ndarray:
    """Share of the frame's width by which the head is cut at the sides."""
    left, _, right, _ = subject.head
    start = of.offset_x - of.sine * subject.eyes[1]
    beyond = np.maximum(0, -(start + of.cosine * left)) + np.maximum(0, start + of.cosine * right - width)
    return beyond / width


def _shows_cut(subject: Subject, of: _Candidates, some: np.ndarray, width: int, height: int) -> np.ndarray:
    """Which of `some` candidates would show a place where the photo cut the person off."""
    margin = MARGIN * height / 1280
    px, py = subject.cuts[:, 0][None], subject.cuts[:, 1][None]
    cosine, sine = of.cosine[some, None], of.sine[some, None]
    x = cosine * px - sine * py + of.offset_x[some, None]
    y = sine * px + cosine * py + of.offset_y[some, None]
    inside = (x > -margin) & (x < width + margin) & (y > -margin) & (y < height + margin)
    return inside.any(axis=1)


def _settle(subject: Subject, of: _Candidates, index: int, cost: float, width: int, height: int) -> Placement:
    matrix = of.matrix(index)
    return Placement(
        matrix=matrix,
        scale=float(of.scale[index]),
        turn=float(of.turn[index]),
        face_height=float(of.face_height[index]),
        eyes_x=float(of.eyes_x[index]),
        eyes_y=float(of.eyes_y[index]),
        headroom=float(of.headroom[index]),
        cost=cost + DOUBT * _visible_doubt(subject, matrix, width, height),
    )


def _visible_doubt(subject: Subject, matrix: np.ndarray, width: int, height: int) -> float:
    """Share of the frame where the matte may be wrong."""
    doubt = subject.doubt
    step = 1 / 16
    scaled = matrix * step
    scaled[:, :2] *= subject.alpha.shape[1] / doubt.shape[1]
    size = (max(1, round(width * step)), max(1, round(height * step)))
    return float(cv2.warpAffine(doubt, scaled, size, flags=cv2.INTER_LINEAR).mean())
