"""After publishing: read back, comment once, and never publish again for either."""

from datetime import timedelta

import pytest

from inflio.notices.models import Notice
from personas.models import Persona
from scheduling.models import Channel, PostTarget, Publication
from scheduling.platforms.base import Doubt, Look, Sent
from scheduling.services.publishing.aftercare import look_after_next
from scheduling.tests import makers
from scheduling.tests.publishing_helpers import pass_time, run
from scheduling.tests.trial_platform import install, refusal

State = Publication.State


@pytest.fixture
def world(monkeypatch):
    return install(monkeypatch)


@pytest.fixture
def due(workspace, alice) -> Publication:
    look = Persona.Look.ILLUSTRATED
    ada = Persona.objects.create(workspace=workspace, name="Ada", look=look, created_by=alice)
    channel = makers.channel(ada)
    post = makers.post(ada, channel)
    PostTarget.objects.update(first_comment="Where would you walk?")
    return makers.publication(post, channel)


def look_after(publication: Publication, after: float = 0) -> Publication:
    pass_time(publication, after)
    look_after_next()
    publication.refresh_from_db()
    return publication


def test_published_is_commented_and_read_back_once(world, due):
    run(due)
    world.order("read_back", {"url": "https://example.com/m1", "is_ai_generated": True})

    look_after(due)

    assert (due.comment_state, world.comments) == ("sent", ["Where would you walk?"])
    assert due.readback["is_ai_generated"] is True
    assert due.readback_at
    assert not look_after_next()
    assert world.count("publish") == 1


@pytest.mark.parametrize(
    ("order", "state"), [(refusal("invalid"), "failed"), (Doubt("Reset."), "unknown"), ("late", "unknown")]
)
def test_comment_that_goes_wrong_is_not_sent_again(world, due, order, state):
    world.order("comment", order)
    run(due)

    look_after(due)
    look_after(due, after=9999)

    assert (due.state, due.comment_state, world.count("comment")) == (State.PUBLISHED, state, 1)
    assert world.count("publish") == 1


def test_worker_that_died_while_commenting_leaves_it_unknown(world, due):
    run(due)
    Publication.objects.update(comment_state="sending")

    look_after(due)

    assert (due.comment_state, world.comments) == ("unknown", [])


def test_comment_waits_while_the_token_is_renewed_elsewhere(world, due):
    run(due)
    makers.end_access(due.channel, renewing=timedelta(seconds=30))

    look_after(due)
    assert (due.comment_state, due.readback_at, world.comments) == ("", None, [])
    Channel.objects.update(renewing_until=None)
    look_after(due, after=61)

    assert (due.comment_state, world.comments) == ("sent", ["Where would you walk?"])
    assert due.readback_at


def test_comment_that_never_got_a_token_is_given_up_with_the_reason(world, due):
    run(due)
    makers.end_access(due.channel, renewing=timedelta(days=1))

    for _ in range(9):
        look_after(due, after=4000)

    assert (due.state, due.comment_state, world.comments) == (State.PUBLISHED, "failed", [])
    assert due.events.filter(text__startswith="The first comment was not written: Its access").count() == 1
    assert due.readback_at


def test_post_whose_id_nobody_told_gets_no_comment(world, due):
    world.order("publish", Sent(final=False, progress={"container": "c1"}))
    world.order("look", Look("published"))
    run(due)
    run(due, after=4)
    assert (due.state, due.remote_id) == (State.PUBLISHED, "")

    look_after(due)

    assert (due.comment_state, world.count("comment"), world.count("read_back")) == ("failed", 0, 0)
    assert due.events.filter(text__contains="did not tell which post").exists()
    assert due.readback_at


def test_reading_that_fails_is_tried_again_and_given_up(world, due):
    world.order("read_back", *[refusal("later", "Busy.")] * 9)
    run(due)

    for _ in range(9):
        look_after(due, after=4000)

    assert (due.state, due.readback) == (State.PUBLISHED, {"problem": "Busy."})
    assert world.count("read_back") == 5


def test_label_that_is_not_shown_is_told(world, due):
    run(due)
    flags = {"is_ai_generated": True}
    Publication.objects.update(payload={**due.payload, "flags": flags})
    world.order("read_back", {"url": "", "is_ai_generated": False})

    look_after(due)

    assert Notice.objects.get(kind="label_missing").url == due.get_absolute_url()
