"""Turn a face into 128 numbers, and compare persons by them."""

from collections.abc import Sequence

import cv2
import numpy as np

from gpu_worker.identity.faces import Face, find_faces
from gpu_worker.identity.models import borrow_recogniser
from gpu_worker.pictures import fit_within

EMBEDDING_SIZE = 128
ALIGNED_SIDE = 112
# OpenCV's threshold for SFace: a lower cosine means another person.
SAME_PERSON = 0.363


def embed_face(rgb: np.ndarray, face: Face) -> np.ndarray:
    """Embedding, float32 (128,), length 1, of a face found in this RGB uint8 picture.

    It is the mean over the aligned face and its mirror image, which evens out side light and small turns.
    """
    near, row = _near_face(rgb, face)
    with borrow_recogniser() as recogniser:
        aligned = recogniser.alignCrop(cv2.cvtColor(near, cv2.COLOR_RGB2BGR), row)
        feature = recogniser.feature(aligned).copy()
        feature += recogniser.feature(cv2.flip(aligned, 1))
    return _unit(feature[0].astype(np.float32))


def cosine(first: np.ndarray, second: np.ndarray) -> float:
    """Likeness of two embeddings, -1 to 1; the same person is above 0.363, usually above 0.6."""
    return float(np.dot(_unit(first), _unit(second)))


def score_identity(rgb: np.ndarray, references: Sequence[np.ndarray]) -> float | None:
    """How much the largest face in an RGB uint8 picture is the person of the reference embeddings, 0-1.

    It is the cosine to the mean of the references, which one odd reference hardly moves. None: no face found.
    Raises ValueError without references.
    """
    if not references:
        raise ValueError("An identity score needs at least one reference embedding.")
    faces = find_faces(rgb)
    if not faces:
        return None
    mean = np.mean([_unit(reference) for reference in references], axis=0)
    return min(1.0, max(0.0, cosine(embed_face(rgb, faces[0]), mean)))


def _near_face(rgb: np.ndarray, face: Face) -> tuple[np.ndarray, np.ndarray]:
    """The face's surroundings, reduced to the network's size without aliasing, and the face's row in them."""
    x, y, width, height = face.box
    x0, y0 = max(0, int(x - width)), max(0, int(y - width))
    around = rgb[y0 : int(y + height + width), x0 : int(x + 2 * width)]
    near = fit_within(around, max(1, round(max(around.shape[:2]) * ALIGNED_SIDE / max(width, ALIGNED_SIDE))))
    scale = np.array([near.shape[1] / around.shape[1], near.shape[0] / around.shape[0]])
    corner = (np.array([x, y]) - (x0, y0)) * scale
    landmarks = (face.landmarks - (x0, y0)) * scale
    row = np.concatenate([corner, np.array([width, height]) * scale, landmarks.ravel(), [face.score]])
    return near, row.astype(np.float32)


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / max(float(np.linalg.norm(vector)), 1e-12)
