"""Figures: read in turn from the platforms, kept by day, and shown as missing where a platform does not tell."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from inflio.common.crypto import seal
from scheduling.models import Channel, Metric, Publication
from scheduling.platforms.base import Measured
from scheduling.queries.metrics import Line, account_metrics_of, accounts_of, metrics_of, posts_of
from scheduling.services.metrics import collect_metrics, due_channels, measure_channel, posts_to_measure, store_metrics
from scheduling.tests import makers

NOW = datetime.now(UTC)


def published(persona, channel: Channel, *, days: float = 1, remote_id: str = "r1", **changes) -> Publication:
    post = makers.post(persona, channel, pictures=0)
    values = {
        "state": Publication.State.PUBLISHED,
        "published_at": NOW - timedelta(days=days),
        "remote_id": remote_id,
        "remote_url": "https://example.com/p",
    } | changes
    return makers.publication(post, channel, **values)


@pytest.fixture
def instagram(ready, networks) -> Channel:
    """An account of the sandbox with one public post."""
    token = networks.connect("instagram", "178-metrics", "ada")
    return makers.channel(
        ready,
        "instagram",
        external_id="178-metrics",
        access_token=seal(token, purpose=makers.TOKEN_PURPOSE),
        scopes=[],
    )


def test_figures_come_from_the_platform_and_one_reading_a_day_is_kept(ready, instagram, networks):
    if not networks.world.posts("instagram", "178-metrics", "m-1"):
        flags = {"is_ai_generated": True}
        raw = {"product": "FEED", "media_type": "IMAGE"}
        networks.world.publish("instagram", "178-metrics", "m-1", "Hello", [{"alt": ""}], flags, raw)
    row = published(ready, instagram, remote_id="m-1")
    networks.world.shift(3 * 86_400)
    assert measure_channel(channel=instagram, now=NOW)
    lines = {line.name: line for line in metrics_of(row)}
    assert lines["views"].value > 0
    assert lines["likes"].note == ""
    count = Metric.objects.count()
    instagram.refresh_from_db()
    assert instagram.measure_at == NOW + timedelta(hours=6)  # it has a young post
    assert measure_channel(channel=instagram, now=NOW)
    assert Metric.objects.count() == count
    followers = next(line for line in account_metrics_of(instagram) if line.name == "followers")
    assert followers.value > 0


def test_failing_platform_is_asked_less_and_less_often(ready, instagram, networks):
    networks.fault("*", "error_before", times=None)
    pauses = []
    for _ in range(7):
        instagram.refresh_from_db()
        assert not measure_channel(channel=instagram, now=NOW)
        instagram.refresh_from_db()
        pauses.append((instagram.measure_at - NOW).total_seconds() / 3600)
    assert pauses == [1, 2, 4, 8, 16, 24, 24]
    assert instagram.status == Channel.Status.ACTIVE  # what can be measured says nothing of publishing
    assert instagram.failures == 0
    assert collect_metrics(now=NOW) == 0


def test_lost_access_backs_off_too(ready, networks):
    channel = makers.channel(ready, "instagram", access_token="nonsense")
    assert not measure_channel(channel=channel, now=NOW)
    channel.refresh_from_db()
    assert channel.measure_at > NOW


def test_two_collectors_do_not_measure_the_same_channel(ready, networks):
    channel = makers.channel(ready, "instagram")
    stale = Channel.objects.get(pk=channel.pk)
    Channel.objects.filter(pk=channel.pk).update(measure_at=NOW + timedelta(minutes=15))  # the other took it
    assert not measure_channel(channel=stale, now=NOW)
    assert list(due_channels(NOW)) == []


def test_longest_waiting_first_and_only_those_that_tell_figures(ready, networks):
    later = makers.channel(ready, "youtube", measure_at=NOW - timedelta(hours=1))
    first = makers.channel(ready, "tiktok", measure_at=NOW - timedelta(days=3))
    new = makers.channel(ready, "instagram")
    makers.channel(ready, "linkedin")
    makers.channel(ready, "site")
    makers.channel(ready, "instagram", status=Channel.Status.RECONNECT)
    makers.channel(ready, "instagram", measure_at=NOW + timedelta(minutes=1))
    assert list(due_channels(NOW)) == [new, first, later]
    assert collect_metrics(now=NOW, seconds=-1) == 0  # no time left: nobody is asked


def test_young_posts_are_measured_each_time_and_older_ones_once_a_day(ready):
    channel = makers.channel(ready, "instagram")
    rows = [published(ready, channel, days=days, remote_id=str(days)) for days in (1, 6.9, 8, 29, 31)]
    published(ready, channel, remote_id="", state=Publication.State.FAILED)
    assert list(posts_to_measure(channel, NOW)) == rows[:4]
    store_metrics(channel=channel, measured=Measured({}, {"8": {"views": 1}}), posts=rows, now=NOW)
    assert list(posts_to_measure(channel, NOW)) == [rows[0], rows[1], rows[3]]
    assert list(posts_to_measure(channel, NOW + timedelta(days=1))) == rows[:3]


def test_what_a_platform_does_not_give_stays_missing(ready):
    channel, silent = makers.channel(ready, "instagram"), makers.channel(ready, "linkedin")
    row, other = published(ready, channel), published(ready, silent)
    assert {line.note for line in metrics_of(row)} == {"not measured yet"}
    bad = {"likes": -1, "comments": "7", "shares": True}
    store_metrics(channel=channel, measured=Measured({}, {"r1": {"views": 0} | bad}), posts=[row], now=NOW)
    lines = {line.name: line for line in metrics_of(row)}
    assert (lines["views"].value, lines["views"].note) == (0, "")  # nothing seen is a figure; nothing told is none
    assert (lines["likes"].value, lines["likes"].note) == (None, "not given by Instagram so far")
    assert {line.note for line in metrics_of(other)} == {"not given by LinkedIn"}
    assert [line.label for line in metrics_of(other)] == ["Views", "Likes", "Comments", "Shares"]


def test_curve_is_drawn_by_days():
    day = NOW.date()
    points = tuple((day + timedelta(days=number), value) for number, value in ((0, 100), (1, 100), (4, 300)))
    line = Line("followers", points)
    assert line.curve == "2.0,30.0 31.0,30.0 118.0,2.0"
    assert (line.value, line.change, line.days) == (300, 200, 4)
    assert Line("followers", points[:1]).curve == ""
    assert Line("followers", points[:2]).curve == "2.0,16.0 118.0,16.0"


def fill(ready, number: int) -> None:
    channel = makers.channel(ready, "instagram")
    row = published(ready, channel, remote_id=f"f{number}")
    for days in (2, 1, 0):
        figures = Measured({"followers": 100 + number - days}, {f"f{number}": {"views": 10 - days, "likes": 1}})
        store_metrics(channel=channel, measured=figures, posts=[row], now=NOW - timedelta(days=days))


def test_page_costs_the_same_for_one_and_three(ready, bob_client, charlie_client, django_assert_num_queries):
    url = reverse("scheduling:insights")
    empty = bob_client.get(url)
    assert b"Connect an account" in empty.content
    fill(ready, 1)
    page = bob_client.get(url).content.decode()
    assert "Morning walk" in page
    assert "<polyline" in page
    assert " style=" not in page
    with django_assert_num_queries(10) as one:
        bob_client.get(url)
    fill(ready, 2)
    fill(ready, 3)
    with django_assert_num_queries(len(one.captured_queries)):
        bob_client.get(url)
    with django_assert_num_queries(2):
        accounts_of(ready)
    with django_assert_num_queries(2):
        posts_of(ready)
    assert charlie_client.get(reverse("scheduling:persona_insights", args=[ready.pk])).status_code == 404
    assert b"Morning walk" not in charlie_client.get(url).content


def test_posts_page_by_key(ready, alice_client):
    channel = makers.channel(ready, "instagram")
    rows = [published(ready, channel, remote_id=f"p{number}") for number in range(22)]
    first = alice_client.get(reverse("scheduling:insights"))
    assert [row.publication.pk for row in first.context["rows"]] == [row.pk for row in reversed(rows)][:20]
    older = alice_client.get(reverse("scheduling:insights"), {"before": first.context["next_before"]})
    assert [row.publication.pk for row in older.context["rows"]] == [rows[1].pk, rows[0].pk]
