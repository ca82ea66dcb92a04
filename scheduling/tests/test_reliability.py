"""The reliability page tells what the ledger holds, doubled ones included, in a fixed number of queries."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personas.models import Persona
from scheduling.models import Publication, PublishAttempt
from scheduling.queries.reliability import percentile, reliability
from scheduling.tests import makers

State = Publication.State


@pytest.fixture
def ada(workspace, alice) -> Persona:
    look = Persona.Look.ILLUSTRATED
    return Persona.objects.create(workspace=workspace, name="Ada", look=look, created_by=alice)


def ended(ada, state: str, *, platform: str = "instagram", days_ago: float = 1, late: float = 2, **more) -> Publication:
    channel = makers.channel(ada, platform)
    due_at = datetime.now(UTC) - timedelta(days=days_ago)
    started = due_at + timedelta(seconds=late) if state in (State.PUBLISHED, State.UNKNOWN) else None
    return makers.publication(
        makers.post(ada, channel, pictures=0), channel, due_at=due_at, state=state, publish_started_at=started, **more
    )


def test_figures_come_from_the_rows(ada, workspace):
    ended(ada, State.PUBLISHED)
    ended(ada, State.PUBLISHED, late=300, platform="tiktok", unknown_since=datetime.now(UTC))
    for state in (State.MISSED, State.FAILED, State.UNKNOWN, State.ATTENTION, State.CANCELLED):
        ended(ada, state)
    ended(ada, State.MISSED, days_ago=8)
    makers.publication(makers.post(ada, pictures=0), makers.channel(ada), due_at=datetime.now(UTC) + timedelta(days=1))

    week = reliability(workspace=workspace, days=7)
    total = week.total

    assert (total.due, total.published, total.late) == (6, 2, 1)
    assert (total.missed, total.failed, total.unknown, total.attention, total.doubled) == (1, 1, 1, 1, 0)
    assert total.doubted == 1
    assert (total.p50, total.p95) == (2, 300)
    assert total.on_time == 20
    assert [part.title for part in week.platforms] == ["Instagram", "TikTok"]
    assert reliability(workspace=workspace, days=30).total.missed == 2
    assert sum(day.on_time + day.late + day.lost for day in week.chart) == 5


@pytest.mark.parametrize("phases", [("publish", "publish"), ("publish", "look")])
def test_post_that_is_public_twice_is_counted_as_doubled(ada, workspace, phases):
    row = ended(ada, State.PUBLISHED, remote_id="m1")
    once = ended(ada, State.PUBLISHED, remote_id="m7")
    for number, phase in enumerate(phases, start=1):
        PublishAttempt.objects.create(
            publication=row, phase=phase, outcome="done", started_at=row.due_at, remote_id=f"m{number}"
        )
    for phase in ("publish", "look", "look"):
        PublishAttempt.objects.create(
            publication=once, phase=phase, outcome="done", started_at=row.due_at, remote_id="m7"
        )

    assert reliability(workspace=workspace, days=7).total.doubled == 1


def test_page_asks_a_fixed_number_of_queries(ada, alice_client, django_assert_max_num_queries):
    counts = []
    alice_client.get("/reliability?days=7")  # what is asked once only
    for wanted in (1, 3):
        while Publication.objects.count() < wanted:
            ended(ada, State.PUBLISHED, platform=("instagram", "tiktok", "youtube")[Publication.objects.count()])
        with django_assert_max_num_queries(20) as queries:
            page = alice_client.get("/reliability?days=7")
        counts.append(len(queries))
        assert page.status_code == 200

    assert counts[0] == counts[1]


def test_page_shows_only_the_own_workspace(ada, alice_client, bob_client, charlie_client, client):
    ended(ada, State.PUBLISHED)

    for own in (alice_client, bob_client):
        assert "100 %" in own.get("/reliability").content.decode()
    assert "Nothing was due" in charlie_client.get("/reliability?days=nonsense").content.decode()
    assert client.get("/reliability").status_code == 302


@given(st.lists(st.floats(0, 1e6), max_size=30), st.integers(1, 99))
def test_percentile_is_a_value_that_enough_do_not_exceed(values, percent):
    found = percentile(values, percent)

    if not values:
        assert found is None
    else:
        assert sum(value <= found for value in values) * 100 >= percent * len(values)
        assert sum(value < found for value in values) * 100 < percent * len(values)
