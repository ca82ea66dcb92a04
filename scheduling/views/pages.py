"""Public pages: what anybody may see of a persona, without a log-in and without a cookie."""

from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from inflio.common.params import read_key
from inflio.media import thumbnails
from inflio.media.models import Asset
from inflio.media.serving import serve_asset
from scheduling.models import Channel
from scheduling.queries import pages as queries
from scheduling.services.connecting.pages import public_picture
from scheduling.views.page_feeds import PageFeed, json_feed

FRESH = "public, max-age=60"  # a closed page is gone for everybody a minute later
PICTURE = "public, max-age=300, no-transform"


def shown(view):
    """Decorate a view of a page: gives it the page, leads on from an old address, answers 404 for a closed one."""

    @require_safe
    @wraps(view)
    def showing(request: HttpRequest, slug: str, **kwargs) -> HttpResponse:
        page = queries.page_at(slug)
        if page is not None:
            response = view(request, page, **kwargs)
            response.headers.setdefault("Cache-Control", FRESH)
            return response
        moved = queries.page_moved_from(slug)
        if moved is None:
            raise Http404
        # Never for good: a browser that keeps A to B would go round in circles once the page is at A again.
        return redirect(request.resolver_match.view_name, slug=moved.handle, **kwargs)

    return showing


@shown
def page(request: HttpRequest, page: Channel) -> HttpResponse:
    """The persona and its newest posts; `?before=<id>` is the next page."""
    key = read_key(request.GET.get("before", ""))
    rows = queries.entries(page, before=key, limit=queries.PAGE + 1)
    more = rows[queries.PAGE - 1].pk if len(rows) > queries.PAGE else None
    context = _frame(page) | {"entries": rows[: queries.PAGE], "next_before": more, "is_first": key is None}
    return render(request, "scheduling/page.html", context)


@shown
def page_entry(request: HttpRequest, page: Channel, pk: int) -> HttpResponse:
    """One post with all of its pictures."""
    entry = queries.entry(page, pk)
    if entry is None:
        raise Http404
    return render(request, "scheduling/page_entry.html", _frame(page) | {"entry": entry})


@shown
def page_rss(request: HttpRequest, page: Channel) -> HttpResponse:
    """The newest posts as RSS."""
    return PageFeed(page, queries.entries(page, limit=queries.PAGE * 2))(request)


@shown
def page_json(request: HttpRequest, page: Channel) -> HttpResponse:
    """The newest posts as JSON Feed 1.1."""
    feed = json_feed(page, queries.entries(page, limit=queries.PAGE * 2))
    return JsonResponse(feed, content_type="application/feed+json", json_dumps_params={"ensure_ascii": False})


@shown
def page_picture(request: HttpRequest, page: Channel, pk: int, number: int, width: int) -> HttpResponse:
    """A sized copy of one picture of one post."""
    return _sized(request, _found(queries.page_asset(page, pk, number)), width)


@shown
def page_file(request: HttpRequest, page: Channel, pk: int, number: int, extension: str) -> HttpResponse:
    """The file itself, with its content credentials; videos in parts, as players want them."""
    asset = _found(queries.page_asset(page, pk, number))
    if asset.extension != extension:
        raise Http404
    return serve_asset(request, asset, cache=PICTURE)


@shown
def page_avatar(request: HttpRequest, page: Channel, width: int) -> HttpResponse:
    """The persona's face."""
    return _sized(request, _found(page.persona.avatar), width)


def _found(asset: Asset | None) -> Asset:
    if asset is None:
        raise Http404
    return asset


def _sized(request: HttpRequest, asset: Asset, width: int) -> HttpResponse:
    if width not in thumbnails.WIDTHS or not asset.mime.startswith("image/"):
        raise Http404
    etag = f'"{asset.sha256}-p{width}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        try:
            response = HttpResponse(public_picture(asset, width), content_type="image/webp")
        except FileNotFoundError:
            raise Http404 from None
    response["ETag"], response["Cache-Control"] = etag, PICTURE
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _frame(page: Channel) -> dict:
    """What every page of a persona shows; addresses that go into meta tags are full ones."""
    return {
        "page": page,
        "persona": page.persona,
        "about": page.facts.get("about", ""),
        "site": settings.SITE_URL,
        "page_url": settings.SITE_URL + reverse("scheduling:page", args=[page.handle]),
    }
