"""The two networks of this package: one of each for all threads, since they are quick and one takes 70 MB."""

import os
import threading

import cv2
import numpy as np

from gpu_worker.weights import weight_path

_loaded: dict[str, cv2.dnn.Net] = {}
_using = threading.Lock()


def _begin_anew() -> None:
    """A forked worker loads its own: networks of the parent may hold threads that the child does not have."""
    global _using
    _loaded.clear()
    _using = threading.Lock()


os.register_at_fork(after_in_child=_begin_anew)


def run_network(name: str, planes: np.ndarray) -> np.ndarray:
    """Output of the network called `name` in the weights registry; other threads wait.

    Raises WeightMissing or WeightRefused.
    """
    with _using:
        if name not in _loaded:
            _loaded[name] = _load(str(weight_path(name)))
        _loaded[name].setInput(planes)
        return _loaded[name].forward().copy()


def _load(path: str) -> cv2.dnn.Net:
    level = cv2.utils.logging.getLogLevel()
    # OpenCV 5 warns of shapes that it then finds out by itself.
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
    try:
        return cv2.dnn.readNet(path)
    finally:
        cv2.utils.logging.setLogLevel(level)
