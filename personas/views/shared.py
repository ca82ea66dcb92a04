"""What every persona screen needs: the persona itself, form keys, and errors shown where the user was."""

from functools import wraps
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from inflio.accounts.access import get_owned_or_404
from inflio.accounts.models import Level
from inflio.common.errors import InflioError
from inflio.common.params import read_key
from personas.models import Persona
from personas.queries import consent_in_force

TABS = (
    ("persona", "Portraits"),
    ("photos", "Photos"),
    ("training", "Trained model"),
    ("settings", "Character"),
    ("consent", "Consent"),
    ("activity", "Activity"),
)


def find_persona(request: HttpRequest, pk: int) -> Persona:
    """The persona of the current workspace, or 404."""
    return get_owned_or_404(Persona.objects.select_related("avatar", "analysis", "workspace"), request, pk=pk)


def frame(request: HttpRequest, persona: Persona, tab: str) -> dict:
    """What the head of every persona page shows, and what the user may do there."""
    return {
        "persona": persona,
        "tab": tab,
        "tabs": TABS,
        "consent": consent_in_force(persona),
        "can_edit": request.membership.level >= Level.EDITOR,
        "can_delete": request.membership.level >= Level.MANAGER,
        "key": uuid4().hex,
    }


def before_key(request: HttpRequest) -> int | None:
    """`?before=<id>`: the last key of the page before."""
    return read_key(request.GET.get("before", ""))


def back_on_error(page: str):
    """Decorate an action: without htmx, an error of ours is shown on the persona's `page`, not on a page of its own."""

    def decorate(view):
        @wraps(view)
        def acting(request: HttpRequest, pk: int, *args, **kwargs) -> HttpResponse:
            try:
                return view(request, pk, *args, **kwargs)
            except InflioError as error:
                if request.htmx:
                    raise
                messages.error(request, error.message)
                return redirect(f"personas:{page}", pk)

        return acting

    return decorate
