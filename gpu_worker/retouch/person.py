"""The person in the base picture, and where they come to lie in a frame."""

from dataclasses import dataclass

import cv2
import numpy as np

from gpu_worker.compositor.mask import Box
from gpu_worker.compositor.subject import Subject
from gpu_worker.identity.faces import find_faces


@dataclass(frozen=True, eq=False)
class Person:
    """Somebody found in a picture: the face in pixels of the picture, and the cut-out where one was possible.

    subject: None where the person could not be cut out (a drawing, a tiny face); why: the reason then.
    """

    face: Box
    subject: Subject | None
    why: str = ""

    @property
    def scale(self) -> float:
        """Pixels of the picture per pixel of the cut-out."""
        return self.face[3] / self.subject.face[3]

    def into_picture(self) -> np.ndarray:
        """Matrix (2, 3) from the cut-out's pixels to the picture's."""
        x, y = (self.face[axis] - self.scale * self.subject.face[axis] for axis in (0, 1))
        return np.array([[self.scale, 0, x], [0, self.scale, y]])

    def head(self) -> Box:
        """(left, top, right, bottom) of head and hair in pixels of the picture."""
        x, y, w, h = self.face
        if self.subject is None:
            return x - 0.15 * w, y - 0.35 * h, x + 1.15 * w, y + h
        matrix = self.into_picture()
        left, top, right, bottom = self.subject.head
        corners = matrix[:, :2] @ np.array([[left, right], [top, bottom]]) + matrix[:, 2:]
        return float(corners[0, 0]), float(corners[1, 0]), float(corners[0, 1]), float(corners[1, 1])


def find_face(rgb: np.ndarray) -> Box | None:
    """The largest face of an RGB uint8 picture as (x, y, width, height)."""
    faces = find_faces(rgb)
    return faces[0].box if faces else None


def chain(first: np.ndarray, then: np.ndarray) -> np.ndarray:
    """The matrix (2, 3) that does `first` and then `then`."""
    return np.vstack([then, [0, 0, 1]])[:2] @ np.vstack([first, [0, 0, 1]])


def warp(image: np.ndarray, matrix: np.ndarray, size: tuple[int, int], border: int = cv2.BORDER_CONSTANT) -> np.ndarray:
    """An image moved into a frame of size (width, height), reduced without aliasing."""
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    if scale < 0.75:
        image = cv2.GaussianBlur(image, (0, 0), 0.4 / scale)
    method = cv2.INTER_CUBIC if scale > 1.05 else cv2.INTER_LINEAR
    return cv2.warpAffine(image, matrix, size, flags=method, borderMode=border)
