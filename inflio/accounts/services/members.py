"""Change who may do what in a workspace; it always keeps at least one owner."""

from django.db import transaction

from inflio.accounts.models import Level, Membership, Workspace
from inflio.common.errors import Conflict, InvalidInput, NotAllowed


@transaction.atomic
def change_level(*, member: Membership, level: int, by: Membership) -> Membership:
    """Set a member's level. Raises NotAllowed above the actor's own rights, Conflict for the last owner."""
    by, member = _locked(by, member)
    if level not in Level.values:
        raise InvalidInput("Choose viewer, editor, manager or owner.", code="level")
    _require_power(by, member)
    if level > by.level:
        raise NotAllowed("You can give a role up to your own. Ask an owner for more.")
    if level < Level.OWNER:
        refuse_last_owner(member, "Make somebody else an owner first: a workspace needs one.")
    member.level = level
    member.save(update_fields=["level", "updated_at"])
    return member


@transaction.atomic
def remove_member(*, member: Membership, by: Membership) -> None:
    """End a membership. Raises NotAllowed above the actor's own rights, Conflict for the last owner."""
    by, member = _locked(by, member)
    _require_power(by, member)
    refuse_last_owner(member, "The last owner cannot be removed. Make somebody else an owner first.")
    member.delete()


@transaction.atomic
def leave_workspace(*, member: Membership) -> None:
    """End one's own membership; raises Conflict for the last owner."""
    _, member = _locked(member, member)
    refuse_last_owner(member, "You are the last owner. Hand the workspace over before you leave.")
    member.delete()


@transaction.atomic
def transfer_ownership(*, member: Membership, by: Membership) -> None:
    """Make `member` an owner and the acting owner a manager. Raises NotAllowed for anyone but an owner."""
    by, member = _locked(by, member)
    if by.level < Level.OWNER:
        raise NotAllowed("Only an owner can hand the workspace over.")
    if by.pk == member.pk:
        raise Conflict("You own this workspace already.")
    Membership.objects.filter(pk=member.pk).update(level=Level.OWNER)
    Membership.objects.filter(pk=by.pk).update(level=Level.MANAGER)


def refuse_last_owner(member: Membership, message: str) -> None:
    """Raise Conflict with `message` when nobody else owns the member's workspace."""
    others = Membership.objects.filter(workspace=member.workspace_id, level=Level.OWNER).exclude(pk=member.pk)
    if member.level == Level.OWNER and not others.exists():
        raise Conflict(message, code="last_owner")


def _locked(by: Membership, member: Membership) -> tuple[Membership, Membership]:
    """Both memberships as they are now, behind the workspace's lock: two owners cannot demote each other at once."""
    Workspace.objects.select_for_update(no_key=True).get(pk=by.workspace_id)
    rows = {row.pk: row for row in Membership.objects.filter(pk__in=(by.pk, member.pk), workspace=by.workspace_id)}
    if by.pk not in rows or member.pk not in rows:
        raise Conflict("This member has left the workspace meanwhile.", code="member_gone")
    return rows[by.pk], rows[member.pk]


def _require_power(by: Membership, member: Membership) -> None:
    """Managers rule over viewers and editors, owners over everyone; nobody else over anyone."""
    if by.level < Level.MANAGER or (by.level < Level.OWNER and member.level >= by.level):
        raise NotAllowed("You can only change members whose role is below yours. Ask an owner.")
