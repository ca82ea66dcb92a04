"""Small real videos for tests, made with the same library that reads them."""

import struct
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
    curve: int = 0,
    full_range: bool = False,
) -> bytes:
    """A film that goes from dark to light; `sound` names an audio encoder, no `codec` makes sound alone.

    curve: its transfer function, as H.273 numbers them. full_range: its light goes from 0 to 255, not from 16 to 235.
    """
    with tempfile.TemporaryDirectory() as folder:  # moving the index to the front needs a file with a name
        path = Path(folder) / f"film.{container}"
        options = {"movflags": "faststart"} if faststart else {}
        _write(path, seconds, size, codec, options, sound, curve, "yuvj420p" if full_range else "yuv420p")
        return path.read_bytes()


def sideways() -> bytes:
    """A film of a phone held upright: stored lying (320 x 180) with the matrix that turns it, shown standing."""
    turned = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 180 << 16, 0, 1 << 30)
    plain = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    data = film(size=(320, 180), faststart=False)
    at = data.index(plain, data.index(b"tkhd"))
    return data[:at] + turned + data[at + len(plain) :]


def noise(*, crf: int) -> bytes:
    """Four seconds of coloured noise, which takes as many bytes as the quality allows."""
    grains = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "noise.mp4"
        with av.open(str(path), "w", options={"movflags": "faststart"}) as made:
            stream = made.add_stream("libx264", rate=10, options={"crf": str(crf)})
            stream.width, stream.height, stream.pix_fmt = 320, 320, "yuv420p"
            for _ in range(40):
                pixels = grains.integers(0, 255, (320, 320, 3), np.uint8)
                made.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
            made.mux(stream.encode())
        return path.read_bytes()


def _write(
    path: Path,
    seconds: float,
    size: tuple[int, int],
    codec: str,
    options: dict,
    sound: str,
    curve: int,
    pixels_as: str,
) -> None:
    with av.open(str(path), "w", options=options) as target:
        picture = target.add_stream(codec, rate=10) if codec else None
        audio = target.add_stream(sound, rate=44_100) if sound else None
        if picture is not None:
            picture.width, picture.height, picture.pix_fmt = *size, pixels_as
            if curve:
                picture.codec_context.color_trc = curve
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
