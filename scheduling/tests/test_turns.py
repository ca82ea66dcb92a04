"""Whose turn it is: fair between workspaces and channels, and cheap however many posts lie ahead."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inflio.queue.leases import claim
from inflio.queue.ticker import wake_due
from personas.models import Persona
from scheduling.models import Post, Publication
from scheduling.queries.publications import Turns
from scheduling.tests import makers

State = Publication.State
NOW = datetime.now(UTC)


def persona_of(user) -> Persona:
    look = Persona.Look.ILLUSTRATED
    return Persona.objects.create(workspace=user.workspaces.get(), name="Ada", look=look, created_by=user)


def many(persona: Persona, count: int, *, channels: int = 1, due_at=None, **changes) -> None:
    """Publications in bulk, some on each channel."""
    rows = [makers.channel(persona) for _ in range(channels)]
    post = Post.objects.create(workspace=persona.workspace, persona=persona, title="Many", state="scheduled")
    due_at = due_at or datetime.now(UTC) - timedelta(seconds=5)
    Publication.objects.bulk_create(
        Publication(
            workspace=persona.workspace,
            post=post,
            channel=rows[number % channels],
            occurrence_local=datetime(2026, 1, 1) + timedelta(minutes=number),
            due_at=due_at,
            available_at=due_at,
            **changes,
        )
        for number in range(count)
    )


def taken(turns: Turns, count: int) -> list[Publication]:
    keys = []
    for _ in range(count):
        pk = turns.next()
        if claim(Publication, pk, 60):
            keys.append(pk)
    found = Publication.objects.in_bulk(keys)
    return [found[pk] for pk in keys]


def test_workspace_with_many_posts_keeps_nobody_waiting(alice, charlie):
    many(persona_of(alice), 200, channels=4)
    many(persona_of(charlie), 3)

    first = taken(Turns(), 8)

    by_workspace = Counter(row.workspace_id for row in first)
    assert by_workspace[charlie.workspaces.get().pk] == 3
    channels = Counter(row.channel_id for row in first if row.workspace_id == alice.workspaces.get().pk)
    assert max(channels.values()) <= 2


def test_what_was_begun_is_finished_first(alice):
    ada = persona_of(alice)
    many(ada, 20)
    many(ada, 2, state=State.PENDING)

    assert [row.state for row in taken(Turns(), 3)][:2] == [State.PENDING] * 2


def test_doubtful_ones_get_every_fourth_turn(alice):
    ada = persona_of(alice)
    many(ada, 20)
    many(ada, 20, state=State.UNKNOWN)

    states = Counter(row.state for row in taken(Turns(), 12))

    assert states == {State.SCHEDULED: 9, State.UNKNOWN: 3}


def test_nothing_due_is_no_turn(alice):
    many(persona_of(alice), 5, due_at=datetime.now(UTC) + timedelta(minutes=1))

    assert Turns().next() is None


def plans(action) -> list[str]:
    """How the database finds the publications of every query that an action runs."""
    with CaptureQueriesContext(connection) as queries:
        action()
    found = []
    for query in queries:
        sql = query["sql"]
        if "scheduling_publication" in sql and sql.startswith(("SELECT", "UPDATE")):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
                found.append(" ".join(str(row) for row in cursor.fetchall()))
    return found


@pytest.mark.parametrize("what", ["tick", "turn"])
def test_posts_that_lie_ahead_are_never_read(alice, what, settings):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL plans by statistics: for a small table any index will do")
    settings.Q_CLUSTER = {**settings.Q_CLUSTER, "sync": False}
    many(persona_of(alice), 50, due_at=datetime.now(UTC) + timedelta(days=3))

    found = plans({"tick": wake_due, "turn": Turns().next}[what])

    assert found
    for plan in found:
        assert "SCAN scheduling_publication" not in plan, plan
        assert "publication_due" in plan or "publication_by_channel" in plan or "PRIMARY KEY" in plan, plan
