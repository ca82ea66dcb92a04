"""Workspaces and members: who may do what, and that a workspace never loses its last owner."""

import pytest
from django.core import mail

from inflio.accounts import services
from inflio.accounts.models import Invitation, Level, Membership, User
from inflio.common.errors import Conflict, InvalidInput, NotAllowed

VIEWER, EDITOR, MANAGER, OWNER = Level.values


@pytest.fixture
def dora(workspace) -> User:
    """A second team-mate, a viewer."""
    user = User.objects.create_user("dora@example.com", name="Dora")
    Membership.objects.create(workspace=workspace, user=user, level=VIEWER)
    return user


def token_of(invited) -> str:
    return invited.link.rstrip("/").rsplit("/", 1)[-1]


def test_create_workspace_gives_an_owner_and_the_welcome_credits(make_user):
    user = make_user("erin", role=User.Role.CONSUMER)
    membership = user.memberships.get()
    assert membership.level == OWNER
    assert membership.workspace.credits.available == 100


def test_create_workspace_without_a_name_is_called_after_its_owner(db):
    user = User.objects.create_user("ada@example.com", name="Ada")
    assert services.create_workspace(owner=user).workspace.name == "Ada's studio"


def test_create_workspace_is_undone_whole_when_the_platform_fails(db, settings):
    settings.WORKSPACE_CREATED = "inflio.accounts.tests.test_services.fail"
    user = User.objects.create_user("ada@example.com")
    with pytest.raises(ZeroDivisionError):
        services.create_workspace(owner=user)
    assert not user.memberships.exists()


def fail(*, workspace):
    """A platform that cannot prepare a workspace."""
    raise ZeroDivisionError


def test_create_a_second_personal_workspace_is_refused(make_user):
    user = make_user("erin", role=User.Role.CONSUMER)
    with pytest.raises(Conflict, match="Further ones are for a business"):
        services.create_workspace(owner=user)


def test_create_more_workspaces_than_one_may_own_is_refused(alice):
    for number in range(2, 6):
        services.create_workspace(owner=alice, name=f"Client {number}", kind=User.Role.BUSINESS)
    with pytest.raises(Conflict, match="can own 5 workspaces"):
        services.create_workspace(owner=alice, name="Client 6", kind=User.Role.BUSINESS)
    assert alice.memberships.count() == 5


def test_rename_workspace_tidies_the_name(workspace):
    assert services.rename_workspace(workspace=workspace, name="  North \n Star ").name == "North Star"


@pytest.mark.parametrize(("name", "message"), [("   ", "Give the workspace a name"), ("x" * 121, "at most 120")])
def test_rename_workspace_refuses_a_bad_name(workspace, name, message):
    with pytest.raises(InvalidInput, match=message):
        services.rename_workspace(workspace=workspace, name=name)


def test_update_profile_refuses_an_unknown_zone(alice):
    with pytest.raises(InvalidInput, match="such as Europe/Paris"):
        services.update_profile(user=alice, name="Alice", role="consumer", time_zone="Mars/Olympus")


def test_turn_to_business_changes_workspace_and_owner(make_user):
    user = make_user("erin", role=User.Role.CONSUMER)
    workspace = services.turn_to_business(workspace=user.workspaces.get(), by=user)
    user.refresh_from_db()
    assert (workspace.kind, user.role) == ("business", "business")


@pytest.mark.parametrize(
    ("actor", "target", "new", "allowed"),
    [
        (VIEWER, VIEWER, EDITOR, False),
        (EDITOR, VIEWER, EDITOR, False),
        (MANAGER, VIEWER, MANAGER, True),
        (MANAGER, EDITOR, VIEWER, True),
        (MANAGER, VIEWER, OWNER, False),
        (MANAGER, MANAGER, VIEWER, False),
        (MANAGER, OWNER, VIEWER, False),
        (OWNER, MANAGER, VIEWER, True),
        (OWNER, VIEWER, OWNER, True),
        (OWNER, OWNER, VIEWER, True),
    ],
)
def test_change_level_by_role(membership_of, set_level, bob, dora, actor, target, new, allowed):
    set_level(bob, actor)
    set_level(dora, target)
    if allowed:
        services.change_level(member=membership_of(dora), level=new, by=membership_of(bob))
    else:
        with pytest.raises(NotAllowed):
            services.change_level(member=membership_of(dora), level=new, by=membership_of(bob))
    assert membership_of(dora).level == (new if allowed else target)


