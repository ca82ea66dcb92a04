"""Pictures made at their time: once, ahead, taken over when they are there, and their failure told in time."""

from datetime import UTC, datetime, timedelta

import pytest

from content.models import ContentItem, Shoot
from inflio.billing.models import CreditAccount
from inflio.generation.models import Job
from inflio.notices.models import Notice
from scheduling.models import Publication
from scheduling.services.publishing.making import AT_ONCE, make_ahead
from scheduling.tests import makers
from scheduling.tests.publishing_helpers import pass_time, run
from scheduling.tests.trial_platform import install

State = Publication.State
RECIPE = {"look": "portrait.headshot", "aspect": "4:5"}


@pytest.fixture
def world(monkeypatch):
    return install(monkeypatch)


@pytest.fixture
def rows(ready) -> list[Publication]:
    """One time on two channels, due in half an hour."""
    channels = [makers.channel(ready), makers.channel(ready)]
    post = makers.post(ready, *channels, pictures=0, recipe=RECIPE, lead_minutes=60)
    due_at = datetime.now(UTC) + timedelta(minutes=30)
    return [makers.publication(post, channel, due_at=due_at) for channel in channels]


def finish(shoot: Shoot, ready, state: str = "done") -> None:
    """End the shoot's job, with a picture or without."""
    Job.objects.filter(items__shoot=shoot).update(state=state, error_message="" if state == "done" else "No likeness.")
    if state == "done":
        asset = makers.gallery_item(ready, 5).asset
        ContentItem.objects.filter(shoot=shoot).update(asset=asset)


def test_one_picture_is_made_for_all_channels_of_a_time_and_goes_out(world, rows, ready):
    make_ahead()
    make_ahead()

    shoot = Shoot.objects.get()
    assert shoot.count == 1
    assert set(Publication.objects.values_list("shoot", flat=True)) == {shoot.pk}
    pass_time(rows[0], 1801)
    run(rows[0])
    assert (rows[0].state, rows[0].reason) == (State.SCHEDULED, "Its picture is being made.")
    finish(shoot, ready)
    for row in rows:
        run(row, after=1900)
        assert row.state == State.PUBLISHED
        assert row.generated.saved
    assert len(world.posts) == 2


def test_nothing_is_made_before_its_lead_time(world, rows):
    Publication.objects.update(due_at=datetime.now(UTC) + timedelta(minutes=61))

    assert make_ahead() == 0
    assert not Shoot.objects.exists()


def test_those_with_a_short_lead_keep_no_long_one_waiting(world, ready):
    """Hundreds that are due sooner, and are not to be made yet."""
    channel, now = makers.channel(ready), datetime.now(UTC)
    hourly = makers.post(ready, channel, pictures=0, recipe=RECIPE, lead_minutes=60)
    early = makers.post(ready, channel, pictures=0, recipe=RECIPE, lead_minutes=1440)
    for number in range(210):
        at = {"due_at": now + timedelta(hours=2, minutes=number)}
        makers.publication(hourly, channel, occurrence_local=datetime(2027, 1, 1) + timedelta(minutes=number), **at)
    row = makers.publication(early, channel, due_at=now + timedelta(hours=12))

    assert make_ahead() == 1

    row.refresh_from_db()
    assert row.shoot_id


def test_those_that_cannot_be_made_keep_no_other_from_its_turn(world, ready):
    """More than are looked at in one go: those that were told of go last."""
    channel, now = makers.channel(ready), datetime.now(UTC)
    broken = makers.post(ready, channel, pictures=0, recipe={"look": "no.such"}, lead_minutes=60)
    good = makers.post(ready, channel, pictures=0, recipe=RECIPE, lead_minutes=60)
    for number in range(AT_ONCE):
        local = datetime(2027, 1, 1) + timedelta(minutes=number)
        makers.publication(broken, channel, occurrence_local=local, due_at=now + timedelta(minutes=number + 1))
    assert make_ahead() == 0
    row = makers.publication(good, channel, due_at=now + timedelta(minutes=50))

    assert make_ahead() == 1

    row.refresh_from_db()
    assert row.shoot_id


def test_picture_that_could_not_be_made_fails_with_the_reason(world, rows, ready):
    make_ahead()
    finish(Shoot.objects.get(), ready, "failed")

    run(rows[0], after=1801)

    assert (rows[0].state, rows[0].code) == (State.FAILED, "not_made")
    assert "No likeness." in rows[0].reason
    assert world.calls == []


def test_without_credits_nothing_is_spent_and_its_user_is_told_in_time(world, rows):
    CreditAccount.objects.update(available=0)

    make_ahead()
    make_ahead()

    assert Notice.objects.filter(kind="post_not_made").count() == 2  # one for each channel
    assert not Shoot.objects.exists()
    run(rows[0], after=1801)
    assert rows[0].state == State.SCHEDULED
    assert "could not be made" in rows[0].reason
    run(rows[0], after=3700)
    assert rows[0].state == State.MISSED
