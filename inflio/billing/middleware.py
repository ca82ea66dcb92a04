"""Keeps the credits that the page shows true after every htmx answer."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from inflio.billing.models import CreditAccount


class FreshCreditsMiddleware:
    """Append the balance to an htmx answer, out of band: an action spends, a poll may have captured or given back.

    One read by a unique key; the row is read anew, because the view may have kept one from before its service wrote.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        workspace = getattr(request, "workspace", None)
        if workspace and request.htmx and not request.htmx.boosted and _is_fragment(response):
            rows = CreditAccount.objects.filter(workspace=workspace).values_list("available", flat=True)
            available = rows.first()
            if available is not None:
                response.write(render_to_string("components/_credits_now.html", {"available": available, "oob": True}))
        return response


def _is_fragment(response: HttpResponse) -> bool:
    """Whether htmx swaps this answer: HTML, not a stream, not a way to another page."""
    leaves = "HX-Redirect" in response or "HX-Refresh" in response
    is_html = response.get("Content-Type", "").startswith("text/html")
    return is_html and not leaves and not response.streaming and response.status_code in (200, 422)
