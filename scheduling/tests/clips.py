"""A tiny real film that every platform takes, made with PyAV; no Django here."""

import tempfile
from functools import cache
from pathlib import Path

import av
import numpy as np

SECONDS, RATE, SIZE, SOUND_RATE = 3.5, 24, (360, 640), 48_000


@cache
def short_clip() -> bytes:
    """An upright MP4 of 3.5 seconds with silence: H.264, AAC, 360 x 640, 24 frames a second, index first; 20 KB."""
    with tempfile.TemporaryDirectory() as folder:  # moving the index to the front needs a file with a name
        path = Path(folder) / "clip.mp4"
        with av.open(str(path), "w", options={"movflags": "faststart"}) as target:
            _write(target)
        return path.read_bytes()


def _write(target: av.container.OutputContainer) -> None:
    picture = target.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "crf": "34"})
    picture.width, picture.height, picture.pix_fmt = *SIZE, "yuv420p"
    sound = target.add_stream("aac", rate=SOUND_RATE)
    frames = round(SECONDS * RATE)
    for number in range(frames):
        pixels = np.full((SIZE[1], SIZE[0], 3), 40, np.uint8)
        top = round((SIZE[1] - 80) * number / frames)
        pixels[top : top + 80, 140:220] = (230, 190, 120)  # a square that sinks
        target.mux(picture.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
    target.mux(picture.encode())
    for number in range(round(SECONDS * SOUND_RATE / 1024)):
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        silence.sample_rate, silence.pts = SOUND_RATE, number * 1024
        target.mux(sound.encode(silence))
    target.mux(sound.encode())


def padded(data: bytes, size: int) -> bytes:
    """The same film in a file of exactly this many bytes: players skip the box that is added."""
    gap = size - len(data)
    if gap < 8:
        raise ValueError(f"The film has {len(data)} bytes already.")
    return data + gap.to_bytes(4, "big") + b"free" + bytes(gap - 8)
