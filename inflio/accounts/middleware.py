"""Puts the current workspace and membership on each request, and activates the user's time zone."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from inflio.accounts.access import WORKSPACE_KEY, memberships_of
from inflio.accounts.zones import zone_or_utc


def _memberships(request: HttpRequest) -> list:
    return list(memberships_of(request.user)) if request.user.is_authenticated else []


class WorkspaceMiddleware:
    """request.membership and request.workspace: the one chosen in the session, else the first; None for guests."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.memberships = SimpleLazyObject(lambda: _memberships(request))
        if request.user.is_authenticated:
            chosen = request.session.get(WORKSPACE_KEY)
            rows = list(request.memberships)
            request.membership = next((row for row in rows if row.workspace_id == chosen), rows[0] if rows else None)
        else:
            request.membership = None
        request.workspace = request.membership.workspace if request.membership else None
        zone = getattr(request.user, "time_zone", "UTC")
        with timezone.override(zone_or_utc(zone)):
            return self.get_response(request)
