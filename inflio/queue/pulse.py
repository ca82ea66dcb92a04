"""Sign of life of a cluster's workers: a file that they touch and their supervisor watches."""

import contextlib
import os

PULSE_FILE = "INFLIO_PULSE_FILE"


def beat() -> None:
    """Show the supervisor, if there is one, that a worker of its cluster just did something."""
    if path := os.environ.get(PULSE_FILE):
        with contextlib.suppress(FileNotFoundError):  # the supervisor is gone, and this process with it
            os.utime(path)
