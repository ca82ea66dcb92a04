"""Find faces: where they are, and where their eyes, nose and mouth corners are."""

from dataclasses import dataclass

import cv2
import numpy as np

from gpu_worker.identity.models import borrow_models
from gpu_worker.pictures import fit_within

DETECTION_SIDE = 640
# Smaller faces than this share of the main one are passers-by; fainter ones may be no faces at all.
COMPANION_WIDTH = 0.35
COMPANION_SCORE = 0.75


@dataclass(frozen=True, eq=False)
class Face:
    """One face in pixels of the picture it was found in.

    box: (x, y, width, height), may reach outside the picture. landmarks: float32 (5, 2), in the order of the
    network: the person's right eye, left eye, nose tip, right and left mouth corner. score: 0-1.
    """

    box: tuple[float, float, float, float]
    landmarks: np.ndarray
    score: float

    @property
    def width(self) -> float:
        return self.box[2]


def find_faces(rgb: np.ndarray) -> list[Face]:
    """Every face in an RGB uint8 picture, the main (largest) one first."""
    small = fit_within(rgb, DETECTION_SIDE)
    scale = np.array([rgb.shape[1] / small.shape[1], rgb.shape[0] / small.shape[0]], dtype=np.float32)
    bgr = cv2.cvtColor(small, cv2.COLOR_RGB2BGR)
    with borrow_models() as models:
        models.detector.setInputSize((small.shape[1], small.shape[0]))
        rows = models.detector.detect(bgr)[1]
    faces = [_face_of_row(row, scale) for row in (rows if rows is not None else ())]
    return sorted(faces, key=lambda face: face.box[2] * face.box[3], reverse=True)


def count_people(faces: list[Face]) -> int:
    """How many of the faces are portrayed, without small ones in the background."""
    if not faces:
        return 0
    companions = (
        face for face in faces[1:] if face.width >= COMPANION_WIDTH * faces[0].width and face.score >= COMPANION_SCORE
    )
    return 1 + sum(1 for _ in companions)


def _face_of_row(row: np.ndarray, scale: np.ndarray) -> Face:
    corner, size = row[:2] * scale, row[2:4] * scale
    box = (float(corner[0]), float(corner[1]), float(size[0]), float(size[1]))
    return Face(box, row[4:14].reshape(5, 2) * scale, float(row[14]))
