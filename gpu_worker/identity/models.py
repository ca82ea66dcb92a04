"""The two face networks, lent to one thread at a time, since cv2 networks can't be shared.

Each thread gets a detector of its own; there is one recogniser for all, for it is quick but takes 50 MB.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import cv2

from gpu_worker.weights import weight_path

MIN_DETECTION_SCORE = 0.6

_idle: list["FaceModels"] = []
_recogniser: list[cv2.FaceRecognizerSF] = []
_loading = threading.Lock()
_recognising = threading.Lock()


def _begin_anew() -> None:
    """A forked worker loads its own: networks of the parent may hold threads that the child does not have."""
    global _loading, _recognising
    _idle.clear()
    _recogniser.clear()
    _loading, _recognising = threading.Lock(), threading.Lock()


os.register_at_fork(after_in_child=_begin_anew)


@dataclass(frozen=True)
class FaceModels:
    """YuNet, ready to run."""

    detector: cv2.FaceDetectorYN


@contextmanager
def borrow_models() -> Iterator[FaceModels]:
    """Lend a detector for the duration of the block; as many exist as threads ever ran at once.

    Raises WeightMissing or WeightRefused.
    """
    try:
        models = _idle.pop()
    except IndexError:
        models = FaceModels(_quietly(cv2.FaceDetectorYN.create, "yunet", (320, 320), MIN_DETECTION_SCORE))
    try:
        yield models
    finally:
        _idle.append(models)


@contextmanager
def borrow_recogniser() -> Iterator[cv2.FaceRecognizerSF]:
    """Lend the one SFace for the duration of the block; other threads wait. Raises WeightMissing or WeightRefused."""
    with _recognising:
        if not _recogniser:
            _recogniser.append(_quietly(cv2.FaceRecognizerSF.create, "sface"))
        yield _recogniser[0]


def _quietly(create: Callable, weight: str, *options):
    path = str(weight_path(weight))
    with _loading:
        level = cv2.utils.logging.getLogLevel()
        # OpenCV 5 warns at every load that its new engine has no targets to choose from.
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
        try:
            return create(path, "", *options)
        finally:
            cv2.utils.logging.setLogLevel(level)
