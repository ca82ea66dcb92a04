"""`make faults N=1000`: at least N kills, time-outs and ambiguous answers while four platforms are published to.

Usage: python -m faults.publishing [N] [BACKEND]   (backend: sqlite, postgresql, postgresql+redis ...)
It ends with one line, “injected N, lost 0, doubled 0, open 0”, and with status 1 when any of the three is not 0.
"""

import random
import sys
import tempfile
import time
from pathlib import Path

from faults.backends import WithRedis, missing
from faults.conftest import MAKERS
from faults.publish_stage import PLATFORMS, POINTS, PUBLISHES, PublishStage, remove

BATCH = 60  # posts that are made at once
CHANNELS = 12  # of each platform
RATES = {  # of each call to a platform
    "hang_before": 0.008,
    "hang_after": 0.008,
    "reset_before": 0.015,
    "reset_after": 0.015,
    "error_before": 0.015,
    "error_after": 0.015,
    "garbage": 0.01,
}
PUBLISH_RATES = {"hang_after": 0.05, "reset_before": 0.06, "reset_after": 0.06, "error_after": 0.06, "garbage": 0.04}
STALLED = 600  # seconds in which nothing ended
WEIGHTS = (2, 3, 3, 2, 1)  # of POINTS: most kills strike around the call that counts


def main(wanted: int, name: str = "sqlite") -> int:
    """Run one trial; returns the exit status."""
    if reason := missing(name):
        sys.stderr.write(f"{reason}\n")
        return 2
    folder = Path(tempfile.mkdtemp(prefix="inflio-faults-"))
    database, _, broker = name.partition("+")
    made = MAKERS[database](folder)
    stage = PublishStage(folder, WithRedis(made) if broker else made)
    try:
        injected = storm(stage, wanted)
        settle(stage)
        lost, doubled, still_open = stage.tally()
        _say(stage, injected)
        sys.stdout.write(f"injected {injected}, lost {lost}, doubled {doubled}, open {still_open}\n")
        return int(bool(lost or doubled or still_open))
    finally:
        stage.close()
        made.end()
        remove(folder)


def storm(stage: PublishStage, wanted: int) -> int:
    """Publish and strike until at least `wanted` faults were injected; returns how many were."""
    for platform in PLATFORMS:
        for kind, rate in PUBLISH_RATES.items():
            stage.fault(PUBLISHES[platform], kind, rate=rate, seed=random.randrange(10**6))
    for kind, rate in RATES.items():
        stage.fault("*", kind, rate=rate, seed=random.randrange(10**6))
    stage.start_all()
    orders = 0
    while (injected := _injected(stage, orders)) < wanted:
        if stage.open_publications() < BATCH // 2:
            stage.publish(BATCH, channels=CHANNELS)
        if stage.kills_left() < 2:
            stage.kill_at(random.choices(POINTS, WEIGHTS)[0])
            orders += 1
        if random.random() < 0.15:
            stage.kill_somebody()
        if random.random() < 0.05:
            stage.resume_channels()
        sys.stderr.write(f"  {injected} of {wanted} injected, {stage.ordered} posts\r")
        time.sleep(1)
    # From here on nothing new goes wrong; what went wrong has to be put right.
    injected = _injected(stage, orders)
    stage.behave()
    for order in stage.kills.iterdir():
        order.unlink(missing_ok=True)
    return injected


def settle(stage: PublishStage) -> None:
    """Wait until everything has ended, or nothing ends any more."""
    left, since = stage.open_publications(), time.monotonic()
    while left and time.monotonic() - since < STALLED:
        time.sleep(1)
        now = stage.open_publications()
        if now != left:
            left, since = now, time.monotonic()
        stage.resume_channels()


def _injected(stage: PublishStage, orders: int) -> int:
    return stage.played() + stage.killed + orders - stage.kills_left()


def _say(stage: PublishStage, injected: int) -> None:
    states: dict[str, int] = {}
    for state, _ in stage.states().values():
        states[state] = states.get(state, 0) + 1
    ended = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    sys.stdout.write(f"{stage.ordered} posts on {', '.join(PLATFORMS)}: {ended}\n")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, *sys.argv[2:3]))
