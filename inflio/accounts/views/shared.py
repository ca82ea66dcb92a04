"""The workspace page, which several actions answer with."""

from django.http import HttpRequest, HttpResponse

from inflio.accounts import queries
from inflio.accounts.forms import InviteForm, WorkspaceNameForm
from inflio.accounts.models import Level
from inflio.common.htmx import render_page


def workspace_page(
    request: HttpRequest, *, invite_form=None, name_form=None, invited=None, status: int = 200
) -> HttpResponse:
    """Members, invitations and settings of the current workspace; `invited` is an invitation sent just now."""
    by, manages = request.membership, request.membership.level >= Level.MANAGER
    context = {
        "rows": queries.member_rows(by=by),
        "invitations": list(queries.waiting_invitations(request.workspace)) if manages else [],
        "manages": manages,
        "owns": by.level >= Level.OWNER,
        "invite_form": invite_form or InviteForm(highest=by.level),
        "name_form": name_form or WorkspaceNameForm(initial={"name": request.workspace.name}),
        "invited": invited,
    }
    return render_page(request, "accounts/workspace.html", context, status=status)
