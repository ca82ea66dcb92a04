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


class Pulse:
    """Watches the signs of life of a cluster's workers; after `stale / 2` of silence it sends them canaries.

    A worker shows life when it takes a task, ends one, or renews a lease, so one long job is no silence while it
    makes progress. Silence counts from the first canary that the broker took: with no broker nobody is blamed.
    """

    def __init__(
        self, path: str, stale: float, canary: Callable[[], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._path = path
        self._stale = stale
        self._canary = canary
        self._clock = clock
        self._seen = os.stat(path).st_mtime_ns
        self._last_life = self._last_try = clock()
        self._unanswered: list[float] = []

    def is_wedged(self) -> bool:
        """Look once; True if the workers left several canaries untouched for half of the stale time."""
        now = self._clock()
        if (mark := os.stat(self._path).st_mtime_ns) != self._seen:
            self._seen, self._last_life, self._unanswered = mark, now, []
        if now - self._last_life < self._stale / 2:
            return False
        if now - self._last_try >= self._stale / 20:
            self._last_try = now
            if self._canary():
                self._unanswered.append(now)
            else:
                self._unanswered = []
        silent = now - self._last_life >= self._stale
        return silent and len(self._unanswered) > 2 and now - self._unanswered[0] >= self._stale * 0.45


def supervise(*, cluster: str, stale: float, grace: float, stop: StopSignal) -> None:
    """Keep one qcluster running until told to stop; then let its tasks finish for `grace` seconds at most."""
    wait, longest = BACKOFF_SECONDS
    while not stop.is_set:
        started = time.monotonic()
        _live(cluster, stale, grace, stop)
        if time.monotonic() - started >= LIVED_SECONDS:
            wait = BACKOFF_SECONDS[0]
        if not stop.wait(wait):
            log.warning("Cluster %s is started again", cluster)
        wait = min(wait * 2, longest)


def _live(cluster: str, stale: float, grace: float, stop: StopSignal) -> None:
    """Run one qcluster from its start until nothing of it is left."""
    with tempfile.NamedTemporaryFile(prefix=f"inflio-{cluster}-") as pulse_file:
        process = _start(cluster, pulse_file.name)
        pulse = Pulse(pulse_file.name, stale, lambda: _send_canary(cluster))
        try:
            while not has_exited(process) and not stop.wait(CHECK_SECONDS):
                if pulse.is_wedged():
                    log.error("Cluster %s is wedged: no sign of life for %.0f s; killing it", cluster, stale)
                    return
            if not has_exited(process):
                _finish(process, grace, stop)
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
