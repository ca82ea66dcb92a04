"""Takes NUL out of forms, answers every error of ours with its sentence, brings messages to htmx requests as toasts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string

from inflio.common.errors import InflioError
from inflio.common.htmx import sentence_of


class NulMiddleware:
    """Take NUL out of addresses' parameters and of forms: nobody types it, and PostgreSQL refuses every text with it.

    Stands behind CsrfViewMiddleware, which has read the form by then. What is exempt from that one (webhooks, the API)
    checks its own body, which is left as it was sent.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        request.GET = _without_nul(request.GET)
        if request.method == "POST" and not getattr(view, "csrf_exempt", False):
            request.POST = _without_nul(request.POST)


class HtmxMessagesMiddleware:
    """Append pending messages to an htmx answer, out of band, so that actions can speak."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_html = response.get("Content-Type", "").startswith("text/html")
        leaves_page = "HX-Redirect" in response or "HX-Refresh" in response or 300 <= response.status_code < 400
        if getattr(request, "htmx", None) and is_html and not leaves_page and not response.streaming:
            pending = list(messages.get_messages(request))
            if pending:
                if response.status_code == 204:  # nothing is swapped from a 204, not even out of band
                    response.status_code = 200
                    response["HX-Reswap"] = "none"
                toasts = render_to_string("components/_toasts.html", {"messages": pending, "oob": True}, request)
                response.write(toasts)
        return response


class InflioErrorMiddleware:
    """Turn an InflioError that a view let through into a clear answer with its status."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, InflioError):
            return None
        if request.headers.get("Accept", "").startswith("application/json"):
            body = {"error": {"code": exception.code, "message": exception.message}}
            return JsonResponse(body, status=exception.status)
        if getattr(request, "htmx", None) and not request.htmx.boosted:
            messages.error(request, sentence_of(exception))
            response = HttpResponse(status=200)
            response["HX-Reswap"] = "none"
            return response
        return render(request, "error.html", {"error": exception}, status=exception.status)


def _without_nul(data: QueryDict) -> QueryDict:
    if not any("\0" in value for _, values in data.lists() for value in values):
        return data
    cleaned = data.copy()
    for name, values in data.lists():
        cleaned.setlist(name, [value.replace("\0", "") for value in values])
    return cleaned
