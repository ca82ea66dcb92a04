"""Open, rename and widen workspaces."""

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from inflio.accounts.models import Level, Membership, User, Workspace
from inflio.common.errors import Conflict, InvalidInput

NAME_LENGTH = 120
OWNED_AT_MOST = 5  # each new workspace is given the plan's welcome credits


@transaction.atomic
def create_workspace(*, owner: User, name: str = "", kind: str = User.Role.CONSUMER) -> Membership:
    """Make a workspace with its owner, and let the platform prepare it (settings.WORKSPACE_CREATED).

    Returns the owner's membership. Without a name the workspace is called after its owner. Raises Conflict when the
    user owns as many workspaces as one may, or wants a second one without being a business.
    """
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    owned = Membership.objects.filter(user=owner, level=Level.OWNER).count()
    if owned and kind != User.Role.BUSINESS:
        raise Conflict("You have your own workspace already. Further ones are for a business.", code="second_personal")
    if owned >= OWNED_AT_MOST:
        raise Conflict(f"One person can own {OWNED_AT_MOST} workspaces. Hand one over first, or write to us.")
    workspace = Workspace.objects.create(name=_clean_name(name or _default_name(owner)), kind=kind)
    membership = Membership.objects.create(workspace=workspace, user=owner, level=Level.OWNER)
    import_string(settings.WORKSPACE_CREATED)(workspace=workspace)
    return membership


@transaction.atomic
def rename_workspace(*, workspace: Workspace, name: str) -> Workspace:
    """Give the workspace another name; raises InvalidInput for an empty or too long one."""
    workspace.name = _clean_name(name)
    workspace.save(update_fields=["name", "updated_at"])
    return workspace


@transaction.atomic
def turn_to_business(*, workspace: Workspace, by: User) -> Workspace:
    """Let a personal workspace have members; its owner becomes a business user."""
    Workspace.objects.filter(pk=workspace.pk).update(kind=User.Role.BUSINESS)
    User.objects.filter(pk=by.pk).update(role=User.Role.BUSINESS)
    workspace.refresh_from_db()
    return workspace


def _default_name(owner: User) -> str:
    return f"{owner.name}'s studio"[:NAME_LENGTH] if owner.name else "My studio"


def _clean_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidInput("Give the workspace a name.", code="name_missing")
    if len(name) > NAME_LENGTH:
        raise InvalidInput(f"Use a name of at most {NAME_LENGTH} characters.", code="name_too_long")
    return name
