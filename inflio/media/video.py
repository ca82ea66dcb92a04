"""Uploaded videos: judged by their content, refused with a reason, stored as they are."""

import struct
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import av
from django.conf import settings

from inflio.accounts.models import User, Workspace
from inflio.common.errors import InvalidInput
from inflio.media import storage
from inflio.media.frames import DEMUXER, upright
from inflio.media.models import Asset
from inflio.media.services import StoredFile, create_asset

EXTENSIONS = {"video/mp4": "mp4", "video/quicktime": "mov"}
VIDEO_CODECS = ("h264", "hevc")
AUDIO_CODECS = ("aac", "mp3", "")
HDR_CURVES = (16, 18)  # SMPTE 2084 (PQ) and ARIB B67 (HLG), as H.273 numbers them
WHOLE = 0.95  # of the stated length must really be in the file
MB = 1024 * 1024
BROKEN = "This video is damaged or was not uploaded whole. Export it again and upload the new file."
NO_TRACK = "There is no film in this file. Choose an MP4 or MOV video."


@dataclass(frozen=True)
class VideoFacts:
    """What a video is, measured: pixels as it is shown, seconds, frames a second, codecs ("" for no sound).

    faststart: it can be played before it is loaded whole, which some platforms want. hdr: its light is stored for HDR
    screens (PQ or HLG).
    """

    mime: str
    width: int
    height: int
    seconds: float
    fps: float
    video_codec: str
    audio_codec: str
    faststart: bool
    hdr: bool = False

    def as_kept(self) -> dict[str, Any]:
        """What an asset's provenance keeps of it."""
        return {
            "seconds": round(self.seconds, 3),
            "fps": round(self.fps, 3),
            "codecs": [self.video_codec, self.audio_codec],
            "faststart": self.faststart,
            "hdr": self.hdr,
        }

    @property
    def warnings(self) -> tuple[str, ...]:
        """What may be a nuisance later, in sentences."""
        if self.faststart:
            return ()
        return ("Its index is at its end, so it starts slowly on the web. Export it “optimised for streaming”.",)


def probe_video(file: BinaryIO | Path) -> VideoFacts:
    """Measure a video and read it through; raises InvalidInput with a sentence for the user.

    `file` is an uploaded or an open file, or a path. Only MP4 and MOV with H.264 or HEVC are taken.
    """
    with _opened(file) as source:
        size = source.seek(0, 2)
        if not size:
            raise InvalidInput("This file is empty. Choose the video again.", code="empty")
        if size > settings.VIDEO_MAX_BYTES:
            limit = settings.VIDEO_MAX_BYTES // MB
            raise InvalidInput(f"This video has {size / MB:.0f} MB; the limit is {limit} MB.", code="too_heavy")
        mime, faststart = _boxes(source, size)
        source.seek(0)
        try:
            with av.open(source, format=DEMUXER) as container:
                return _measure(container, mime, faststart)
        except (av.FFmpegError, EOFError) as error:
            raise InvalidInput(BROKEN, code="broken") from error


def store_video(*, workspace: Workspace, file: BinaryIO, by: User, ai_made: bool = True, title: str = "") -> Asset:
    """Check an uploaded video and store it unchanged, so that what it says about its making stays in it.

    `ai_made`: False only when its owner states that no AI made it. Raises InvalidInput.
    """
    facts = probe_video(file)
    stored = keep_film(workspace_id=workspace.pk, file=file, facts=facts)
    provenance = {"title": title or "Video", "ai_made": ai_made, "by": by.pk} | facts.as_kept()
    return create_asset(workspace=workspace, file=stored, source=Asset.Source.UPLOAD, provenance=provenance)


def keep_film(*, workspace_id: int, file: BinaryIO, facts: VideoFacts) -> StoredFile:
    """Write a film under its content's name, piece by piece; safe to repeat."""
    digest = storage.sha256_of(file)
    name = storage.content_name(workspace_id, digest, EXTENSIONS[facts.mime])
    storage.write_file_once(name, file)
    return StoredFile(name, digest, facts.mime, file.seek(0, 2), facts.width, facts.height)


@contextmanager
def _opened(file: BinaryIO | Path):
    if isinstance(file, Path):
        with file.open("rb") as source:
            yield source
    else:
        yield getattr(file, "file", file)  # Django's UploadedFile wraps a real file, which PyAV reads


def _boxes(source: BinaryIO, size: int) -> tuple[str, bool]:
    """The type by the file's first box, and whether its index comes before its content."""
    source.seek(0)
    head = source.read(12)
    if head[4:8] != b"ftyp":
        raise InvalidInput("This is not a video we can read. Use an MP4 or MOV file.", code="not_a_video")
    mime = "video/quicktime" if head[8:12] == b"qt  " else "video/mp4"
    at, found = 0, []
    while at + 8 <= size and len(found) < 100 and b"mdat" not in found:
        source.seek(at)
        length, kind = struct.unpack(">I4s", source.read(8))
        if length == 1:
            length = struct.unpack(">Q", source.read(8).ljust(8, b"\0"))[0]
        found.append(kind)
        if length < 8:  # to the end of the file
            break
        at += length
    return mime, b"moov" in found


def _measure(container: av.container.InputContainer, mime: str, faststart: bool) -> VideoFacts:
    if not container.streams.video:
        raise InvalidInput(NO_TRACK, code="no_video")
    stream = container.streams.video[0]
    if stream.width * stream.height > settings.UPLOAD_MAX_PIXELS:
        raise InvalidInput("This video has more pixels than any platform takes. Export it smaller.", code="too_large")
    sound = container.streams.audio[0].codec_context.name if container.streams.audio else ""
    if stream.codec_context is None or stream.codec_context.name not in VIDEO_CODECS:
        raise InvalidInput("This video's format is not taken anywhere. Save it as MP4 with H.264.", code="codec")
    if sound not in AUDIO_CODECS:
        raise InvalidInput(f"This video's sound ({sound}) is not taken. Save it with AAC sound.", code="audio_codec")
    frame = next(container.decode(stream), None)
    if frame is None:
        raise InvalidInput(BROKEN, code="broken")
    seconds = _length(container, stream)
    if seconds > settings.VIDEO_MAX_SECONDS:
        minutes = settings.VIDEO_MAX_SECONDS / 60
        raise InvalidInput(f"This video is {seconds / 60:.1f} minutes long; the limit is {minutes:g}.", code="too_long")
    picture = upright(frame)
    return VideoFacts(
        mime=mime,
        width=picture.width,
        height=picture.height,
        seconds=seconds,
        fps=float(stream.average_rate or 0),
        video_codec=stream.codec_context.name,
        audio_codec=sound,
        faststart=faststart,
        hdr=stream.codec_context.color_trc in HDR_CURVES,
    )


def _length(container: av.container.InputContainer, stream: av.VideoStream) -> float:
    """Seconds of film that are really there: every packet is read, none decoded. Raises InvalidInput when some lack."""
    container.seek(0)
    end = 0.0
    for packet in container.demux(stream):
        if packet.pts is not None and packet.size:
            end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    stated = float(stream.duration * stream.time_base) if stream.duration else end
    if end <= 0 or end < stated * WHOLE:
        raise InvalidInput(BROKEN, code="broken")
    return end
