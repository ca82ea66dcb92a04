"""What is shown while something is being made: the same for the page, its fragment and every action's answer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from inflio.common.htmx import render_fragment
from personas import queries
from personas.engines import credits_of
from personas.limits import MAX_PHOTOS, MIN_PHOTOS
from personas.models import Consent, Persona
from personas.services.portraits import kind_of
from personas.views.shared import find_persona, frame


def live_context(persona: Persona, consent: Consent | None) -> dict:
    """Portrait cards, the running analysis with its photos, and whether to ask again."""
    live = queries.live_jobs(persona, now=timezone.now())
    analysis = next((item for item in live if item.job.kind == "analysis"), None)
    cards = queries.portrait_cards(persona, live)
    wanted = queries.cards_to_make(cards)
    return {
        "analysis": analysis,
        "photos": queries.photo_cards(persona, analysis.job) if analysis else [],
        "cards": cards,
        "wanted": wanted,
        "can_request": _can_request(persona, consent),
        "any_picture": any(card.asset for card in cards),
        "any_portrait": any(card.portrait for card in cards),
        "price": len(wanted) * credits_of(kind_of(persona)),
        "one_price": credits_of(kind_of(persona)),
        "open": bool(live),
    }


def photo_context(persona: Persona) -> dict:
    """Photo cards with the running analysis, and how far the set is from being enough."""
    live = queries.live_jobs(persona, now=timezone.now())
    analysis = next((item for item in live if item.job.kind == "analysis"), None)
    cards = queries.photo_cards(persona, analysis.job if analysis else None)
    wanted = queries.cards_to_make(queries.portrait_cards(persona, live))
    return {
        "analysis": analysis,
        "photos": cards,
        "new_photos": sum(card.verdict == "waiting" and not card.being_looked_at for card in cards),
        "missing": max(0, MIN_PHOTOS - len(cards)),
        "min_photos": MIN_PHOTOS,
        "max_photos": MAX_PHOTOS,
        "room": MAX_PHOTOS - len(cards),
        "wanted": wanted,
        "price": len(wanted) * credits_of("portrait"),
        "open": bool(analysis),
    }


def _can_request(persona: Persona, consent: Consent | None) -> bool:
    allowed = consent is not None or persona.look == Persona.Look.ILLUSTRATED
    return allowed and persona.archived_at is None and persona.status == Persona.Status.READY


def show_portraits(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer an action on portraits: their fragment for htmx, else back to the page."""
    if not request.htmx:
        return redirect("personas:persona", pk)
    persona = find_persona(request, pk)
    context = frame(request, persona, "persona")
    context |= live_context(persona, context["consent"])
    return render_fragment(request, "personas/persona.html", "portraits", context)


def show_photos(request: HttpRequest, pk: int, **extra) -> HttpResponse:
    """Answer an action on photos: their fragment for htmx, else back to the page."""
    if not request.htmx:
        return redirect("personas:photos", pk)
    persona = find_persona(request, pk)
    context = frame(request, persona, "photos") | photo_context(persona) | extra
    return render_fragment(request, "personas/photos.html", "photo-set", context)
