"""Serves files to members of their workspace, and to nobody else."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from inflio.accounts.access import get_owned_or_404, member_required
from inflio.media import storage, thumbnails
from inflio.media.models import Asset
from inflio.media.serving import serve_asset

YEAR = 31_536_000


@require_safe
@member_required()
def thumbnail(request: HttpRequest, pk: int, width: int) -> HttpResponse:
    """A sized WebP copy; its address never changes its content, so browsers keep it."""
    asset = get_owned_or_404(Asset, request, pk=pk)
    if width not in thumbnails.WIDTHS:
        raise Http404
    return _file(request, asset, lambda: thumbnails.thumbnail(asset, width), "image/webp", f"{asset.sha256}-{width}")


@require_safe
@member_required()
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The full picture as an attachment with a speaking name."""
    asset = get_owned_or_404(Asset, request, pk=pk)
    response = _file(request, asset, lambda: storage.read(asset.name), asset.mime, asset.sha256)
    title = slugify(asset.provenance.get("title", "")) or f"inflio-{asset.pk}"
    response["Content-Disposition"] = f'attachment; filename="{title}.{asset.extension}"'
    return response


@require_safe
@member_required()
def original(request: HttpRequest, pk: int) -> HttpResponse:
    """The file itself inside the page, also in parts: what a video player asks for."""
    asset = get_owned_or_404(Asset, request, pk=pk)
    response = serve_asset(request, asset, cache=f"private, max-age={YEAR}, immutable")
    response["Content-Disposition"] = "inline"
    return response


def _file(request: HttpRequest, asset: Asset, load, mime: str, tag: str) -> HttpResponse:
    etag = f'"{tag}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        try:
            response = HttpResponse(load(), content_type=mime)
        except FileNotFoundError:
            raise Http404 from None
    response["ETag"] = etag
    response["Cache-Control"] = f"private, max-age={YEAR}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
