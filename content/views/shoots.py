"""A shoot's results as they come, what can be done with each, and the shoots of the past."""

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from content.models import ContentItem, Shoot
from content.queries.shoots import result_cards, shoot_page
from content.services import items as saving
from content.services import remakes
from content.styles import style_title
from inflio.accounts.access import get_owned_or_404, member_required
from inflio.accounts.models import Level
from inflio.common.clicks import click_key
from inflio.common.htmx import redirect_to, render_fragment, render_page
from inflio.common.params import read_key
from inflio.generation.engines import engine_title

PAGE = "content/shoot.html"
PAGE_SIZE = 24


@require_safe
@member_required()
def shoot(request: HttpRequest, pk: int) -> HttpResponse:
    """The results; while one is being made the fragment asks again every second."""
    row = get_owned_or_404(Shoot.objects.select_related("persona", "parent__asset", "batch"), request, pk=pk)
    context = _context(request, row)
    response = render_page(request, PAGE, context, partial="shoot")
    if request.htmx and not context["open"]:
        response["HX-Trigger"] = "shoot-over"  # the Create page then reckons price and time anew
    return response


@require_safe
@member_required()
def shoots(request: HttpRequest) -> HttpResponse:
    """What was asked for so far, newest first; `?before=<id>` is the next page."""
    key = read_key(request.GET.get("before", ""))
    rows = shoot_page(workspace=request.workspace, before=key, limit=PAGE_SIZE + 1)
    context = {
        "shoots": rows[:PAGE_SIZE],
        "next_before": rows[PAGE_SIZE - 1].pk if len(rows) > PAGE_SIZE else None,
        "can_edit": request.membership.level >= Level.EDITOR,
    }
    return render_page(request, "content/shoots.html", context, partial="more-shoots")


@require_POST
@member_required(Level.EDITOR)
def cancel_shoot(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop everything of it that is still being made."""
    row = get_owned_or_404(Shoot.objects.select_related("persona"), request, pk=pk)
    remakes.cancel_shoot(shoot=row, by=request.user)
    return _show(request, row)


@require_POST
@member_required(Level.EDITOR)
def save_result(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a result into the gallery, or take it out again."""
    item = _find(request, pk)
    if item.saved:
        saving.unsave_items(items=[item], by=request.user)
    else:
        saving.save_items(items=[item], by=request.user)
    return _show(request, item.shoot)


@require_POST
@member_required(Level.EDITOR)
def favourite_result(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a result as a favourite (it is saved too), or unmark it."""
    item = _find(request, pk)
    saving.favourite_item(item=item, favourite=not item.favourite, by=request.user)
    return _show(request, item.shoot)


@require_POST
@member_required(Level.EDITOR)
def retry_result(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a result that failed again."""
    item = _find(request, pk)
    remakes.retry_item(item=item, by=request.user)
    return _show(request, item.shoot)


@require_POST
@member_required(Level.EDITOR)
def cancel_result(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop making this one."""
    item = _find(request, pk)
    remakes.cancel_item(item=item, by=request.user)
    return _show(request, item.shoot)


@require_POST
@member_required(Level.EDITOR)
def repeat_result(request: HttpRequest, pk: int) -> HttpResponse:
    """More like this: the same recipe with new seeds; the new shoot opens."""
    shoot = remakes.repeat_item(item=_find(request, pk), by=request.user, key=click_key(request))
    return redirect_to(request, shoot.get_absolute_url())


@require_POST
@member_required(Level.EDITOR)
def vary_result(request: HttpRequest, pk: int) -> HttpResponse:
    """Small variations of this one; the new shoot opens."""
    shoot = remakes.vary_item(item=_find(request, pk), by=request.user, key=click_key(request))
    return redirect_to(request, shoot.get_absolute_url())


def _find(request: HttpRequest, pk: int) -> ContentItem:
    rows = ContentItem.objects.select_related("asset", "job", "persona", "shoot__persona__workspace")
    return get_owned_or_404(rows.exclude(shoot=None), request, pk=pk)


def _show(request: HttpRequest, row: Shoot) -> HttpResponse:
    """Answer an action: the results' fragment for htmx, else back to the page."""
    if not request.htmx:
        return redirect(row)
    return render_fragment(request, PAGE, "shoot", _context(request, row))


def shown(row: Shoot) -> dict:
    """What the results' fragment shows of a shoot, on its own page and on the Create page."""
    cards = result_cards(row, now=timezone.now())
    return {
        "shoot": row,
        "cards": cards,
        "open": any(card.is_open for card in cards),
        "made": sum(card.asset is not None for card in cards),
        "result_key": secrets.token_hex(8),
        "remake_price": remakes.remake_price(row),
        "engine_title": engine_title(row.engine),
        "style_title": style_title(row.style),
    }


def _context(request: HttpRequest, row: Shoot) -> dict:
    return shown(row) | {
        "can_edit": request.membership.level >= Level.EDITOR,
    }
