"""One item's page, and what can be done with one item or with many at once."""

from secrets import token_hex
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from content.engines import place_title
from content.models import Board, ContentItem
from content.queries.boards import boards_of
from content.queries.gallery import GalleryFilter, neighbours, still_shown
from content.queries.shoots import ResultCard, result_card
from content.services.remakes import remake_price
from content.services.results import KEPT_DAYS
from content.styles import style_title
from content.views.actions import ACTIONS
from content.views.selection import Selection, read_selection
from inflio.accounts.access import get_owned_or_404, member_required
from inflio.accounts.models import Level
from inflio.common.errors import InflioError, InvalidInput
from inflio.common.htmx import redirect_to, render_page, sentence_of
from inflio.media.credentials import source_type_of
from inflio.media.credentials.record import WORDS

MOST_IN_POST = 35  # pictures; no platform takes more
LONGEST_QUERY = 3500  # characters; web servers take about 4,000


@require_safe
@member_required()
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One item in large, how it was made, where it is kept, and the ways on."""
    rows = ContentItem.objects.select_related("asset", "persona", "shoot__persona", "job").prefetch_related("tags")
    row = get_owned_or_404(rows, request, pk=pk)
    chosen = GalleryFilter.read(QueryDict(request.GET.get("in", "")[:2000]))
    if not chosen.params and not row.saved:
        chosen = chosen.but(show="results")
    newer, older = neighbours(workspace=request.workspace, chosen=chosen, key=row.pk)
    boards, card = list(boards_of(row)), result_card(row, now=timezone.now())
    context = {
        "item": row,
        "newer": newer,
        "older": older,
        "within": chosen.query,
        "back": f"{reverse('content:gallery')}?{chosen.query}" if chosen.query else reverse("content:gallery"),
        "boards": boards,
        "other_boards": [board for board in Board.objects.for_workspace(request.workspace) if board not in boards],
        "card": card,
        "facts": _facts(card),
        "key": token_hex(12),
        "remake_price": remake_price(row.shoot) if row.shoot else 0,
        "how_made": WORDS[source_type_of(row.asset.provenance.get("method"))] if row.asset else "",
        "can_edit": request.membership.level >= Level.EDITOR,
        "kept_days": KEPT_DAYS,
    }
    return render_page(request, "content/item.html", context)


@require_POST
@member_required(Level.EDITOR)
def bulk(request: HttpRequest) -> HttpResponse:
    """Do one thing with the chosen items; without htmx, or for a whole filter, the page it came from is shown anew."""
    selection = read_selection(request)
    name = request.POST.get("action", "")
    if name not in ACTIONS:
        raise InvalidInput("Choose what to do with the pictures.", code="action")
    if name == "export":
        return redirect_to(request, _export_address(selection))
    if name == "schedule":
        return redirect_to(request, _post_address(selection))
    if name == "delete" and request.POST.get("sure") != "1":
        return render(request, "content/delete.html", {"selection": selection, "next": _next(request)})
    try:
        said = ACTIONS[name](request, selection.items)
    except InflioError as error:
        if request.htmx:
            raise
        messages.error(request, sentence_of(error))
        return redirect_to(request, _next(request))
    messages.success(request, said)
    if not request.htmx or selection.all or request.POST.get("whole") == "1":
        return redirect_to(request, _next(request))
    return _changed(request, selection)


def _export_address(selection: Selection) -> str:
    """The export page of a selection; servers refuse very long addresses, so that many ticked by hand are too many."""
    query = urlencode(selection.params, safe=",")
    if len(query) > LONGEST_QUERY:
        raise InvalidInput(
            "These are too many to export one by one. Narrow the filter, then use “All that match”.", code="too_many"
        )
    return f"{reverse('content:export')}?{query}"


def _post_address(selection: Selection) -> str:
    """A new post of these pictures, the oldest first, as a series was shot."""
    keys = [str(item.pk) for item in reversed(selection.items) if item.asset_id]
    if len(keys) > MOST_IN_POST:
        raise InvalidInput(f"A post takes at most {MOST_IN_POST} pictures. Choose fewer.", code="too_many")
    return f"{reverse('scheduling:new_post')}?items={','.join(keys)}"


def _changed(request: HttpRequest, selection: Selection) -> HttpResponse:
    """The chosen cards anew, out of band; those that the filter no longer shows go."""
    keys = [item.pk for item in selection.items]
    shown = still_shown(request.workspace, selection.chosen, keys)
    there = ContentItem.objects.filter(pk__in=shown).select_related("asset", "persona").order_by("-pk")
    context = {"items": there, "gone": [key for key in keys if key not in shown], "can_edit": True}
    return render(request, "content/_changed.html", context | {"chosen": selection.chosen})


def _next(request: HttpRequest) -> str:
    """Where the request says it came from, if that is here; else the gallery."""
    url = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if here else reverse("content:gallery")


def _facts(card: ResultCard) -> list[tuple[str, str]]:
    """What is known of how it was made, but for what the page shows in ways of its own."""
    row = card.item
    made, shoot = row.asset.provenance if row.asset else {}, row.shoot
    place = place_title(row.engine, row.look, str(made.get("place") or (shoot.place if shoot else "")))
    facts = [
        ("Place", place or (shoot.setting if shoot else "")),
        ("Style", style_title(shoot.style) if shoot else ""),
        ("Seed", str(row.seed if row.seed is not None else made.get("seed", ""))),
        ("Time to make", f"{card.seconds:.1f} s" if card.seconds else ""),
        ("Size", f"{row.asset.width} × {row.asset.height}" if row.asset else ""),
    ]
    return [(name, value) for name, value in facts if value]
