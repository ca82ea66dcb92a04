"""A portrait on its way into the gallery."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from content.services import portraits as services
from inflio.accounts.access import get_owned_or_404, member_required
from inflio.accounts.models import Level
from personas.models import Persona


@require_POST
@member_required(Level.EDITOR)
def save_portrait(request: HttpRequest, pk: int, scenario: str) -> HttpResponse:
    """Save what a portrait shows now, and open it there."""
    persona = get_owned_or_404(Persona, request, pk=pk)
    portrait = get_object_or_404(persona.portraits, scenario=scenario)
    item = services.save_portrait(portrait=portrait, by=request.user)
    messages.success(request, "Saved to the gallery.")
    return redirect(item)
