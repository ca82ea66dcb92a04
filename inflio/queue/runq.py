"""Supervisor of one qcluster: restarts it at any end, cures a wedged one, and lets no orphan live."""

import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

from django.db import close_old_connections

from inflio.queue.process import FORKS_DIE, StopSignal, has_exited, kill_group, start_in_own_session
from inflio.queue.pulse import PULSE_FILE
from inflio.queue.wake import send_canary

log = logging.getLogger(__name__)
CHECK_SECONDS = 0.25
BACKOFF_SECONDS = (0.5, 30.0)
LIVED_SECONDS = 10.0  # a cluster that lived this long starts the back-off anew
START_SECONDS = (30.0, 480.0)  # least and most that a cluster gets before its first sign of life


class Pulse:
    """Watches the signs of life of a cluster's workers; after `stale / 2` of silence it sends them canaries.

    A worker shows life when it takes a task, ends one, or renews a lease, so one long job is no silence while it
    makes progress. Silence counts from the first canary that the broker took: with no broker nobody is blamed. Until
    the first sign of life the limit is `start`, where that is longer: a start takes its time on a busy machine.
    """

    def __init__(
        self,
        path: str,
        stale: float,
        canary: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
        start: float = 0.0,
    ) -> None:
        self._path = path
        self._stale = stale
        self._start = max(start, stale)
        self._canary = canary
        self._clock = clock
        self._seen = os.stat(path).st_mtime_ns
        self._last_life = self._last_try = clock()
        self._unanswered: list[float] = []
        self.has_begun = False  # it has shown life at least once

    def is_wedged(self) -> bool:
        """Look once; True if the workers left several canaries untouched for half of the stale time."""
        now = self._clock()
        if (mark := os.stat(self._path).st_mtime_ns) != self._seen:
            self._seen, self._last_life, self._unanswered, self.has_begun = mark, now, [], True
        if now - self._last_life < self.limit / 2:
            return False
        if now - self._last_try >= self.limit / 20:
            self._last_try = now
            if self._canary():
                self._unanswered.append(now)
            else:
                self._unanswered = []
        silent = now - self._last_life >= self.limit
        return silent and len(self._unanswered) > 2 and now - self._unanswered[0] >= self.limit * 0.45

    @property
    def limit(self) -> float:
        """Seconds of silence that are too many now."""
        return self._stale if self.has_begun else self._start


def supervise(*, cluster: str, stale: float, grace: float, stop: StopSignal) -> None:
    """Keep one qcluster running until told to stop; then let its tasks finish for `grace` seconds at most."""
    wait, longest = BACKOFF_SECONDS
    start = START_SECONDS[0]
    while not stop.is_set:
        started = time.monotonic()
        has_begun = _live(cluster, stale, start, grace, stop)
        start = START_SECONDS[0] if has_begun else longer_start(start)
        if time.monotonic() - started >= LIVED_SECONDS:
            wait = BACKOFF_SECONDS[0]
        if not stop.wait(wait):
            log.warning("Cluster %s is started again", cluster)
        wait = min(wait * 2, longest)


def longer_start(seconds: float) -> float:
    """Seconds for the next start after one that showed no life: it may be the machine that is slow, and to kill each
    start half-way would make it slower still."""
    return min(seconds * 2, START_SECONDS[1])


def _live(cluster: str, stale: float, start: float, grace: float, stop: StopSignal) -> bool:
    """Run one qcluster from its start until nothing of it is left; whether it has shown life."""
    with tempfile.NamedTemporaryFile(prefix=f"inflio-{cluster}-") as pulse_file:
        process = _start(cluster, pulse_file.name)
        pulse = Pulse(pulse_file.name, stale, lambda: _send_canary(cluster), start=start)
        try:
            while not has_exited(process) and not stop.wait(CHECK_SECONDS):
                if pulse.is_wedged():
                    log.error("Cluster %s is wedged: no sign of life for %.0f s; killing it", cluster, pulse.limit)
                    return pulse.has_begun
            if not has_exited(process):
                _finish(process, grace, stop)
            return pulse.has_begun
        finally:
            status = kill_group(process)
            log.info("Cluster %s ended (status %s)", cluster, status)


def _start(cluster: str, pulse_path: str) -> subprocess.Popen:
    """Start qcluster; its name must be in the environment, as its --name option is read too late on Linux."""
    env = os.environ | {"Q_CLUSTER_NAME": cluster, FORKS_DIE: "1", PULSE_FILE: pulse_path}
    process = start_in_own_session([sys.executable, sys.argv[0], "qcluster"], env=env)
    log.info("Cluster %s started (process %d)", cluster, process.pid)
    return process


def _finish(process: subprocess.Popen, grace: float, stop: StopSignal) -> None:
    """Ask only the main process to end: sent to all, the signal kills workers in mid-task and hangs the rest."""
    process.send_signal(signal.SIGTERM)
    end = time.monotonic() + grace
    while not has_exited(process) and not stop.hurry and time.monotonic() < end:
        time.sleep(0.05)


def _send_canary(cluster: str) -> bool:
    close_old_connections()
    return send_canary(cluster)
