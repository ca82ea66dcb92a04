"""Pictures on their way to fal (small JPEGs inside the request) and back (fetched within limits, decoded, proved)."""

import base64
import io
import ssl
import time
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
from PIL import Image, ImageOps, UnidentifiedImageError

from inflio.common.errors import InvalidInput
from inflio.generation.engines.base import Output
from inflio.generation.engines.fal.api import is_base

REFERENCE_SIDE, EDIT_SIDE, PREVIEW_SIDE = 1280, 2048, 512  # longest side in pixels
MAX_BYTES, MAX_PIXELS = 40_000_000, 40_000_000
SECONDS, CONNECT_SECONDS, WHOLE_SECONDS = 20.0, 5.0, 120.0
REDIRECTS = 3
KINDS = {"PNG": ("image/png", "png"), "JPEG": ("image/jpeg", "jpg"), "WEBP": ("image/webp", "webp")}


class NotFetched(Exception):
    """The file did not come this time; it is still there."""


class Gone(Exception):
    """The file does not exist any more, or is no picture that can be used."""


def data_uri(path: Path, side: int) -> str:
    """The picture at `path` as a JPEG data URI: upright, at most `side` pixels long, without any metadata."""
    try:
        with Image.open(path) as picture:
            picture.draft("RGB", (side, side))  # a JPEG is decoded no larger than needed: ten times faster
            small = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise InvalidInput("One of the pictures cannot be read. Choose another one.", code="bad_picture") from error
    return "data:image/jpeg;base64," + base64.b64encode(_jpeg(small, side, 92)).decode("ascii")


def preview_of(data: bytes) -> bytes | None:
    """A small JPEG of a picture that is still forming; None where it cannot be read yet."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return _jpeg(picture.convert("RGB"), PREVIEW_SIDE, 80)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None


def inline(image: dict[str, Any]) -> bytes | None:
    """The bytes that an event or an answer carries itself, as base64 or as a data URI; None when it carries none."""
    text = image.get("b64_json") or ""
    url = str(image.get("url") or "")
    if url.startswith("data:"):
        text = url.partition(",")[2]
    if not text:
        return None
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return None


def fetch(url: str) -> bytes:
    """Load a picture from an https address within the limits; raises NotFetched (ask again) or Gone."""
    end = time.monotonic() + WHOLE_SECONDS
    timeout = httpx.Timeout(SECONDS, connect=CONNECT_SECONDS)
    try:
        with httpx.Client(timeout=timeout, verify=_certificates()) as client:
            for _ in range(REDIRECTS + 1):
                if not url.startswith("https://") and not is_base(url):
                    raise Gone("a picture's address is not https")
                with client.stream("GET", url) as response:
                    if response.is_redirect:
                        url = urljoin(url, response.headers.get("location", ""))
                        continue
                    return _read(response, end)
    except httpx.HTTPError as error:
        raise NotFetched(type(error).__name__) from error
    raise Gone("too many redirects")


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()  # takes 20 ms, once


def _read(response: httpx.Response, end: float) -> bytes:
    if response.status_code in {400, 403, 404, 410}:
        raise Gone(f"HTTP {response.status_code}")
    if response.status_code != 200:
        raise NotFetched(f"HTTP {response.status_code}")
    data = bytearray()
    for chunk in response.iter_bytes():
        data += chunk
        if len(data) > MAX_BYTES:
            raise Gone("the picture is too large")
        if time.monotonic() > end:
            raise NotFetched("too slow")
    return bytes(data)


def output_of(data: bytes, facts: dict[str, Any]) -> Output:
    """A picture as an output, with the type and size it really has; raises Gone for what cannot be decoded whole."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.format not in KINDS or picture.width * picture.height > MAX_PIXELS:
                raise Gone(f"a {picture.format} of {picture.width}x{picture.height}")
            picture.load()
            mime, extension = KINDS[picture.format]
            return Output(data, mime, extension, picture.width, picture.height, facts)
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise Gone("not a whole picture") from error


def _jpeg(picture: Image.Image, side: int, quality: int) -> bytes:
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()
