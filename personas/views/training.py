"""The trained model of a persona: what it is, the training as it goes, and what was."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from inflio.accounts.access import member_required
from inflio.accounts.models import Level
from inflio.common.clicks import click_key
from inflio.common.htmx import render_fragment, render_page
from personas import queries, services
from personas.services.training import MAX_PHOTOS, MIN_PHOTOS, STEPS
from personas.views.shared import back_on_error, find_persona, frame


@require_safe
@member_required()
def training(request: HttpRequest, pk: int) -> HttpResponse:
    """The model; while one is being trained the fragment asks again every few seconds."""
    return render_page(request, "personas/training.html", _context(request, pk), partial="training")


@require_POST
@member_required(Level.EDITOR)
@back_on_error("training")
def train_model(request: HttpRequest, pk: int) -> HttpResponse:
    """Start a training."""
    services.train_model(persona=find_persona(request, pk), by=request.user, key=click_key(request))
    return _show(request, pk)


@require_POST
@member_required(Level.EDITOR)
@back_on_error("training")
def cancel_training(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the training that is under way."""
    services.cancel_training(persona=find_persona(request, pk), by=request.user)
    messages.info(request, "The training is being stopped. Your credits come back then.")
    return _show(request, pk)


@require_POST
@member_required(Level.EDITOR)
@back_on_error("training")
def retry_training(request: HttpRequest, pk: int, trained_pk: int) -> HttpResponse:
    """Train again after a failure."""
    trained = get_object_or_404(
        find_persona(request, pk).trained_models.select_related("persona", "job"), pk=trained_pk
    )
    services.retry_training(trained=trained, by=request.user)
    return _show(request, pk)


def _context(request: HttpRequest, pk: int) -> dict:
    persona = find_persona(request, pk)
    page = queries.training_page(persona, now=timezone.now())
    return frame(request, persona, "training") | {
        "page": page,
        "obstacle": None if page.current else services.training_obstacle(persona),
        "min_photos": MIN_PHOTOS,
        "max_photos": MAX_PHOTOS,
        "steps": STEPS,
    }


def _show(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.htmx:
        return redirect("personas:training", pk)
    return render_fragment(request, "personas/training.html", "training", _context(request, pk))
