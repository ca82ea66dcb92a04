"""The photo step: add and remove photos, see each judged, and start the analysis."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from inflio.accounts.access import member_required
from inflio.accounts.models import Level
from inflio.common.clicks import click_key
from inflio.common.errors import InflioError
from inflio.common.htmx import redirect_to, render_page
from personas import services
from personas.models import Persona
from personas.views.consent import declaration
from personas.views.live import photo_context, show_photos
from personas.views.shared import back_on_error, find_persona, frame


@require_safe
@member_required()
def photos(request: HttpRequest, pk: int) -> HttpResponse:
    """Consent, photos, and the analysis while it runs."""
    row = find_persona(request, pk)
    context = frame(request, row, "photos") | declaration() | photo_context(row)
    return render_page(request, "personas/photos.html", context, partial="photo-set")


@require_POST
@member_required(Level.EDITOR)
@back_on_error("photos")
def add_photos(request: HttpRequest, pk: int) -> HttpResponse:
    """Take every file that can be used; each that cannot is shown with its own sentence."""
    row = find_persona(request, pk)
    files = request.FILES.getlist("photos")
    refused = [problem for file in files if (problem := _add(row, file, request.user))]
    if not files:
        refused = [{"name": "No photo", "message": "Choose at least one photo first."}]
    if request.htmx:
        return show_photos(request, pk, refused=refused)
    if not refused:
        return redirect("personas:photos", pk)
    row = find_persona(request, pk)
    context = frame(request, row, "photos") | declaration() | photo_context(row) | {"refused": refused}
    return render_page(request, "personas/photos.html", context, status=422)


def _add(persona: Persona, file: UploadedFile, user) -> dict | None:
    try:
        services.add_photo(persona=persona, file=file, by=user)
    except InflioError as error:
        return {"name": file.name, "message": error.message, "code": error.code}
    return None


@require_POST
@member_required(Level.EDITOR)
@back_on_error("photos")
def remove_photo(request: HttpRequest, pk: int, photo_pk: int) -> HttpResponse:
    """Delete one photo."""
    row = find_persona(request, pk)
    photo = get_object_or_404(row.photos.select_related("asset", "persona"), pk=photo_pk)
    services.remove_photo(photo=photo, by=request.user)
    return show_photos(request, pk)


@require_POST
@member_required(Level.EDITOR)
@back_on_error("photos")
def analyse(request: HttpRequest, pk: int) -> HttpResponse:
    """Start the analysis; with `portraits` the page of portraits shows what comes."""
    with_portraits = bool(request.POST.get("portraits"))
    services.start_analysis(
        persona=find_persona(request, pk), by=request.user, with_portraits=with_portraits, key=click_key(request)
    )
    if with_portraits:
        return redirect_to(request, reverse("personas:persona", args=[pk]))
    return show_photos(request, pk)


@require_POST
@member_required(Level.EDITOR)
@back_on_error("photos")
def cancel_analysis(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the running analysis."""
    services.cancel_analysis(persona=find_persona(request, pk), by=request.user)
    messages.info(request, "The analysis stops at its next step.")
    if request.POST.get("page") == "persona":
        return redirect_to(request, reverse("personas:persona", args=[pk]))
    return show_photos(request, pk)
