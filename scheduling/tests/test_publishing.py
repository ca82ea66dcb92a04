"""Publishing: what is due goes out once and at its time, and what is late, stopped or kept back stays at home."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from inflio.notices.models import Notice
from inflio.queue.clock import ClockGuard
from personas.models import Persona
from scheduling.models import Channel, Post, PostTarget, Publication, SchedulingSettings
from scheduling.platforms.base import Step
from scheduling.services.publishing.phases import drain, run_publication
from scheduling.services.publishing.runs import Run
from scheduling.services.reviewing.reviews import is_approved
from scheduling.tests import makers
from scheduling.tests.publishing_helpers import outcomes, pass_time, run, run_until_over
from scheduling.tests.trial_platform import refusal

State = Publication.State


@pytest.fixture
def ada(workspace, alice) -> Persona:
    return makers.illustrated_persona(workspace, alice)


def test_due_publication_goes_out_once_with_its_evidence(world, due):
    run(due)

    assert due.state == State.PUBLISHED
    assert (due.remote_id, due.remote_url) == ("m1", "https://example.com/m1")
    assert world.posts[0]["caption"].startswith("Out before the city wakes.")
    assert 0 <= due.lateness < 60
    assert due.container_id == "c1"
    assert not run_publication(due.pk)
    assert len(world.posts) == 1
    assert outcomes(due, "publish") == ["done"]
    assert due.attempts.get(phase="publish").remote_id == "m1"
    kept = "".join(f"{row.sent}{row.answer}{row.text}" for row in due.attempts.all())
    assert "token-" not in kept
    assert "creation_id" in kept
    assert due.events.get().text == f"Published on {due.channel}."


def test_it_is_prepared_ahead_and_public_only_at_its_time(world, post, channel):
    soon = datetime.now(UTC) + timedelta(seconds=90)
    ahead = makers.publication(post, channel, due_at=soon, available_at=datetime.now(UTC))

    run(ahead)
    assert (ahead.state, ahead.container_id, ahead.available_at, world.posts) == (State.CONTAINER, "c1", soon, [])
    assert not run_publication(ahead.pk)
    run(ahead, after=91)
    assert (ahead.state, len(world.posts)) == (State.PUBLISHED, 1)
    assert 0 <= ahead.lateness < 60


def test_page_of_ours_shows_nothing_before_its_time(ada, post):
    page = makers.channel(ada, "site", external_id="ada", handle="ada")
    ahead = makers.publication(
        post, page, due_at=datetime.now(UTC) + timedelta(seconds=90), available_at=datetime.now(UTC)
    )

    run(ahead)
    assert (ahead.state, ahead.published_at) == (State.SCHEDULED, None)
    run(ahead, after=91)
    assert ahead.state == State.PUBLISHED


def test_what_was_prepared_ahead_and_cancelled_stays_at_home(world, post, channel):
    soon = datetime.now(UTC) + timedelta(seconds=90)
    ahead = run(makers.publication(post, channel, due_at=soon, available_at=datetime.now(UTC)))
    Post.objects.filter(pk=post.pk).update(state=Post.State.CANCELLED)

    run(ahead, after=91)
    assert (ahead.state, world.posts) == (State.CANCELLED, [])


def test_nothing_goes_out_before_its_time(world, post, channel):
    early = makers.publication(post, channel, due_at=datetime.now(UTC) + timedelta(minutes=5))

    assert not run_publication(early.pk)
    assert drain() == 0
    assert world.calls == []


def test_public_page_is_published_by_one_write(ada):
    page = makers.channel(ada, "site", handle="ada", external_id="ada")
    here = makers.publication(makers.post(ada, page), page)

    run(here)

    assert here.state == State.PUBLISHED
    assert here.remote_url.endswith(f"/p/ada/{here.pk}")
    assert here.payload["caption"].startswith("Out before")
    assert here.payload["media"][0]["alt_text"] == "Ada on a bridge"
    assert here.readback_at


def test_container_that_is_processed_is_asked_again_without_counting_a_try(world, due):
    world.order("prepare", None, *[Step({"container": "c1"}, "Processing", wait=5, container_id="c1")] * 9)

    for _ in range(9):
        run(due, after=6)
        assert (due.state, due.attempt, due.container_id) == (State.PENDING, 0, "c1")
    run(due, after=6)

    assert due.state == State.PUBLISHED
    assert len(world.containers) == 1


def test_paused_channel_lets_its_posts_wait_and_miss(world, due):
    pause = {"paused_until": datetime.now(UTC) + timedelta(minutes=10), "pause_reason": "Busy."}
    Channel.objects.update(**pause)
    run(due)
    assert (due.state, world.calls) == (State.SCHEDULED, [])
    Channel.objects.update(paused_until=datetime.now(UTC) - timedelta(seconds=1))
    run(due, after=301)
    assert due.state == State.PUBLISHED


def test_long_after_its_time_it_is_missed_not_sent(world, post, channel):
    late = makers.publication(post, channel, due_at=datetime.now(UTC) - timedelta(minutes=61))

    drain()
    late.refresh_from_db()

    assert (late.state, late.code, world.calls) == (State.MISSED, "late", [])
    assert Notice.objects.get().kind == "post_missed"


@pytest.mark.parametrize("step", ["scheduled", "pending", "container"])
def test_cancelled_post_stops_at_every_step(world, due, step):
    if step != "scheduled":
        world.order("prepare", None, refusal("later"))
        run(due)
        Publication.objects.update(state=step)
        pass_time(due, 10)
    Post.objects.update(state=Post.State.CANCELLED)

    run(due)

    assert (due.state, world.count("publish")) == (State.CANCELLED, 0)


def test_post_cancelled_between_the_last_check_and_the_call_is_not_sent(world, due, monkeypatch):
    def cancel_now(run) -> bool:
        if run.publication.state == State.CONTAINER:
            Post.objects.update(state=Post.State.CANCELLED)
        return False

    monkeypatch.setattr(Run, "was_edited", property(cancel_now))
    run(due)

    assert (due.state, world.count("publish")) == (State.CANCELLED, 0)


def test_post_that_nobody_approved_waits_and_is_missed(world, due, workspace):
    SchedulingSettings.objects.create(workspace=workspace, approval="team")
    assert not is_approved(due.post)

    run(due)
    assert (due.state, due.reason.startswith("Nobody has approved")) == (State.SCHEDULED, True)
    run_until_over(due, step=400)

    assert (due.state, due.code, world.calls) == (State.MISSED, "not_approved", [])


def test_face_without_consent_is_kept_back(world, due, ada):
    Persona.objects.update(look=Persona.Look.PHOTOREAL)

    run(due)

    assert (due.state, world.calls) == (State.SCHEDULED, [])
    assert "no consent" in due.reason


def test_edit_while_it_is_prepared_is_what_goes_out(world, due, post):
    world.order("prepare", None, Step({"container": "c1"}, "Processing", wait=5, container_id="c1"))
    run(due)
    Post.objects.update(caption="Other words.", content_version=2)

    run(due, after=6)

    assert due.state == State.PUBLISHED
    assert [one["caption"].split("\n")[0] for one in world.posts] == ["Other words."]


@pytest.mark.parametrize(
    ("edit", "sent"),
    [
        ({"caption": "Other words.", "content_version": 2}, ["Other words."]),
        ({"starts_local": datetime(2099, 11, 22, 9, 30)}, []),
    ],
)
def test_edit_while_the_token_is_renewed_is_what_goes_out(world, post, channel, edit, sent):
    """To get a token may take a while, between the last look at the post and the call."""
    soon = datetime.now(UTC) + timedelta(seconds=90)
    ahead = run(makers.publication(post, channel, due_at=soon, available_at=datetime.now(UTC)))
    assert ahead.state == State.CONTAINER
    makers.end_access(channel)
    world.hook = lambda call: Post.objects.update(**edit) if call == "refresh" else None

    run(ahead, after=91)

    assert world.count("refresh") == 1
    assert [one["caption"].split("\n")[0] for one in world.posts] == sent
    assert ahead.state == (State.PUBLISHED if sent else State.CANCELLED)


def test_deleted_picture_fails_with_what_to_do(world, due, post):
    post.media.get().asset.delete()

    run(due)

    assert (due.state, due.code) == (State.FAILED, "media_gone")
    assert world.calls == []


def test_frozen_worker_gives_up_before_the_call(world, due, settings):
    settings.PUBLISH_LEASE_SECONDS = 60  # two time-outs: no call can surely end within it
    settings.PLATFORM_TIMEOUT = 30.0000001

    run(due)

    assert (due.state, world.count("publish")) == (State.CONTAINER, 0)
    assert outcomes(due, "publish") == ["later"]
    settings.PUBLISH_LEASE_SECONDS = 120
    run(due, after=1)
    assert (due.state, world.count("publish")) == (State.PUBLISHED, 1)


def test_poison_is_given_up_after_six_deaths(world, due):
    Publication.objects.update(attempt=6)

    run(due)

    assert (due.state, due.code) == (State.FAILED, "crashed")


def test_captions_of_time_channel_and_post(world, ready, channel, due, post):
    PostTarget.objects.update(caption="For this channel.")
    post.changes.create(occurrence_local=due.occurrence_local, caption="For this day.")
    Post.objects.update(rrule="FREQ=DAILY", hashtags=["walk"])

    run(due)

    assert world.posts[0]["caption"].startswith("For this day.")
    assert world.posts[0]["caption"].endswith("#walk")


def test_drain_publishes_all_that_is_due(world, ada, channel):
    rows = [makers.publication(makers.post(ada, channel), channel) for _ in range(4)]

    drain()

    assert {row.state for row in Publication.objects.filter(pk__in=[row.pk for row in rows])} == {State.PUBLISHED}
    assert len({one["key"] for one in world.posts}) == 4


def test_nothing_goes_out_while_the_clock_cannot_be_trusted(world, due):
    """A clock that jumps ahead by an hour makes everything due at once; a jump back only delays."""
    now, steady = [datetime.now(UTC)], [0.0]
    clock = ClockGuard(lambda: now[0], lambda: steady[0])
    assert clock.is_steady()
    now[0] += timedelta(hours=1)

    assert drain(clock) == 0
    assert world.calls == []
    steady[0] += 61
    now[0] += timedelta(seconds=61)
    assert drain(clock) == 2  # published, and read back
    assert len(world.posts) == 1


def test_web_request_whose_time_is_over_begins_no_further_step(world, due):
    run_publication(due.pk, time.monotonic())
    due.refresh_from_db()
    assert (due.state, due.lease_until, world.calls) == (State.PENDING, None, [])

    run(due)
    assert due.state == State.PUBLISHED
