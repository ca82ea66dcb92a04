"""The screens of thumbnails by conversation: the list, the start, and one conversation."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from content.forms.threads import MessageForm, StartForm
from content.models import Thread
from content.queries import threads as queries
from content.services.thread_starts import start_thread
from content.thumbnails.engines import DRAWN, edit_offers, price_of
from content.thumbnails.interpret import EXAMPLES
from inflio.accounts.access import get_owned_or_404, member_required
from inflio.accounts.models import Level
from inflio.common.clicks import click_key
from inflio.common.errors import InvalidInput
from inflio.common.htmx import redirect_to, render_fragment, render_page
from inflio.common.params import read_key
from inflio.generation.queries import place_in_queue, seconds_left
from inflio.media.models import Asset

SUGGESTIONS = (*EXAMPLES, "Blur the background", "Blue rim light", "Black and white", "Make it 9:16")


@require_safe
@member_required()
def threads(request: HttpRequest) -> HttpResponse:
    """Conversations, newest first; `?before=<id>` is the next page."""
    rows = queries.thread_page(workspace=request.workspace, before=read_key(request.GET.get("before", "")))
    shown = rows[: queries.PAGE]
    context = {
        "threads": shown,
        "next_before": shown[-1].pk if len(rows) > len(shown) else None,
        "can_edit": request.membership.level >= Level.EDITOR,
    }
    return render_page(request, "content/threads.html", context, partial="more-threads")


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Level.EDITOR)
def new_thread(request: HttpRequest) -> HttpResponse:
    """Choose the persona, the picture and the format; one credit makes the first thumbnail of it."""
    personas = queries.ready_personas(request.workspace)
    given = request.POST if request.method == "POST" else request.GET
    chosen = personas.filter(pk=read_key(given.get("persona", ""))).first() or personas.first()
    assets = Asset.objects.for_workspace(request.workspace)
    initial = {"persona": chosen, "asset": read_key(given.get("asset", ""))}
    form = StartForm(request.POST or None, request.FILES or None, personas=personas, assets=assets, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            thread = start_thread(**form.cleaned_data, by=request.user, key=click_key(request))
            return redirect_to(request, thread.get_absolute_url())
        except InvalidInput as error:
            form.add_error(None, error.message)
    context = _start_context(form, chosen, personas, initial["asset"])
    return render_page(request, "content/thread_new.html", context, status=422 if form.errors else 200)


@require_safe
@member_required()
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    """One conversation: the picture, what was said, and what to say next."""
    row = find_thread(request, pk)
    return render_page(request, "content/thread.html", thread_context(request, row), partial="thread-live")


def find_thread(request: HttpRequest, pk: int) -> Thread:
    """The conversation of the current workspace, or 404."""
    return get_owned_or_404(Thread.objects.select_related("persona", "workspace"), request, pk=pk)


def show_thread(request: HttpRequest, row: Thread) -> HttpResponse:
    """Answer an action: the conversation's fragment with a fresh message field for htmx, else back to the page."""
    if not request.htmx:
        return redirect_to(request, row.get_absolute_url())
    row = find_thread(request, row.pk)
    context = thread_context(request, row) | {"renew_composer": True}
    return render_fragment(request, "content/thread.html", "thread-live", context)


def thread_context(request: HttpRequest, row: Thread, form: MessageForm | None = None) -> dict:
    """Everything that a conversation's page shows."""
    turns = queries.turns_of(row)
    making = next((turn for turn in reversed(turns) if turn.is_open), None)
    current = next((turn for turn in turns if turn.current), None)
    aspect = queries.format_of(current.message) if current else row.aspect
    offers = edit_offers(request.workspace, row.persona, aspect=aspect)
    return {
        "thread": row,
        "aspect": aspect,
        "turns": turns,
        "current": current,
        "making": making,
        "place": place_in_queue(making.job) if making else 0,
        "seconds_left": seconds_left(making.job, now=timezone.now()) if making else None,
        "saved": queries.saved_assets(row),
        "form": form or MessageForm(),
        "offers": offers,
        "engine": next((offer for offer in offers if offer.name == row.engine), None),
        "unallowed": [offer for offer in offers if offer.needs == "consent"],
        "can_draw": any(offer.name != DRAWN and offer.needs in ("", "format") for offer in offers),
        "draws": row.engine != DRAWN,
        "price": price_of(row.engine),
        "suggestions": SUGGESTIONS,
        "can_undo": bool(current and queries.made_by(current.message).parent_id),
        "can_edit": request.membership.level >= Level.EDITOR,
        "key": uuid4().hex,
        "trail": [("Thumbnails", reverse("content:threads"))],
    }


def _start_context(form: StartForm, chosen, personas, asset: int | None) -> dict:
    starts = queries.starts_for(chosen) if chosen else []
    return {
        "form": form,
        "persona": chosen,
        "personas": list(personas),
        "starts": starts,
        "chosen": asset or (starts[0].asset.pk if starts else None),
        "price": price_of(DRAWN),
        "key": form.data.get("key") or uuid4().hex,
        "trail": [("Thumbnails", reverse("content:threads"))],
    }