@pytest.mark.parametrize(
    ("actor", "target", "allowed"),
    [
        (VIEWER, VIEWER, False),
        (EDITOR, VIEWER, False),
        (MANAGER, EDITOR, True),
        (MANAGER, MANAGER, False),
        (MANAGER, OWNER, False),
        (OWNER, OWNER, True),
    ],
)
def test_remove_member_by_role(membership_of, set_level, workspace, bob, dora, actor, target, allowed):
    set_level(bob, actor)
    set_level(dora, target)
    if allowed:
        services.remove_member(member=membership_of(dora), by=membership_of(bob))
    else:
        with pytest.raises(NotAllowed):
            services.remove_member(member=membership_of(dora), by=membership_of(bob))
    assert workspace.memberships.filter(user=dora).exists() is not allowed


def test_last_owner_can_be_neither_demoted_nor_removed_nor_leave(membership_of, alice):
    owner = membership_of(alice)
    for change in (
        lambda: services.change_level(member=owner, level=MANAGER, by=owner),
        lambda: services.remove_member(member=owner, by=owner),
        lambda: services.leave_workspace(member=owner),
    ):
        with pytest.raises(Conflict):
            change()
    assert membership_of(alice).level == OWNER


def test_leave_workspace_ends_the_membership_of_an_owner_who_is_not_the_last(membership_of, set_level, alice, bob):
    set_level(bob, OWNER)
    services.leave_workspace(member=membership_of(alice))
    assert not alice.memberships.exists()


def test_transfer_ownership_swaps_owner_and_manager(membership_of, alice, bob):
    services.transfer_ownership(member=membership_of(bob), by=membership_of(alice))
    assert (membership_of(bob).level, membership_of(alice).level) == (OWNER, MANAGER)


@pytest.mark.parametrize("level", [VIEWER, EDITOR, MANAGER])
def test_transfer_ownership_needs_an_owner(membership_of, set_level, alice, bob, level):
    set_level(bob, level)
    with pytest.raises(NotAllowed):
        services.transfer_ownership(member=membership_of(alice), by=membership_of(bob))


def test_member_of_another_workspace_cannot_be_changed(membership_of, alice, charlie):
    with pytest.raises(Conflict, match="left the workspace"):
        services.remove_member(member=charlie.memberships.get(), by=membership_of(alice))
    assert charlie.memberships.exists()


