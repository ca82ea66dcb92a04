"""Limits are kept, read at run time, and shared fairly between workspaces."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personas.models import Persona
from scheduling.models import Publication, QuotaUse
from scheduling.services.connecting.channels import adapter_for
from scheduling.services.publishing.budget import Full, fair_shares, take_room
from scheduling.tests import makers
from scheduling.tests.publishing_helpers import run
from scheduling.tests.trial_platform import install

State = Publication.State


@pytest.fixture
def world(monkeypatch):
    return install(monkeypatch)


def persona_of(user) -> Persona:
    look = Persona.Look.ILLUSTRATED
    return Persona.objects.create(workspace=user.workspaces.get(), name="Ada", look=look, created_by=user)


def due_on(user, platform: str, count: int = 1) -> list[Publication]:
    ada = persona_of(user)
    channel = makers.channel(ada, platform)
    post = makers.post(ada, channel, rrule="FREQ=HOURLY")
    local = post.starts_local
    return [
        makers.publication(post, channel, occurrence_local=local.replace(hour=number // 60, minute=number % 60))
        for number in range(count)
    ]


def take(publication: Publication) -> None:
    take_room(publication, adapter_for(publication.channel))


def test_platform_without_room_is_asked_once_and_the_post_waits(world, alice):
    first, second = due_on(alice, "instagram", 2)
    world.left = 1

    run(first)
    world.left = 0
    run(second)

    assert first.state == State.PUBLISHED
    assert (second.state, world.count("publish")) == (State.PENDING, 1)
    assert "takes no more posts" in second.reason


def test_tiktok_gets_six_posts_a_minute_of_one_account(world, alice):
    rows = due_on(alice, "tiktok", 7)

    for row in rows[:6]:
        take(row)
    with pytest.raises(Full) as full:
        take(rows[6])

    assert 0 < (full.value.until - datetime.now(UTC)).total_seconds() <= 61


def test_youtube_uploads_of_a_day_are_shared_over_the_workspaces(world, alice, charlie, settings):
    settings.PLATFORM_OPTIONS = {"youtube": {"uploads_a_day": 10}}
    many, few = due_on(alice, "youtube", 20), due_on(charlie, "youtube", 3)

    for row in many[:7]:
        take(row)
    for row in many[7:9]:  # three are kept for the other workspace
        with pytest.raises(Full, match="part"):
            take(row)
    for row in few:
        take(row)

    used = dict(QuotaUse.objects.values_list("share", "used"))  # what was refused is not counted
    assert used == {"": 10, str(many[0].workspace_id): 7, str(few[0].workspace_id): 3}


def test_sandbox_uploads_count_apart_from_real_ones(world, alice, settings):
    settings.PLATFORM_OPTIONS = {"youtube": {"uploads_a_day": 1}}
    first, real, second = due_on(alice, "youtube", 3)
    real.channel = makers.channel(real.post.persona, "youtube", sandbox=False)

    take(first)
    take(real)

    with pytest.raises(Full, match="today"):
        take(second)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 50)), st.integers(0, 100))
def test_shares_are_fair(demand, capacity):
    shares = fair_shares(demand, capacity)

    assert sum(shares.values()) == min(capacity, sum(demand.values()))
    assert all(shares[who] <= demand[who] for who in demand)
    short = [shares[who] for who in demand if shares[who] < demand[who]]
    assert all(share <= min(short) + 1 for share in shares.values()) if short else True
