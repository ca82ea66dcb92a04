"""One way to answer a page or its fragment: the same view serves a plain URL and an htmx request."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.html import format_html, format_html_join

from inflio.common.errors import InflioError


def render_page(
    request: HttpRequest, template: str, context: dict | None = None, *, partial: str | None = None, status: int = 200
) -> HttpResponse:
    """Render `template`; only its `partial` when htmx asked for exactly that element (HX-Target == partial)."""
    htmx = getattr(request, "htmx", None)
    if partial and htmx and not htmx.boosted and htmx.target == partial:
        template = f"{template}#{partial}"
    response = render(request, template, context, status=status)
    response["Vary"] = "HX-Request, HX-Target"
    return response


def render_fragment(
    request: HttpRequest, template: str, partial: str, context: dict | None = None, *, status: int = 200
) -> HttpResponse:
    """Render one named partial of a page whatever the target is."""
    return render(request, f"{template}#{partial}", context, status=status)


def sentence_of(error: InflioError) -> str:
    """The error's sentence for a toast, with its links behind it."""
    if not error.links:
        return error.message
    links = format_html_join(", ", '<a href="{}">{}</a>', ((url, title) for title, url in error.links))
    return format_html("{} {}", error.message, links)


def redirect_to(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to `url`: a 302 for a plain request, HX-Redirect for an htmx one."""
    if getattr(request, "htmx", None):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
