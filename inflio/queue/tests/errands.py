"""Functions that the queue's settings name in its tests."""

from inflio.queue.leases import LostLease

ran: list = []


def run(pk):
    """Note the errand; one with a negative key has lost its lease."""
    if pk < 0:
        raise LostLease(f"errand {pk}")
    ran.append(pk)
    return f"errand {pk} done"


def fail():
    """Fail as a periodic hook may."""
    raise RuntimeError("no luck")


def note():
    """Note the call of a periodic hook."""
    ran.append("note")


def measure(seconds: float = 99.0):
    """Note how long a periodic hook may take that asks for it."""
    ran.append(seconds)
