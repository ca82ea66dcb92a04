"""Holes that users and code of other schedulers show (BrightBean, Postiz, Mixpost, TryPost, AiToEarn), closed here.

Each test is named after the peer and the behaviour; this file holds those of publishing.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from inflio.billing.models import CreditAccount
from inflio.generation.finish import end_job
from inflio.generation.models import Job
from inflio.media.models import Asset
from inflio.notices.models import Notice
from inflio.queue.leases import claim
from personas.models import Persona
from scheduling.models import Channel, Post, PostMedia, Publication, SchedulingSettings
from scheduling.platforms.base import Doubt, Step
from scheduling.services.publishing.aftercare import look_after_next
from scheduling.services.publishing.making import make_ahead
from scheduling.services.publishing.phases import drain, run_publication
from scheduling.tests import makers
from scheduling.tests.publishing_helpers import pass_time, run, run_until_over
from scheduling.tests.trial_platform import install, refusal

State = Publication.State
GRACE = 150


@pytest.fixture
def world(monkeypatch):
    return install(monkeypatch)


@pytest.fixture
def ada(workspace, alice) -> Persona:
    look = Persona.Look.ILLUSTRATED
    return Persona.objects.create(workspace=workspace, name="Ada", look=look, created_by=alice)


@pytest.fixture
def channel(ada) -> Channel:
    return makers.channel(ada)


@pytest.fixture
def due(ada, channel) -> Publication:
    return makers.publication(makers.post(ada, channel), channel)


def leave_dead_worker(publication: Publication, state: str) -> None:
    """As a worker leaves a row that is killed there: claimed, with a lease that has ended."""
    ended = datetime.now(UTC) - timedelta(seconds=1)
    Publication.objects.filter(pk=publication.pk).update(
        state=state, lease_token="dead", lease_until=ended, publish_started_at=ended
    )


def test_brightbean_post_left_in_publishing_by_a_dead_worker_is_recovered(world, due):
    world.order("prepare", None, Step({"container": "c1"}, "Processing", wait=1, container_id="c1"))
    run(due)
    leave_dead_worker(due, State.PUBLISHING)

    run_until_over(due, step=GRACE)

    assert (due.state, len(world.posts)) == (State.PUBLISHED, 1)


@pytest.mark.parametrize("error", [Doubt("Read timeout."), RuntimeError("A bug of ours."), OSError("Broken pipe.")])
def test_brightbean_error_that_nobody_knows_is_never_sent_again_blindly(world, due, error):
    world.order("publish", error)

    run(due)
    for _ in range(5):
        run_publication(due.pk)
        drain()

    due.refresh_from_db()
    assert (due.state, world.count("publish")) == (State.UNKNOWN, 1)


def test_brightbean_backoff_is_kept_by_every_way_of_taking_work(world, due):
    world.order("prepare", refusal("later", "Busy."))
    run(due)

    for _ in range(5):
        drain()
        run_publication(due.pk)

    assert world.count("prepare") == 1


def test_brightbean_second_worker_never_gets_a_row_that_one_holds(world, due):
    def second_worker(call: str) -> None:
        assert not run_publication(due.pk)
        assert claim(Publication, due.pk, 60) is None

    world.hook = second_worker
    run(due)

    assert (due.state, len(world.posts)) == (State.PUBLISHED, 1)


def test_brightbean_recurring_post_does_not_skip_its_approval(world, due, workspace):
    SchedulingSettings.objects.create(workspace=workspace, approval="team")
    Post.objects.update(rrule="FREQ=DAILY")

    run(due)

    assert (due.state, world.calls) == (State.SCHEDULED, [])


def test_brightbean_post_without_media_fails_at_once_and_burns_no_tries(world, due):
    PostMedia.objects.all().delete()

    run(due)

    assert (due.state, due.code, world.calls) == (State.FAILED, "media_missing", [])
    assert "Add a picture" in due.reason


def test_postiz_false_failure_does_not_make_a_second_post(world, due):
    world.order("publish", "late")

    run(due)
    run_until_over(due, step=GRACE)

    assert (due.state, world.count("publish"), len(world.posts)) == (State.PUBLISHED, 1, 1)


def test_postiz_published_post_is_never_taken_again(world, due):
    run(due)

    for _ in range(10):
        pass_time(due, 3600)
        run_publication(due.pk)
        drain()

    assert len(world.posts) == 1


def test_postiz_no_later_error_runs_the_publish_again(world, due):
    world.order("read_back", *[refusal("later")] * 3, RuntimeError("A bug."))
    world.order("comment", refusal("invalid"))
    Post.objects.get().targets.update(first_comment="Hello")
    run(due)

    for _ in range(6):
        pass_time(due, 4000)
        look_after_next()
        run_publication(due.pk)

    due.refresh_from_db()
    assert (due.state, world.count("publish")) == (State.PUBLISHED, 1)


def test_postiz_one_public_post_is_never_two_publications(due, ada, channel):
    twin = makers.publication(makers.post(ada, channel, pictures=0), channel)
    Publication.objects.filter(pk=due.pk).update(remote_id="m1")

    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.filter(pk=twin.pk).update(remote_id="m1")


def test_postiz_downtime_ends_in_missed_posts_not_in_a_burst(world, ada, channel):
    post = makers.post(ada, channel, rrule="FREQ=DAILY")
    day = datetime.now(UTC) - timedelta(days=5)
    rows = [
        makers.publication(
            post,
            channel,
            occurrence_local=(day + timedelta(days=number)).replace(tzinfo=None),
            due_at=day + timedelta(days=number, minutes=-90),
        )
        for number in range(5)
    ]

    drain()

    states = [Publication.objects.get(pk=row.pk).state for row in rows]
    assert (states, world.calls) == ([State.MISSED] * 5, [])


@pytest.mark.parametrize("call", ["prepare", "publish"])
@pytest.mark.parametrize("kind", ["invalid", "reconnect", "container", "limit", "later", "blocked", "setup", "doubt"])
def test_postiz_nothing_due_stays_open_for_ever(world, due, call, kind):
    world.order(call, *[Doubt("No answer.") if kind == "doubt" else refusal(kind) for _ in range(50)])

    run_until_over(due, step=700)

    assert due.state in (State.FAILED, State.MISSED, State.ATTENTION)
    assert due.reason


def test_postiz_error_is_told_in_words_with_what_to_do(world, due):
    error = refusal("invalid", "Instagram could not read the video.", fix="Save it as MP4 (H.264).", status=400)
    world.order("prepare", error)

    run(due)

    notice = Notice.objects.get(kind="post_failed")
    assert (due.reason, due.fix) == ("Instagram could not read the video.", "Save it as MP4 (H.264).")
    assert due.reason in notice.text
    assert due.fix in notice.text


def test_postiz_credits_of_a_picture_that_fails_later_come_back(world, ready):
    channel = makers.channel(ready)
    recipe = {"look": "portrait.headshot", "aspect": "4:5"}
    post = makers.post(ready, channel, pictures=0, recipe=recipe)
    makers.publication(post, channel, due_at=datetime.now(UTC) + timedelta(minutes=5))
    before = CreditAccount.objects.get(workspace=ready.workspace).available
    make_ahead()
    job = Job.objects.exclude(kind="analysis").get()
    assert CreditAccount.objects.get(workspace=ready.workspace).available < before

    end_job(job=job, token=claim(Job, job.pk), state=Job.State.FAILED, code="x", message="It went wrong.")

    assert CreditAccount.objects.get(workspace=ready.workspace).available == before


def test_mixpost_check_and_claim_are_one_step(due):
    tokens = [claim(Publication, due.pk, 60) for _ in range(3)]

    assert [bool(token) for token in tokens] == [True, False, False]


def test_mixpost_passing_trouble_is_tried_again(world, due):
    world.order("publish", refusal("later", "Busy."))
    world.order("prepare", OSError("Network unreachable."))

    run(due)
    run_until_over(due, step=30)

    assert due.state == State.PUBLISHED


def test_mixpost_no_post_is_silently_not_published(world, due):
    Channel.objects.update(status=Channel.Status.REVOKED)

    run_until_over(due, step=400)

    assert due.state == State.MISSED
    assert Notice.objects.filter(workspace=due.workspace, url=due.get_absolute_url()).count() == 1


def test_trypost_goes_on_from_the_saved_container(world, due):
    world.order("prepare", None, Step({"container": "c1"}, "Processing", wait=1, container_id="c1"))
    run(due)
    leave_dead_worker(due, State.PENDING)

    run_until_over(due, step=5)

    assert (due.state, len(world.containers)) == (State.PUBLISHED, 1)


@pytest.mark.parametrize("state", [State.SCHEDULED, State.PENDING])
def test_aitoearn_worker_killed_before_the_first_answer_leaves_nothing_stuck(world, due, state):
    if state == State.PENDING:
        world.order("prepare", refusal("later"))
        run(due)
    leave_dead_worker(due, state)

    run_until_over(due, step=10)

    assert (due.state, len(world.posts)) == (State.PUBLISHED, 1)


def test_aitoearn_network_error_is_not_retried_at_once(world, due):
    world.order("prepare", Doubt("Connection reset."))
    run(due)

    assert not run_publication(due.pk)
    assert (due.available_at - datetime.now(UTC)).total_seconds() > 3


def test_aitoearn_pictures_go_out_in_their_order(world, ada, channel):
    post = makers.post(ada, channel, pictures=4, format="carousel")
    first = post.media.first()
    PostMedia.objects.filter(pk=first.pk).update(position=9)  # dragged to the end
    row = makers.publication(post, channel)

    run(row)

    wanted = list(post.media.order_by("position").values_list("asset", flat=True))
    sent = [Asset.objects.get(pk=one["asset"]) for one in row.payload["media"]]
    assert [asset.parent_id or asset.pk for asset in sent] == wanted
    assert wanted[-1] == first.asset_id
