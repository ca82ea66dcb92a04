"""Answers every error of ours with its sentence, and brings messages to htmx requests as toasts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from inflio.common.errors import InflioError
from inflio.common.htmx import sentence_of


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
