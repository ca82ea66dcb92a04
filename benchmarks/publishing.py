"""10,000 posts due at the same moment, on four sandbox platforms, with real workers: how late, and how often."""

import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.table import Row
from faults.backends import SQLite
from faults.publish_stage import PublishStage

POSTS = int(os.environ.get("INFLIO_BENCH_POSTS", "10000"))
AT_ONCE = 1000
CHANNELS = 30  # of each platform
FIRST = 500
WRITE_SECONDS = 0.02  # at most, for each post
AHEAD = 120  # seconds; the setting's default


def measure() -> list[Row]:
    """Write the posts, start the workers when they may begin to prepare, and look at the rows from outside."""
    with tempfile.TemporaryDirectory(prefix="inflio-bench-") as folder:
        # The constants of production: no shrunk leases.
        stage = PublishStage(
            Path(folder),
            SQLite(Path(folder)),
            INFLIO_LEASE_SECONDS="60",
            INFLIO_REDISPATCH_SECONDS="10",
            INFLIO_CANARY_STALE_SECONDS="60",
            INFLIO_PLATFORM_TIMEOUT="30",
            INFLIO_PUBLISH_LEASE_SECONDS="120",
            INFLIO_PUBLISH_GRACE_SECONDS="150",
        )
        try:
            return _rows(stage)
        finally:
            stage.close()


def _rows(stage: PublishStage) -> list[Row]:
    due = datetime.now(UTC) + timedelta(seconds=AHEAD + POSTS * WRITE_SECONDS + 60)
    due = due.replace(second=0, microsecond=0)
    while stage.ordered < POSTS:
        stage.publish(min(AT_ONCE, POSTS - stage.ordered), channels=CHANNELS, due=due)
    stage.start_all()
    _wait(stage, lambda: _count(stage, "attempt > 0 OR state != 'scheduled'") == POSTS, "claimed")
    claimed = (datetime.now(UTC) - due).total_seconds()
    _wait(stage, lambda: _count(stage, "publish_started_at IS NOT NULL") >= min(FIRST, POSTS), "published")
    late = sorted(_lateness(stage, due))[:FIRST]
    sent = (
        "SELECT count(*) FROM (SELECT 1 FROM scheduling_publishattempt WHERE phase = 'publish'"
        " GROUP BY publication_id HAVING count(*) > 1) AS twice"
    )
    twice = stage.backend.rows(sent)[0][0] + sum(times - 1 for times in stage.public().values())
    return [
        Row(
            f"{POSTS} posts due at once: lateness p95 of the first {FIRST}",
            late[int(len(late) * 0.95) - 1],
            "s",
            "10 s",
        ),
        Row(f"{POSTS} posts due at once: all claimed, after their time", claimed, "s"),
        Row(f"{POSTS} posts due at once: claimed or public twice", twice, "", "0"),
    ]


def _wait(stage: PublishStage, over, what: str) -> None:
    end = time.monotonic() + 1500
    while not over():
        if time.monotonic() > end:
            raise TimeoutError(f"not all {what} within 25 minutes\n{stage.log()[-2000:]}")
        if sys.stderr.isatty():
            sys.stderr.write(f"  {_count(stage, 'publish_started_at IS NOT NULL')} of {POSTS} public\r")
        time.sleep(1)


def _count(stage: PublishStage, condition: str) -> int:
    return stage.backend.rows(f"SELECT count(*) FROM scheduling_publication WHERE {condition}")[0][0]


def _lateness(stage: PublishStage, due: datetime) -> list[float]:
    rows = stage.backend.rows(
        "SELECT publish_started_at FROM scheduling_publication WHERE publish_started_at IS NOT NULL"
    )
    return [(datetime.fromisoformat(str(moment)).replace(tzinfo=UTC) - due).total_seconds() for (moment,) in rows]
