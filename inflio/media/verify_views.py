"""The public page that checks any file's credentials."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from inflio.common.errors import InflioError, InvalidInput
from inflio.common.htmx import render_page
from inflio.media.verification import refuse_too_often, verify_file


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """A form for one file, and what was found in it."""
    context, status = {}, 200
    if request.method == "POST":
        try:
            refuse_too_often(request)
            if "file" not in request.FILES:
                raise InvalidInput("Choose a file first.", code="missing")
            file = request.FILES["file"]
            context = {"found": verify_file(file), "name": file.name}
        except InflioError as error:
            context, status = {"error": error.message}, error.status
            if request.htmx and status == 429:
                raise  # htmx swaps no such answer; the person gets the sentence as a toast
    return render_page(request, "media/verify.html", context, partial="verify-result", status=status)
