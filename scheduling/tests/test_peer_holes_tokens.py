"""Holes that users of other schedulers fell into, with connections and tokens: each is a test of ours.

BrightBean, Postiz, TryPost and socmed: their issues and pull requests stand behind each test.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from inflio.notices.models import Notice
from scheduling.models import Channel
from scheduling.platforms.base import Account, PlatformError
from scheduling.platforms.connect import Tokens
from scheduling.platforms.youtube.connect import YouTubeConnector
from scheduling.sandbox import oauth
from scheduling.services.connecting import upkeep
from scheduling.services.connecting.tokens import account_of, tokens_of
from scheduling.tests.connecting import connect, decide, start

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_reconnecting_without_a_new_refresh_token_keeps_the_old_one(alice_client, networks, monkeypatch):
    """Postiz PR #1884: Google gave none the second time, and daily reconnects followed."""
    channel = connect(alice_client, networks, "youtube")
    old = tokens_of(channel).refresh_token
    exchange = YouTubeConnector.exchange

    def without(self, **values) -> Tokens:
        return Tokens(exchange(self, **values).access_token, access_expires_at=timezone.now() + HOUR)

    monkeypatch.setattr(YouTubeConnector, "exchange", without)
    alice_client.get(decide(networks, start(alice_client, "youtube", channel=channel.pk), "youtube"))
    channel.refresh_from_db()
    assert channel.token_version == 2
    assert tokens_of(channel).refresh_token == old
    account_of(channel, now=timezone.now() + 0.9 * HOUR)
    assert channel.token_version == 3


def test_renewing_without_a_new_refresh_token_keeps_the_old_one(alice_client, networks):
    """Postiz PR #1884, in the worker: Google never sends it with a renewal."""
    channel = connect(alice_client, networks, "youtube")
    old = tokens_of(channel)
    account_of(channel, now=timezone.now() + 0.9 * HOUR)
    assert tokens_of(channel).refresh_token == old.refresh_token
    assert tokens_of(channel).access_token != old.access_token


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_use_one_refresh_token_twice(alice_client, networks):
    """BrightBean: no lock, so that two workers race and a rotating token dies. The sandbox's TikTok ends it too."""
    first = connect(alice_client, networks, "tiktok")
    Channel.objects.update(access_expires_at=timezone.now() - HOUR, renew_at=timezone.now() - HOUR)
    asked = len(networks.world.calls("tiktok.token"))
    with ThreadPoolExecutor(1) as worker:
        with networks.world.lock:  # the platform takes its time, and the first worker waits for it
            renewing = worker.submit(_account_in_its_own_connection, first)
            while not Channel.objects.exclude(renewing_until=None).exists():
                assert not renewing.done(), renewing.exception()
                time.sleep(0.01)
            for _ in range(2):
                with pytest.raises(PlatformError, match="being renewed") as told:
                    account_of(Channel.objects.get())
                assert told.value.kind == "later"
        account = renewing.result(timeout=20)
    assert len(networks.world.calls("tiktok.token")) == asked + 1
    assert networks.world.get("token", account.access_token), "TikTok still takes it"
    assert account_of(Channel.objects.get()).access_token == account.access_token


def _account_in_its_own_connection(channel: Channel) -> Account:
    try:
        return account_of(channel)
    finally:
        connection.close()


def test_a_refused_renewal_asks_the_user_once_and_the_platform_never_again(alice_client, networks):
    """Postiz PR #1935 and #2055: TikTok's renewal ran in a loop."""
    channel = connect(alice_client, networks, "tiktok")
    oauth.revoke(networks.world, "tiktok", account="tt-ada")
    asked = len(networks.world.calls("tiktok.token"))
    for hours in (1.8, 3, 4, 5):
        with pytest.raises(PlatformError) as refused:
            account_of(channel, now=timezone.now() + hours * HOUR)
        assert refused.value.kind == "reconnect"
        upkeep.care_for_channels(now=timezone.now() + hours * HOUR)
    assert len(networks.world.calls("tiktok.token")) == asked + 1
    assert Notice.objects.count() == 1


def test_a_fresh_token_is_not_renewed_at_each_use(alice_client, networks):
    """TryPost #126, PR #171: over-eager renewal disconnected accounts."""
    for platform in ("instagram", "tiktok", "youtube", "linkedin"):
        channel = connect(alice_client, networks, platform)
        for _ in range(3):
            account_of(channel)
            upkeep.care_for_channels()
        channel.refresh_from_db()
        assert channel.token_version == 1


def test_each_platform_is_renewed_in_its_own_way(alice_client, networks):
    """TryPost PR #171: what dies by its renewal, what stays, what lives on, and what only its user renews."""
    rotated = connect(alice_client, networks, "tiktok")
    kept = connect(alice_client, networks, "youtube")
    ended = connect(alice_client, networks, "linkedin")
    before = {channel.pk: tokens_of(channel).refresh_token for channel in (rotated, kept)}
    for channel in (rotated, kept):
        account_of(channel, now=channel.refreshed_at + (channel.access_expires_at - channel.refreshed_at) * 0.9)
        assert channel.token_version == 2
    assert tokens_of(rotated).refresh_token != before[rotated.pk]
    assert tokens_of(kept).refresh_token == before[kept.pk]
    assert ended.renew_at is None
    account_of(ended, now=ended.access_expires_at - DAY)
    assert ended.token_version == 1


def test_tokens_are_renewed_by_the_clock_even_when_nothing_is_posted(alice_client, networks):
    """socmed #1, BrightBean PR #120: nobody renewed, and the first post after a pause failed."""
    channel = connect(alice_client, networks, "tiktok")
    upkeep.care_for_channels(now=timezone.now() + 1.7 * HOUR)
    channel.refresh_from_db()
    assert (channel.token_version, channel.status) == (2, "active")


def test_several_accounts_of_one_network_live_side_by_side(alice_client, networks):
    """BrightBean #165, TryPost PR #286."""
    connect(alice_client, networks, "tiktok", account="tt-ada")
    connect(alice_client, networks, "tiktok", account="tt-noor")
    page = alice_client.get("/channels/").content.decode()
    assert "@ada.studio" in page
    assert "@noor.daily" in page
    first, second = Channel.objects.order_by("pk")
    assert account_of(first).access_token != account_of(second).access_token


def test_an_account_connected_again_from_scratch_is_not_a_second_one(alice_client, networks):
    """Postiz PR #1884: with “Connect” instead of “Reconnect”, the way people really do it."""
    first = connect(alice_client, networks, "tiktok")
    Channel.objects.update(status="reconnect")
    again = connect(alice_client, networks, "tiktok")
    assert (again.pk, again.status) == (first.pk, "active")


def test_the_end_of_a_connection_is_announced_before_it_comes(alice_client, networks):
    """Theme of all peers: connections that end without a word."""
    channel = connect(alice_client, networks, "linkedin")
    upkeep.care_for_channels(now=channel.access_expires_at - 9 * DAY)
    notice = Notice.objects.get()
    assert notice.level == "warn"
    assert notice.url == channel.get_absolute_url()
    assert "Ends in" not in alice_client.get("/channels/").content.decode()
    Channel.objects.update(access_expires_at=timezone.now() + 9 * DAY)
    assert "Ends in 8 days" in alice_client.get("/channels/").content.decode()
