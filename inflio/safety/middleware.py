"""Gives every web request a keeper of refusals, so that they outlive the transaction that refused."""

from django.http import HttpRequest, HttpResponse

from inflio.safety.services import keep_refusals


class KeepRefusalsMiddleware:
    """Write refusals down once the view is over."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with keep_refusals():
            return self.get_response(request)
