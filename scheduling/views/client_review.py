"""The one page that a client sees without an account: exactly the posts of a link, and nothing around them."""

import time
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from inflio.common.errors import InflioError
from inflio.common.htmx import render_page
from inflio.common.params import read_key
from scheduling.models import Post, ReviewLink
from scheduling.queries import reviews as queries
from scheduling.recurrence import describe, resolve
from scheduling.services.composing.problems import problems_of
from scheduling.services.reviewing import reviews as services
from scheduling.services.reviewing.review_pictures import preview_picture
from scheduling.views.composer_parts import preview_of

PAGE = "scheduling/client_review.html"
MOST_WRONG = 20  # links that do not work, from one address in a minute
HIDDEN = {  # no search engine, no cache between, no address handed on to other sites
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "same-origin",  # "no-referrer" would make browsers send forms with “Origin: null”
}


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_protect
def client_review(request: HttpRequest, token: str) -> HttpResponse:
    """The posts of a link, each to approve or to send back; a link that is over says what to do."""
    try:
        link = _find(request, token)
    except InflioError as error:
        return _hidden(render_page(request, PAGE, {"over": error.message}, status=error.status))
    if request.method == "POST":
        return _hidden(_decide(request, link, token))
    rows = [_shown(post, token) for post in queries.posts_behind(link)]
    context = {"link": link, "rows": rows, "open": sum(not row["decision"] and not row["over"] for row in rows)}
    return _hidden(render_page(request, PAGE, context | {"name": request.GET.get("name", "")[:120] or link.name}))


@require_safe
def client_picture(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """One small picture of a post that the link shows: `?preset=`."""
    try:
        row = queries.media_behind(_find(request, token), pk)
    except InflioError:
        raise Http404 from None
    if row is None:
        raise Http404
    try:
        data = preview_picture(row.asset, request.GET.get("preset", ""))
    except OSError:
        raise Http404 from None
    response = _hidden(HttpResponse(data, content_type="image/webp"))
    response["Cache-Control"], response["X-Content-Type-Options"] = "private, max-age=3600", "nosniff"
    return response


def _find(request: HttpRequest, token: str) -> ReviewLink:
    """The link; whoever tries many wrong addresses has to wait."""
    key = f"review-wrong:{get_adapter().get_client_ip(request)}:{int(time.time() // 60)}"
    if cache.get(key, 0) >= MOST_WRONG:
        raise services.LinkOver("Too many links that do not work were tried from here. Wait a minute, then try again.")
    try:
        return services.find_link(token)
    except services.LinkOver:
        cache.add(key, 0, 120)
        cache.incr(key)
        raise


def _decide(request: HttpRequest, link: ReviewLink, token: str) -> HttpResponse:
    data = request.POST
    back = reverse("scheduling:client_review", args=[token])
    if not ratelimit.consume(request, action="review_decide"):
        messages.error(request, "That was quick. Wait a minute, then try again.")
        return redirect(back)
    post = Post.objects.filter(review_links=link, pk=read_key(data.get("post", "")) or 0).first()
    if post is None:
        messages.error(request, "This post was deleted meanwhile. There is nothing left to decide about it.")
        return redirect(back)
    try:
        version = read_key(data.get("version", "")) or 0
        words = {name: data.get(name, "") for name in ("decision", "note", "name")}
        services.decide(post=post, version=version, link=link, **words)
        messages.success(request, "Thank you. The team was told.")
    except InflioError as error:
        messages.error(request, error.message)
    return redirect(f"{back}#post-{post.pk}")


def _shown(post: Post, token: str) -> dict:
    """A post as the client sees it: previews, times, and what they decided about this version."""
    rows = [row for row in post.media.all() if row.asset]
    media = [(row.asset, row.item, row.alt_text) for row in rows]
    url_of = _picture_url(token, [row.pk for row in rows])
    checked = problems_of(post)
    decided = next((row for row in post.decisions if row.content_version == post.content_version), None)
    return {
        "post": post,
        "previews": [preview_of(one, post.format, post.title, media, url_of=url_of) for one in checked[1:]],
        "rule": describe(post.rrule, post.starts_local) if post.rrule and post.starts_local else "",
        "first": resolve(post.starts_local, post.tzid) if post.starts_local else None,
        "decision": decided,
        "earlier": next((row for row in post.decisions if row.content_version < post.content_version), None),
        "over": post.state not in services.REVIEWABLE,
    }


def _picture_url(token: str, keys: list[int]) -> Callable:
    def url_of(asset, item, place: int, preset: str) -> str:
        address = reverse("scheduling:client_picture", args=[token, keys[place]])
        return f"{address}?preset={preset}" if preset else address

    return url_of


def _hidden(response: HttpResponse) -> HttpResponse:
    for name, value in HIDDEN.items():
        response[name] = value
    return response
