"""A film for Chromium's fake camera, made of the sample photos, so that each capture shows another picture."""

from pathlib import Path

import cv2
import numpy as np

SIZE = (640, 480)
FRAMES = 600  # twenty seconds, longer than the tests look, as a film that begins again repeats its pictures
FRAMES_EACH = 15
GRAIN = 3.0


def write_film(photos: list[Path], film: Path) -> None:
    """Write an MJPEG that shows each photo for half a second, in turns; no two frames are the same, as in life."""
    stills = [fit(cv2.imread(str(path))) for path in photos]
    chance = np.random.default_rng(1)
    with film.open("wb") as stream:
        for number in range(FRAMES):
            still = stills[number // FRAMES_EACH % len(stills)]
            grain = chance.normal(0, GRAIN, (still.shape[0] // 8, still.shape[1] // 8, 1)).astype(np.float32)
            frame = np.clip(still + cv2.resize(grain, SIZE)[..., None], 0, 255).astype(np.uint8)
            stream.write(cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes())


def fit(photo):
    """Centre a photo (uint8 BGR, height x width x 3) on a frame of SIZE."""
    width, height = SIZE
    frame = cv2.GaussianBlur(cv2.resize(photo, SIZE), (0, 0), 25)
    fitted = cv2.resize(photo, (round(height * photo.shape[1] / photo.shape[0]), height), interpolation=cv2.INTER_AREA)
    left = (width - fitted.shape[1]) // 2
    frame[:, left : left + fitted.shape[1]] = fitted
    return frame
