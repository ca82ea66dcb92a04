"""One persona: its portraits as they come, its character, its log, and what can be done with it as a whole."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inflio.accounts.access import member_required, require_level
from inflio.accounts.models import Level
from inflio.common.errors import InflioError
from inflio.common.htmx import redirect_to, render_page
from personas import queries, services
from personas.forms import CharacterForm
from personas.views.live import live_context
from personas.views.shared import back_on_error, before_key, find_persona, frame

PAGE = 30


@require_safe
@member_required()
def persona(request: HttpRequest, pk: int) -> HttpResponse:
    """The five portraits; while something is being made the fragment asks again every second."""
    row = find_persona(request, pk)
    context = frame(request, row, "persona")
    context |= live_context(row, context["consent"])
    return render_page(request, "personas/persona.html", context, partial="portraits")


@require_safe
@member_required()
def influencer(request: HttpRequest, pk: int) -> HttpResponse:
    """The persona page by the name the customer gave it."""
    return redirect(find_persona(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required()
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, description, attributes and the least likeness."""
    row = find_persona(request, pk)
    form = CharacterForm(request.POST or None, persona=row)
    if request.method == "POST":
        require_level(request, Level.EDITOR)
        if form.is_valid() and _update(request, row, form):
            messages.success(request, "Saved.")
            return redirect_to(request, reverse("personas:settings", args=[pk]))
    context = frame(request, row, "settings") | {"form": form}
    status = 422 if request.method == "POST" else 200
    return render_page(request, "personas/settings.html", context, partial="character", status=status)


def _update(request: HttpRequest, row, form: CharacterForm) -> bool:
    try:
        services.update_persona(
            persona=row,
            by=request.user,
            name=form.cleaned_data["name"],
            description=form.cleaned_data["description"],
            attributes=form.attributes(),
            identity_threshold=form.cleaned_data.get("identity_threshold"),
        )
    except InflioError as error:
        form.add_error(None, error.message)
        return False
    return True


@require_safe
@member_required()
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Who did what, newest first; `?before=<id>` is the next page."""
    row = find_persona(request, pk)
    entries = queries.activity_page(persona=row, before=before_key(request), limit=PAGE + 1)
    next_before = entries[PAGE - 1].pk if len(entries) > PAGE else None
    context = frame(request, row, "activity") | {"entries": entries[:PAGE], "next_before": next_before}
    return render_page(request, "personas/activity.html", context, partial="more-activity")


@require_POST
@member_required(Level.EDITOR)
@back_on_error("persona")
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Copy the persona and show the copy."""
    copy = services.duplicate_persona(persona=find_persona(request, pk), by=request.user)
    messages.success(request, f"This is {copy}.")
    return redirect_to(request, copy.get_absolute_url())


@require_POST
@member_required(Level.EDITOR)
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the persona away; nothing is lost."""
    row = services.archive_persona(persona=find_persona(request, pk), by=request.user)
    messages.success(request, f"{row} is in the archive. You can restore it there.")
    return redirect_to(request, reverse("personas:gallery"))


@require_POST
@member_required(Level.EDITOR)
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring the persona back."""
    row = services.restore_persona(persona=find_persona(request, pk), by=request.user)
    messages.success(request, f"{row} is back in the gallery.")
    return redirect_to(request, row.get_absolute_url())


@require_POST
@member_required(Level.MANAGER)
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete the persona with everything it owns."""
    row = find_persona(request, pk)
    services.delete_persona(persona=row)
    messages.success(request, f"{row} is deleted, with its photos and pictures.")
    return redirect_to(request, reverse("personas:gallery"))
