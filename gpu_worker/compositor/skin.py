"""What a photo's own light did to the face: skin colour, direction of light, burnt highlights."""

import cv2
import numpy as np

from .errors import PortraitRefused
from .mask import Box

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
BURNT = 250
SHINE = (1.05, 1.6)  # brightness relative to skin at which a highlight begins and ends to lose its colour
TONED = 0.85


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


def tone_highlights(linear: np.ndarray, box: Box, skin: np.ndarray) -> None:
    """Give shiny spots of the face skin colour again, in place: burnt white turns grey when less light falls on it."""
    x, y, w, h = box
    rows = slice(max(0, round(y - 0.15 * h)), min(linear.shape[0], round(y + 1.05 * h)))
    columns = slice(max(0, round(x - 0.1 * w)), min(linear.shape[1], round(x + 1.1 * w)))
    face = linear[rows, columns]
    down = (np.arange(rows.start, rows.stop, dtype=np.float32) - (y + 0.45 * h)) / (0.6 * h)
    across = (np.arange(columns.start, columns.stop, dtype=np.float32) - (x + 0.5 * w)) / (0.6 * w)
    zone = np.clip((1 - down[:, None] ** 2 - across[None] ** 2) * 4, 0, 1)
    luma = cv2.transform(face, LUMA[None])
    bright = luma / max(float(skin @ LUMA), 1e-3)
    share = TONED * zone * np.clip((bright - SHINE[0]) / (SHINE[1] - SHINE[0]), 0, 1)
    toned = luma[..., None] * (skin / max(float(skin @ LUMA), 1e-3))
    face += share[..., None] * (toned - face)


def burnt_share(rgb: np.ndarray, box: Box) -> float:
    """Share of the face that has lost its drawing to white, in an RGB uint8 photo."""
    x, y, w, h = (round(value) for value in box)
    return float((rgb[max(0, y) : y + h, max(0, x) : x + w].max(axis=2) > BURNT).mean())
