"""Small real videos for tests, made with the same library that reads them."""

import tempfile
from pathlib import Path

import av
import numpy as np


def film(
    *,
    seconds: float = 1,
    size: tuple[int, int] = (180, 320),
    codec: str = "libx264",
    container: str = "mp4",
    faststart: bool = True,
    sound: str = "",
) -> bytes:
    """A film that goes from dark to light; `sound` names an audio encoder, no `codec` makes sound alone."""
    with tempfile.TemporaryDirectory() as folder:  # moving the index to the front needs a file with a name
        path = Path(folder) / f"film.{container}"
        _write(path, seconds, size, codec, {"movflags": "faststart"} if faststart else {}, sound)
        return path.read_bytes()


def _write(path: Path, seconds: float, size: tuple[int, int], codec: str, options: dict, sound: str) -> None:
    with av.open(str(path), "w", options=options) as target:
        picture = target.add_stream(codec, rate=10) if codec else None
        audio = target.add_stream(sound, rate=44_100) if sound else None
        if picture is not None:
            picture.width, picture.height, picture.pix_fmt = *size, "yuv420p"
            count = max(1, round(seconds * 10))
            for number in range(count):
                pixels = np.full((size[1], size[0], 3), round(240 * number / count), np.uint8)
                target.mux(picture.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
            target.mux(picture.encode())
        if audio is not None:
            silence = np.zeros((1, 1024), np.float32 if sound == "aac" else np.int16)
            frame = av.AudioFrame.from_ndarray(silence, format="fltp" if sound == "aac" else "s16", layout="mono")
            frame.sample_rate = 44_100
            target.mux(audio.encode(frame))
            target.mux(audio.encode())
