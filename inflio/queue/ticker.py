"""The ticker: wakes every row that is due and held by nobody, and runs the periodic hooks. Any number may run."""

import inspect
import logging
import math
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connections
from django.db.models import F, Q, QuerySet
from django.utils.module_loading import import_string

from inflio.queue.clock import ClockGuard
from inflio.queue.conf import CLUSTERS
from inflio.queue.leases import db_now, unclaimed
from inflio.queue.models import PeriodicRun
from inflio.queue.process import StopSignal
from inflio.queue.wake import model_of, send, waiting

log = logging.getLogger(__name__)
BACKLOG = 60  # more hints than this in a cluster's queue would make no worker busier
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
BUILT_IN = {"inflio.queue.wake.prune_failures": 3600.0}


def wake_due() -> int:
    """Wake the due, unclaimed rows of every kind; return how many wake-ups were sent."""
    return sum(_wake_due(kind, cluster) for kind in settings.QUEUE_KINDS for cluster in CLUSTERS)


def _wake_due(kind: str, cluster: str) -> int:
    now = db_now()
    rows = _not_just_woken(unclaimed(_of_cluster(kind, cluster), now), now)
    candidates = _longest_due(rows)
    if not candidates:
        return 0
    room = BACKLOG - waiting(cluster)
    sent = 0
    for pk in candidates[: max(room, 0)]:
        # The same conditions again, in the UPDATE: of several tickers, one sends.
        if rows.filter(pk=pk).update(dispatched_at=now):
            sent += send(kind, pk, cluster)
    return sent


def _longest_due(rows: QuerySet) -> list[int]:
    """Keys of the rows that have waited longest, at most BACKLOG.

    One question for each state: its index gives those in order, however many rows lie ahead or are over. For all states
    at once SQLite would read the whole table, once its statistics say that most rows share a state.
    """
    due = []
    for state in rows.model.OPEN:
        of_state = rows.filter(state=state).order_by("available_at")
        due += of_state.values_list("available_at", "pk")[:BACKLOG]
    return [pk for _, pk in sorted(due)[:BACKLOG]]


def _not_just_woken(rows: QuerySet, now: datetime) -> QuerySet:
    """Drop rows whose last wake-up is recent and was sent when they were due already."""
    recently = now - timedelta(seconds=settings.REDISPATCH_SECONDS)
    return rows.filter(Q(dispatched_at=None) | Q(dispatched_at__lt=recently) | Q(dispatched_at__lt=F("available_at")))


def _of_cluster(kind: str, cluster: str) -> QuerySet:
    model = model_of(kind)
    rows = model._default_manager.all()
    if isinstance(model.cluster, str):  # the same for all rows of this kind
        return rows if model.cluster == cluster else rows.none()
    return rows.filter(cluster=cluster)


def run_hooks(until: float = math.inf) -> None:
    """Run each periodic hook whose time has come; one that fails is logged and stops no other.

    until: monotonic time after which none begins. Those that ran longest ago come first, so that each has its turn.
    """
    now = db_now()
    ran = dict(PeriodicRun.objects.values_list("hook", "ran_at"))
    hooks = BUILT_IN | settings.QUEUE_PERIODIC
    for hook in sorted(hooks, key=lambda hook: ran.get(hook, LONG_AGO)):
        last_turn = now - timedelta(seconds=hooks[hook])
        if time.monotonic() < until and ran.get(hook, LONG_AGO) <= last_turn and _take_turn(hook, now, last_turn):
            PeriodicRun.objects.filter(hook=hook).update(error=_run_hook(hook, until)[:500])


def _take_turn(hook: str, now: datetime, last_turn: datetime) -> bool:
    """Of all tickers, let one run the hook now; the shared record also survives restarts."""
    if PeriodicRun.objects.filter(hook=hook, ran_at__lte=last_turn).update(ran_at=now):
        return True
    return PeriodicRun.objects.get_or_create(hook=hook, defaults={"ran_at": now})[1]


def _run_hook(hook: str, until: float) -> str:
    """Call it; one that takes `seconds` gets what is left of them, else it keeps to its own measure."""
    try:
        work = import_string(hook)
        takes_seconds = until < math.inf and "seconds" in inspect.signature(work).parameters
        work(**({"seconds": until - time.monotonic()} if takes_seconds else {}))
    except Exception as error:
        log.exception("Periodic hook %s failed", hook)
        return f"{type(error).__name__}: {error}"
    return ""


class Ticker:
    """Both duties once a second; hooks have a thread of their own, so that a slow one delays no wake-up."""

    def __init__(self, interval: float = 1.0, clock: ClockGuard | None = None) -> None:
        self._interval = interval
        self._clock = clock or ClockGuard(db_now)
        self._steady = False
        self._errors: dict[str, str] = {}

    def run(self, stop: StopSignal) -> None:
        """Tick until told to stop."""
        threading.Thread(target=self._run_hooks_for_ever, name="periodic-hooks", daemon=True).start()
        while not stop.wait(self._interval):
            self.tick()

    def tick(self) -> int:
        """Send what is due now and return how many wake-ups that were; what fails is tried at the next tick."""
        self._steady = self._attempt("clock", self._clock.is_steady) or False
        return (self._attempt("wake-ups", wake_due) or 0) if self._steady else 0

    def _run_hooks_for_ever(self) -> None:
        while True:
            if self._steady:
                self._attempt("hooks", run_hooks)
            time.sleep(self._interval)

    def _attempt(self, duty: str, work: Callable[[], Any]) -> Any:
        """Do one duty; None if it failed, told once with its traceback and not again each second."""
        try:
            close_old_connections()
            result = work()
        except Exception as error:
            if self._errors.get(duty) != repr(error):
                log.exception("The ticker's %s failed; trying again every %g s", duty, self._interval)
            self._errors[duty] = repr(error)
            connections.close_all()
            return None
        if self._errors.pop(duty, None):
            log.info("The ticker's %s work again", duty)
        return result
