"""What can be done with users, workspaces and their members; pages, the admin and commands all call these."""

from inflio.accounts.services.invitations import (
    accept_invitation,
    invite_member,
    renew_invitation,
    withdraw_invitation,
)
from inflio.accounts.services.keys import make_api_key, member_behind, remove_api_key
from inflio.accounts.services.members import change_level, leave_workspace, remove_member, transfer_ownership
from inflio.accounts.services.profile import update_profile
from inflio.accounts.services.workspaces import NAME_LENGTH as WORKSPACE_NAME_LENGTH
from inflio.accounts.services.workspaces import create_workspace, rename_workspace, turn_to_business

__all__ = [
    "WORKSPACE_NAME_LENGTH",
    "accept_invitation",
    "change_level",
    "create_workspace",
    "invite_member",
    "leave_workspace",
    "make_api_key",
    "member_behind",
    "remove_api_key",
    "remove_member",
    "rename_workspace",
    "renew_invitation",
    "transfer_ownership",
    "turn_to_business",
    "update_profile",
    "withdraw_invitation",
]
