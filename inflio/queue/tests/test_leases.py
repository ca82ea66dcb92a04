"""Leases: one holder at a time, fenced writes, and a heart that only beats while there is progress."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from inflio.queue.leases import Heartbeat, LostLease, claim, db_now, fenced, release, renew
from inflio.queue.tests.conftest import Errand


def put_back(errand: Errand, seconds: float) -> None:
    """Let the errand's lease have ended that many seconds ago."""
    Errand.objects.filter(pk=errand.pk).update(lease_until=db_now() - timedelta(seconds=seconds))


def test_claim_of_a_free_row_counts_the_attempt(errand):
    token = claim(Errand, errand.pk, 60)

    errand.refresh_from_db()
    assert token == errand.lease_token != ""
    assert errand.attempt == 1
    assert timedelta(seconds=55) < errand.lease_until - timezone.now() <= timedelta(seconds=60)


def test_claim_uses_the_lease_of_the_settings(errand, settings):
    settings.LEASE_SECONDS = 1000

    claim(Errand, errand.pk)

    errand.refresh_from_db()
    assert errand.lease_until - timezone.now() > timedelta(seconds=900)


def test_second_claim_gets_nothing_and_counts_nothing(errand):
    claim(Errand, errand.pk, 60)

    assert claim(Errand, errand.pk, 60) is None

    errand.refresh_from_db()
    assert errand.attempt == 1


def test_claim_takes_over_an_ended_lease(errand):
    first = claim(Errand, errand.pk, 60)
    put_back(errand, 1)

    second = claim(Errand, errand.pk, 60)

    assert second not in {None, first}
    errand.refresh_from_db()
    assert errand.attempt == 2


@pytest.mark.parametrize("state", ["done", "failed"])
def test_claim_of_a_finished_row_gets_nothing(errand, state):
    Errand.objects.filter(pk=errand.pk).update(state=state)

    assert claim(Errand, errand.pk, 60) is None


def test_claim_before_the_row_is_due_gets_nothing(errand):
    Errand.objects.filter(pk=errand.pk).update(available_at=timezone.now() + timedelta(seconds=5))

    assert claim(Errand, errand.pk, 60) is None


def test_claim_keeps_to_the_given_rows(errand):
    assert claim(Errand.objects.filter(cluster="gpu"), errand.pk, 60) is None
    assert claim(Errand.objects.filter(cluster="default"), errand.pk, 60)


def test_fenced_write_with_the_token_is_made(errand):
    token = claim(Errand, errand.pk, 60)

    fenced(Errand, errand.pk, token, state="running")

    errand.refresh_from_db()
    assert errand.state == "running"


def test_fenced_write_after_a_takeover_changes_nothing(errand):
    first = claim(Errand, errand.pk, 60)
    put_back(errand, 1)
    claim(Errand, errand.pk, 60)

    with pytest.raises(LostLease):
        fenced(Errand, errand.pk, first, state="done")

    errand.refresh_from_db()
    assert errand.state == "queued"


def test_fenced_write_without_a_token_changes_nothing(errand):
    with pytest.raises(LostLease):
        fenced(Errand, errand.pk, "", state="done")

    errand.refresh_from_db()
    assert errand.state == "queued"


def test_renew_moves_the_end_of_the_lease(errand):
    token = claim(Errand, errand.pk, 10)

    renew(Errand, errand.pk, token, 500)

    errand.refresh_from_db()
    assert errand.lease_until - timezone.now() > timedelta(seconds=490)


def test_release_frees_the_row_and_forgets_its_wake_up(errand):
    Errand.objects.filter(pk=errand.pk).update(dispatched_at=timezone.now())
    token = claim(Errand, errand.pk, 60)

    release(Errand, errand.pk, token, state="running")

    errand.refresh_from_db()
    assert (errand.lease_token, errand.lease_until, errand.dispatched_at) == ("", None, None)
    assert errand.state == "running"
    assert claim(Errand, errand.pk, 60)


def until(condition: Callable[[], bool]) -> None:
    """Wait for what a thread does beside us; a busy machine may take its time."""
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def lease_end(errand: Errand):
    errand.refresh_from_db()
    return errand.lease_until


@pytest.mark.django_db(transaction=True)
class TestHeartbeat:
    """The heart beats three times in each lease."""

    def test_beats_while_there_is_progress(self):
        errand = Errand.objects.create()
        token = claim(Errand, errand.pk, 3)
        first = lease_end(errand)
        with Heartbeat(Errand, errand.pk, token, lease_seconds=3, stall_limit=30) as heartbeat:
            until(lambda: lease_end(errand) > first)
            assert lease_end(errand) > db_now()
            assert not heartbeat.lost

    def test_stops_without_progress(self):
        errand = Errand.objects.create()
        token = claim(Errand, errand.pk, 0.6)
        with Heartbeat(Errand, errand.pk, token, lease_seconds=0.6, stall_limit=0.1):
            until(lambda: lease_end(errand) < db_now())
            assert claim(Errand, errand.pk, 60)

    def test_sees_that_the_lease_was_lost(self):
        errand = Errand.objects.create()
        token = claim(Errand, errand.pk, 0.6)
        put_back(errand, 1)
        claim(Errand, errand.pk, 60)
        with Heartbeat(Errand, errand.pk, token, lease_seconds=0.6, stall_limit=30) as heartbeat:
            until(lambda: heartbeat.lost)

    def test_ends_with_its_block(self):
        errand = Errand.objects.create()
        token = claim(Errand, errand.pk, 0.6)
        with Heartbeat(Errand, errand.pk, token, lease_seconds=0.6, stall_limit=30) as heartbeat:
            pass
        assert not heartbeat._thread.is_alive()
