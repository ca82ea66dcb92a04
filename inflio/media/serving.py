"""Answers requests for a stored file: whole, in part (Range), only its headers (HEAD), or “you have it already”."""

import re
from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.utils.http import parse_etags

from inflio.media.models import Asset

PIECE = 64 * 1024
RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


class _Part:
    """A part of an open file, given piece by piece; closed by the server when the answer ends, sent or not."""

    def __init__(self, file, start: int, length: int) -> None:
        self._file, self._left = file, length
        file.seek(start)

    def __iter__(self) -> Iterator[bytes]:
        while self._left > 0 and (piece := self._file.read(min(PIECE, self._left))):
            self._left -= len(piece)
            yield piece

    def close(self) -> None:
        self._file.close()


def serve_asset(request: HttpRequest, asset: Asset, *, cache: str) -> HttpResponse:
    """The file of an asset, with `cache` as its Cache-Control; Http404 when the file is gone."""
    etag = f'"{asset.sha256}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        response = _content(request, asset, etag)
    response["ETag"] = etag
    response["Cache-Control"] = cache
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _content(request: HttpRequest, asset: Asset, etag: str) -> HttpResponse:
    try:
        file = default_storage.open(asset.name, "rb")
    except FileNotFoundError:
        raise Http404 from None
    try:
        return _answer(request, asset, file, etag)
    except BaseException:
        file.close()
        raise


def _answer(request: HttpRequest, asset: Asset, file, etag: str) -> HttpResponse:
    size = file.size
    wanted = _range_of(request, size, etag)
    if wanted == ():
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    start, end = wanted or (0, size - 1)
    headers = {"Content-Length": str(end - start + 1)}
    if wanted:
        headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    status = 206 if wanted else 200
    if request.method == "HEAD":
        file.close()
        return HttpResponse(content_type=asset.mime, status=status, headers=headers)
    part = _Part(file, start, end - start + 1)
    return StreamingHttpResponse(part, content_type=asset.mime, status=status, headers=headers)


def _range_of(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | tuple[()] | None:
    """First and last byte of the one part asked for; None for the whole file, () for a part that is not there."""
    found = RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if not found or found.group() == "bytes=-" or request.headers.get("If-Range", etag) != etag:
        return None  # several parts, or no range we know: the whole file is a right answer
    first, last = found.groups()
    if not first:  # the last so many bytes
        count = int(last)
        return (max(0, size - count), size - 1) if count and size else ()
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    return (start, end) if start <= end else ()
