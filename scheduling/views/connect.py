"""Connecting an account: out to the platform, back from it, and the choice between several accounts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inflio.accounts.access import get_owned_or_404, member_required
from inflio.accounts.models import Level
from inflio.common.errors import InflioError, InvalidInput
from inflio.common.htmx import render_page
from inflio.common.params import read_key
from personas.models import Persona
from scheduling.models import Channel
from scheduling.registry import NAMES
from scheduling.services.connecting import connect as services
from scheduling.services.connecting.channels import check_channel
from scheduling.views.shared_channels import browser_secret, redirect_uri


@require_POST
@member_required(Level.MANAGER)
def connect(request: HttpRequest, platform: str) -> HttpResponse:
    """Begin a connection, or a reconnection, and lead on to the platform.

    By a page with a link that follows itself, not by a redirect: our content policy lets forms go nowhere else.
    """
    _known_or_404(platform)
    channel = _chosen(Channel.objects.filter(platform=platform), request, "channel")
    sandbox = channel.sandbox if channel else request.POST.get("sandbox") == "on"
    try:
        url = services.begin_connection(
            workspace=request.workspace,
            user=request.user,
            platform=platform,
            browser=browser_secret(request),
            redirect_uri=redirect_uri(request, platform, sandbox=sandbox),
            sandbox=sandbox,
            persona=_chosen(Persona, request, "persona"),
            channel=channel,
        )
    except InflioError as error:
        messages.error(request, error.message)
        return redirect("scheduling:channels")
    context = {"url": url, "title": Channel.Platform(platform).label, "sandbox": sandbox}
    return render(request, "scheduling/connect.html", context)


@never_cache
@require_safe
@member_required(Level.MANAGER)
def connected(request: HttpRequest, platform: str) -> HttpResponse:
    """Where the platform sends the user back to."""
    _known_or_404(platform)
    try:
        result = services.finish_connection(
            workspace=request.workspace,
            user=request.user,
            platform=platform,
            browser=browser_secret(request),
            redirect_uri=lambda sandbox: redirect_uri(request, platform, sandbox=sandbox),
            state=request.GET.get("state", ""),
            code=request.GET.get("code", ""),
            error=request.GET.get("error", "") or request.GET.get("errCode", ""),
        )
    except InflioError as error:
        messages.error(request, error.message)
        return redirect("scheduling:channels")
    if isinstance(result, services.Offer):
        return redirect("scheduling:pick_accounts", result.state.pk)
    return _welcome(request, result)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Level.MANAGER)
def pick_accounts(request: HttpRequest, pk: int) -> HttpResponse:
    """Which of several accounts to connect."""
    problem = ""
    try:
        offer = services.open_offer(workspace=request.workspace, user=request.user, pk=pk)
        if request.method == "POST":
            return _welcome(request, services.pick_accounts(offer=offer, external_ids=request.POST.getlist("account")))
    except InvalidInput as error:
        problem = error.message
    except InflioError as error:
        messages.error(request, error.message)
        return redirect("scheduling:channels")
    known = Channel.objects.for_workspace(request.workspace).filter(platform=offer.state.platform)
    context = {
        "offer": offer,
        "problem": problem,
        "known": set(known.filter(sandbox=offer.state.sandbox).values_list("external_id", flat=True)),
        "trail": [("Channels", reverse("scheduling:channels"))],
    }
    return render_page(request, "scheduling/pick_accounts.html", context, status=422 if problem else 200)


def _welcome(request: HttpRequest, rows: list[Channel]) -> HttpResponse:
    """Look at what was connected once, so that its page has something to say."""
    for row in rows:
        words = check_channel(channel=row)
        if row.facts_at is None or row.status != Channel.Status.ACTIVE:
            messages.warning(request, words)
    names = ", ".join(str(row) for row in rows)
    messages.success(request, f"Connected: {names}.")
    return redirect(rows[0]) if len(rows) == 1 else redirect("scheduling:channels")


def _chosen(source, request: HttpRequest, name: str):
    """The row that a form names, of this workspace; None when it names none."""
    key = read_key(request.POST.get(name, ""))
    return None if key is None else get_owned_or_404(source, request, pk=key)


def _known_or_404(platform: str) -> None:
    if platform not in NAMES:
        raise Http404
