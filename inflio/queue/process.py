"""Child processes that cannot be orphaned: own session, death with the parent, and the end of a whole group."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

FORKS_DIE = "INFLIO_FORKS_DIE"
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_before_fork = 0


def set_pdeathsig(parent: int, number: int = signal.SIGKILL) -> None:
    """Ask the kernel for `number` when the parent dies; leave at once if process `parent` is dead already.

    Linux only; elsewhere the end of a group is left to `kill_group`. Call it in the child, after the fork.
    """
    if _libc is None:
        return
    if _libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:
        os._exit(1)


def start_in_own_session(
    command: Sequence[str], *, env: Mapping[str, str] | None = None, **options
) -> subprocess.Popen:
    """Start a command as leader of its own session, killed by the kernel if the calling thread or process ends."""
    parent = os.getpid()
    return subprocess.Popen(
        command, env=env, start_new_session=True, preexec_fn=lambda: set_pdeathsig(parent), **options
    )


class StopSignal:
    """Turns SIGTERM and SIGINT into a flag that a loop looks at; a second signal sets `hurry`."""

    def __init__(self) -> None:
        self.is_set = False
        self.hurry = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._receive)

    def wait(self, seconds: float) -> bool:
        """Sleep up to `seconds`, less if told to stop; return whether to stop."""
        end = time.monotonic() + seconds
        while not self.is_set and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.1))
        return self.is_set

    def _receive(self, *_) -> None:
        self.hurry = self.is_set
        self.is_set = True


def has_exited(process: subprocess.Popen) -> bool:
    """Tell whether a child has ended without reaping it, so that its number still names its group."""
    if process.returncode is not None:
        return True
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def kill_group(process: subprocess.Popen) -> int:
    """Kill everything in the group that `start_in_own_session` made; return the leader's exit status."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # nothing is left, or only the dead leader (macOS)
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def forks_die_with_parent() -> None:
    """Under a supervisor, tie each later fork of this process, and of its forks, to the life of its parent.

    django-q2's sentinel and workers are forked without such a tie: they survive a killed parent and go on working.
    """
    if os.environ.get(FORKS_DIE):
        os.register_at_fork(before=_remember_parent, after_in_child=_tie_to_parent)


def _remember_parent() -> None:
    global _before_fork
    _before_fork = os.getpid()


def _tie_to_parent() -> None:
    set_pdeathsig(_before_fork)
