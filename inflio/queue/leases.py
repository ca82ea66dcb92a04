"""Who may work on a row: claims, fenced writes and heartbeats, all on the database's clock."""

import logging
import threading
import time
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connections, models, router
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from inflio.queue.models import Leased
from inflio.queue.pulse import beat

log = logging.getLogger(__name__)


class LostLease(Exception):
    """Another worker holds the row now; whoever sees this stops and writes nothing more."""


def db_now(using: str = "default") -> datetime:
    """Return the time by the database's clock, the only one that leases and due times are compared with."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def unclaimed(rows: QuerySet, now: datetime) -> QuerySet:
    """Keep the rows that are unfinished, due, and held by nobody."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    return rows.filter(free, state__in=rows.model.OPEN, available_at__lte=now)


def claim(rows: type[Leased] | QuerySet, pk, lease_seconds: float | None = None) -> str | None:
    """Take a due row for `lease_seconds`, counting the attempt; return the token, or None if it is not to be had.

    One conditional UPDATE: of any number of workers, exactly one gets the row.
    """
    rows = _queryset(rows)
    now, token = db_now(rows.db), uuid.uuid4().hex
    taken = unclaimed(rows.filter(pk=pk), now).update(
        lease_token=token, lease_until=now + _lease(lease_seconds), attempt=F("attempt") + 1
    )
    return token if taken else None


def fenced(rows: type[Leased] | QuerySet, pk, token: str, **changes) -> None:
    """Write to a claimed row; raise LostLease, having changed nothing, if another worker took it over."""
    if not token or not _queryset(rows).filter(pk=pk, lease_token=token).update(**changes):
        raise LostLease(f"{_queryset(rows).model.__name__} {pk}: the lease is lost")


def renew(rows: type[Leased] | QuerySet, pk, token: str, lease_seconds: float | None = None) -> None:
    """Hold a claimed row for another `lease_seconds` from now; raise LostLease if it is lost."""
    rows = _queryset(rows)
    fenced(rows, pk, token, lease_until=db_now(rows.db) + _lease(lease_seconds))


def release(rows: type[Leased] | QuerySet, pk, token: str, **changes) -> None:
    """Write to a claimed row and let it go, in one UPDATE; an unfinished row may be woken again at once."""
    fenced(rows, pk, token, lease_token="", lease_until=None, dispatched_at=None, **changes)


class Heartbeat:
    """Keeps a lease alive from a thread with its own connection, for as long as the work makes progress.

    with Heartbeat(Job, pk, token) as heartbeat: call `heartbeat.progress()` at each step and stop when
    `heartbeat.lost` is true. Work that shows no progress for `stall_limit` seconds loses its lease by itself.
    """

    def __init__(
        self,
        model: type[Leased],
        pk,
        token: str,
        *,
        lease_seconds: float | None = None,
        stall_limit: float | None = None,
    ) -> None:
        self.lost = False
        self._row = (model, pk, token)
        self._lease_seconds = lease_seconds or settings.LEASE_SECONDS
        self._stall_limit = stall_limit or settings.HEARTBEAT_STALL_SECONDS
        self._last_progress = time.monotonic()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"heartbeat-{pk}", daemon=True)

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(self, *exc_info) -> None:
        self._done.set()
        self._thread.join(self._lease_seconds)

    def progress(self) -> None:
        """Say that the work moved on."""
        self._last_progress = time.monotonic()

    def _run(self) -> None:
        using = router.db_for_write(self._row[0])
        try:
            while not self.lost and not self._done.wait(self._lease_seconds / 3):
                if time.monotonic() - self._last_progress < self._stall_limit:
                    self._renew(using)
        finally:
            connections[using].close()

    def _renew(self, using: str) -> None:
        try:
            renew(*self._row, self._lease_seconds)
            beat()
        except LostLease:
            self.lost = True
        except DatabaseError as error:
            log.warning("Heartbeat of %s %s: %s; trying again", self._row[0].__name__, self._row[1], error)
            connections[using].close()


def _queryset(rows: type[models.Model] | QuerySet) -> QuerySet:
    """Return a queryset on the database that is written to."""
    queryset = rows if isinstance(rows, QuerySet) else rows._default_manager.all()
    return queryset.using(router.db_for_write(queryset.model))


def _lease(seconds: float | None) -> timedelta:
    return timedelta(seconds=seconds or settings.LEASE_SECONDS)
