"""Puts workspace, membership and time zone on each request, and notes now and then that a session is in use."""

from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from inflio.accounts.access import WORKSPACE_KEY, memberships_of
from inflio.accounts.zones import zone_or_utc

SEEN_EVERY = 300  # seconds


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


class SessionSeenMiddleware:
    """Keep "last seen" of the session list within five minutes.

    allauth's own middleware writes to the database at every request: also for each thumbnail and each poll.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and cache.add(f"seen:{request.session.session_key}", 1, SEEN_EVERY):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)
