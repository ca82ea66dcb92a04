"""Workers are killed in the middle of paid calls: before the provider has it, after, while it is asked for."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest

from faults.backends import ROOT
from inflio.generation.tests.emulators.base import Drop, Reply
from inflio.generation.tests.emulators.fal import KEY, FalEmulator

pytestmark = pytest.mark.faults
KILLS = (("submit", "kill"), ("submit", "kill_after"), ("poll", "kill"), ("file", "kill"), ("file", "kill_after"))


class Killer(FalEmulator):
    """A fal that kills whoever calls it: "kill" before the request takes effect, "kill_after" when it has."""

    victim: subprocess.Popen

    def play_own(self, fault: str, act: Callable[[], Reply]) -> Reply:
        self.victim.send_signal(signal.SIGKILL)
        self.victim.wait(60)
        raise Drop


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_killed_worker_never_pays_twice(backend, tmp_path, record_property):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "inflio.settings",
        "INFLIO_VAR": str(tmp_path),
        "INFLIO_LEASE_SECONDS": "2",
        "INFLIO_FAL_KEY": KEY,
        **backend.open(tmp_path),
    }
    with Killer() as fal:
        environment["INFLIO_FAL_URL"] = fal.url

        def work(*names: str) -> int:
            fal.victim = subprocess.Popen([sys.executable, "-m", "faults.paid", *names], cwd=ROOT, env=environment)
            return fal.victim.wait(120)

        for kind, fault in KILLS:
            fal.order(kind, *([None] if kind == "poll" else []), fault)
            assert work(f"{kind} {fault}") == -signal.SIGKILL
            assert kind == "submit" or work() == 0  # the next worker after a killed submit ends both jobs
        marks = [effect.mark.partition("|")[0] for effect in fal.effects]
    states = dict(backend.rows("SELECT title, state FROM generation_job"))
    lost = {"submit kill", "submit kill_after"}  # nobody can tell whether these were paid: refunded, not sent again
    assert states == {name: "failed" if name in lost else "done" for name in map(" ".join, KILLS)}
    assert sorted(marks) == sorted(set(states) - {"submit kill"})
    calls = backend.rows("SELECT state, count(*) FROM generation_providercall GROUP BY state ORDER BY state")
    assert calls == [("answered", 3), ("lost", 2)]
    entries = "SELECT kind, count(*) FROM billing_creditentry WHERE reference LIKE 'job:%' GROUP BY kind ORDER BY kind"
    assert backend.rows(entries) == [("capture", 3), ("refund", 2), ("reserve", 5)]
    record_property("result", f"paid calls: {len(KILLS)} workers killed, 0 doubled, ledger exact")
