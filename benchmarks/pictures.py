"""Twelve-megapixel photos made of the samples, and what any program has to do with them."""

import time
from collections.abc import Callable
from pathlib import Path

import cv2

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = sorted((ROOT / "demo" / "photos").glob("*.jpg"))
MEGAPIXELS = 12
SIDE = 2560  # pixels; the longest side that Inflio keeps of a photo
PORTRAIT = (1024, 1280)


def write_large_photos(folder: Path) -> list[Path]:
    """Write the ten samples, enlarged to 12 megapixels, as a phone's camera would: JPEG of quality 92."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for sample in SAMPLES:
        photo = cv2.imread(str(sample))
        scale = (MEGAPIXELS * 1e6 / (photo.shape[0] * photo.shape[1])) ** 0.5
        large = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        paths.append(folder / sample.name)
        cv2.imwrite(str(paths[-1]), large, [cv2.IMWRITE_JPEG_QUALITY, 92])
    return paths


def handle_plainly(paths: list[Path], size: tuple[int, int] | None = None) -> None:
    """Decode each photo, resize it once (to SIDE, or to `size`) and encode it once: the unavoidable work."""
    for path in paths:
        photo = cv2.imread(str(path))
        scale = SIDE / max(photo.shape[:2])
        target = size or (round(photo.shape[1] * scale), round(photo.shape[0] * scale))
        cv2.imencode(".jpg", cv2.resize(photo, target, interpolation=cv2.INTER_AREA))


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
