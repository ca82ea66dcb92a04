"""The visible mark on a film: how long it takes for each second, and how much of that is reading and writing it."""

import tempfile
from pathlib import Path
from time import perf_counter

import av
import numpy as np

from benchmarks.table import Row
from inflio.media.burn import CODEC, FASTSTART, OPTIONS, burn_in
from inflio.media.frames import DEMUXER
from scheduling.disclosure.mark import mark_for

SIZE, RATE, SECONDS = (1080, 1920), 30, 8
GRAIN = 8  # pixels of one patch of colour


def measure() -> list[Row]:
    """One film of moving patches, marked, and written again without any mark."""
    with tempfile.TemporaryDirectory() as folder:
        film, marked, plain = (Path(folder) / name for name in ("film.mp4", "marked.mp4", "plain.mp4"))
        _shoot(film)
        badge, place = mark_for(SIZE)
        begin = perf_counter()
        burn_in(film, marked, badge=badge, place=place)
        middle = perf_counter()
        _copy(film, plain)
        end = perf_counter()
    spent, least = (middle - begin) / SECONDS, (end - middle) / SECONDS
    return [Row("Mark on a film, 1080x1920 at 30 a second: each second of it", spent, "s", "<= 3 s", least)]


def _shoot(path: Path) -> None:
    small = np.random.default_rng(1).integers(0, 255, (SIZE[1] // GRAIN, SIZE[0] // GRAIN, 3), np.uint8)
    patches = small.repeat(GRAIN, 0).repeat(GRAIN, 1)
    with av.open(str(path), "w", options=FASTSTART) as made:
        out = _stream(made)
        for number in range(RATE * SECONDS):
            pixels = np.ascontiguousarray(np.roll(patches, number * 3, 1))
            made.mux(out.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        made.mux(out.encode())


def _copy(source: Path, target: Path) -> None:
    with av.open(str(source), format=DEMUXER) as film, av.open(str(target), "w", options=FASTSTART) as made:
        film.streams.video[0].thread_type = "AUTO"
        out = _stream(made)
        for frame in film.decode(video=0):
            made.mux(out.encode(frame))
        made.mux(out.encode())


def _stream(made: av.container.OutputContainer) -> av.VideoStream:
    out = made.add_stream(CODEC, rate=RATE, options=OPTIONS)
    out.width, out.height, out.pix_fmt = *SIZE, "yuv420p"
    return out
