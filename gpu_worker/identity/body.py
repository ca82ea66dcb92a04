"""How much of the person a photo shows: from only the face to the whole body."""

import cv2
import numpy as np

from gpu_worker.compositor.content_types import EXTENTS
from gpu_worker.compositor.mask import LEG_WINDOWS, WINDOWS, find_person
from gpu_worker.identity.faces import Face

# What is visible at least. The limits are face heights (forehead to chin) below the chin, from the usual proportions
# of a standing adult: shoulders 0.5, chest 1.3, waist 2.7, knees 6, soles 8.5.
REACHES = (("knees", 5.6), ("waist", 2.6), ("chest", 1.1), ("shoulders", 0.35))
FULL = 7.0
MEASURED_SIDE = 400  # pixels of the longest side: the outline need not be finer
BODY_WINDOWS = WINDOWS[2:]  # the nearer ones draw the hair, which nobody asks about here
LEGS_FROM = 3.5  # face heights of picture below the chin from which legs may be seen
EDGE = 0.012  # a body nearer to the photo's lower edge than this share of its height is cut off by it


def measure_body(rgb: np.ndarray, face: Face) -> str:
    """One of EXTENTS for the person with this face in an RGB uint8 picture (h, w, 3)."""
    scale = min(1.0, MEASURED_SIDE / max(rgb.shape[:2]))
    size = (max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale)))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    box = tuple(value * scale for value in face.box)
    below = (size[1] - box[1] - box[3]) / box[3]
    windows = (*BODY_WINDOWS, *LEG_WINDOWS) if below > LEGS_FROM else BODY_WINDOWS
    return judge_extent(find_person(small, box, windows).body, box)


def judge_extent(body: np.ndarray, box: tuple[float, float, float, float]) -> str:
    """One of EXTENTS for a body mask, bool (h, w), and the face's box (x, y, width, height) in its pixels."""
    x, _, wide, high = box
    height, width = body.shape
    columns = body[:, max(0, round(x + wide / 2 - 1.5 * high)) : min(width, round(x + wide / 2 + 1.5 * high))]
    rows = np.nonzero(columns.sum(axis=1) > 0.08 * high)[0]  # narrower than an ankle is no leg
    if not len(rows):
        return EXTENTS[0]
    below = (rows[-1] + 1 - (box[1] + high)) / high
    is_cut = rows[-1] + 1 >= height * (1 - EDGE)
    if below >= FULL and not is_cut:
        return EXTENTS[-1]
    return next((name for name, reach in REACHES if below >= reach), EXTENTS[0])
