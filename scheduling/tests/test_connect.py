"""Connecting accounts: on the sandbox's four platforms, through the product's own pages."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conftest import PASSWORD
from inflio.accounts.access import WORKSPACE_KEY
from inflio.accounts.models import Level
from inflio.accounts.services import create_workspace
from personas.tests.pages import said
from scheduling.models import Channel, ConnectState
from scheduling.platforms.connect import Found
from scheduling.platforms.youtube.connect import YouTubeConnector
from scheduling.services.connecting.tokens import tokens_of
from scheduling.tests.connecting import connect, decide, start

pytestmark = pytest.mark.django_db
PLATFORMS = ("instagram", "tiktok", "youtube", "linkedin")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_an_account_of_each_platform_is_connected_and_looked_at(alice_client, alice, ready, networks, platform):
    back = decide(networks, start(alice_client, platform, persona=ready.pk), platform)
    answer = alice_client.get(back)
    channel = Channel.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, channel.get_absolute_url())
    assert (channel.platform, channel.sandbox, channel.status) == (platform, True, "active")
    assert (channel.persona, channel.connected_by) == (ready, alice)
    assert channel.handle
    assert channel.facts_at is not None
    page = alice_client.get(channel.get_absolute_url()).content.decode()
    assert channel.account in page
    assert "Connected" in page


def test_tokens_lie_sealed_and_are_shown_nowhere(alice_client, networks):
    channel = connect(alice_client, networks, "tiktok")
    tokens = tokens_of(channel)
    assert tokens.access_token
    assert tokens.refresh_token
    stored = Channel.objects.filter(pk=channel.pk).values_list("access_token", "refresh_token").get()
    page = alice_client.get(channel.get_absolute_url()).content.decode()
    for secret in (tokens.access_token, tokens.refresh_token):
        assert secret not in "".join(stored)
        assert secret not in page


def test_who_says_no_at_the_platform_connects_nothing(alice_client, networks):
    answer = alice_client.get(decide(networks, start(alice_client, "instagram"), "instagram", decision="deny"))
    assert "You did not allow it at Instagram" in said(answer)
    assert not Channel.objects.exists()


def test_an_answer_works_once(alice_client, networks):
    back = decide(networks, start(alice_client, "tiktok"), "tiktok")
    alice_client.get(back)
    before = Channel.objects.values().get()
    answer = alice_client.get(back)
    assert "finished already" in said(answer)
    assert Channel.objects.values().get() == before


def test_an_answer_after_ten_minutes_is_too_late(alice_client, networks):
    back = decide(networks, start(alice_client, "tiktok"), "tiktok")
    ConnectState.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    assert "longer than ten minutes" in said(alice_client.get(back))
    assert not Channel.objects.exists()


def test_another_users_answer_connects_nothing_and_stays_good_for_its_own(alice_client, charlie_client, networks):
    back = decide(networks, start(alice_client, "tiktok"), "tiktok")
    assert "does not belong to a connection that you began" in said(charlie_client.get(back))
    assert not Channel.objects.exists()
    alice_client.get(back)
    assert Channel.objects.count() == 1


def test_an_answer_in_another_browser_of_the_same_user_connects_nothing(alice, alice_client, client_of, networks):
    back = decide(networks, start(alice_client, "tiktok"), "tiktok")
    assert "in this browser" in said(client_of(alice).get(back))
    assert not Channel.objects.exists()


def test_an_answer_for_another_platform_connects_nothing(alice_client, networks):
    back = decide(networks, start(alice_client, "tiktok"), "tiktok").replace("/tiktok?", "/instagram?")
    assert "does not belong" in said(alice_client.get(back))
    assert not Channel.objects.exists()


def test_an_answer_after_a_change_of_workspace_connects_nothing(alice, alice_client, networks):
    other = create_workspace(owner=alice, name="Another", kind=alice.role)
    back = decide(networks, start(alice_client, "tiktok"), "tiktok")
    session = alice_client.session
    session[WORKSPACE_KEY] = other.workspace_id
    session.save()
    assert "does not belong" in said(alice_client.get(back))
    assert not Channel.objects.exists()


def test_made_up_states_connect_nothing(alice_client, networks):
    for state in ("", "x", "x.y", "\u00e4.\u00e4", "." * 500):
        answer = alice_client.get("/channels/connected/tiktok", {"code": "abc", "state": state})
        assert "does not belong" in said(answer)
    assert not Channel.objects.exists()


def test_a_code_that_the_platform_does_not_know_connects_nothing(alice_client, networks):
    back = decide(networks, start(alice_client, "tiktok"), "tiktok")
    state = back.split("state=")[1].split("&")[0]
    answer = alice_client.get(f"/channels/connected/tiktok?code=made-up&state={state}")
    assert "Nothing was connected" in said(answer)
    assert not Channel.objects.exists()


def test_a_platform_that_gives_no_answer_connects_nothing(alice_client, networks):
    back = decide(networks, start(alice_client, "tiktok"), "tiktok")
    networks.fault("tiktok.token", "error_after", times=1)
    assert "Nothing was connected" in said(alice_client.get(back))
    assert not Channel.objects.exists()


def test_a_personal_account_is_refused_with_what_to_do(alice_client, networks):
    back = decide(networks, start(alice_client, "instagram"), "instagram", account="17841400000000003")
    assert "professional account" in said(alice_client.get(back))
    assert not Channel.objects.exists()


def test_what_was_not_allowed_is_shown(alice_client, networks):
    url = start(alice_client, "tiktok")
    alice_client.get(decide(networks, url, "tiktok", **{"no:video.list": "on"}))
    channel = Channel.objects.get()
    assert "video.list" not in channel.scopes
    assert "Not everything was allowed" in alice_client.get(channel.get_absolute_url()).content.decode()


def test_reconnecting_renews_the_same_channel(alice_client, ready, networks):
    channel = connect(alice_client, networks, "tiktok", persona=ready.pk)
    Channel.objects.update(status="reconnect", problem="It ended.", failures=7)
    old = tokens_of(channel)
    answer = alice_client.get(decide(networks, start(alice_client, "tiktok", channel=channel.pk), "tiktok"))
    assert answer["Location"] == channel.get_absolute_url()
    again = Channel.objects.get()
    assert (again.pk, again.status, again.problem, again.failures) == (channel.pk, "active", "", 0)
    assert again.persona == ready
    assert tokens_of(again) != old


def test_reconnecting_as_somebody_else_changes_nothing(alice_client, networks):
    channel = connect(alice_client, networks, "tiktok")
    before = Channel.objects.values("external_id", "access_token", "token_version").get()
    url = start(alice_client, "tiktok", channel=channel.pk)
    answer = alice_client.get(decide(networks, url, "tiktok", account="tt-noor"))
    assert "You logged in as @noor.daily, but this is @ada.studio" in said(answer)
    assert Channel.objects.values("external_id", "access_token", "token_version").get() == before


def test_a_strangers_channel_cannot_be_reconnected(alice_client, charlie_client, networks):
    channel = connect(alice_client, networks, "tiktok")
    assert charlie_client.post("/channels/connect/tiktok", {"channel": channel.pk}).status_code == 404


def test_a_strangers_persona_gets_no_account(charlie_client, ready, networks):
    assert charlie_client.post("/channels/connect/tiktok", {"sandbox": "on", "persona": ready.pk}).status_code == 404


def test_only_managers_connect(bob, bob_client, set_level, networks):
    assert bob_client.post("/channels/connect/tiktok", {"sandbox": "on"}).status_code == 403
    assert bob_client.get("/channels/connected/tiktok?state=a.b&code=c").status_code == 403
    set_level(bob, Level.MANAGER)
    assert connect(bob_client, networks, "tiktok").connected_by == bob


def test_guests_are_asked_to_log_in(networks):
    for path in ("/channels/", "/channels/connected/tiktok?state=a.b&code=c", "/channels/pick/1"):
        answer = Client().get(path)
        assert answer.status_code == 302
        assert "/accounts/login/" in answer["Location"]


def test_a_platform_without_keys_needs_set_up(alice_client, networks, settings):
    settings.PLATFORM_APPS = dict.fromkeys(PLATFORMS, ("", ""))
    page = alice_client.get("/channels/").content.decode()
    assert page.count("Needs set-up") == 4
    assert "INFLIO_TIKTOK_CLIENT_KEY" in page
    assert f"{settings.SITE_URL}/channels/connected/tiktok" in page
    assert "needs set-up" in said(alice_client.post("/channels/connect/tiktok"))
    assert not ConnectState.objects.exists()


def test_with_keys_the_real_platform_is_asked_with_the_registered_address(alice_client, settings):
    settings.PLATFORM_APPS = settings.PLATFORM_APPS | {"tiktok": ("our-key", "our-secret")}
    settings.SITE_URL = "https://studio.example.com"
    url = start(alice_client, "tiktok", sandbox="")
    assert url.startswith("https://www.tiktok.com/v2/auth/authorize/?client_key=our-key")
    assert "redirect_uri=https%3A%2F%2Fstudio.example.com%2Fchannels%2Fconnected%2Ftiktok" in url
    assert "our-secret" not in url


def test_the_sandbox_can_be_switched_off(alice_client, settings):
    settings.SANDBOX = False
    assert "Try it on the sandbox" not in alice_client.get("/channels/").content.decode()
    assert "needs set-up" in said(alice_client.post("/channels/connect/tiktok", {"sandbox": "on"}))


@pytest.fixture
def two_channels(monkeypatch):
    """A Google account that may use two channels."""
    found = [Found(f"UC{name}", name, name.title(), facts={"uploads": f"UU{name}"}) for name in ("one", "two")]
    monkeypatch.setattr(YouTubeConnector, "accounts", lambda self, tokens: found)


def test_of_several_accounts_the_user_picks_and_nothing_is_connected_before(alice_client, networks, two_channels):
    answer = alice_client.get(decide(networks, start(alice_client, "youtube"), "youtube"))
    pick = answer["Location"]
    page = alice_client.get(pick).content.decode()
    assert "@one" in page
    assert "@two" in page
    assert not Channel.objects.exists()
    assert alice_client.post(pick, {}).status_code == 422
    alice_client.post(pick, {"account": ["UCone", "UCtwo", "UCother"]})
    assert set(Channel.objects.values_list("external_id", flat=True)) == {"UCone", "UCtwo"}
    assert len(set(Channel.objects.values_list("grant", flat=True))) == 1


def test_a_pick_counts_once_and_only_for_its_user(alice, alice_client, charlie_client, networks, two_channels):
    pick = alice_client.get(decide(networks, start(alice_client, "youtube"), "youtube"))["Location"]
    assert "too long" in said(charlie_client.get(pick))
    alice_client.post(pick, {"account": "UCone"})
    assert "made already" in said(alice_client.post(pick, {"account": "UCtwo"}))
    assert Channel.objects.get().external_id == "UCone"
    assert ConnectState.objects.get().found == ""


def test_of_several_accounts_a_reconnection_takes_its_own(alice_client, networks, two_channels):
    alice_client.post(
        alice_client.get(decide(networks, start(alice_client, "youtube"), "youtube"))["Location"], {"account": "UCtwo"}
    )
    channel = Channel.objects.get()
    answer = alice_client.get(decide(networks, start(alice_client, "youtube", channel=channel.pk), "youtube"))
    assert answer["Location"] == channel.get_absolute_url()
    assert Channel.objects.get().token_version == 2


def test_two_workspaces_may_use_one_account_and_each_keeps_its_own_access(alice_client, charlie_client, networks):
    one = connect(alice_client, networks, "tiktok")
    two = connect(charlie_client, networks, "tiktok")
    assert one.workspace != two.workspace
    assert one.external_id == two.external_id
    assert tokens_of(one) != tokens_of(two)


def test_logging_in_again_does_not_keep_an_old_answer_alive(alice, networks):
    client = Client()
    client.login(username=alice.email, password=PASSWORD)
    back = decide(networks, start(client, "tiktok"), "tiktok")
    client.logout()
    client.login(username=alice.email, password=PASSWORD)
    assert "does not belong" in said(client.get(back))
