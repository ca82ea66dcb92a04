"""One turn of everything that a running installation does by itself, for those that only have an outside cron."""

import time
from dataclasses import dataclass
from datetime import timedelta

from inflio.queue.leases import db_now
from inflio.queue.ticker import run_hooks, wake_due
from scheduling.models import Publication
from scheduling.queries.publications import Turns
from scheduling.services.publishing.phases import drain

SECONDS = 20.0  # web servers end a request that takes much longer
PAUSE = 0.5
BEGUN = (
    Publication.State.PENDING,
    Publication.State.CONTAINER,
    Publication.State.PUBLISHING,
    Publication.State.UNKNOWN,
)


@dataclass(frozen=True)
class Turn:
    """What a turn did: steps of publications that were taken, wake-ups sent to workers, and how long it took."""

    taken: int
    woken: int
    seconds: float


def take_turn(*, seconds: float = SECONDS) -> Turn:
    """Publish what is due, run the periodic hooks whose time has come, wake the workers there are.

    Safe when called twice at once and beside running workers: every row is claimed, and each hook runs once. It works
    off publications itself, and stays with those under way (a platform needs seconds to prepare a video) while there
    is time left. After `seconds` nothing more is begun. Pictures and the marks on films are made by workers only.
    """
    start, turns = time.monotonic(), Turns()
    end = start + seconds
    taken = _publish_until(start + seconds * 0.5, turns)  # hooks may be slow; what is due comes first
    run_hooks(until=end)
    woken = wake_due()
    taken += _publish_until(end, turns)
    return Turn(taken, woken, round(time.monotonic() - start, 3))


def _publish_until(end: float, turns: Turns) -> int:
    taken = 0
    while time.monotonic() < end:
        done = drain(turns=turns, until=end)
        taken += done
        if done:
            continue
        if not _under_way(end - time.monotonic()):
            break
        time.sleep(min(PAUSE, max(0.0, end - time.monotonic())))
    return taken


def _under_way(seconds: float) -> bool:
    """Whether something that was begun will be ready for its next step before the turn ends."""
    soon = db_now() + timedelta(seconds=seconds)
    return Publication.objects.filter(state__in=BEGUN, available_at__lte=soon, lease_until=None).exists()
