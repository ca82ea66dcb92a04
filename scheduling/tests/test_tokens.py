"""Tokens of channels: renewed in time, once, and never lost without a word."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inflio.notices.models import Notice
from scheduling.models import Channel
from scheduling.platforms.base import PlatformError
from scheduling.platforms.tiktok.connect import TikTokConnector
from scheduling.registry import connector_of
from scheduling.services.connecting import upkeep
from scheduling.services.connecting.channels import disconnect_channel, note_failure
from scheduling.services.connecting.platform_calls import take_deauthorisation
from scheduling.services.connecting.tokens import LOST_RENEWAL, account_of, tokens_of
from scheduling.tests import makers
from scheduling.tests.connecting import connect

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def tiktok(alice_client, networks) -> Channel:
    """A channel whose access lives two hours and whose refresh token works once."""
    return connect(alice_client, networks, "tiktok")


def refusal(channel: Channel, **when) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        account_of(channel, **when)
    return caught.value


def test_a_token_is_used_as_it_is_for_the_first_four_fifths_of_its_life(tiktok):
    before = tokens_of(tiktok)
    account = account_of(tiktok, now=tiktok.refreshed_at + 1.5 * HOUR)
    assert account.access_token == before.access_token
    assert (account.external_id, account.handle) == ("tt-ada", "ada.studio")
    assert "video.publish" in account.scopes
    assert tiktok.token_version == 1


def test_after_four_fifths_of_its_life_it_is_renewed_and_both_tokens_are_kept(tiktok):
    before = tokens_of(tiktok)
    account = account_of(tiktok, now=tiktok.refreshed_at + 1.7 * HOUR)
    after = tokens_of(Channel.objects.get())
    assert account.access_token == after.access_token != before.access_token
    assert after.refresh_token != before.refresh_token
    assert (tiktok.token_version, tiktok.renewing_until) == (2, None)
    account_of(tiktok, now=timezone.now() + 10 * HOUR)  # and the new one renews again
    assert tiktok.token_version == 3


def test_a_renewal_under_way_elsewhere_leaves_a_working_token_in_use(tiktok, networks):
    Channel.objects.update(renewing_until=timezone.now() + 3 * HOUR)
    asked = len(networks.world.calls("tiktok.token"))
    account = account_of(tiktok, now=tiktok.refreshed_at + 1.7 * HOUR)
    assert account.access_token == tokens_of(tiktok).access_token
    assert refusal(tiktok, now=tiktok.refreshed_at + 2.5 * HOUR).kind == "later"
    assert len(networks.world.calls("tiktok.token")) == asked
    assert Channel.objects.get().status == "active"


def test_a_crash_after_the_platform_gave_new_tokens_is_said_as_it_is(tiktok, networks):
    connector_of("tiktok", sandbox=True).refresh(tokens_of(tiktok))  # and nothing of it was written down
    Channel.objects.update(renewing_until=timezone.now() + 2 * HOUR)  # what the dead worker left
    error = refusal(tiktok, now=timezone.now() + 3 * HOUR)
    assert (error.kind, error.message) == ("reconnect", LOST_RENEWAL)
    channel = Channel.objects.get()
    assert (channel.status, channel.problem) == ("reconnect", LOST_RENEWAL)
    assert Notice.objects.get().url == channel.get_absolute_url()


def test_a_crash_before_the_platform_was_asked_costs_nothing(tiktok):
    Channel.objects.update(renewing_until=timezone.now() + 2 * HOUR)
    account_of(tiktok, now=timezone.now() + 3 * HOUR)
    assert (tiktok.status, tiktok.token_version, tiktok.renewing_until) == ("active", 2, None)


def test_a_lost_answer_keeps_what_works_and_is_told_when_nothing_does(tiktok, networks):
    networks.fault("tiktok.token", "error_after", times=1)
    before = tokens_of(tiktok)
    now = tiktok.refreshed_at + 1.7 * HOUR
    assert account_of(tiktok, now=now).access_token == before.access_token
    assert Channel.objects.get().renewing_until > now
    assert refusal(tiktok, now=now + HOUR).message == LOST_RENEWAL


def test_a_platform_that_is_down_is_asked_again_without_bothering_the_user(tiktok, networks):
    networks.fault("tiktok.token", "error_before", times=1)
    now = tiktok.refreshed_at + 3 * HOUR
    assert refusal(tiktok, now=now).kind == "later"
    assert not Notice.objects.exists()
    assert account_of(tiktok, now=now + timedelta(minutes=2)).access_token
    assert tiktok.token_version == 2


def test_tokens_of_a_reconnection_meanwhile_are_not_replaced(tiktok, monkeypatch):
    ask = TikTokConnector.refresh

    def and_meanwhile(self, tokens):
        fresh = ask(self, tokens)
        values = {"access_token": tiktok.access_token, "access_expires_at": timezone.now() + 9 * HOUR}
        Channel.objects.update(token_version=7, renewing_until=None, **values)  # the user connected again
        return fresh

    monkeypatch.setattr(TikTokConnector, "refresh", and_meanwhile)
    before = tokens_of(tiktok).access_token
    assert account_of(tiktok, now=tiktok.refreshed_at + 1.7 * HOUR).access_token == before
    assert Channel.objects.get().token_version == 7


def test_a_disconnection_meanwhile_stays_one(tiktok, monkeypatch, alice):
    ask = TikTokConnector.refresh

    def and_meanwhile(self, tokens):
        fresh = ask(self, tokens)
        disconnect_channel(channel=Channel.objects.get(), by=alice)
        return fresh

    monkeypatch.setattr(TikTokConnector, "refresh", and_meanwhile)
    assert refusal(tiktok, now=tiktok.refreshed_at + 1.7 * HOUR).kind == "reconnect"
    channel = Channel.objects.get()
    assert (channel.status, channel.access_token, channel.refresh_token) == ("revoked", "", "")


def test_access_that_was_removed_at_the_platform_meanwhile_stays_removed(tiktok, monkeypatch):
    ask = TikTokConnector.refresh

    def and_meanwhile(self, tokens):
        fresh = ask(self, tokens)
        assert take_deauthorisation(platform="tiktok", account="tt-ada", sandbox=True) == 1
        return fresh

    monkeypatch.setattr(TikTokConnector, "refresh", and_meanwhile)
    assert refusal(tiktok, now=tiktok.refreshed_at + 1.7 * HOUR).kind == "reconnect"
    channel = Channel.objects.get()
    assert (channel.status, channel.access_token, channel.refresh_token) == ("reconnect", "", "")
    assert "removed at TikTok" in channel.problem


def test_instagrams_token_is_extended_but_not_before_it_is_a_day_old(alice_client, networks):
    channel = connect(alice_client, networks, "instagram")
    Channel.objects.update(renew_at=timezone.now())  # as if it were due
    account_of(channel, now=timezone.now())
    assert channel.renew_at >= channel.refreshed_at + DAY
    now = channel.refreshed_at + 49 * DAY
    networks.world.shift(49 * 86400)
    Channel.objects.update(access_expires_at=timezone.now() + 11 * DAY)
    before = tokens_of(channel).access_token
    assert account_of(channel, now=now).access_token != before
    assert channel.access_expires_at > timezone.now() + 59 * DAY


def test_linkedin_is_used_until_it_ends_and_then_asks_for_its_user(alice_client, networks):
    channel = connect(alice_client, networks, "linkedin")
    assert account_of(channel, now=timezone.now() + 59 * DAY).access_token
    assert "has ended" in refusal(channel, now=timezone.now() + 61 * DAY).message
    assert Channel.objects.get().status == "reconnect"


def test_the_call_of_an_old_token_does_not_end_a_channel_that_was_renewed_meanwhile(tiktok):
    stale = Channel.objects.get()
    account_of(tiktok, now=tiktok.refreshed_at + 1.7 * HOUR)
    note_failure(stale, PlatformError("The token is invalid.", kind="reconnect", code="x"))
    assert Channel.objects.get().status == "active"
    note_failure(tiktok, PlatformError("The token is invalid.", kind="reconnect", code="x"))
    note_failure(tiktok, PlatformError("The token is invalid.", kind="reconnect", code="x"))
    assert Channel.objects.get().status == "reconnect"
    assert Notice.objects.count() == 1


def test_tokens_that_cannot_be_read_any_more_ask_for_a_reconnection(tiktok, settings):
    settings.SECRET_KEY = "another one"
    assert "can no longer be read" in refusal(tiktok).message
    assert Channel.objects.get().status == "reconnect"


def test_upkeep_renews_what_is_due_and_nothing_else(tiktok, networks, ready):
    fresh = makers.channel(ready, "tiktok", renew_at=timezone.now() + 3 * DAY)
    upkeep.renew_due(now=tiktok.refreshed_at + 1.7 * HOUR, stop=float("inf"))
    tiktok.refresh_from_db()
    assert tiktok.token_version == 2
    assert Channel.objects.get(pk=fresh.pk).token_version == 0


def test_upkeep_ends_in_time_and_goes_on_at_its_next_turn(tiktok):
    due = tiktok.refreshed_at + 1.7 * HOUR
    assert upkeep.renew_due(now=due, stop=0) == 0
    assert upkeep.renew_due(now=due, stop=float("inf")) == 1


@pytest.mark.parametrize(("platform", "days"), [("linkedin", (10, 3)), ("tiktok", (7, 3, 1))])
def test_before_an_end_that_only_the_user_prevents_each_warning_comes_once(ready, platform, days):
    end = timezone.now() + 60 * DAY
    makers.channel(ready, platform, access_expires_at=end, refreshed_at=timezone.now())
    for day in (*range(30, 0, -1), 0.5):
        upkeep.warn_of_expiry(now=end - timedelta(days=day))
        upkeep.warn_of_expiry(now=end - timedelta(days=day))
    assert Notice.objects.count() == len(days)
    assert {notice.key.rsplit(":", 1)[1] for notice in Notice.objects.all()} == {str(day) for day in days}


def test_what_renews_itself_warns_of_nothing(alice_client, networks, ready):
    connect(alice_client, networks, "instagram")
    connect(alice_client, networks, "youtube")
    for day in range(90):
        upkeep.warn_of_expiry(now=timezone.now() + timedelta(days=day))
    assert not Notice.objects.exists()


def test_a_short_connection_does_not_warn_on_its_first_day(ready):
    now = timezone.now()
    makers.channel(ready, "tiktok", access_expires_at=now + 7 * DAY, refreshed_at=now)
    upkeep.warn_of_expiry(now=now + HOUR)
    assert not Notice.objects.exists()
    upkeep.warn_of_expiry(now=now + 5 * DAY)
    assert Notice.objects.count() == 1
