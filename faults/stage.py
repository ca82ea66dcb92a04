"""A stage for one fault trial: its own database, broker and files, real processes on it, and a look at the truth."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from faults.backends import Backend
from inflio.queue.process import kill_group, start_in_own_session

ROOT = Path(__file__).resolve().parent.parent
SHRUNK = {  # seconds; the same constants as in production, only shorter
    "INFLIO_LEASE_SECONDS": "3",
    "INFLIO_HEARTBEAT_STALL_SECONDS": "20",
    "INFLIO_REDISPATCH_SECONDS": "2",
    "INFLIO_CANARY_STALE_SECONDS": "5",
    "INFLIO_MAX_ATTEMPTS": "3",
}


class Stage:
    """Starts and kills the product's processes and reads rows past Django, as an outsider sees them."""

    def __init__(self, folder: Path, backend: Backend, **changes: str) -> None:
        self.folder = folder
        self.backend = backend
        self._processes: list[subprocess.Popen] = []
        self._var = folder / "var"
        self._var.mkdir()
        self._run_log = folder / "runs.log"
        self._run_log.touch()
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("INFLIO_")},
            **{"DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "inflio.settings")},
            "INFLIO_VAR": str(self._var),
            "INFLIO_TRIAL_ENGINE": "1",
            "INFLIO_TRIAL_LOG": str(self._run_log),
            "INFLIO_SECRET_KEY": "only-for-fault-trials-" + "x" * 40,
            **SHRUNK,
            **backend.open(folder),
            **changes,
        }

    def start(self, *command: str) -> subprocess.Popen:
        """Start a management command as leader of its own session."""
        with self.log_path.open("ab") as log:
            process = start_in_own_session(
                [sys.executable, "manage.py", *command], env=self.env, cwd=ROOT, stdout=log, stderr=log
            )
        self._processes.append(process)
        return process

    def start_all(self, *clusters: str) -> None:
        """Start a ticker and the supervisors of these clusters (of `default` if none is named)."""
        self.start("ticker", "--interval", "0.5")
        for cluster in clusters or ("default",):
            self.start("runq", "--name", cluster)

    def order(self, *jobs: dict[str, Any], die: str = "") -> None:
        """Order jobs in a process of their own, which may die after the commit."""
        command = [sys.executable, "-m", "faults.orders", json.dumps({"jobs": jobs, "die": die})]
        ended = subprocess.run(
            command, env=self.env, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
        )
        assert ended.returncode == (-signal.SIGKILL if die else 0), ended.stderr

    def close(self) -> list[psutil.Process]:
        """Kill what the trial started; return those that outlived their parent by ten seconds, killed now too."""
        for process in self._processes:
            kill_group(process)
        orphans = self.wait_for_end(self.processes(), 10)
        kill(*orphans)
        self.backend.close()
        return orphans

    # What runs

    @property
    def log_path(self) -> Path:
        """Output of all processes."""
        return self.folder / "processes.log"

    def log(self) -> str:
        """Return what all processes wrote so far."""
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def processes(self) -> list[psutil.Process]:
        """Every living process of this stage, found by its environment, whoever its parent and session are."""
        mine = f"INFLIO_VAR={self._var}".encode()
        return [process for process in psutil.process_iter() if mine in _environment(process) and is_alive(process)]

    def families(self) -> list[list[psutil.Process]]:
        """Each qcluster: its main process, its sentinel, then workers, monitor and pusher."""
        clusters = [process for process in self.processes() if _line(process)[-1:] == [b"qcluster"]]
        pids = {process.pid for process in clusters}
        parents = {process: _parent(process) for process in clusters}
        mains = [process for process, parent in parents.items() if parent not in pids]
        families = []
        for main in mains:
            sentinels = [process for process, parent in parents.items() if parent == main.pid]
            heads = {process.pid for process in sentinels}
            families.append([main, *sentinels, *(process for process in clusters if parents[process] in heads)])
        return families

    def wait_for_end(self, processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
        """Return the processes that are still alive after `seconds`."""
        end = time.monotonic() + seconds
        while (alive := [process for process in processes if is_alive(process)]) and time.monotonic() < end:
            time.sleep(0.05)
        return alive

    # What happened

    def wait_until(self, condition: Callable[[], Any], what: str, seconds: float = 120) -> Any:
        """Wait for a condition and return its value; fails with the log's end after `seconds`."""
        end = time.monotonic() + seconds
        while not (value := condition()):
            assert time.monotonic() < end, f"{what}: not within {seconds} s\n{self.jobs()}\n{self.log()[-4000:]}"
            time.sleep(0.1)
        return value

    def wait_until_over(self, seconds: float = 180) -> None:
        """Wait until no job is open."""
        self.wait_until(lambda: not self.open_jobs(), "all jobs over", seconds)

    def runs(self) -> list[tuple[str, str, int]]:
        """Lines of the run log: (start, end or an exception's name; job; process number)."""
        lines = [line.split() for line in self._run_log.read_text().splitlines()]
        return [(event, name, int(pid)) for event, name, pid, _ in lines]

    def count(self, event: str) -> Counter:
        """How often each job had this event."""
        return Counter(name for what, name, _ in self.runs() if what == event)

    def at_work(self) -> dict[str, int]:
        """Jobs in the middle of their work, each with the process number of its living worker."""
        last = {name: (event, pid) for event, name, pid in self.runs()}
        alive = {process.pid for process in psutil.process_iter() if is_alive(process)}
        return {name: pid for name, (event, pid) in last.items() if event == "start" and pid in alive}

    def open_jobs(self) -> int:
        """How many jobs are queued or running."""
        return self.backend.rows("SELECT count(*) FROM generation_job WHERE state IN ('queued', 'running')")[0][0]

    def jobs(self) -> dict[str, tuple[str, int]]:
        """State and attempts of each job, by name."""
        rows = self.backend.rows("SELECT title, state, attempt FROM generation_job")
        return {title: (state, attempt) for title, state, attempt in rows}

    def assert_exact(self) -> None:
        """Prove that every job is over, made its picture once, and was paid for once or given back."""
        rows = self.backend.rows
        assert self.open_jobs() == 0
        settled = "SELECT {} FROM generation_job j LEFT JOIN billing_creditentry e ON e.reference = 'job:' || j.id"
        kinds: dict[tuple[int, str], Counter] = {}
        for pk, state, kind in rows(settled.format("j.id, j.state, e.kind")):
            kinds.setdefault((pk, state), Counter())[kind] += 1
        for (pk, state), entries in kinds.items():
            end = "capture" if state == "done" else "refund"
            assert entries == {"reserve": 1, end: 1}, f"job {pk} is {state} and its ledger is {dict(entries)}"
        assets = rows("SELECT reference, count(*) FROM media_asset GROUP BY reference")
        done = rows("SELECT 'job:' || id, 1 FROM generation_job WHERE state = 'done'")
        assert sorted(assets) == sorted(done)
        balances = rows(
            "SELECT a.available, sum(e.amount) FROM billing_creditaccount a"
            " JOIN billing_creditentry e ON e.account_id = a.id GROUP BY a.id, a.available"
        )
        assert balances
        assert all(available == total for available, total in balances), balances


def kill(*processes: psutil.Process) -> None:
    """SIGKILL processes; one that has just ended is no error."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def is_alive(process: psutil.Process) -> bool:
    """Tell whether a process still runs; one that is dead and not yet reaped does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _environment(process: psutil.Process) -> list[bytes]:
    return _read(process, "environ").split(b"\0")


def _line(process: psutil.Process) -> list[bytes]:
    return _read(process, "cmdline").rstrip(b"\0").split(b"\0")


def _parent(process: psutil.Process) -> int | None:
    try:
        return process.ppid()
    except psutil.NoSuchProcess:
        return None


def _read(process: psutil.Process, name: str) -> bytes:
    try:
        return Path(f"/proc/{process.pid}/{name}").read_bytes()
    except OSError:  # it has just ended, or belongs to somebody else
        return b""
