"""What a platform's no leads to: an end with its reason and what to do, another try, or a wait for its owner."""

from datetime import UTC, datetime, timedelta

import pytest

from inflio.notices.models import Notice
from personas.models import Persona
from scheduling.models import Channel, Publication
from scheduling.platforms.base import Doubt
from scheduling.tests import makers
from scheduling.tests.publishing_helpers import run, run_until_over
from scheduling.tests.trial_platform import refusal

State = Publication.State


@pytest.fixture
def ada(workspace, alice) -> Persona:
    return makers.illustrated_persona(workspace, alice)


@pytest.mark.parametrize("kind", ["invalid", "setup", "blocked"])
def test_sure_no_ends_with_reason_and_fix(world, due, kind):
    world.order("publish", refusal(kind, "The caption is too long.", fix="Shorten it."))

    run(due)

    assert (due.state, due.code, due.reason) == (State.FAILED, f"trial_{kind}", "The caption is too long.")
    assert due.fix == "Shorten it."
    assert Notice.objects.filter(kind="post_failed").count() == 1
    due.channel.refresh_from_db()
    assert bool(due.channel.paused_until) == (kind == "blocked")
    assert world.posts == []


def test_later_is_tried_six_times_with_growing_pauses(world, due):
    world.order("prepare", *[refusal("later", "Busy.")] * 20)
    pauses = []
    for _ in range(5):
        run(due, after=0 if not pauses else pauses[-1] + 1)
        pauses.append(round((due.available_at - datetime.now(UTC)).total_seconds()))
        Channel.objects.update(failures=0, paused_until=None)
    run(due, after=pauses[-1] + 1)

    assert pauses == sorted(pauses)
    assert pauses[-1] >= 500
    assert (due.state, world.count("prepare")) == (State.FAILED, 6)


def test_doubt_while_preparing_is_simply_tried_again(world, due):
    world.order("prepare", Doubt("Reset."), Doubt("Reset."))

    run(due)
    run(due, after=10)
    run(due, after=20)

    assert (due.state, len(world.posts)) == (State.PUBLISHED, 1)


def test_reached_limit_waits_for_its_end_or_misses_at_once(world, due, ada, channel):
    world.order("publish", refusal("limit", "Enough for now.", retry_after=600))
    run(due)
    assert (due.state, due.reason) == (State.CONTAINER, "Enough for now.")
    run(due, after=601)
    assert due.state == State.PUBLISHED

    other = makers.publication(makers.post(ada, channel), channel)
    world.order("publish", refusal("limit", "Enough for today.", retry_after=80_000))
    run(other)
    assert (other.state, other.code) == (State.MISSED, "limit")
    assert "Choose a time after" in other.fix


def test_container_error_makes_another_one_a_few_times_only(world, due):
    world.order("publish", *[refusal("container", "It expired.")] * 9)

    run_until_over(due, step=10)

    assert (due.state, len(world.containers)) == (State.FAILED, 4)


def test_ended_access_waits_for_its_owner_within_the_grace(world, due):
    world.order("publish", refusal("reconnect", "The access has ended."))

    run(due)
    due.channel.refresh_from_db()
    assert due.channel.status == Channel.Status.RECONNECT
    assert (due.is_open, "Connect" in due.fix) == (True, True)
    run(due, after=90)
    assert due.is_open
    Channel.objects.update(status=Channel.Status.ACTIVE)
    run(due, after=90)

    assert (due.state, len(world.posts)) == (State.PUBLISHED, 1)


def test_ended_access_that_nobody_renews_is_missed_with_the_reason(world, due):
    world.order("publish", refusal("reconnect", "The access has ended."))

    run_until_over(due, step=300)

    assert (due.state, due.code) == (State.MISSED, "reconnect")
    assert "ended" in due.reason
    assert world.posts == []


def test_renewal_by_another_worker_is_waited_for_and_is_nobodys_failure(world, due, channel):
    makers.end_access(channel, renewing=timedelta(seconds=150))

    for _ in range(9):
        run(due, after=6)
        assert (due.state, due.attempt, "being renewed" in due.reason) == (State.PENDING, 0, True)
        assert due.available_at <= datetime.now(UTC) + timedelta(seconds=5)
    channel.refresh_from_db()
    assert (channel.failures, channel.paused_until, world.calls) == (0, None, [])

    Channel.objects.update(renewing_until=None)
    run(due, after=6)
    assert (due.state, world.count("refresh")) == (State.PUBLISHED, 1)


def test_renewal_without_a_sure_answer_counts_as_one(world, due, channel):
    makers.end_access(channel)
    world.order("refresh", Doubt("Reset."))

    run(due)

    channel.refresh_from_db()
    assert (due.state, due.attempt, channel.failures) == (State.PENDING, 1, 1)
