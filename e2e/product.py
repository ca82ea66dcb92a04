"""The real product as a user starts it: `manage.py dev` with data of its own on a free port."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 240
CHILDREN = {
    "gunicorn": "web",
    "--name default": "default",
    "--name gpu": "gpu",
    "ticker": "ticker",
    " sandbox --port": "sandbox",
}


class Product:
    """Web, both worker clusters, the ticker and the sandbox, started by one command; what it says goes into `log`."""

    def __init__(self, var: Path, *options: str, **environment: str) -> None:
        var.mkdir(parents=True, exist_ok=True)
        self.var = var
        self.log = var / "dev.log"
        self.url = ""
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "dev", "--port", "0", *options],
                cwd=ROOT,
                env=os.environ | {"INFLIO_VAR": str(var)} | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait_until_it_runs(self) -> "Product":
        """Return when the web answers and every worker is there; AssertionError with the log when not."""
        self.url = self.wait_for_line(r"Inflio runs at (http://\S+)/")[1]
        self.wait_until(lambda: set(self.children()) == set(CHILDREN.values()) and len(self.family()) > 12)
        return self

    def wait_for_line(self, pattern: str) -> re.Match:
        """Return the first match in the log, waiting for it."""
        self.wait_until(lambda: re.search(pattern, self.said(), re.MULTILINE))
        return re.search(pattern, self.said(), re.MULTILINE)

    def wait_until(self, condition, seconds: float = START_SECONDS) -> None:
        """Wait for a condition; AssertionError when it does not come true, or the product has ended."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, f"it ended:\n{self.said()}"
            assert time.monotonic() < deadline, f"waited in vain:\n{self.said()}"
            time.sleep(0.1)

    def said(self) -> str:
        """Everything it has written so far."""
        return self.log.read_text(errors="replace")

    def children(self) -> dict[str, psutil.Process]:
        """The direct children by name."""
        lines = {child: " ".join(child.cmdline()) for child in psutil.Process(self.process.pid).children()}
        return {name: child for child, line in lines.items() for part, name in CHILDREN.items() if part in line}

    def family(self) -> list[psutil.Process]:
        """Everything that it started, directly or not."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def workers(self, cluster: str) -> list[psutil.Process]:
        """The processes of a cluster that take tasks: the children of django-q2's sentinel."""
        main = self.children()[cluster].children()
        return [worker for process in main for sentinel in process.children() for worker in sentinel.children()]

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=60)
