"""A small picture burnt into every frame of a film; its sound is copied, its times stay."""

from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import ColorRange
from PIL import Image

from inflio.media.frames import DEMUXER

BITS = 20_000_000  # a second, at most: every platform takes that
SOUND_BITS = 400_000  # kept free for the sound
SPARE = 0.9  # of a limit in bytes, since an encoder keeps to its rate only on average
# What every platform asks for: https://developers.facebook.com/docs/instagram-platform and its like.
CODEC, OPTIONS = "libx264", {"preset": "veryfast", "crf": "18", "profile": "high", "g": "60", "bf": "2"}
FASTSTART = {"movflags": "faststart"}
FILM, EVEN = "yuv420p", 2  # colour has half the resolution, so that places and sizes are even


def burn_in(
    source: Path,
    target: Path,
    *,
    badge: Image.Image,
    place: tuple[int, int],
    seconds: float = 0,
    most_bytes: int = 0,
    on_frame: Callable[[], object] = lambda: None,
) -> None:
    """Write the film as MP4 (H.264, index first) with `badge` (RGBA) at `place` (left, top) of the upright picture.

    About as long as it plays for 1080 x 1920 at 30 frames a second on two cores; `on_frame` is called after each frame.
    With `most_bytes` and its length in `seconds` the rate is held under that. Raises av.FFmpegError for a film that
    cannot be read to its end, ValueError for one without a picture.
    """
    with av.open(str(source), format=DEMUXER) as film, av.open(str(target), "w", options=FASTSTART) as made:
        picture, sound = film.streams.video[0], next(iter(film.streams.audio), None)
        picture.thread_type = "AUTO"
        out = _stream(made, picture, _size(source), _rate(seconds, most_bytes))
        copied = made.add_stream_from_template(sound) if sound else None
        stamp = _Stamp(badge, place)
        for one in _upright(film, picture, sound):
            if isinstance(one, av.VideoFrame):
                made.mux(out.encode(stamp.on(one)))
                on_frame()
            elif copied is not None:
                one.stream = copied
                made.mux(one)
        made.mux(out.encode())


def _size(source: Path) -> tuple[int, int]:
    """Width and height of the film as it is shown; only a frame says how it is turned."""
    with av.open(str(source), format=DEMUXER) as film:
        frame = next(film.decode(film.streams.video[0]), None)
    if frame is None:
        raise ValueError("no frame can be read")
    turned = _turned(frame)
    return turned.width, turned.height


def _rate(seconds: float, most_bytes: int) -> int:
    if not (seconds and most_bytes):
        return BITS
    return max(100_000, min(BITS, int(most_bytes * 8 * SPARE / seconds) - SOUND_BITS))


def _stream(made: av.container.OutputContainer, source: av.VideoStream, size: tuple[int, int], rate: int):
    """The new film's stream: shown as the old one, in its time and with its colours."""
    options = OPTIONS | {"maxrate": str(rate), "bufsize": str(2 * rate)}
    out = made.add_stream(CODEC, rate=source.average_rate, options=options)
    out.width, out.height, out.pix_fmt, out.time_base = *size, FILM, source.time_base
    for name in ("color_primaries", "color_trc", "colorspace"):
        setattr(out.codec_context, name, getattr(source.codec_context, name))
    out.codec_context.color_range = ColorRange.MPEG
    return out


def _upright(film, picture, sound) -> Iterator[av.VideoFrame | av.Packet]:
    """The film's frames, as they are shown, and the sound's packets, in the file's order."""
    for packet in film.demux(*(one for one in (picture, sound) if one)):
        if packet.stream is sound:
            if packet.dts is not None:  # the last one is empty
                yield packet
            continue
        for frame in packet.decode():
            yield _turned(frame)


def _turned(frame: av.VideoFrame) -> av.VideoFrame:
    """In 8 bits, of even size, and turned as phones ask."""
    even = {"width": frame.width // EVEN * EVEN, "height": frame.height // EVEN * EVEN}
    plain = frame.reformat(format=FILM, dst_color_range=ColorRange.MPEG, **even)
    if not frame.rotation:
        plain.pts, plain.time_base = frame.pts, frame.time_base
        return plain
    planes = [np.rot90(plane, frame.rotation // 90) for plane in _planes(plain.to_ndarray())]
    turned = av.VideoFrame.from_ndarray(_packed(planes), format=FILM)
    turned.pts, turned.time_base = frame.pts, frame.time_base
    return turned


def _planes(packed: np.ndarray) -> list[np.ndarray]:
    """Light (H, W) and the two colours (H/2, W/2) of a frame as PyAV packs it (3H/2, W); views, no copies."""
    width = packed.shape[1]
    height = packed.shape[0] * 2 // 3
    quarter = height * width // 4
    colours = packed[height:].reshape(-1)
    return [
        packed[:height],
        colours[:quarter].reshape(height // 2, width // 2),
        colours[quarter:].reshape(height // 2, width // 2),
    ]


def _packed(planes: list[np.ndarray]) -> np.ndarray:
    width = planes[0].shape[1]
    return np.concatenate([np.ascontiguousarray(plane).reshape(-1, width) for plane in planes])


class _Stamp:
    """The badge as light and colours with their weights, computed once for all frames."""

    def __init__(self, badge: Image.Image, place: tuple[int, int]) -> None:
        size = tuple(side // EVEN * EVEN for side in badge.size)
        badge = badge.crop((0, 0, *size))
        self.left, self.top = (side // EVEN * EVEN for side in place)
        flat = av.VideoFrame.from_image(badge.convert("RGB")).reformat(format=FILM).to_ndarray()
        weight = np.asarray(badge.getchannel("A"), np.float32) / 255
        small = weight.reshape(size[1] // 2, 2, size[0] // 2, 2).mean((1, 3))
        weights = (weight, small, small)
        self.layers = [(plane * share, 1 - share) for plane, share in zip(_planes(flat), weights, strict=True)]

    def on(self, frame: av.VideoFrame) -> av.VideoFrame:
        """The frame with the badge on it."""
        packed = frame.to_ndarray()
        for half, (plane, (ink, rest)) in enumerate(zip(_planes(packed), self.layers, strict=True)):
            scale = EVEN if half else 1
            top, left = self.top // scale, self.left // scale
            part = plane[top : top + ink.shape[0], left : left + ink.shape[1]]
            part[...] = np.rint(ink + part * rest).astype(np.uint8)
        marked = av.VideoFrame.from_ndarray(packed, format=FILM)
        marked.pts, marked.time_base = frame.pts, frame.time_base
        return marked
