"""What the pages of channels share: the secret of a browser that connects, and a public page's settings."""

import secrets

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from inflio.accounts.models import Level
from scheduling.forms.pages import PageForm
from scheduling.models import Channel
from scheduling.queries import channels as queries

BROWSER_KEY = "connecting"  # in the session


def browser_secret(request: HttpRequest) -> str:
    """What ties a connection to this browser; made at its first one."""
    if BROWSER_KEY not in request.session:
        request.session[BROWSER_KEY] = secrets.token_urlsafe(24)
    return request.session[BROWSER_KEY]


def redirect_uri(request: HttpRequest, platform: str, *, sandbox: bool) -> str:
    """Where the platform sends the user back: the registered address, or, from the sandbox, where the user is now."""
    path = reverse("scheduling:connected", args=[platform])
    return request.build_absolute_uri(path) if sandbox else settings.SITE_URL + path


def page_frame(request: HttpRequest, row: Channel, form: PageForm | None = None) -> dict:
    """What the settings of a public page show; `row` comes from `channels_with_counts`."""
    publications, older = queries.last_publications(row, before=request.GET.get("before", ""))
    initial = {"slug": row.handle, "about": row.facts.get("about", "")}
    return {
        "channel": row,
        "card": queries.channel_card(row, timezone.now()),
        "publications": publications,
        "older": older,
        "form": form or PageForm(initial=initial),
        "page_url": queries.absolute("scheduling:page", row.handle),
        "rss_url": queries.absolute("scheduling:page_rss", row.handle),
        "json_url": queries.absolute("scheduling:page_json", row.handle),
        "manages": request.membership.level >= Level.MANAGER,
        "can_edit": request.membership.level >= Level.EDITOR,
        "trail": [("Channels", reverse("scheduling:channels"))],
    }
