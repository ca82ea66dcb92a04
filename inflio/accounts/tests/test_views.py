"""Profile, workspace and members in the browser: what each role may do, and that strangers get nothing."""

import pytest
from django.core import mail
from django.test import Client

from inflio.accounts.models import Invitation, Level, Membership, User, Workspace, token_hash

pytestmark = pytest.mark.django_db
VIEWER, EDITOR, MANAGER, OWNER = Level.values


@pytest.fixture
def dora(workspace) -> Membership:
    """A viewer to do things to."""
    user = User.objects.create_user("dora@example.com", name="Dora")
    return Membership.objects.create(workspace=workspace, user=user, level=VIEWER)


@pytest.fixture
def dan(workspace, alice) -> Invitation:
    """An open invitation whose link ends with "secret"."""
    return Invitation.objects.create(
        workspace=workspace, email="dan@example.com", level=EDITOR, token_hash=token_hash("secret"), invited_by=alice
    )


def test_profile_saves_name_zone_and_role(alice_client, alice):
    data = {"name": " Alice  Liddell ", "time_zone": "europe/paris", "role": "consumer"}
    assert alice_client.post("/profile/", data)["Location"] == "/profile/"
    alice.refresh_from_db()
    assert (alice.name, alice.time_zone, alice.role) == ("Alice Liddell", "Europe/Paris", "consumer")


@pytest.mark.parametrize("zone", ["", "Atlantis", "Europe/"])
def test_profile_with_a_wrong_zone_says_what_to_do(alice_client, zone):
    answer = alice_client.post("/profile/", {"name": "Alice", "time_zone": zone, "role": "business"})
    assert answer.status_code == 422
    assert ("Choose a time zone from the list" in answer.content.decode()) is bool(zone)


def test_profile_offers_every_zone(alice_client):
    html = alice_client.get("/profile/").content.decode()
    assert '<option value="America/Argentina/Buenos_Aires">' in html
    assert html.count("<option") > 400


def test_profile_costs_the_same_with_one_workspace_and_three(alice_client, alice, django_assert_num_queries):
    alice_client.get("/profile/")
    with django_assert_num_queries(7):
        alice_client.get("/profile/")
    for number in (2, 3):
        workspace = Workspace.objects.create(name=f"Client {number}", kind="business")
        Membership.objects.create(workspace=workspace, user=alice, level=VIEWER)
    with django_assert_num_queries(7):
        alice_client.get("/profile/")


def test_workspace_page_costs_the_same_with_one_member_and_three(
    alice_client, workspace, dan, django_assert_num_queries
):
    alice_client.get("/profile/workspace/")
    with django_assert_num_queries(6):
        alice_client.get("/profile/workspace/")
    for number in (2, 3):
        user = User.objects.create_user(f"member{number}@example.com")
        Membership.objects.create(workspace=workspace, user=user)
        Invitation.objects.create(workspace=workspace, email=f"guest{number}@example.com", token_hash=str(number))
    with django_assert_num_queries(6):
        alice_client.get("/profile/workspace/")


def test_superuser_without_a_workspace_is_led_to_make_one(client_of):
    browser = client_of(User.objects.create_superuser("root@example.com", "x"))
    for url in ("/dashboard", "/credits/", "/profile/workspace/"):
        assert browser.get(url)["Location"] == "/profile/workspaces/new/"
    assert browser.get("/profile/").status_code == 200
    assert browser.post("/profile/workspaces/new/", {"name": "Root's"})["Location"] == "/dashboard"
    assert Workspace.objects.get().credits.available == 100


def test_switch_workspace_is_for_members(alice_client, alice, workspace, charlie):
    other = Workspace.objects.create(name="Client", kind="business")
    Membership.objects.create(workspace=other, user=alice, level=VIEWER)
    assert "Alice&#x27;s studio" in alice_client.get("/profile/workspace/").content.decode()
    assert alice_client.post(f"/profile/workspaces/{other.pk}/switch/")["Location"] == "/dashboard"
    assert "<h1>Client</h1>" in alice_client.get("/profile/workspace/").content.decode()
    foreign = charlie.workspaces.get()
    assert alice_client.post(f"/profile/workspaces/{foreign.pk}/switch/").status_code == 404
    assert alice_client.get(f"/profile/workspaces/{other.pk}/switch/").status_code == 405


def test_removed_member_falls_back_to_the_own_workspace(charlie_client, charlie, workspace):
    membership = Membership.objects.create(workspace=workspace, user=charlie, level=VIEWER)
    charlie_client.post(f"/profile/workspaces/{workspace.pk}/switch/")
    membership.delete()
    assert "<h1>Charlie&#x27;s studio</h1>" in charlie_client.get("/profile/workspace/").content.decode()


def test_new_workspace_becomes_the_current_one(alice_client):
    alice_client.post("/profile/workspaces/new/", {"name": "Client"})
    assert "<h1>Client</h1>" in alice_client.get("/profile/workspace/").content.decode()


def test_new_workspace_of_a_creator_is_refused_with_a_way_out(make_user, client_of):
    browser = client_of(make_user("erin", role="consumer"))
    assert "Set your role to business" in browser.get("/profile/workspaces/new/").content.decode()
    assert browser.post("/profile/workspaces/new/", {"name": "Second"}).status_code == 409


def test_turn_to_business_opens_the_invitations(make_user, client_of):
    browser = client_of(make_user("erin", role="consumer"))
    assert "Turn it into a business workspace" in browser.get("/profile/workspace/").content.decode()
    browser.post("/profile/workspace/business/")
    assert "Send the invitation" in browser.get("/profile/workspace/").content.decode()


