"""The declared right to use the face: what was declared, when and by whom, and its withdrawal."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from inflio.accounts.access import member_required
from inflio.accounts.models import Level
from inflio.common.htmx import redirect_to, render_page
from personas import queries, services
from personas.consent_text import PERMITTED, own_text
from personas.forms import ConsentForm
from personas.views.shared import back_on_error, find_persona, frame


def declaration(form: ConsentForm | None = None) -> dict:
    """The form and the words that are declared with it."""
    permitted = PERMITTED.replace("{name}", "the person named above")
    return {"consent_form": form or ConsentForm(), "own_text": own_text(), "permitted_text": permitted}


@require_safe
@member_required()
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """Every declaration and withdrawal."""
    persona = find_persona(request, pk)
    history = list(persona.consents.select_related("user", "withdrawn_by"))
    context = frame(request, persona, "consent") | declaration() | {"history": history}
    context["outside"] = queries.outside_card(persona, context["consent"], by=request.user)
    return render_page(request, "personas/consent.html", context)


@require_POST
@member_required(Level.EDITOR)
@back_on_error("consent")
def declare_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the declaration and go on to the photos."""
    persona = find_persona(request, pk)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        context = frame(request, persona, "consent") | declaration(form) | {"history": []}
        return render_page(request, "personas/consent.html", context, partial="declaration", status=422)
    services.declare_consent(
        persona=persona,
        by=request.user,
        face=form.cleaned_data["face"],
        person_name=form.cleaned_data["person_name"],
        outside=form.cleaned_data["outside"],
    )
    return redirect_to(request, reverse("personas:photos", args=[pk]))


@require_POST
@member_required(Level.EDITOR)
@back_on_error("consent")
def withdraw_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop every use of the face at once."""
    services.withdraw_consent(persona=find_persona(request, pk), by=request.user)
    messages.success(request, "Consent withdrawn. All measurements of the face are deleted and nothing new is made.")
    return redirect_to(request, reverse("personas:consent", args=[pk]))


@require_POST
@member_required(Level.EDITOR)
@back_on_error("consent")
def allow_outside_engines(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the photos be sent to the companies behind the engines."""
    services.allow_outside_engines(persona=find_persona(request, pk), by=request.user)
    messages.success(request, "The engines of other companies can be used now.")
    return redirect_to(request, reverse("personas:consent", args=[pk]))


@require_POST
@member_required(Level.EDITOR)
@back_on_error("consent")
def stop_outside_engines(request: HttpRequest, pk: int) -> HttpResponse:
    """Send no photo to another company any more."""
    services.stop_outside_engines(persona=find_persona(request, pk), by=request.user)
    messages.success(request, "No photo is sent to another company any more. What was being made there is cancelled.")
    return redirect_to(request, reverse("personas:consent", args=[pk]))
