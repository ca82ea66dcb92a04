"""Single frames of a video, upright, as pictures."""

import io
from pathlib import Path
from typing import BinaryIO

import av
from PIL import Image

DEMUXER = "mov"  # MP4 and MOV; no other format of FFmpeg's is ever tried on a file from outside
QUALITY = 90


def frame_of(source: Path | BinaryIO, *, at_ms: int = 0) -> bytes:
    """A JPEG of what is seen at a moment, the last frame when it lies behind the end.

    Raises FileNotFoundError for a video in which no frame can be read, as for one that is not there.
    """
    picture = None
    try:
        with av.open(str(source) if isinstance(source, Path) else source, format=DEMUXER) as container:
            stream = container.streams.video[0]
            if at_ms:
                container.seek(at_ms * 1000, backward=True)  # in microseconds: to the key frame before
            for frame in container.decode(stream):
                picture = frame
                if frame.time is None or frame.time * 1000 >= at_ms:
                    break
            if picture is not None:
                return _jpeg(upright(picture))
    except (av.FFmpegError, IndexError) as error:
        raise FileNotFoundError("no frame can be read") from error
    raise FileNotFoundError("no frame can be read")


def upright(frame: av.VideoFrame) -> Image.Image:
    """A frame as it is shown: phones film sideways and say so."""
    picture = frame.to_image()
    return picture.rotate(frame.rotation, expand=True) if frame.rotation else picture


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
