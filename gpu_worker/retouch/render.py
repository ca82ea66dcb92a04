"""From the base picture and a recipe to the finished picture, at any size: a quarter for a preview, or the whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from gpu_worker.compositor.mask import Box
from gpu_worker.compositor.subject import Subject
from gpu_worker.pictures import srgb_to_linear

from .backdrop import compose, soften
from .frame import crop_box, frame_size, into_frame
from .headline import draw_headline
from .layout import set_headline
from .lighting import relight
from .person import Person, chain, warp
from .recipe import Recipe, RetouchRefused
from .tone import develop

NO_CUT_OUT = "The person can't be told from the background here, so light and background stay as they are: {}"


@dataclass(frozen=True, eq=False)
class Source:
    """What is edited. rgb: the base picture, uint8 (h, w, 3); person: who is in it, None where no face was found.

    photos: asked for cut-outs to put before another background, best first: the photo the base was made from, say;
        the base's own comes last.
    """

    rgb: np.ndarray
    person: Person | None
    photos: Callable[[], Sequence[Subject]] = tuple


@dataclass(frozen=True, eq=False)
class _Frame:
    """A frame without words yet: linear light, and where face and head are in it."""

    linear: np.ndarray
    face: Box | None
    head: Box | None


def render(source: Source, recipe: Recipe, scale: float = 1.0) -> np.ndarray:
    """The edited picture, uint8 (h, w, 3); `scale` 0.25 gives the same picture at a quarter of its size.

    The same arguments give the same bytes. Raises RetouchRefused for what this picture does not allow.
    """
    whole = frame_size(recipe.aspect, source.rgb.shape[1::-1])
    size = (max(16, round(whole[0] * scale)), max(16, round(whole[1] * scale)))
    frame = _on_backdrop(source, recipe, size) if recipe.backdrop else _in_place(source, recipe, size)
    rgb = develop(frame.linear, recipe)
    face, head = frame.face, frame.head
    if recipe.mirror:
        rgb = np.ascontiguousarray(rgb[:, ::-1])
        face = face and (size[0] - face[0] - face[2], *face[1:])
        head = head and (size[0] - head[2], head[1], size[0] - head[0], head[3])
    if recipe.headline:
        rgb = draw_headline(rgb, recipe.headline, set_headline(recipe.headline, size, face, head))
    return rgb


def _in_place(source: Source, recipe: Recipe, size: tuple[int, int]) -> _Frame:
    base, person = source.rgb, source.person
    head = person.head() if person else None
    matrix = into_frame(crop_box(base.shape[1::-1], person and person.face, head, recipe), size)
    linear = srgb_to_linear(np.clip(warp(base, matrix, size, cv2.BORDER_REPLICATE), 0, 255).astype(np.uint8))
    if recipe.light or recipe.blur > 0 or recipe.tone("behind"):
        if person is None or person.subject is None:
            raise RetouchRefused(NO_CUT_OUT.format(person.why if person else "no face was found in the picture."))
        to_frame = chain(person.into_picture(), matrix)
        alpha = np.clip(warp(person.subject.alpha.astype(np.float32) / 255, to_frame, size), 0, 1)
        if recipe.blur > 0:
            own = warp(person.subject.colour.astype(np.float32), to_frame, size, cv2.BORDER_REPLICATE)
            linear = soften(linear, np.clip(own, 0, 1), alpha, recipe.blur)
        if behind := recipe.tone("behind"):
            linear *= 1 + (1 - alpha)[..., None] * np.float32(2.0 ** (1.6 * behind) - 1)
        if recipe.light:
            linear = relight(linear, alpha, person.subject, to_frame, recipe.light, recipe.mirror)
    if person is None:
        return _Frame(linear, None, None)
    return _Frame(linear, *_moved(matrix, person.face, head))


def _on_backdrop(source: Source, recipe: Recipe, size: tuple[int, int]) -> _Frame:
    own = source.person.subject if source.person else None
    subjects = [*source.photos(), *([own] if own is not None else [])]
    linear, subject, placement = compose(subjects, recipe, recipe.backdrop, size)
    return _Frame(linear, *_moved(placement.matrix, subject.face, subject.head))


def _moved(matrix: np.ndarray, face: Box, head: Box) -> tuple[Box, Box]:
    """Face (x, y, w, h) and head (left, top, right, bottom) after a similarity."""
    x, y, w, h = face
    face_corners = _corners(matrix, (x, y, x + w, y + h))
    return (
        (face_corners[0], face_corners[1], face_corners[2] - face_corners[0], face_corners[3] - face_corners[1]),
        _corners(matrix, head),
    )


def _corners(matrix: np.ndarray, box: Box) -> Box:
    left, top, right, bottom = box
    points = matrix[:, :2] @ np.array([[left, right, right, left], [top, top, bottom, bottom]]) + matrix[:, 2:]
    return tuple(float(value) for value in (*points.min(axis=1), *points.max(axis=1)))
