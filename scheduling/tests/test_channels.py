"""Connected accounts in use: health, pauses, and the end of a connection."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inflio.accounts.models import Level
from inflio.common.errors import Conflict
from inflio.notices.models import Notice
from personas.services import create_persona
from personas.tests.pages import said
from scheduling.models import Channel, Publication
from scheduling.platforms.base import Doubt, PlatformError
from scheduling.sandbox import oauth
from scheduling.services.connecting import channels as services
from scheduling.services.connecting import upkeep
from scheduling.tests import makers
from scheduling.tests.connecting import connect

pytestmark = pytest.mark.django_db
DOWN = PlatformError("It is down.", kind="later", code="down", fix="Wait.")


@pytest.fixture
def channel(ready) -> Channel:
    return makers.channel(ready)


@pytest.fixture
def tiktok(alice_client, networks, ready) -> Channel:
    return connect(alice_client, networks, "tiktok", persona=ready.pk)


def fail(channel: Channel, times: int, error=DOWN) -> Channel:
    for _ in range(times):
        services.note_failure(channel, error)
    return Channel.objects.get(pk=channel.pk)


def planned(channel: Channel, **changes) -> Publication:
    post = makers.post(channel.persona, channel)
    return makers.publication(post, channel, due_at=timezone.now() + timedelta(days=1), **changes)


# Pauses


def test_resuming_takes_what_is_due_now_and_nothing_else(channel):
    later, past = timezone.now() + timedelta(minutes=5), timezone.now() - timedelta(minutes=1)
    posts = [makers.post(channel.persona, channel) for _ in range(3)]
    due, sent = (makers.publication(post, channel, due_at=past, available_at=later) for post in posts[:2])
    Publication.objects.filter(pk=sent.pk).update(state=Publication.State.UNKNOWN)
    ahead = makers.publication(posts[2], channel, due_at=later)

    services.resume_channel(channel=channel)
    for row in (due, sent, ahead):
        row.refresh_from_db()
    assert due.available_at <= timezone.now()
    assert (sent.available_at, ahead.available_at) == (later, later)


def test_failures_in_a_row_pause_a_channel_longer_each_time_with_one_notice(channel):
    assert fail(channel, 4).paused_until is None
    first = fail(channel, 1)
    assert timedelta(minutes=14) < first.paused_until - timezone.now() <= timedelta(minutes=15)
    assert first.pause_reason == "It is down. Wait."
    assert timedelta(minutes=29) < fail(channel, 1).paused_until - timezone.now() <= timedelta(minutes=30)
    assert fail(channel, 30).paused_until - timezone.now() <= timedelta(hours=24)
    assert Notice.objects.count() == 1


def test_doubtful_failures_count_and_a_success_begins_anew(channel):
    assert fail(channel, 4, Doubt("No answer.")).failures == 4
    services.note_success(channel)
    assert fail(channel, 4, Doubt("No answer.")).paused_until is None
    assert fail(channel, 1, Doubt("No answer.")).paused_until is not None


def test_a_second_row_of_failures_tells_again(channel):
    fail(channel, 6)
    services.note_success(channel)
    fail(channel, 6)
    assert Notice.objects.count() == 2


@pytest.mark.parametrize("kind", ["invalid", "limit", "container"])
def test_what_says_nothing_of_the_account_does_not_count(channel, kind):
    assert fail(channel, 9, PlatformError("No.", kind=kind, code="x")).failures == 0


def test_a_blocked_account_pauses_at_once(channel):
    blocked = fail(channel, 1, PlatformError("Locked.", kind="blocked", code="x", fix="Unlock it there."))
    assert blocked.paused_until is not None
    assert "Unlock it there" in Notice.objects.get().text


def test_an_editor_ends_a_pause(channel, bob_client):
    fail(channel, 6)
    page = bob_client.get(channel.get_absolute_url()).content.decode()
    assert "It failed 6 times in a row" in page
    bob_client.post(f"/channels/{channel.pk}/resume")
    row = Channel.objects.get()
    assert (row.failures, row.paused_until, row.pause_reason) == (0, None, "")


# Health


def test_a_check_keeps_what_the_platform_says(alice_client, tiktok):
    Channel.objects.update(name="Old", facts={"kept": 1}, facts_at=None)
    assert "everything is well" in said(alice_client.post(f"/channels/{tiktok.pk}/check"))
    row = Channel.objects.get()
    assert row.name == "Ada"
    assert row.facts["kept"] == 1
    assert row.facts["options"]["privacy_levels"]
    assert row.facts_at == row.checked_at


def test_a_check_that_fails_says_why_and_keeps_the_old_facts(alice_client, tiktok, networks):
    before = Channel.objects.get()
    networks.fault("tiktok.creator", "error_before", times=1)
    assert "cannot be reached" in said(alice_client.post(f"/channels/{tiktok.pk}/check"))
    row = Channel.objects.get()
    assert (row.facts, row.facts_at, row.status) == (before.facts, before.facts_at, "active")
    assert row.checked_at > before.checked_at


def test_a_check_notices_that_the_access_was_taken_away(alice_client, tiktok, networks):
    oauth.revoke(networks.world, "tiktok", account="tt-ada")
    alice_client.post(f"/channels/{tiktok.pk}/check")
    assert Channel.objects.get().status == "reconnect"
    assert Notice.objects.count() == 1


def test_accounts_are_looked_at_once_a_day(tiktok):
    now = timezone.now()
    assert upkeep.check_stale(now=now + timedelta(hours=23), stop=float("inf")) == 0
    assert upkeep.check_stale(now=now + timedelta(hours=25), stop=float("inf")) == 1


def test_a_public_page_is_never_looked_at_nor_checked(alice_client, ready):
    page = makers.channel(ready, "site", external_id="ada", handle="ada", access_token="", access_expires_at=None)
    upkeep.care_for_channels(now=timezone.now() + timedelta(days=9))
    assert alice_client.post(f"/channels/{page.pk}/check").status_code == 404
    page.refresh_from_db()
    assert (page.status, page.checked_at) == ("active", None)


# Persona


def test_an_account_is_given_to_a_persona_of_the_workspace(bob_client, channel, ready):
    bob_client.post(f"/channels/{channel.pk}/persona", {"persona": ""})
    assert Channel.objects.get().persona is None
    bob_client.post(f"/channels/{channel.pk}/persona", {"persona": ready.pk})
    assert Channel.objects.get().persona == ready


def test_a_persona_of_another_workspace_gets_no_account(channel, charlie, alice_client):
    theirs = create_persona(workspace=charlie.workspaces.get(), name="Eve", by=charlie)
    assert alice_client.post(f"/channels/{channel.pk}/persona", {"persona": theirs.pk}).status_code == 404
    with pytest.raises(Conflict):
        services.assign_persona(channel=channel, persona=theirs)


# The end


def test_disconnecting_gives_the_access_back_erases_it_and_cancels_what_is_scheduled(alice_client, tiktok, networks):
    waiting = planned(tiktok)
    claimed = planned(tiktok, lease_token="x", lease_until=timezone.now() + timedelta(minutes=1))
    answer = alice_client.post(f"/channels/{tiktok.pk}/disconnect")
    assert "1 scheduled post was cancelled" in said(answer)
    row = Channel.objects.get()
    assert (row.status, row.access_token, row.refresh_token) == ("revoked", "", "")
    assert row.problem == "Disconnected by Alice."
    waiting.refresh_from_db()
    claimed.refresh_from_db()
    assert (waiting.state, waiting.code) == ("cancelled", "disconnected")
    assert "was disconnected" in waiting.post.events.get().text
    assert claimed.state == "scheduled"
    assert networks.world.calls("tiktok.revoke")[0]["status"] == 200


def test_disconnecting_can_keep_the_plan_for_a_reconnection(alice_client, tiktok, networks):
    waiting = planned(tiktok)
    alice_client.post(f"/channels/{tiktok.pk}/disconnect", {"posts": "keep"})
    waiting.refresh_from_db()
    assert waiting.state == "scheduled"
    assert connect(alice_client, networks, "tiktok", channel=tiktok.pk).status == "active"


def test_a_platform_that_cannot_be_told_stops_no_disconnection(alice_client, tiktok, networks):
    networks.fault("tiktok.revoke", "error_before", times=1)
    assert "could not be told" in said(alice_client.post(f"/channels/{tiktok.pk}/disconnect"))
    assert Channel.objects.get().status == "revoked"


def test_disconnecting_twice_asks_the_platform_once(alice_client, tiktok, networks):
    asked = len(networks.world.calls("tiktok.revoke"))
    for _ in range(2):
        alice_client.post(f"/channels/{tiktok.pk}/disconnect")
    assert len(networks.world.calls("tiktok.revoke")) == asked + 1


def test_the_access_of_another_workspace_to_the_same_account_is_left_alone(
    alice_client, charlie_client, tiktok, networks
):
    theirs = connect(charlie_client, networks, "tiktok")
    asked = len(networks.world.calls("tiktok.revoke"))
    alice_client.post(f"/channels/{tiktok.pk}/disconnect")
    assert len(networks.world.calls("tiktok.revoke")) == asked
    assert "everything is well" in services.check_channel(channel=theirs)


def test_a_channel_of_the_same_log_in_keeps_its_access(alice_client, tiktok, networks):
    Channel.objects.create(
        workspace=tiktok.workspace, platform="tiktok", sandbox=True, external_id="x", handle="x", grant=tiktok.grant
    )
    asked = len(networks.world.calls("tiktok.revoke"))
    alice_client.post(f"/channels/{tiktok.pk}/disconnect")
    assert len(networks.world.calls("tiktok.revoke")) == asked


# Who may


ACTIONS = ("check", "resume", "persona", "disconnect")


def test_a_stranger_sees_and_does_nothing(charlie_client, channel):
    assert charlie_client.get(channel.get_absolute_url()).status_code == 404
    for action in ACTIONS:
        assert charlie_client.post(f"/channels/{channel.pk}/{action}").status_code == 404
    assert f"@{channel.handle}" not in charlie_client.get("/channels/").content.decode()


def test_an_editor_does_not_disconnect_and_a_viewer_does_nothing(bob, bob_client, set_level, channel):
    assert bob_client.post(f"/channels/{channel.pk}/disconnect").status_code == 403
    set_level(bob, Level.VIEWER)
    for action in ACTIONS:
        assert bob_client.post(f"/channels/{channel.pk}/{action}").status_code == 403
    page = bob_client.get(channel.get_absolute_url()).content.decode()
    assert "Disconnect" not in page
    assert "Reconnect" not in page
    assert "Try it on the sandbox" not in bob_client.get("/channels/").content.decode()


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_pages_take_the_same_queries_for_one_and_three(alice_client, ready, channel):
    planned(channel)
    alice_client.get("/channels/")
    all_channels, one = queries_of(alice_client, "/channels/"), queries_of(alice_client, channel.get_absolute_url())
    for platform in ("instagram", "tiktok"):
        other = makers.channel(ready, platform)
        planned(other)
        planned(channel, state="published", occurrence_local=timezone.now().replace(tzinfo=None))
    assert queries_of(alice_client, "/channels/") == all_channels
    assert queries_of(alice_client, channel.get_absolute_url()) == one


def test_what_went_out_goes_back_page_by_page(alice_client, ready, channel):
    post = makers.post(ready, channel, pictures=0)
    now = timezone.now()
    for day in range(13):
        when = now - timedelta(days=day)
        makers.publication(post, channel, due_at=when, state="published", occurrence_local=when.replace(tzinfo=None))
    first = alice_client.get(channel.get_absolute_url()).context
    rest = alice_client.get(f"{channel.get_absolute_url()}?before={first['older']}").context
    assert (len(first["publications"]), len(rest["publications"]), rest["older"]) == (10, 3, None)
    assert not {row.pk for row in first["publications"]} & {row.pk for row in rest["publications"]}
