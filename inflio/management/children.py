"""Several long-running commands under one roof: their lines marked with their names, restarts, and an end together."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from inflio.queue.process import StopSignal, has_exited, kill_group, start_in_own_session

COLOURS = {"web": 36, "default": 32, "gpu": 35, "ticker": 34, "sandbox": 33}
LOOK_SECONDS = 0.2
BACKOFF_SECONDS = (1.0, 30.0)
LIVED_SECONDS = 20.0  # a child that lived this long starts the back-off anew
GRACE_SECONDS = 8.0


class Child:
    """One command: `start` it again and again; `read` gives its complete lines so far."""

    def __init__(self, name: str, command: Sequence[str], **options) -> None:
        self.name = name
        self._command = command
        self._options = options
        self._rest = b""
        self._wait = BACKOFF_SECONDS[0]
        self.process: subprocess.Popen | None = None
        self.start_at = 0.0

    def start(self) -> None:
        """Start the command in a session of its own; the kernel kills it should this process die."""
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        self.process = start_in_own_session(self._command, **pipes, **self._options)
        os.set_blocking(self.process.stdout.fileno(), False)
        self._started = time.monotonic()

    def read(self) -> list[str]:
        """Return the lines written since the last call; an unfinished one waits for its end."""
        *lines, self._rest = (self._rest + (self.process.stdout.read() or b"")).split(b"\n")
        return [line.decode(errors="replace") for line in lines]

    def end(self) -> int:
        """Kill what is left of the command and everything it started; return its exit status."""
        status = kill_group(self.process)
        self.process.stdout.close()
        self.process = None
        return status

    def wait_before_restart(self) -> float:
        """Choose when to start again, later each time it dies young; return the seconds until then."""
        shortest, longest = BACKOFF_SECONDS
        wait = shortest if time.monotonic() - self._started >= LIVED_SECONDS else self._wait
        self._wait = min(wait * 2, longest)
        self.start_at = time.monotonic() + wait
        return wait


class Household:
    """All children of one foreground command; `write` gets each line that is to be shown."""

    def __init__(self, children: Sequence[Child], stop: StopSignal, write: Callable[[str], None]) -> None:
        self._children = children
        self._stop = stop
        self._write = write
        self._width = max(len(child.name) for child in children)
        self._colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self._ready = selectors.DefaultSelector()

    def look(self) -> None:
        """Start what is due, show what was written, notice who died; takes up to LOOK_SECONDS."""
        for child in self._children:
            if child.process is None and time.monotonic() >= child.start_at:
                child.start()
                self._ready.register(child.process.stdout, selectors.EVENT_READ, child)
        for key, _ in self._ready.select(LOOK_SECONDS):
            self._show(key.data)
        for child in self._children:
            if child.process and has_exited(child.process):
                status = self._end(child)
                wait = child.wait_before_restart()
                self._write(f"{child.name} ended unexpectedly (status {status}); starting it again in {wait:.0f} s.")

    def restart(self) -> None:
        """End all and start all again, as after a change of the code."""
        self.end()
        for child in self._children:
            child.start_at = 0.0

    def end(self) -> None:
        """Ask all to finish, show their last lines, and kill what is left after GRACE_SECONDS or a second signal."""
        living = [child for child in self._children if child.process]
        for child in living:
            if not has_exited(child.process):
                child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        while not self._stop.hurry and time.monotonic() < deadline and not all_exited(living):
            for key, _ in self._ready.select(LOOK_SECONDS / 4):
                self._show(key.data)
        for child in living:
            self._end(child)

    def _end(self, child: Child) -> int:
        self._show(child)
        self._ready.unregister(child.process.stdout)
        return child.end()

    def _show(self, child: Child) -> None:
        mark = f"{child.name:<{self._width}} |"
        if self._colour:
            mark = f"\x1b[{COLOURS.get(child.name, 37)}m{mark}\x1b[0m"
        for line in child.read():
            self._write(f"{mark} {line}")


def all_exited(children: Sequence[Child]) -> bool:
    """Whether every child has ended by itself."""
    return all(has_exited(child.process) for child in children)
