"""Look at photos one by one: is there one usable face, how good is it, and who is it."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from gpu_worker.identity.advice import MESSAGES, advise, find_problem, praise
from gpu_worker.identity.body import measure_body
from gpu_worker.identity.embedding import embed_face
from gpu_worker.identity.faces import Face, count_people, find_faces
from gpu_worker.identity.quality import Measures, Scores, measure_face, score_measures
from gpu_worker.pictures import PictureError, read_picture

WORKING_SIDE = 1600
SMALLEST_FACE = 80.0
# A picture darker than this (mean, 0-255) in which no face is found is called dark, not empty.
DARK_PICTURE = 30.0
THREADS = 2
NO_SCORES = Scores(0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, eq=False)
class PhotoAnalysis:
    """What one photo shows. `problem` is a code of advice.MESSAGES, a PictureError's code, or None when usable.

    face: the main one, in pixels of the analysed picture. body: one of body.EXTENTS, "" where the photo is unusable.
    embedding: float32 (128,), only of usable photos.
    refusal: category, reason and scores of a photo that may not be used at all; problem: "under_age" or "unsafe".
    fingerprint: 16 x 16 grey tones, uint8, alike for copies of one picture; None when it couldn't be read.
    """

    face: Face | None
    face_count: int
    scores: Scores
    measures: Measures | None
    embedding: np.ndarray | None
    fingerprint: np.ndarray | None
    problem: str | None
    message: str
    advice: tuple[str, ...] = ()
    body: str = ""
    refusal: Mapping[str, Any] | None = None


def analyse_photo(rgb: np.ndarray) -> PhotoAnalysis:
    """Analyse one upright RGB uint8 picture, best at 1000-1600 pixels on its long side."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    fingerprint = cv2.resize(grey, (16, 16), interpolation=cv2.INTER_AREA)
    faces = find_faces(rgb)
    if not faces:
        code = "too_dark" if fingerprint.mean() < DARK_PICTURE else "no_face"
        return _rejected(code, fingerprint)
    face, face_count = faces[0], count_people(faces)
    measures = measure_face(rgb, face)
    scores = score_measures(measures)
    if face_count > 1:
        problem = "several_people"
    elif face.width < SMALLEST_FACE:
        problem = "face_too_small"
    else:
        problem = find_problem(measures)
    return PhotoAnalysis(
        face=face,
        face_count=face_count,
        scores=scores,
        measures=measures,
        embedding=None if problem else embed_face(rgb, face),
        fingerprint=fingerprint,
        problem=problem,
        message=MESSAGES[problem] if problem else praise(scores),
        advice=advise(measures) if face_count == 1 else (),
        body="" if problem else measure_body(rgb, face),
    )


def analyse_files(
    paths: Sequence[str | Path],
    on_photo: Callable[[int, PhotoAnalysis], None] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
    inspect: Callable[[int], Mapping[str, Any] | None] | None = None,
) -> list[PhotoAnalysis]:
    """Analyse files, two at a time; the result is in the order of `paths`.

    `on_photo(index, analysis)` is called in the caller's thread as each one is finished, in any order; what it
    raises ends the work. Once `is_cancelled()` is true, photos not yet begun are left out: the list is shorter.
    `inspect(index)`, called in several threads, returns the refusal of a photo that may not be used, or None.
    A file that is no picture becomes an analysis with the code and message of its PictureError.
    """
    found: dict[int, PhotoAnalysis] = {}
    with ThreadPoolExecutor(THREADS, thread_name_prefix="analyse") as pool:
        waiting = {
            pool.submit(_analyse_file, path, partial(inspect, index) if inspect else None): index
            for index, path in enumerate(paths)
        }
        try:
            for done in as_completed(waiting):
                found[waiting[done]] = done.result()
                if on_photo:
                    on_photo(waiting[done], found[waiting[done]])
                if is_cancelled and is_cancelled():
                    break
        finally:
            pool.shutdown(cancel_futures=True)
    return [found[index] for index in sorted(found)]


def _analyse_file(path: str | Path, inspect: Callable[[], Mapping[str, Any] | None] | None) -> PhotoAnalysis:
    try:
        seen = analyse_photo(read_picture(path, WORKING_SIDE))
    except PictureError as error:
        return _rejected(error.code, None, str(error))
    refusal = inspect() if inspect else None
    if refusal is None:
        return seen
    problem = "under_age" if refusal["category"] == "minor" else "unsafe"
    return replace(
        seen, problem=problem, message=refusal["reason"], embedding=None, advice=(), body="", refusal=refusal
    )


def _rejected(code: str, fingerprint: np.ndarray | None, message: str | None = None) -> PhotoAnalysis:
    return PhotoAnalysis(
        face=None,
        face_count=0,
        scores=NO_SCORES,
        measures=None,
        embedding=None,
        fingerprint=fingerprint,
        problem=code,
        message=message or MESSAGES[code],
    )
