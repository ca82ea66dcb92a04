"""What is done with members and invitations: invite, change, remove, hand over, leave."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from inflio.accounts import services
from inflio.accounts.access import get_owned_or_404, member_required
from inflio.accounts.forms import InviteForm, LevelForm
from inflio.accounts.models import Invitation, Level, Membership
from inflio.accounts.views.shared import workspace_page
from inflio.common.errors import InvalidInput
from inflio.common.htmx import redirect_to


@require_POST
@member_required(Level.MANAGER)
def invite_member(request: HttpRequest) -> HttpResponse:
    """Send an invitation; its link is shown this once."""
    form = InviteForm(request.POST, highest=request.membership.level)
    if not form.is_valid():
        return workspace_page(request, invite_form=form, status=422)
    invited = services.invite_member(workspace=request.workspace, by=request.membership, **form.cleaned_data)
    return workspace_page(request, invited=invited)


@require_POST
@member_required(Level.MANAGER)
def renew_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a new link; the old one stops working."""
    row = get_owned_or_404(Invitation.objects.filter(accepted_at=None), request, pk=pk)
    return workspace_page(request, invited=services.renew_invitation(invitation=row, by=request.membership))


@require_POST
@member_required(Level.MANAGER)
def withdraw_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an invitation's link useless."""
    row = get_owned_or_404(Invitation, request, pk=pk)
    services.withdraw_invitation(invitation=row, by=request.membership)
    return _done(request, f"The invitation for {row.email} is withdrawn.")


@require_POST
@member_required(Level.MANAGER)
def change_level(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a member's role."""
    form = LevelForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("Choose viewer, editor, manager or owner.")
    row = services.change_level(member=_member(request, pk), by=request.membership, **form.cleaned_data)
    return _done(request, f"{row.user} is {row.get_level_display().lower()} now.")


@require_POST
@member_required(Level.MANAGER)
def remove_member(request: HttpRequest, pk: int) -> HttpResponse:
    """End somebody's membership."""
    row = _member(request, pk)
    services.remove_member(member=row, by=request.membership)
    return _done(request, f"{row.user} is no longer a member.")


@require_POST
@member_required(Level.OWNER)
def transfer_ownership(request: HttpRequest, pk: int) -> HttpResponse:
    """Make somebody else the owner, and oneself a manager."""
    row = _member(request, pk)
    services.transfer_ownership(member=row, by=request.membership)
    return _done(request, f"{row.user} owns {request.workspace} now; you are a manager.")


@require_POST
@member_required()
def leave_workspace(request: HttpRequest) -> HttpResponse:
    """End one's own membership."""
    services.leave_workspace(member=request.membership)
    messages.success(request, f"You have left {request.workspace}.")
    return redirect_to(request, reverse("accounts:profile"))


def _member(request: HttpRequest, pk: int) -> Membership:
    return get_owned_or_404(Membership.objects.select_related("user"), request, pk=pk)


def _done(request: HttpRequest, message: str) -> HttpResponse:
    messages.success(request, message)
    return redirect_to(request, reverse("accounts:workspace"))
