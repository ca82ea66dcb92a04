"""What a photo's own light did to the face: skin colour, depth of tones, direction of light, burnt highlights."""

from dataclasses import dataclass

import cv2
import numpy as np

from .errors import PortraitRefused
from .mask import Box

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
BURNT = 250
SHINE = (1.05, 1.6)  # brightness relative to skin at which a highlight begins and ends to lose its colour
TONED = 0.85
MOUTH = (61, 37, 267, 291, 314, 84)  # points of the face mesh around the lips and the eyes
EYES = ((33, 159, 133, 145), (362, 386, 263, 374))


@dataclass(frozen=True, eq=False)
class Look:
    """How a person looks in a photo, or on average over several.

    skin: float32 (3,), linear RGB of well lit skin. depth: logarithm of light to dark tones in the face.
    """

    skin: np.ndarray
    depth: float


def read_light(
    linear: np.ndarray, alpha: np.ndarray, mesh: np.ndarray, normals: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Median skin colour, and the plain lighting model that explains how bright skin is in each direction."""
    height, width = normals.shape[:2]
    small = cv2.resize(linear, (width, height), interpolation=cv2.INTER_AREA)
    scale = np.float32([width / alpha.shape[1], height / alpha.shape[0]])
    hull = cv2.convexHull(mesh[:, :2] * scale).astype(np.int32)
    inside = cv2.fillConvexPoly(np.zeros((height, width), np.uint8), hull, 1)
    inside = cv2.erode(inside, np.ones((5, 5), np.uint8)) > 0
    colours, facing = small[inside], normals[inside]
    luma = colours @ LUMA
    if len(luma) < 50:
        raise PortraitRefused("Too little of the face is visible in this photo: choose another one.")
    low, high = np.percentile(luma, (35, 95))
    lit = (luma > low) & (luma < high)
    drawn = lit & (colours.max(axis=1) < 0.93)
    lit = drawn if drawn.sum() > 0.2 * lit.sum() else lit
    skin = np.median(colours[lit], axis=0)
    terms = np.column_stack([np.ones(len(luma)), facing])
    likely = np.abs(np.log((luma + 1e-4) / (float(skin @ LUMA) + 1e-4))) < 0.8
    weight = np.where(likely, 1.0, 0.02)[:, None]
    balance = terms.T @ (terms * weight) + np.diag([1e-3, 2.0, 2.0, 2.0])
    shading = np.linalg.solve(balance, terms.T @ (luma[:, None] * weight))[:, 0]
    return skin.astype(np.float32), (shading / max(float(skin @ LUMA), 1e-4)).astype(np.float32)


def tone_highlights(linear: np.ndarray, mesh: np.ndarray, skin: np.ndarray) -> None:
    """Give shiny spots of the face skin colour again, in place: burnt white turns grey when less light falls on it."""
    corner = np.maximum(np.floor(mesh[:, :2].min(axis=0)).astype(int), 0)
    end = np.minimum(np.ceil(mesh[:, :2].max(axis=0)).astype(int), linear.shape[1::-1])
    if (end - corner).min() < 2:
        return
    face = linear[corner[1] : end[1], corner[0] : end[0]]
    points = (mesh[:, :2] - corner).astype(np.float32)
    zone = cv2.fillConvexPoly(np.zeros(face.shape[:2], np.float32), cv2.convexHull(points).astype(np.int32), 1.0)
    for outline in (MOUTH, *EYES):  # teeth and eyes shine by themselves
        cv2.fillConvexPoly(zone, cv2.convexHull(points[list(outline)]).astype(np.int32), 0.0)
    zone = cv2.GaussianBlur(zone, (0, 0), max(1.0, 0.012 * face.shape[0]))
    luma = cv2.transform(face, LUMA[None])
    level = max(float(skin @ LUMA), 1e-3)
    share = TONED * zone * np.clip((luma / level - SHINE[0]) / (SHINE[1] - SHINE[0]), 0, 1)
    face += share[..., None] * (luma[..., None] * (skin / level) - face)


def burnt_share(rgb: np.ndarray, box: Box) -> float:
    """Share of the face that has lost its drawing to white, in an RGB uint8 photo."""
    x, y, w, h = (round(value) for value in box)
    return float((rgb[max(0, y) : y + h, max(0, x) : x + w].max(axis=2) > BURNT).mean())


def tonal_depth(linear: np.ndarray, alpha: np.ndarray, box: Box) -> float:
    """Logarithm of the ratio of light to dark tones in the face and the hair around it."""
    x, y, w, h = (round(value) for value in box)
    rows, columns = slice(max(0, y), y + h), slice(max(0, x), x + w)
    luma = (linear[rows, columns] @ LUMA)[alpha[rows, columns] > 0.95]
    dark, light = np.percentile(luma, (10, 90)) if len(luma) else (1.0, 1.0)
    return float(np.log((light + 0.01) / (dark + 0.01)))
