"""The router of every API, and how its errors look."""

from django.urls import path
from rest_framework.response import Response
from rest_framework.views import exception_handler

from inflio.common.errors import InflioError
from inflio.media.api import VerifyFile
from scheduling.api.urls import urlpatterns as scheduling_urls

app_name = "api"
urlpatterns = [
    path("verify", VerifyFile.as_view(), name="verify"),
    *scheduling_urls,
]


def answer_error(error: Exception, context: dict) -> Response | None:
    """Errors of ours as `{"error": {"code", "message"}}` with their status; the framework's in the same form."""
    if isinstance(error, InflioError):
        return Response({"error": {"code": error.code, "message": error.message}}, status=error.status)
    response = exception_handler(error, context)
    if response is not None:
        code = getattr(error, "default_code", "not_found" if response.status_code == 404 else "error")
        message = response.data.get("detail", response.data) if isinstance(response.data, dict) else response.data
        response.data = {"error": {"code": code, "message": message}}
    return response
