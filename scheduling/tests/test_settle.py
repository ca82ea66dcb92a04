"""What its user decides about a publication, and the pages where they do."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from inflio.common.errors import Conflict, InvalidInput
from personas.models import Persona
from scheduling.models import Post, Publication, PublishAttempt
from scheduling.services.publishing.settle import retry_publication, settle_publication
from scheduling.tests import makers
from scheduling.tests.publishing_helpers import run
from scheduling.tests.trial_platform import install, refusal

State = Publication.State


@pytest.fixture
def world(monkeypatch):
    return install(monkeypatch)


@pytest.fixture
def ada(workspace, alice) -> Persona:
    look = Persona.Look.ILLUSTRATED
    return Persona.objects.create(workspace=workspace, name="Ada", look=look, created_by=alice)


@pytest.fixture
def due(ada) -> Publication:
    channel = makers.channel(ada)
    return makers.publication(makers.post(ada, channel), channel)


def set_state(row: Publication, state: str, **more) -> Publication:
    Publication.objects.filter(pk=row.pk).update(state=state, **more)
    row.refresh_from_db()
    return row


def test_failed_publication_goes_out_when_it_is_tried_again(world, due, alice):
    world.order("publish", refusal("invalid", "Too long."))
    run(due)
    assert due.state == State.FAILED
    Post.objects.update(caption="Short.", content_version=2)

    retry_publication(publication=due, by=alice)
    retry_publication(publication=due, by=alice)  # a double click
    run(due)

    assert (due.state, len(world.posts), due.reason) == (State.PUBLISHED, 1, "")
    assert world.posts[0]["caption"].startswith("Short.")
    assert due.events.filter(text__startswith="Tried again").count() == 1


def test_missed_publication_has_its_whole_grace_again(world, due, alice):
    set_state(due, State.MISSED, due_at=datetime.now(UTC) - timedelta(days=3))

    run(retry_publication(publication=due, by=alice))

    due.refresh_from_db()
    assert due.state == State.PUBLISHED
    assert due.lateness < 60


@pytest.mark.parametrize("state", ["published", "attention", "cancelled"])
def test_what_may_be_public_is_not_tried_again(due, alice, state):
    set_state(due, state)

    with pytest.raises(Conflict):
        retry_publication(publication=due, by=alice)


def test_nothing_of_a_cancelled_post_is_tried_again(due, alice):
    set_state(due, State.FAILED)
    Post.objects.update(state=Post.State.CANCELLED)
    due.post.refresh_from_db()

    with pytest.raises(Conflict):
        retry_publication(publication=due, by=alice)


def test_user_who_saw_it_settles_it(due, alice):
    set_state(due, State.ATTENTION)

    for _ in range(2):
        settle_publication(publication=due, by=alice, went_out=True, remote_url="https://example.com/p/1")

    assert (due.state, due.remote_url) == (State.PUBLISHED, "https://example.com/p/1")
    assert due.published_at
    with pytest.raises(Conflict):
        settle_publication(publication=due, by=alice, went_out=False)


def test_user_who_did_not_see_it_has_it_published_anew(world, due, alice):
    set_state(due, State.ATTENTION, progress={"container": "old"}, publish_started_at=datetime.now(UTC))

    settle_publication(publication=due, by=alice, went_out=False)
    run(due)

    assert (due.state, due.container_id, len(world.posts)) == (State.PUBLISHED, "c1", 1)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "example.com", "https://" + "a" * 600])
def test_address_that_is_none_is_refused(due, alice, address):
    set_state(due, State.ATTENTION)

    with pytest.raises(InvalidInput):
        settle_publication(publication=due, by=alice, went_out=True, remote_url=address)


ADDRESSES = [("get", "", 200), ("get", "/evidence", 200), ("post", "/retry", 302), ("post", "/settle", 302)]


@pytest.mark.parametrize(("method", "path", "status"), ADDRESSES)
def test_only_the_workspace_sees_and_decides(
    due, alice_client, bob_client, charlie_client, client, method, path, status
):
    set_state(due, State.FAILED if path == "/retry" else State.ATTENTION)
    url = due.get_absolute_url() + path

    assert getattr(charlie_client, method)(url).status_code == 404
    assert getattr(client, method)(url).status_code == 302  # to the log-in
    answer = getattr(bob_client, method)(url, {"went_out": "1"})
    assert answer.status_code == status


def test_page_says_what_happened_and_offers_what_helps(world, due, alice_client):
    world.order("publish", refusal("invalid", "The caption is too long.", fix="Shorten it."))
    run(due)

    page = alice_client.get(due.get_absolute_url()).content.decode()

    assert "The caption is too long." in page
    assert "Shorten it." in page
    assert "Try again" in page
    set_state(due, State.ATTENTION, reason="Nobody can tell.")
    page = alice_client.get(due.get_absolute_url()).content.decode()
    assert "It went out" in page
    assert "It did not: publish it" in page


def test_wrong_address_keeps_the_form(due, alice_client):
    set_state(due, State.ATTENTION)

    answer = alice_client.post(due.get_absolute_url() + "/settle", {"went_out": "1", "remote_url": "nonsense"})

    assert answer.status_code == 422
    assert "beginning with https://" in answer.content.decode()


def test_page_of_one_publication_asks_a_fixed_number_of_queries(due, alice_client, django_assert_max_num_queries):
    for count in (1, 40):
        PublishAttempt.objects.bulk_create(
            PublishAttempt(publication=due, phase="look", started_at=due.due_at) for _ in range(count)
        )
        with django_assert_max_num_queries(16):
            assert alice_client.get(due.get_absolute_url()).status_code == 200


def test_evidence_tells_everything_and_no_token(world, due, alice_client):
    run(due)

    answer = alice_client.get(due.get_absolute_url() + "/evidence")
    evidence = json.loads(answer.content)

    assert "attachment" in answer["Content-Disposition"]
    assert evidence["remote_id"] == "m1"
    assert evidence["payload"]["caption"].startswith("Out before")
    assert {one["did"] for one in evidence["attempts"]} == {"prepare", "publish"}
    assert evidence["attempts"][-1]["sent"]["exchanges"][0]["sent"] == {"creation_id": "c1"}
    assert "disclosure" in evidence
    assert evidence["times"]["publish_started_at"]
    assert b"token-" not in answer.content
