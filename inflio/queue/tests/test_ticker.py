"""The ticker: wakes what is due, never twice in a row, and keeps going whatever fails."""

import logging
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ

from inflio.queue import ticker as ticker_module
from inflio.queue.clock import ClockGuard
from inflio.queue.leases import claim
from inflio.queue.models import PeriodicRun
from inflio.queue.tests import errands
from inflio.queue.tests.conftest import Errand
from inflio.queue.ticker import BACKLOG, Ticker, run_hooks, wake_due

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("errands_only")]
NOTE = "inflio.queue.tests.errands.note"
FAIL = "inflio.queue.tests.errands.fail"
MEASURE = "inflio.queue.tests.errands.measure"


def sent() -> list[tuple[str, int]]:
    """(cluster, key) of each wake-up that waits, oldest first."""
    return [(message.key, message.task["args"][1]) for message in OrmQ.objects.order_by("pk")]


def ago(seconds: float):
    return timezone.now() - timedelta(seconds=seconds)


def test_due_rows_are_woken_on_their_cluster_oldest_first():
    second = Errand.objects.create(available_at=ago(1))
    first = Errand.objects.create(available_at=ago(2))
    other = Errand.objects.create(cluster="gpu")

    assert wake_due() == 3

    assert sent() == [("default", first.pk), ("default", second.pk), ("gpu", other.pk)]


def test_row_that_was_just_woken_is_left_alone():
    Errand.objects.create()
    wake_due()

    assert wake_due() == 0


def test_row_nobody_took_is_woken_again_after_the_redispatch_time(settings):
    settings.REDISPATCH_SECONDS = 10
    Errand.objects.create(available_at=ago(60), dispatched_at=ago(11))
    Errand.objects.create(available_at=ago(60), dispatched_at=ago(9))

    assert wake_due() == 1


def test_row_woken_before_it_was_due_is_woken_at_once_when_it_is():
    Errand.objects.create(dispatched_at=ago(2), available_at=ago(1))

    assert wake_due() == 1


@pytest.mark.parametrize(
    "columns",
    [{"state": "done"}, {"available_at": timezone.now() + timedelta(hours=1)}],
    ids=["finished", "not due"],
)
def test_row_without_work_to_do_is_not_woken(columns):
    Errand.objects.create(**columns)

    assert wake_due() == 0


def test_claimed_row_is_woken_only_after_its_lease():
    errand = Errand.objects.create()
    claim(Errand, errand.pk, 60)
    assert wake_due() == 0

    Errand.objects.update(lease_until=ago(1))

    assert wake_due() == 1


def test_full_queue_of_one_cluster_holds_back_only_its_own_rows():
    Errand.objects.bulk_create(Errand(cluster="gpu", available_at=ago(9)) for _ in range(BACKLOG + 5))
    assert wake_due() == BACKLOG
    errand = Errand.objects.create(cluster="default")

    assert wake_due() == 1

    assert sent()[-1] == ("default", errand.pk)


def test_kind_with_a_fixed_cluster_is_woken_there(monkeypatch):
    errand = Errand.objects.create(cluster="default")
    monkeypatch.setattr(Errand, "cluster", "gpu")

    assert wake_due() == 1

    assert sent() == [("gpu", errand.pk)]


def test_hooks_run_once_per_interval(settings):
    settings.QUEUE_PERIODIC = {NOTE: 60}
    errands.ran.clear()

    run_hooks()
    run_hooks()
    assert errands.ran == ["note"]

    PeriodicRun.objects.filter(hook=NOTE).update(ran_at=ago(61))
    run_hooks()
    assert errands.ran == ["note", "note"]


def test_failing_hook_stops_no_other_and_is_recorded(settings, caplog):
    settings.QUEUE_PERIODIC = {FAIL: 60, "no.such.hook": 60, NOTE: 60}
    errands.ran.clear()

    run_hooks()

    assert errands.ran == ["note"]
    assert PeriodicRun.objects.get(hook=FAIL).error == "RuntimeError: no luck"
    assert PeriodicRun.objects.get(hook=NOTE).error == ""
    assert f"Periodic hook {FAIL} failed" in caplog.text


def test_hooks_of_a_web_request_begin_within_its_time_and_are_told_what_is_left(settings):
    settings.QUEUE_PERIODIC = {NOTE: 60, MEASURE: 60}
    errands.ran.clear()

    run_hooks(until=time.monotonic())
    assert (errands.ran, PeriodicRun.objects.count()) == ([], 0)

    PeriodicRun.objects.create(hook=NOTE, ran_at=ago(61))
    PeriodicRun.objects.create(hook=MEASURE, ran_at=ago(90))  # has waited longer, so it comes first
    run_hooks(until=time.monotonic() + 60)
    assert errands.ran[1] == "note"
    assert 0 < errands.ran[0] <= 60


def test_hook_keeps_to_its_own_measure_in_the_ticker(settings):
    settings.QUEUE_PERIODIC = {MEASURE: 60}
    errands.ran.clear()

    run_hooks()

    assert errands.ran == [99.0]


def test_tick_wakes_what_is_due():
    Errand.objects.create()

    assert Ticker().tick() == 1


def test_tick_sends_nothing_while_the_clock_jumps():
    now = timezone.now()
    readings = iter([now, now + timedelta(hours=2)])
    ticker = Ticker(clock=ClockGuard(lambda: next(readings)))
    assert ticker.tick() == 0
    Errand.objects.create()

    assert ticker.tick() == 0


def test_tick_with_a_broker_that_is_down_is_logged_once_and_goes_on(monkeypatch, caplog):
    Errand.objects.create()
    ticker = Ticker()
    with monkeypatch.context() as down:
        down.setattr(Conf, "ORM", None)
        down.setattr(Conf, "REDIS", "redis://127.0.0.1:9/0")
        with caplog.at_level(logging.ERROR, logger=ticker_module.__name__):
            assert [ticker.tick(), ticker.tick()] == [0, 0]
    assert len(caplog.records) == 1

    assert ticker.tick() == 1
