"""Doubt: a call without an answer, or a worker that died in it, is looked up on the platform and never guessed."""

from datetime import timedelta

import pytest

from inflio.notices.models import Notice
from personas.models import Persona
from scheduling.models import Publication, PublishAttempt
from scheduling.platforms.base import Doubt, Look, Sent
from scheduling.services.publishing.phases import run_publication
from scheduling.tests import makers
from scheduling.tests.publishing_helpers import outcomes, pass_time, run, run_until_over

State = Publication.State
GRACE = 150  # of the settings
SECOND = timedelta(seconds=1)


@pytest.fixture
def ada(workspace, alice) -> Persona:
    return makers.illustrated_persona(workspace, alice)


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


def lose_lease(due: Publication) -> None:
    """As a worker does that slept over it: another one may take the publication."""
    Publication.objects.filter(pk=due.pk).update(lease_token="another", lease_until=due.due_at)


def test_answer_that_was_only_written_down_is_not_forgotten(world, due):
    world.hook = lambda call: lose_lease(due) if call == "publish" else None
    world.order("look", *[Look("unclear")] * 9)
    run(due)
    assert (due.state, outcomes(due, "publish")) == (State.PUBLISHING, ["done"])

    run(due)

    assert (due.state, due.remote_id, due.remote_url) == (State.PUBLISHED, "m1", "https://example.com/m1")
    assert due.published_at
    assert (world.count("look"), world.count("publish")) == (0, 1)


def test_answer_that_came_after_its_doubt_needs_no_look(world, due):
    def another_looks_after_it(call: str) -> None:
        if call == "publish":
            lose_lease(due)
            run_publication(due.pk)

    world.hook = another_looks_after_it
    world.order("look", *[Look("unclear")] * 9)
    run(due)
    assert (due.state, outcomes(due, "publish")) == (State.UNKNOWN, ["done"])

    run(due, after=GRACE + 1)

    assert (due.state, due.remote_id, world.count("look")) == (State.PUBLISHED, "m1", 0)


def test_answer_to_an_earlier_call_says_nothing_of_a_later_one(world, due):
    run(due)
    Publication.objects.filter(pk=due.pk).update(
        state=State.PUBLISHING, remote_id="", published_at=None, publish_started_at=due.publish_started_at + SECOND
    )
    world.order("look", Look("unclear"))

    run(due)

    assert due.state == State.UNKNOWN


def test_post_that_a_twin_was_taken_for_is_published_all_the_same(world, due, ada, channel):
    twin = makers.publication(makers.post(ada, channel), channel, state=State.PUBLISHED, remote_id="m1")

    run(due)

    assert (due.state, due.remote_id, due.attempts.get(phase="publish").remote_id) == (State.PUBLISHED, "", "m1")
    twin.refresh_from_db()
    assert twin.remote_id == "m1"


def test_evidence_of_an_accepted_post_stays_when_the_lease_is_lost(world, due):
    world.hook = lambda call: lose_lease(due) if call == "publish" else None
    world.order("publish", Sent("p1", final=False, progress={"container": "c1", "publish_id": "p1"}))

    run(due)

    assert (due.state, outcomes(due, "publish")) == (State.PUBLISHING, ["done"])


@pytest.mark.parametrize("state", [State.UNKNOWN, State.PUBLISHED, State.ATTENTION])
def test_post_found_by_its_words_may_be_a_twin_whose_own_id_is_not_known(world, due, ada, channel, state):
    since = due.due_at - SECOND
    twin = makers.publication(makers.post(ada, channel), channel, state=state, publish_started_at=due.due_at)
    world.order("publish", Doubt("Reset."))
    world.order("look", *[Look("published", "m9", alike_since=since)] * 2)
    run(due)

    run(due, after=GRACE + 1)
    assert (due.state, due.remote_id) == (State.UNKNOWN, "")
    Publication.objects.filter(pk=twin.pk).update(state=State.PUBLISHED, remote_id="m8")
    run(due, after=GRACE + 1)

    assert (due.state, due.remote_id) == (State.PUBLISHED, "m9")
