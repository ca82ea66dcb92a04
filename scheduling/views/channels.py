"""Channels: all platforms with their accounts, one account with its health, and what can be done with it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from inflio.accounts.access import get_owned_or_404, member_required
from inflio.accounts.models import Level
from inflio.common.errors import InflioError
from inflio.common.htmx import redirect_to, render_page
from inflio.common.params import read_key
from personas.models import Persona
from scheduling.models import Channel
from scheduling.queries import channels as queries
from scheduling.services.connecting import channels as services
from scheduling.views.shared_channels import page_frame


@require_safe
@member_required()
def channels(request: HttpRequest) -> HttpResponse:
    """Every platform and the workspace's accounts there, and the public pages of its personas."""
    pages, without_page = queries.page_cards(workspace=request.workspace)
    context = {
        "cards": queries.platform_cards(workspace=request.workspace),
        "pages": pages,
        "without_page": without_page,
        "manages": request.membership.level >= Level.MANAGER,
    }
    return render_page(request, "scheduling/channels.html", context)


@require_safe
@member_required()
def channel(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: how it is, what it may still do, what went out lately."""
    rows = queries.channels_with_counts(request.workspace)
    row = get_owned_or_404(rows, request, pk=pk)
    if row.is_site:
        return render_page(request, "scheduling/page_settings.html", page_frame(request, row))
    publications, older = queries.last_publications(row, before=request.GET.get("before", ""))
    context = {
        "channel": row,
        "card": queries.channel_card(row, timezone.now()),
        "publications": publications,
        "older": older,
        "personas": Persona.objects.for_workspace(request.workspace).active().order_by("name", "pk"),
        "manages": request.membership.level >= Level.MANAGER,
        "can_edit": request.membership.level >= Level.EDITOR,
        "trail": [("Channels", reverse("scheduling:channels"))],
    }
    return render_page(request, "scheduling/channel.html", context)


@require_POST
@member_required(Level.EDITOR)
def check_channel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the platform how the account is, now."""
    row = _account_or_404(request, pk)
    words = services.check_channel(channel=row)
    well = row.status == Channel.Status.ACTIVE and row.facts_at == row.checked_at
    (messages.success if well else messages.error)(request, words)
    return redirect_to(request, row.get_absolute_url())


@require_POST
@member_required(Level.EDITOR)
def resume_channel(request: HttpRequest, pk: int) -> HttpResponse:
    """End a pause."""
    row = _account_or_404(request, pk)
    services.resume_channel(channel=row)
    messages.success(request, f"{row} publishes again.")
    return redirect_to(request, row.get_absolute_url())


@require_POST
@member_required(Level.EDITOR)
def assign_persona(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whose account it is."""
    row, key = _account_or_404(request, pk), read_key(request.POST.get("persona", ""))
    persona = None if key is None else get_owned_or_404(Persona, request, pk=key)
    services.assign_persona(channel=row, persona=persona)
    messages.success(request, f"This is {persona}'s account now." if persona else "It belongs to no persona now.")
    return redirect_to(request, row.get_absolute_url())


@require_POST
@member_required(Level.MANAGER)
def disconnect_channel(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget the account's tokens; its scheduled posts are cancelled, or stay for a reconnection."""
    row = get_owned_or_404(Channel.objects.select_related("workspace"), request, pk=pk)
    try:
        ended = services.disconnect_channel(
            channel=row, by=request.user, keep_posts=request.POST.get("posts") == "keep"
        )
    except InflioError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _ended_words(row, ended))
    return redirect_to(request, reverse("scheduling:channels"))


def _ended_words(row: Channel, ended: services.Ended) -> str:
    parts = [f"{row} is closed." if row.is_site else f"{row} is disconnected and its tokens are erased."]
    if ended.cancelled:
        parts.append(f"{ended.cancelled} scheduled post{' was' if ended.cancelled == 1 else 's were'} cancelled.")
    if ended.told is False:
        title = row.get_platform_display()
        parts.append(f"{title} could not be told: remove our access in the settings of your account there too.")
    return " ".join(parts)


def _account_or_404(request: HttpRequest, pk: int) -> Channel:
    """An account on a platform; a public page has nothing of this."""
    rows = Channel.objects.exclude(platform=Channel.Platform.SITE).select_related("workspace")
    return get_owned_or_404(rows, request, pk=pk)
