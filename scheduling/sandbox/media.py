"""How the sandbox looks at media, by itself: what it fetches or is sent, read with Pillow and PyAV."""

import io
import urllib.error
import urllib.request
from dataclasses import dataclass
from fractions import Fraction
from http import HTTPStatus

import av
from PIL import Image

FETCH_SECONDS = 20
_TOP = {b"moov", b"mdat", b"ftyp", b"free", b"skip", b"wide", b"moof", b"uuid", b"sidx", b"styp", b"pdin", b"meta"}


class Unreachable(Exception):
    """The address gives no file; the message says why."""


class Unreadable(Exception):
    """The file is no picture or video that can be read."""


@dataclass(frozen=True)
class Picture:
    """What a picture is; size in bytes."""

    mime: str
    width: int
    height: int
    size: int

    @property
    def ratio(self) -> float:
        return self.width / self.height


@dataclass(frozen=True)
class Clip:
    """What a video is; `faststart`: it can be played before all of it is there. Rates per second, bits or frames."""

    mime: str
    width: int
    height: int
    size: int
    seconds: float
    fps: float
    video_codec: str
    audio_codec: str
    faststart: bool

    @property
    def ratio(self) -> float:
        return self.width / self.height


def fetch(url: str, *, most: int = 600_000_000, redirects: bool = True) -> bytes:
    """Fetch a public file as a platform would, without any log-in. Raises Unreachable."""
    try:
        if not url.startswith(("http://", "https://")) or not url.isascii():
            raise Unreachable("The address must be plain http(s) in ASCII.")
        request = urllib.request.Request(url, headers={"User-Agent": "InflioSandbox/1 (fetches media)"})
        handlers = () if redirects else (_NoRedirects(),)
        with urllib.request.build_opener(*handlers).open(request, timeout=FETCH_SECONDS) as reply:
            data = reply.read(most + 1)
    except urllib.error.HTTPError as error:
        raise Unreachable(f"The address answered {error.code} {HTTPStatus(error.code).phrase}.") from None
    except (OSError, ValueError) as error:
        raise Unreachable(f"The address could not be fetched: {error}") from None
    if len(data) > most:
        raise Unreachable(f"The file is larger than {most} bytes.")
    return data


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs) -> None:
        return None


def mime_of(data: bytes) -> str:
    """Tell by its bytes what a file is. Raises Unreadable."""
    return (clip_of(data) if _is_video(data) else picture_of(data)).mime


def facts_of(data: bytes) -> Picture | Clip:
    """Read whichever it is. Raises Unreadable."""
    return clip_of(data) if _is_video(data) else picture_of(data)


def picture_of(data: bytes) -> Picture:
    """Read a picture. Raises Unreadable."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            return Picture(Image.MIME.get(image.format, "image/unknown"), *image.size, len(data))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable(f"It is no picture that can be read: {error}") from None


def clip_of(data: bytes) -> Clip:
    """Read a video. Raises Unreadable."""
    try:
        with av.open(io.BytesIO(data)) as container:
            if not container.streams.video:
                raise Unreadable("It has no picture track.")
            track = container.streams.video[0]
            sound = container.streams.audio[0].codec_context.name if container.streams.audio else ""
            duration = container.duration / av.time_base if container.duration else _seconds(track)
            rate = track.average_rate or Fraction(0)
            return Clip(
                mime=_container(container.format.name, data),
                width=track.codec_context.width,
                height=track.codec_context.height,
                size=len(data),
                seconds=float(duration),
                fps=float(rate),
                video_codec=track.codec_context.name,
                audio_codec=sound,
                faststart=_index_first(data),
            )
    except (av.FFmpegError, ValueError, EOFError) as error:
        raise Unreadable(f"It is no video that can be read: {error}") from None


def _seconds(track) -> float:
    return float(track.duration * track.time_base) if track.duration else 0.0


def _is_video(data: bytes) -> bool:
    return data[4:8] == b"ftyp" or data[:4] == b"\x1a\x45\xdf\xa3"


def _container(name: str, data: bytes) -> str:
    if "webm" in name and data[:4] == b"\x1a\x45\xdf\xa3":
        return "video/webm"
    return "video/quicktime" if data[8:12] == b"qt  " else "video/mp4"


def _index_first(data: bytes) -> bool:
    """Whether moov comes before mdat."""
    at = 0
    while at + 8 <= len(data):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if name == b"moov":
            return True
        if name == b"mdat" or name not in _TOP:
            return False
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size < 8:
            return False
        at += size
    return False
