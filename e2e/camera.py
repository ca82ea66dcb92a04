"""A film for Chromium's fake camera, made of the sample photos, so that each capture shows another picture."""

from pathlib import Path

import cv2
import numpy as np

from gpu_worker.identity.faces import find_faces

SIZE = (1280, 960)
FRAMES = 300  # ten seconds, longer than the test looks, as a film that begins again repeats its pictures
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


def fit(photo: np.ndarray) -> np.ndarray:
    """Cut a photo (uint8 BGR, height x width x 3) to SIZE around its face, as somebody sits before a camera."""
    x, y, width, height = find_faces(cv2.cvtColor(photo, cv2.COLOR_BGR2RGB))[0].box
    tall = round(height * 2.4)
    wide = round(tall * SIZE[0] / SIZE[1])
    left, top = round(x + width / 2 - wide / 2), round(y + height / 2 - tall * 0.42)
    padded = cv2.copyMakeBorder(photo, tall, tall, wide, wide, cv2.BORDER_REPLICATE)
    return cv2.resize(padded[top + tall : top + 2 * tall, left + wide : left + 2 * wide], SIZE)
