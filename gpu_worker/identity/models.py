"""The two face networks, loaded once and lent to one thread at a time, since cv2 networks can't be shared."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import cv2

from gpu_worker.weights import weight_path

MIN_DETECTION_SCORE = 0.6

_idle: list["FaceModels"] = []
_loading = threading.Lock()
# A forked worker loads its own: networks of the parent may hold threads that the child does not have.
os.register_at_fork(after_in_child=_idle.clear)


@dataclass(frozen=True)
class FaceModels:
    """YuNet and SFace, ready to run."""

    detector: cv2.FaceDetectorYN
    recogniser: cv2.FaceRecognizerSF


@contextmanager
def borrow_models() -> Iterator[FaceModels]:
    """Lend a pair of networks for the duration of the block; as many exist as threads ever ran at once.

    Raises WeightMissing or WeightRefused.
    """
    try:
        models = _idle.pop()
    except IndexError:
        models = _load_models()
    try:
        yield models
    finally:
        _idle.append(models)


def _load_models() -> FaceModels:
    detector_file, recogniser_file = str(weight_path("yunet")), str(weight_path("sface"))
    with _loading:
        level = cv2.utils.logging.getLogLevel()
        # OpenCV 5 warns at every load that its new engine has no targets to choose from.
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
        try:
            return FaceModels(
                cv2.FaceDetectorYN.create(detector_file, "", (320, 320), MIN_DETECTION_SCORE),
                cv2.FaceRecognizerSF.create(recogniser_file, ""),
            )
        finally:
            cv2.utils.logging.setLogLevel(level)
