"""Addresses of the profile, the workspace and its members; logging in and out is allauth's."""

from django.urls import path

from inflio.accounts.views import invitations, keys, members, profile, workspaces

app_name = "accounts"
urlpatterns = [
    path("", profile.profile, name="profile"),
    path("keys/", keys.api_keys, name="api_keys"),
    path("keys/<int:pk>/remove/", keys.remove_api_key, name="remove_api_key"),
    path("workspace/", workspaces.workspace, name="workspace"),
    path("workspace/rename/", workspaces.rename_workspace, name="rename_workspace"),
    path("workspace/business/", workspaces.turn_to_business, name="turn_to_business"),
    path("workspace/leave/", members.leave_workspace, name="leave_workspace"),
    path("members/invite/", members.invite_member, name="invite_member"),
    path("members/<int:pk>/level/", members.change_level, name="change_level"),
    path("members/<int:pk>/remove/", members.remove_member, name="remove_member"),
    path("members/<int:pk>/owner/", members.transfer_ownership, name="transfer_ownership"),
    path("invitations/<int:pk>/renew/", members.renew_invitation, name="renew_invitation"),
    path("invitations/<int:pk>/withdraw/", members.withdraw_invitation, name="withdraw_invitation"),
    path("join/<str:token>/", invitations.join, name="join"),
    path("workspaces/new/", workspaces.new_workspace, name="new_workspace"),
    path("workspaces/<int:pk>/switch/", workspaces.switch_workspace, name="switch_workspace"),
]
