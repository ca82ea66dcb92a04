"""The look ahead: what would go wrong is told a day and an hour before, once each."""

from datetime import UTC, datetime, timedelta

import pytest

from inflio.notices.models import Notice
from personas.models import Persona
from scheduling.models import Channel, Post, Publication
from scheduling.services.publishing.preflight import check_ahead
from scheduling.tests import makers
from scheduling.tests.trial_platform import install


@pytest.fixture
def world(monkeypatch):
    return install(monkeypatch)


@pytest.fixture
def ada(workspace, alice) -> Persona:
    look = Persona.Look.ILLUSTRATED
    return Persona.objects.create(workspace=workspace, name="Ada", look=look, created_by=alice)


def ahead(ada, hours: float, **changes) -> Publication:
    channel = makers.channel(ada, **changes)
    return makers.publication(makers.post(ada, channel), channel, due_at=datetime.now(UTC) + timedelta(hours=hours))


def codes(publication: Publication) -> set[str]:
    check_ahead()
    publication.refresh_from_db()
    return {problem["code"] for problem in publication.problems}


def test_healthy_post_is_checked_twice_and_told_of_never(world, ada):
    row = ahead(ada, 20)
    later = ahead(ada, 30)

    assert codes(row) == set()
    assert check_ahead() == 0
    assert row.checked_for == "24h"
    Publication.objects.filter(pk=row.pk).update(due_at=datetime.now(UTC) + timedelta(minutes=50))
    assert codes(row) == set()
    assert row.checked_for == "1h"
    later.refresh_from_db()
    assert later.checked_for == ""
    assert world.calls == []
    assert not Notice.objects.exists()


def test_one_notice_for_each_stage_with_the_way_to_mend_it(world, ada):
    row = ahead(ada, 20)
    Channel.objects.update(status=Channel.Status.RECONNECT, problem="The access has ended.")

    for _ in range(2):
        assert codes(row) == {"reconnect"}
    assert row.problems[0]["url"] == row.channel.get_absolute_url()
    assert Notice.objects.filter(kind="post_problem", url=row.get_absolute_url()).count() == 1
    Publication.objects.update(due_at=datetime.now(UTC) + timedelta(minutes=30))
    codes(row)
    assert Notice.objects.filter(kind="post_problem").count() == 2


@pytest.mark.parametrize(
    ("wait", "word"),
    [
        (timedelta(minutes=30), "within the hour"),
        (timedelta(minutes=70), "today"),
        (timedelta(hours=20), "tomorrow"),
    ],
)
def test_notice_says_which_day_it_is(world, ada, wait, word):
    row = ahead(ada, wait.total_seconds() / 3600, status=Channel.Status.RECONNECT)
    noon = f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"  # where it is noon now
    Post.objects.update(tzid=noon)

    check_ahead()

    assert Notice.objects.get().title == f"“{row.post}” cannot go out {word} on {row.channel}"


def test_what_is_found(world, ada):
    token = ahead(ada, 20, access_expires_at=datetime.now(UTC) + timedelta(hours=3))
    gone = ahead(ada, 20)
    gone.post.media.get().asset.delete()
    long = ahead(ada, 20)
    Post.objects.filter(pk=long.post_id).update(caption="x" * 3000)
    paused = ahead(ada, 20, paused_until=datetime.now(UTC) + timedelta(hours=30))
    draft = ahead(ada, 20)
    Post.objects.filter(pk=draft.post_id).update(state=Post.State.REVIEW)

    check_ahead()

    assert codes(token) == {"token"}
    assert codes(gone) >= {"media_gone"}
    assert codes(long) == {"caption_long"}
    assert codes(paused) == {"paused"}
    assert codes(draft) == {"not_scheduled"}


def test_missing_disclosure_is_found(world, ada):
    row = ahead(ada, 20)
    Post.objects.update(partnership="third_party", sponsor_name="")

    assert codes(row) & {"sponsor", "sponsor_name", "sponsor_missing"}
