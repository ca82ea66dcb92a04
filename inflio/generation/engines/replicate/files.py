"""Pictures that Replicate made, fetched at once (it deletes them after an hour) and within limits."""

import io
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from PIL import Image, UnidentifiedImageError

from inflio.generation.engines.base import Output
from inflio.generation.engines.replicate.terms import base_url

MAX_BYTES = 40_000_000
MAX_PIXELS = 40_000_000
SECONDS = 30.0
KINDS = {"WEBP": ("image/webp", "webp"), "PNG": ("image/png", "png"), "JPEG": ("image/jpeg", "jpg")}


class NotFetched(Exception):
    """The file did not come; asking again may help. `gone`: it does not exist any more."""

    def __init__(self, reason: str, *, gone: bool = False) -> None:
        super().__init__(reason)
        self.gone = gone


class NotAPicture(Exception):
    """The file came whole and cannot be used."""


def fetch_output(url: str, facts: Mapping[str, Any]) -> Output:
    """Fetch one picture and look into it; raises NotFetched, NotAPicture."""
    return picture_of(fetch(url), facts)


def fetch(url: str) -> bytes:
    """The content of a file of the provider; only over https, or from `base_url`."""
    _refuse_elsewhere(url)
    try:
        with _client().stream("GET", url) as response:
            if response.status_code != 200:
                raise NotFetched(f"HTTP {response.status_code}", gone=response.status_code in {404, 410})
            return _read(response.iter_bytes())
    except httpx.HTTPError as error:
        raise NotFetched(type(error).__name__) from error


@cache
def _client() -> httpx.Client:
    """One for each process: making one reads all root certificates."""
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.Client(timeout=httpx.Timeout(SECONDS, connect=5.0), follow_redirects=False, limits=limits)


def _refuse_elsewhere(url: str) -> None:
    if not url.startswith("https://") and urlsplit(url)[:2] != urlsplit(base_url())[:2]:
        raise NotAPicture("The file lies at an address that is not fetched from.")


def _read(chunks: Iterable[bytes]) -> bytes:
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) > MAX_BYTES:
            raise NotAPicture("The file is larger than any picture.")
    return bytes(data)


def picture_of(data: bytes, facts: Mapping[str, Any]) -> Output:
    """The picture with its true kind and size; raises NotAPicture when it cannot be decoded to its last line."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            width, height, kind = image.width, image.height, image.format
            if width * height > MAX_PIXELS:
                raise NotAPicture("The picture is too large.")
            image.load()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise NotAPicture("The file is not a whole picture.") from error
    if kind not in KINDS:
        raise NotAPicture(f"{kind} pictures are not used.")
    mime, extension = KINDS[kind]
    return Output(data, mime, extension, width, height, facts)
