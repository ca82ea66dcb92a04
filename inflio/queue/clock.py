"""Guard against a clock that jumps: nothing that depends on the time is sent while it cannot be trusted."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

log = logging.getLogger(__name__)
JUMP_SECONDS = 5.0
SETTLE_SECONDS = 60.0


def steady_seconds() -> float:
    """Return seconds of a clock that nobody sets; on Linux it also counts the time a laptop sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class ClockGuard:
    """Compares a wall clock with the steady one; after a jump it wants `SETTLE_SECONDS` without another."""

    def __init__(self, wall: Callable[[], datetime], steady: Callable[[], float] = steady_seconds) -> None:
        self._wall = wall
        self._steady = steady
        self._offset: tuple[float, float] | None = None
        self._held_until = float("-inf")

    def is_steady(self) -> bool:
        """Take one reading; False during and for a minute after a jump of more than five seconds."""
        before = self._steady()
        wall = self._wall().timestamp()
        after = self._steady()
        low, high = wall - after, wall - before  # a slow answer widens the interval and is no jump
        if self._offset is not None:
            jump = max(low - self._offset[1], self._offset[0] - high)
            if jump > JUMP_SECONDS:
                log.error("The clock jumped by %.0f s: nothing is sent for %.0f s.", jump, SETTLE_SECONDS)
                self._held_until = after + SETTLE_SECONDS
        self._offset = (low, high)
        return after >= self._held_until
