"""The gallery: everything that was kept, and the results that were not, with filters that live in the address."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from content.categories import CATEGORIES
from content.engines import picture_engines
from content.models import Board, ContentItem
from content.queries import gallery as queries
from content.queries.boards import tag_list
from content.queries.saved import most_saved, saved_count
from content.services.results import KEPT_DAYS
from content.views.selection import MOST
from inflio.accounts.access import get_owned_or_404, member_required
from inflio.accounts.models import Level
from inflio.billing.models import CreditAccount
from inflio.common.htmx import render_page
from inflio.common.params import read_key
from inflio.generation.engines import engine_title
from personas.models import Persona

FRAGMENTS = ("gallery-results", "more-items")


@require_safe
@member_required()
def gallery(request: HttpRequest) -> HttpResponse:
    """Items that match the filter in the address; `?before=<id>` is the next page."""
    return show_gallery(request, queries.GalleryFilter.read(request.GET))


@require_safe
@member_required()
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """One board: the gallery of its items, with the same filters."""
    row = get_owned_or_404(Board, request, pk=pk)
    return show_gallery(request, queries.GalleryFilter.read(request.GET).but(board=row.pk, show="saved"), row)


@require_safe
@member_required()
def gallery_count(request: HttpRequest) -> HttpResponse:
    """How many items a filter matches, as the offer to take them all; counted no further than one action reaches."""
    chosen = queries.GalleryFilter.read(request.GET)
    count = len(queries.keys_of(request.workspace, chosen, limit=MOST + 1))
    context = {"count": min(count, MOST), "more": count > MOST, "chosen": chosen}
    return render_page(request, "content/_select_all.html", context)


def show_gallery(request: HttpRequest, chosen: queries.GalleryFilter, board: Board | None = None) -> HttpResponse:
    """The page, or the part of it that htmx asked for; the address in the bar stays free of empty parameters."""
    before = read_key(request.GET.get("before", ""))
    items, next_before = queries.gallery_page(workspace=request.workspace, chosen=chosen, before=before)
    months = queries.by_month(items)
    context = {
        "chosen": chosen,
        "board": board,
        "months": months,
        "seen": request.GET.get("seen", ""),
        "here": _address(chosen, board),
        "next_url": _next(chosen, board, next_before, months),
        "can_edit": request.membership.level >= Level.EDITOR,
        "kept_days": KEPT_DAYS,
    }
    partial = request.htmx.target if request.htmx and request.htmx.target in FRAGMENTS else None
    if partial != "more-items":
        context |= filter_choices(request, chosen)
    response = render_page(request, "content/gallery.html", context, partial=partial)
    if partial == "gallery-results":
        response["HX-Push-Url"] = context["here"]
    return response


def filter_choices(request: HttpRequest, chosen: queries.GalleryFilter) -> dict:
    """What the filter bar offers, and how full the gallery is."""
    account = CreditAccount.objects.get(workspace=request.workspace)
    limit = most_saved(account)
    boards = list(Board.objects.for_workspace(request.workspace))
    tags = list(tag_list(workspace=request.workspace))
    personas = list(Persona.objects.for_workspace(request.workspace).order_by("name").only("pk", "name"))
    return {
        "categories": CATEGORIES,
        "personas": personas,
        "boards": boards,
        "tags": tags,
        "months_there": queries.months_of(request.workspace),
        "engines": [(name, engine_title(name)) for name in picture_engines()],
        "limit": limit,
        "kept": saved_count(request.workspace, limit) if limit is not None else None,
        "marks": _marks(chosen, personas, tags, boards),
        "anything": ContentItem.objects.for_workspace(request.workspace).exists(),
    }


def _marks(chosen: queries.GalleryFilter, personas: list, tags: list, boards: list) -> list[tuple[str, str]]:
    """The chosen filters in words, each with its name, to be taken away one by one."""
    named = {"persona": personas, "tag": tags, "board": boards}
    marks = []
    for name, value in chosen.params.items():
        if name in named:
            row = next((row for row in named[name] if row.pk == int(value)), None)
            marks.append((name, str(row) if row else "no longer there"))
        elif name != "show":
            marks.append((name, value))
    return marks


def _address(chosen: queries.GalleryFilter, board: Board | None) -> str:
    """Where the same list is shown from its start."""
    base = board.get_absolute_url() if board else reverse("content:gallery")
    query = (chosen.but(board=None) if board else chosen).query
    return f"{base}?{query}" if query else base


def _next(chosen: queries.GalleryFilter, board: Board | None, before: int | None, months: list) -> str:
    if before is None:
        return ""
    here = _address(chosen, board)
    return f"{here}{'&' if '?' in here else '?'}before={before}&seen={months[-1][0]:%Y-%m}"
