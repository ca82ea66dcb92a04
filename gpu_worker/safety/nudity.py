"""Estimate how likely a picture is sexual, with Yahoo's open_nsfw (BSD-2-Clause): one number for the whole picture."""

import cv2
import numpy as np

from gpu_worker.safety.networks import run_network

LOOK_SIDE = 256
INPUT_SIDE = 224
MEANS_BGR = np.array([104, 117, 123], np.float32)
REFERENCE_QUALITY = 75  # the network was trained on pictures saved like this, and its scores hold for those


def estimate_nudity(rgb: np.ndarray) -> float:
    """0 (certainly harmless) to 1 (certainly sexual) for an RGB uint8 picture of any size."""
    small = cv2.cvtColor(cv2.resize(rgb, (LOOK_SIDE, LOOK_SIDE), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2BGR)
    edge = (LOOK_SIDE - INPUT_SIDE) // 2
    middle = small[edge : edge + INPUT_SIDE, edge : edge + INPUT_SIDE]
    saved = cv2.imencode(".jpg", middle, [cv2.IMWRITE_JPEG_QUALITY, REFERENCE_QUALITY])[1]
    seen = cv2.imdecode(saved, cv2.IMREAD_COLOR).astype(np.float32) - MEANS_BGR
    return float(run_network("nudity", seen[None])[0, 1])
