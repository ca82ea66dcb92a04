"""Who may do what: the current workspace, the level decorator, and fetch-or-404 for everything that is owned."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse

from inflio.accounts.models import Level, Membership
from inflio.common.errors import NotAllowed
from inflio.common.htmx import redirect_to

WORKSPACE_KEY = "workspace"  # in the session


def memberships_of(user) -> QuerySet[Membership]:
    """The user's memberships, oldest first, with their workspaces."""
    return Membership.objects.filter(user=user).select_related("workspace").order_by("created_at", "pk")


def choose_workspace(request: HttpRequest, membership: Membership) -> None:
    """Make this one of the user's workspaces the current one, from the next request on."""
    request.session[WORKSPACE_KEY] = membership.workspace_id


def require_level(request: HttpRequest, level: Level) -> None:
    """Raise NotAllowed when the member's level in the current workspace is lower than `level`."""
    membership = request.membership
    if membership is None or membership.level < level:
        needed = Level(level).label.lower()
        raise NotAllowed(f"You need to be {needed} of this workspace to do that. Ask its owner to change your role.")


def member_required(level: Level = Level.VIEWER):
    """Decorate a view: logged in, with at least `level` in the current workspace; without one, make one first."""

    def decorate(view):
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs):
            if request.membership is None:
                return redirect_to(request, reverse("accounts:new_workspace"))
            require_level(request, level)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def get_owned_or_404(source: type[Model] | QuerySet, request: HttpRequest, **lookup) -> Model:
    """Fetch a row of the current workspace; a stranger and a missing row get the same 404."""
    queryset = source if isinstance(source, QuerySet) else source._default_manager.all()
    if request.membership is None:
        raise Http404
    row = queryset.filter(workspace=request.workspace, **lookup).first()
    if row is None:
        raise Http404
    return row