ACTIONS = {
    "rename": (MANAGER, lambda dora, dan: ("workspace/rename/", {"name": "Renamed"})),
    "business": (OWNER, lambda dora, dan: ("workspace/business/", {})),
    "invite": (MANAGER, lambda dora, dan: ("members/invite/", {"email": "new@example.com", "level": VIEWER})),
    "level": (MANAGER, lambda dora, dan: (f"members/{dora.pk}/level/", {"level": EDITOR})),
    "remove": (MANAGER, lambda dora, dan: (f"members/{dora.pk}/remove/", {})),
    "owner": (OWNER, lambda dora, dan: (f"members/{dora.pk}/owner/", {})),
    "renew": (MANAGER, lambda dora, dan: (f"invitations/{dan.pk}/renew/", {})),
    "withdraw": (MANAGER, lambda dora, dan: (f"invitations/{dan.pk}/withdraw/", {})),
}


def state() -> list:
    """Everything that these actions could change."""
    return [list(model.objects.order_by("pk").values()) for model in (Workspace, Membership, Invitation)]


@pytest.mark.parametrize("level", Level.values)
@pytest.mark.parametrize("action", ACTIONS)
def test_action_by_role(bob_client, bob, dora, dan, set_level, action, level):
    set_level(bob, level)
    Invitation.objects.update(updated_at=dan.created_at.replace(year=2020))
    needed, request = ACTIONS[action]
    url, data = request(dora, dan)
    before = state()
    answer = bob_client.post(f"/profile/{url}", data)
    if level >= needed:
        assert answer.status_code in {200, 302}
        assert (state() != before) or action == "business"
    else:
        assert answer.status_code == 403
        assert "Ask its owner to change your role." in answer.content.decode()
        assert state() == before


@pytest.mark.parametrize("action", ["level", "remove", "owner", "renew", "withdraw"])
def test_action_by_a_stranger_finds_nothing(charlie_client, dora, dan, action):
    url, data = ACTIONS[action][1](dora, dan)
    before = state()
    assert charlie_client.post(f"/profile/{url}", data).status_code == 404
    assert state() == before


@pytest.mark.parametrize("action", ACTIONS)
def test_action_by_a_guest_leads_to_the_log_in(client, dora, dan, action):
    url, data = ACTIONS[action][1](dora, dan)
    before = state()
    assert client.post(f"/profile/{url}", data)["Location"].startswith("/accounts/login/")
    assert state() == before


def test_viewer_sees_members_but_neither_invitations_nor_actions(bob_client, bob, dora, dan, set_level):
    set_level(bob, VIEWER)
    html = bob_client.get("/profile/workspace/").content.decode()
    assert "dora@example.com" in html
    assert "dan@example.com" not in html
    assert "/level/" not in html
    assert "Send the invitation" not in html


def test_invite_shows_the_link_once_and_mails_it(alice_client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = alice_client.post("/profile/members/invite/", {"email": "new@example.com", "level": VIEWER})
    link = answer.context["invited"].link
    assert link in answer.content.decode()
    assert link in mail.outbox[0].body
    assert link not in alice_client.get("/profile/workspace/").content.decode()


def test_invite_with_a_wrong_address_says_so(alice_client):
    answer = alice_client.post("/profile/members/invite/", {"email": "nobody", "level": VIEWER})
    assert answer.status_code == 422
    assert "Enter a valid email address." in answer.content.decode()


def test_manager_cannot_invite_an_owner(bob_client, bob, set_level):
    set_level(bob, MANAGER)
    assert bob_client.post("/profile/members/invite/", {"email": "x@example.com", "level": OWNER}).status_code == 422
    assert not Invitation.objects.exists()


def test_last_owner_who_leaves_is_told_what_to_do(alice_client, alice):
    answer = alice_client.post("/profile/workspace/leave/")
    assert answer.status_code == 409
    assert "Hand the workspace over before you leave." in answer.content.decode()
    assert alice.memberships.exists()


def test_member_leaves(bob_client, bob):
    assert bob_client.post("/profile/workspace/leave/")["Location"] == "/profile/"
    assert not bob.memberships.exists()


def test_invitation_page_shows_a_guest_whom_it_is_for(client, dan):
    html = client.get("/profile/join/secret/").content.decode()
    assert "<strong>dan@example.com</strong>" in html
    assert "/accounts/signup/?email=dan%40example.com&amp;next=%2Fprofile%2Fjoin%2Fsecret%2F" in html
    assert client.post("/profile/join/secret/").status_code == 200
    assert not User.objects.filter(email="dan@example.com").exists()


def test_invited_person_signs_up_and_joins(client, dan, workspace):
    data = {"email": "dan@example.com", "password1": "correct horse 9 battery", "role": "consumer"}
    answer = client.post("/accounts/signup/", data | {"next": "/profile/join/secret/"})
    assert answer["Location"] == "/profile/join/secret/"
    assert "Join Alice&#x27;s studio" in client.get("/profile/join/secret/").content.decode()
    assert client.post("/profile/join/secret/")["Location"] == "/dashboard"
    assert "<h1>Alice&#x27;s studio</h1>" in client.get("/profile/workspace/").content.decode()
    assert Membership.objects.get(workspace=workspace, user__email="dan@example.com").level == EDITOR


def test_invitation_of_somebody_else_cannot_be_accepted(charlie_client, charlie, dan, workspace):
    assert "You are logged in as charlie@example.com" in charlie_client.get("/profile/join/secret/").content.decode()
    answer = charlie_client.post("/profile/join/secret/")
    assert answer.status_code == 403
    assert not Membership.objects.filter(workspace=workspace, user=charlie).exists()


def test_unknown_invitation_is_not_found(client):
    answer = Client().get("/profile/join/other/")
    assert answer.status_code == 404
    assert "This invitation does not work any more" in answer.content.decode()
