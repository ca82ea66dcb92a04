"""The portraits' own page and everything that can be done with one of them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from inflio.accounts.access import get_owned_or_404, member_required
from inflio.accounts.models import Level
from inflio.common.clicks import click_key
from inflio.common.htmx import redirect_to, render_page
from inflio.generation.engines import engine_title
from inflio.media.models import Asset
from personas import queries, services
from personas.models import Portrait
from personas.views.live import show_portraits
from personas.views.shared import back_on_error, find_persona, frame


@require_safe
@member_required()
def portrait(request: HttpRequest, pk: int, scenario: str) -> HttpResponse:
    """One portrait in large, how it was made, and the earlier pictures of its scenario."""
    row = _find(request, pk, scenario)
    if row.asset is None:
        raise Http404
    made = row.asset.provenance
    context = frame(request, row.persona, "persona") | {
        "portrait": row,
        "pictures": list(queries.pictures_of(row)),
        "facts": [("Engine", engine_title(made.get("engine", ""))), ("Seed", made.get("seed"))],
    }
    return render_page(request, "personas/portrait.html", context)


@require_POST
@member_required(Level.EDITOR)
@back_on_error("persona")
def request_portraits(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the missing portraits, or all five."""
    services.request_portraits(persona=find_persona(request, pk), by=request.user, key=click_key(request))
    return show_portraits(request, pk)


@require_POST
@member_required(Level.EDITOR)
@back_on_error("persona")
def regenerate(request: HttpRequest, pk: int, scenario: str) -> HttpResponse:
    """Make another variation."""
    services.regenerate_portrait(portrait=_find(request, pk, scenario), by=request.user, key=click_key(request))
    return show_portraits(request, pk)


@require_POST
@member_required(Level.EDITOR)
@back_on_error("persona")
def retry(request: HttpRequest, pk: int, scenario: str) -> HttpResponse:
    """Try a failed or cancelled portrait again."""
    services.retry_portrait(portrait=_find(request, pk, scenario), by=request.user)
    return show_portraits(request, pk)


@require_POST
@member_required(Level.EDITOR)
@back_on_error("persona")
def cancel(request: HttpRequest, pk: int, scenario: str) -> HttpResponse:
    """Stop making this portrait."""
    services.cancel_portrait(portrait=_find(request, pk, scenario), by=request.user)
    return show_portraits(request, pk)


@require_POST
@member_required(Level.EDITOR)
@back_on_error("persona")
def make_avatar(request: HttpRequest, pk: int, scenario: str) -> HttpResponse:
    """Make this picture the face of the persona."""
    row = _find(request, pk, scenario)
    if row.asset is None:
        raise Http404
    services.set_avatar(persona=row.persona, asset=row.asset, by=request.user)
    messages.success(request, f"{row.title} is the avatar now.")
    return redirect_to(request, row.persona.get_absolute_url())


@require_POST
@member_required(Level.EDITOR)
@back_on_error("persona")
def choose(request: HttpRequest, pk: int, scenario: str, asset_pk: int) -> HttpResponse:
    """Show an earlier picture of this scenario again."""
    row = _find(request, pk, scenario)
    services.choose_picture(portrait=row, asset=get_owned_or_404(Asset, request, pk=asset_pk), by=request.user)
    messages.success(request, "This picture is shown now.")
    return redirect_to(request, row.persona.get_absolute_url())


def _find(request: HttpRequest, pk: int, scenario: str) -> Portrait:
    persona = find_persona(request, pk)
    rows = Portrait.objects.select_related("asset", "job")
    row = get_object_or_404(rows, persona=persona, scenario=scenario)
    row.persona = persona  # with its workspace and avatar
    return row
