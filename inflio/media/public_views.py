"""The address at which platforms fetch one file: no log-in, no cookie, no redirect, nothing for search engines."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from inflio.media.public import asset_behind, seconds_left
from inflio.media.serving import serve_asset

LONGEST_CACHE = 300  # seconds a copy may live after its original was deleted


@require_safe
def public_file(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """One file while its address is good; 404 for everything else."""
    asset = asset_behind(token, name)
    if asset is None:
        raise Http404
    # no-transform: a proxy that shrinks the picture would break its signature.
    seconds = min(LONGEST_CACHE, seconds_left(token))
    response = serve_asset(request, asset, cache=f"public, max-age={seconds}, no-transform")
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Content-Disposition"] = "inline"
    return response
