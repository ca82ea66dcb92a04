"""Publishing: what is due goes out once, and every no, every doubt and every death ends as it should."""

from datetime import UTC, datetime, timedelta

import pytest

from inflio.notices.models import Notice
from inflio.queue.clock import ClockGuard
from personas.models import Persona
from scheduling.models import Channel, Post, PostTarget, Publication, PublishAttempt, SchedulingSettings
from scheduling.platforms.base import Doubt, Look, Sent, Step
from scheduling.services.publishing.phases import drain, run_publication
from scheduling.services.publishing.runs import Run
from scheduling.services.reviewing.reviews import is_approved
from scheduling.tests import makers
from scheduling.tests.publishing_helpers import pass_time, run, run_until_over
from scheduling.tests.trial_platform import install, refusal

State = Publication.State
GRACE = 150  # of the settings


@pytest.fixture
def world(monkeypatch):
    return install(monkeypatch)


@pytest.fixture
def ada(workspace, alice) -> Persona:
    """An illustrated persona, which needs no photos."""
    look = Persona.Look.ILLUSTRATED
    return Persona.objects.create(workspace=workspace, name="Ada", look=look, created_by=alice)


@pytest.fixture
def channel(ada) -> Channel:
    return makers.channel(ada)


@pytest.fixture
def post(ada, channel) -> Post:
    return makers.post(ada, channel)


@pytest.fixture
def due(post, channel) -> Publication:
    return makers.publication(post, channel)


def outcomes(publication: Publication, phase: str) -> list[str]:
    return list(publication.attempts.filter(phase=phase).order_by("pk").values_list("outcome", flat=True))


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


def test_late_answer_is_looked_up_and_never_sent_again(world, due):
    world.order("publish", "late")

    run(due)
    assert due.state == State.UNKNOWN
    assert not run_publication(due.pk)  # not before the grace
    run(due, after=GRACE + 1)

    assert (due.state, due.remote_id, world.count("publish")) == (State.PUBLISHED, "m1", 1)
    assert outcomes(due, "publish") == ["doubt"]


def test_doubt_without_effect_is_proved_absent_and_sent_again_with_the_same_container(world, due):
    world.order("publish", Doubt("Connection reset."))

    run(due)
    assert due.state == State.UNKNOWN
    run(due, after=GRACE + 1)

    assert due.state == State.PUBLISHED
    assert len(world.containers) == len(world.posts) == 1
    assert world.count("publish") == 2


def test_absence_that_only_a_list_shows_needs_two_proofs_a_grace_apart(world, due):
    world.proof = "list"
    world.order("publish", Doubt("Connection reset."), Doubt("Connection reset."))

    run(due)
    run(due, after=GRACE + 1)
    assert (due.state, world.count("publish")) == (State.UNKNOWN, 1)
    pass_time(due, 10)
    Publication.objects.filter(pk=due.pk).update(available_at=due.due_at)  # a webhook wakes it in between
    run(due)
    assert (due.state, world.count("publish")) == (State.UNKNOWN, 1)
    run(due, after=GRACE + 1)
    assert world.count("publish") == 2

    run_until_over(due, step=GRACE + 1)  # and no third call on a list's word
    assert (due.state, world.count("publish")) == (State.ATTENTION, 2)
    assert "Look on the platform" in due.fix
    assert Notice.objects.filter(kind="post_attention", url=due.get_absolute_url()).count() == 1


def test_look_that_shows_it_working_ends_a_row_of_absences(world, due):
    world.proof = "list"
    world.order("publish", Doubt("Reset."))
    world.order("look", None, Look("working", wait=200), None)

    run(due)
    run(due, after=GRACE + 1)
    run(due, after=GRACE + 1)
    run(due, after=GRACE + 60)

    assert (due.state, world.count("look"), world.count("publish")) == (State.UNKNOWN, 3, 1)


def test_lost_container_is_made_anew_after_two_proofs(world, due):
    world.order("publish", Doubt("Reset."))
    world.order("look", Look("gone"), Look("gone"))

    run(due)
    run(due, after=GRACE + 1)
    assert due.state == State.UNKNOWN
    run(due, after=GRACE + 1)

    assert due.state == State.PUBLISHED
    assert (len(world.containers), len(world.posts), due.prepare_tries) == (2, 1, 1)


def test_worker_that_died_while_publishing_leaves_doubt_not_a_second_call(world, due):
    run(due)
    Publication.objects.filter(pk=due.pk).update(
        state=State.PUBLISHING, remote_id="", published_at=None, lease_token="gone", lease_until=due.due_at
    )
    PublishAttempt.objects.filter(publication=due, phase="publish").update(outcome="started", remote_id="")

    run(due)
    assert (due.state, outcomes(due, "publish")) == (State.UNKNOWN, ["doubt"])
    run(due, after=GRACE + 1)

    assert (due.state, due.remote_id, world.count("publish")) == (State.PUBLISHED, "m1", 1)


def test_platform_that_never_tells_ends_in_attention(world, due):
    world.order("publish", Doubt("Reset."))
    world.order("look", *[Look("unclear")] * 10)

    run(due)
    run_until_over(due, step=2000)

    assert due.state == State.ATTENTION
    assert (world.count("look"), world.count("publish")) == (6, 1)


def test_accepted_post_is_followed_until_it_is_public(world, due):
    world.order("publish", Sent("p1", final=False, progress={"container": "c1", "publish_id": "p1"}))
    world.order("look", Look("working", wait=5), Look("published", "m9", "https://example.com/m9"))

    run(due)
    assert (due.state, due.progress["publish_id"]) == (State.UNKNOWN, "p1")
    assert due.accepted_at
    run(due, after=4)
    run(due, after=6)

    assert (due.state, due.remote_id, due.attempt) == (State.PUBLISHED, "m9", 0)


def test_accepted_post_that_the_platform_refuses_later_has_failed(world, due):
    world.order("publish", Sent(final=False))
    world.order("look", Look("refused", reason="The sound is not licensed.", fix="Choose another sound."))

    run(due)
    run(due, after=4)

    assert (due.state, due.reason, due.fix) == (State.FAILED, "The sound is not licensed.", "Choose another sound.")


def test_two_posts_with_the_same_words_are_never_taken_for_one(world, due, ada, channel):
    run(due)
    twin = makers.publication(makers.post(ada, channel), channel)
    world.order("publish", Doubt("Reset."))
    world.order("look", Look("published", "m1", "https://example.com/m1"))

    run(twin)
    run(twin, after=GRACE + 1)

    assert (twin.state, twin.remote_id) == (State.UNKNOWN, "")


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


def test_worker_that_lost_its_lease_while_it_called_writes_nothing_but_the_evidence(world, due):
    def take_over(call: str) -> None:
        if call == "publish":
            Publication.objects.filter(pk=due.pk).update(lease_token="another", lease_until=due.due_at)

    world.hook = take_over
    run(due)
    assert (due.state, due.lease_token, due.remote_id) == (State.PUBLISHING, "another", "")
    assert due.attempts.get(phase="publish").remote_id == "m1"
    world.hook = lambda call: None
    run(due)
    run(due, after=GRACE + 1)
    assert (due.state, due.remote_id, len(world.posts)) == (State.PUBLISHED, "m1", 1)


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
