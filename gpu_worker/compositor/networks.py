"""The compositor's two small networks, loaded once per thread, since cv2 networks can't be shared."""

import os
import threading

import cv2
import numpy as np

from gpu_worker.weights import weight_path

_loaded = threading.local()
# A forked worker loads its own: networks of the parent may hold threads that the child does not have.
os.register_at_fork(after_in_child=lambda: _loaded.__dict__.clear())


def run_network(name: str, rgb: np.ndarray) -> np.ndarray:
    """Output of the network called `name` in the weights registry for RGB uint8 (h, w, 3) of its own input size.

    Raises WeightMissing or WeightRefused.
    """
    network = _loaded.__dict__.get(name)
    if network is None:
        network = _loaded.__dict__[name] = _load(name)
    planes = np.ascontiguousarray(rgb.transpose(2, 0, 1)[None], dtype=np.float32)
    network.setInput(planes / np.float32(255))
    return network.forward()


def _load(name: str) -> cv2.dnn.Net:
    path = str(weight_path(name))
    level = cv2.utils.logging.getLogLevel()
    # OpenCV 5 warns of shapes that it then clamps to the right ones.
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
    try:
        return cv2.dnn.readNet(path)
    finally:
        cv2.utils.logging.setLogLevel(level)