def test_invite_member_sends_a_link_and_keeps_only_its_hash(
    membership_of, workspace, alice, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        invited = services.invite_member(
            workspace=workspace, email=" Dan@Example.com ", level=EDITOR, by=membership_of(alice)
        )
    assert [message.to for message in mail.outbox] == [["dan@example.com"]]
    assert invited.link in mail.outbox[0].body
    assert mail.outbox[0].subject == "Join Alice's studio on Inflio"
    assert "Alice invites you to Alice's studio on Inflio, as editor." in mail.outbox[0].body
    assert token_of(invited) not in str(Invitation.objects.values().get())


def test_accept_invitation_gives_the_offered_level_once(membership_of, workspace, alice, charlie):
    invited = services.invite_member(workspace=workspace, email=charlie.email, level=VIEWER, by=membership_of(alice))
    joined = services.accept_invitation(token=token_of(invited), user=charlie)
    assert (joined.workspace, joined.level) == (workspace, VIEWER)
    assert services.accept_invitation(token=token_of(invited), user=charlie) == joined
    services.remove_member(member=joined, by=membership_of(alice))
    with pytest.raises(InvalidInput, match="no longer valid"):
        services.accept_invitation(token=token_of(invited), user=charlie)


def test_accept_invitation_for_another_address_is_refused(membership_of, workspace, alice, charlie):
    invited = services.invite_member(
        workspace=workspace, email="dan@example.com", level=VIEWER, by=membership_of(alice)
    )
    with pytest.raises(NotAllowed, match="for dan@example.com"):
        services.accept_invitation(token=token_of(invited), user=charlie)
    assert not charlie.memberships.filter(workspace=workspace).exists()


def test_accept_invitation_that_is_too_old_is_refused(membership_of, workspace, alice, charlie):
    invited = services.invite_member(workspace=workspace, email=charlie.email, level=VIEWER, by=membership_of(alice))
    Invitation.objects.update(expires_at=invited.invitation.created_at)
    with pytest.raises(InvalidInput, match="no longer valid"):
        services.accept_invitation(token=token_of(invited), user=charlie)


def test_renew_invitation_makes_the_old_link_useless(membership_of, workspace, alice, charlie):
    old = services.invite_member(workspace=workspace, email=charlie.email, level=VIEWER, by=membership_of(alice))
    Invitation.objects.update(updated_at=old.invitation.expires_at.replace(year=2020))
    new = services.renew_invitation(invitation=Invitation.objects.get(), by=membership_of(alice))
    with pytest.raises(InvalidInput):
        services.accept_invitation(token=token_of(old), user=charlie)
    assert services.accept_invitation(token=token_of(new), user=charlie).level == VIEWER


def test_invite_twice_within_a_minute_is_refused(membership_of, workspace, alice):
    invite = {"workspace": workspace, "email": "dan@example.com", "level": VIEWER, "by": membership_of(alice)}
    services.invite_member(**invite)
    with pytest.raises(Conflict, match="Wait a minute"):
        services.invite_member(**invite)


def test_withdraw_invitation_makes_the_link_useless(membership_of, workspace, alice, charlie):
    invited = services.invite_member(workspace=workspace, email=charlie.email, level=VIEWER, by=membership_of(alice))
    services.withdraw_invitation(invitation=invited.invitation, by=membership_of(alice))
    with pytest.raises(InvalidInput):
        services.accept_invitation(token=token_of(invited), user=charlie)


@pytest.mark.parametrize(
    ("actor", "level", "allowed"),
    [(VIEWER, VIEWER, False), (EDITOR, VIEWER, False), (MANAGER, MANAGER, True), (MANAGER, OWNER, False)],
)
def test_invite_member_by_role(membership_of, set_level, workspace, bob, actor, level, allowed):
    set_level(bob, actor)
    invite = {"workspace": workspace, "email": "dan@example.com", "level": level, "by": membership_of(bob)}
    if allowed:
        services.invite_member(**invite)
    else:
        with pytest.raises(NotAllowed):
            services.invite_member(**invite)
    assert Invitation.objects.exists() is allowed


def test_invite_a_present_member_is_refused(membership_of, workspace, alice, bob):
    with pytest.raises(Conflict, match="is a member already"):
        services.invite_member(workspace=workspace, email="BOB@example.com", level=VIEWER, by=membership_of(alice))


def test_invite_to_a_personal_workspace_is_refused(make_user):
    user = make_user("erin", role=User.Role.CONSUMER)
    membership = user.memberships.get()
    with pytest.raises(Conflict, match="This workspace is personal"):
        services.invite_member(workspace=membership.workspace, email="dan@example.com", level=VIEWER, by=membership)


def test_invite_more_people_than_may_wait_is_refused(membership_of, workspace, alice):
    by = membership_of(alice)
    for number in range(50):
        services.invite_member(workspace=workspace, email=f"p{number}@example.com", level=VIEWER, by=by)
    with pytest.raises(Conflict, match="50 invitations are waiting"):
        services.invite_member(workspace=workspace, email="one-more@example.com", level=VIEWER, by=by)
