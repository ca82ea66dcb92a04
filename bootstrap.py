"""Make .venv and install the pinned packages: standard library only, as nothing else is there yet."""

import fcntl
import hashlib
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "inflio-setup.json"
LOG = ROOT / "var" / "log" / "setup.log"
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
ROOM_NEEDED = 1_500_000_000
ROOM_LEFT_WHEN_FULL = 20_000_000

NO_VENV = (
    "This Python has no venv module: install it (Debian, Ubuntu: sudo apt-get install python3-venv), "
    "then run make again."
)
NO_ROOM = f"The disk is full: free about 1.5 GB for {ROOT}, then run make again."
NO_NETWORK = "The package index could not be reached: check the network connection, then run make again."
NO_PERMISSION = f"Files in {ROOT} could not be written: make the folder yours, then run make again."
CAUSES = (
    (r"No space left on device|Disk quota exceeded", NO_ROOM),
    (r"Permission denied|Read-only file system", NO_PERMISSION),
    (r"from versions: none|NewConnectionError|Max retries|[Nn]ame resolution|[Tt]imed out", NO_NETWORK),
)


class SetupFailed(Exception):
    """Set-up cannot go on; the message is one sentence that says what to do."""


def main(arguments: list[str]) -> int:
    """Install what running needs, with --dev also what tests need; 0, or 1 after one plain sentence."""
    requirements = REQUIREMENTS if "--dev" in arguments else REQUIREMENTS[:1]
    try:
        prepare(requirements)
    except SetupFailed as failure:
        return say(str(failure))
    except OSError as error:
        return say(explain(str(error), f"Set-up failed: {error}."))
    except KeyboardInterrupt:
        return say("Set-up was interrupted: run make again to start it afresh.")
    return 0


def say(sentence: str) -> int:
    """Write the one sentence and return the exit status that goes with it."""
    sys.stderr.write(f"{sentence}\n")
    return 1


def prepare(requirements: tuple[str, ...]) -> None:
    """Bring .venv to what the requirement files say; only a look when it is there already."""
    wanted = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in requirements}
    if is_installed(wanted):
        return
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("a+", encoding="utf-8", errors="replace") as log:
        # Each step inherits the log, and with it the lock: a second make waits until the last step ended.
        fcntl.flock(log, fcntl.LOCK_EX)
        if not is_installed(wanted):
            install(requirements, wanted, log)


def is_installed(wanted: dict[str, str]) -> bool:
    """Whether a finished set-up of these very files exists and its Python still starts."""
    stamp = read_stamp()
    return wanted.items() <= stamp.items() and stamp["python"] == venv_python()


def read_stamp() -> dict[str, str]:
    """What the last finished set-up installed; empty when there was none."""
    try:
        return json.loads(STAMP.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def venv_python() -> str:
    """Version of .venv's Python, or an empty string when it does not start."""
    command = [PYTHON, "-I", "-S", "-c", "import sys; print(sys.version)"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def install(requirements: tuple[str, ...], wanted: dict[str, str], log: TextIO) -> None:
    """Create .venv if needed, install the packages and record that all of it is done."""
    stamp = read_stamp()
    if not stamp or stamp["python"] != venv_python():
        create_venv(log)
    # No stamp while pip works, so that what an interruption leaves behind is never built upon.
    STAMP.unlink(missing_ok=True)
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--retries=2"]
    run("Installing the pinned packages (once, a minute or two)", [*pip, "-r", ROOT / requirements[-1]], log)
    if headless := opencv_for_this_machine():
        command = [*pip, "--no-deps", "--force-reinstall", headless]
        run("Replacing OpenCV by its build for machines without a display", command, log)
    finished = STAMP.with_suffix(".new")
    finished.write_text(json.dumps({**wanted, "python": venv_python()}), encoding="utf-8")
    finished.replace(STAMP)


def create_venv(log: TextIO) -> None:
    """Start from an empty .venv."""
    try:
        importlib.import_module("ensurepip")
    except ImportError:  # Debian ships Python without it, and venv would only fail halfway
        raise SetupFailed(NO_VENV) from None
    if shutil.disk_usage(ROOT).free < ROOM_NEEDED:
        raise SetupFailed(NO_ROOM)
    if VENV.exists():
        shutil.rmtree(VENV)
    run(f"Making .venv with Python {sys.version.split()[0]}", [sys.executable, "-m", "venv", VENV], log)


def opencv_for_this_machine() -> str | None:
    """The OpenCV to install instead where the pinned one misses display libraries, as on a plain server."""
    pinned = re.search(r"^opencv-python==(\S+)", (ROOT / REQUIREMENTS[0]).read_text(), re.MULTILINE)
    if not pinned:
        return None
    starts = subprocess.run([PYTHON, "-c", "import cv2"], capture_output=True, check=False).returncode == 0
    return None if starts else f"opencv-python-headless=={pinned[1]}"


def run(title: str, command: list, log: TextIO) -> None:
    """Run one step with its output in the log; SetupFailed when it fails."""
    sys.stdout.write(f"{title} … ")
    sys.stdout.flush()
    started = time.monotonic()
    begin = log.seek(0, os.SEEK_END)
    step = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False)
    if step.returncode == 0:
        sys.stdout.write(f"{time.monotonic() - started:.0f} s\n")
        return
    sys.stdout.write("failed\n")
    sys.stdout.flush()
    log.seek(begin)
    if shutil.disk_usage(ROOT).free < ROOM_LEFT_WHEN_FULL:
        raise SetupFailed(NO_ROOM)
    raise SetupFailed(explain(log.read(), f"{title} failed: {LOG} says why."))


def explain(said: str, otherwise: str) -> str:
    """The sentence for the first known cause in what a failed step said."""
    return next((sentence for cause, sentence in CAUSES if re.search(cause, said)), otherwise)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
