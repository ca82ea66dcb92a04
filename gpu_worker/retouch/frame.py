"""Which part of the base picture a frame shows: format, closeness and place of the person, never without the face."""

import numpy as np

from gpu_worker.compositor.mask import Box

from .recipe import Recipe, RetouchRefused

# Pixels of a finished picture by aspect ratio; 1280 x 720 is what YouTube asks for.
SIZES = {
    "16:9": (1280, 720),
    "1:1": (1080, 1080),
    "4:5": (1080, 1350),
    "3:4": (1080, 1440),
    "2:3": (1080, 1620),
    "9:16": (1080, 1920),
}
EYE_LEVEL = 0.43  # where the middle of the face lies, from the top
MOST_ENLARGED = 2.6
MOST_FACE = 0.82  # of the frame's height or width
TOO_WIDE = (
    "The picture has no more pixels around it, so it can't be made wider. "
    "Another background gives room, for example “put me on a yacht”."
)
TOO_CLOSE = "Closer than this would cut the face."
TOO_COARSE = "The picture has too few pixels to go this close: start from a larger one, or stay a little wider."


def frame_size(aspect: str, base: tuple[int, int]) -> tuple[int, int]:
    """(width, height) in pixels of the finished picture; without an aspect the base's own, at most 1920 long."""
    if aspect:
        if aspect not in SIZES:
            raise RetouchRefused(f"The format {aspect} is not one of {', '.join(SIZES)}.")
        return SIZES[aspect]
    scale = min(1.0, 1920 / max(base))
    return round(base[0] * scale), round(base[1] * scale)


def crop_box(base: tuple[int, int], face: Box | None, head: Box | None, recipe: Recipe) -> Box:
    """The part (x, y, width, height) of a base picture of size (width, height) that is shown. RetouchRefused."""
    width, height = base
    frame = frame_size(recipe.aspect, base)
    ratio = frame[0] / frame[1]
    wide = min(width, height * ratio)
    if recipe.zoom < 0.995:
        raise RetouchRefused(TOO_WIDE)
    wide /= recipe.zoom
    high = wide / ratio
    if frame[0] / wide > MOST_ENLARGED and recipe.zoom > 1:
        raise RetouchRefused(TOO_COARSE)
    if face is None:
        middle, level = width / 2, height * 0.45
    else:
        middle, level = face[0] + face[2] / 2, face[1] + face[3] / 2
        if recipe.zoom > 1 and (face[3] > MOST_FACE * high or face[2] > MOST_FACE * wide):
            raise RetouchRefused(TOO_CLOSE)
        if face[2] > wide or face[3] > high:
            raise RetouchRefused(f"The face is larger than a {recipe.aspect} part of this picture.")
    shift = -recipe.shift[0] if recipe.mirror else recipe.shift[0]
    x = middle - wide * (0.5 + 0.3 * shift)
    y = level - high * (EYE_LEVEL + 0.3 * recipe.shift[1])
    if head is not None:
        # Hair is shown whole where chin and neck leave room: hair that just touches the edge looks like a mistake.
        y = max(min(y, head[1] - 0.035 * high), head[3] - 0.94 * high)
    if face is not None:
        x = min(max(x, face[0] + face[2] * 1.05 - wide), face[0] - face[2] * 0.05)
        y = min(max(y, face[1] + face[3] * 1.03 - high), face[1] - face[3] * 0.03)
    return min(max(x, 0.0), width - wide), min(max(y, 0.0), height - high), wide, high


def into_frame(box: Box, size: tuple[int, int]) -> np.ndarray:
    """Matrix (2, 3) from the base's pixels to a frame of size (width, height) that shows `box`."""
    scale = size[0] / box[2]
    return np.array([[scale, 0, -box[0] * scale + 0.5 * (scale - 1)], [0, scale, -box[1] * scale + 0.5 * (scale - 1)]])
