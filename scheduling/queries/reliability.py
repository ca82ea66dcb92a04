"""How reliable publishing was, read from the ledger itself: what came late, was missed, failed, doubted or doubled."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from inflio.accounts.models import Workspace
from inflio.queue.leases import db_now
from scheduling.models import Channel, Publication, PublishAttempt

DAYS = (7, 30, 90)
LATE_SECONDS = 60
SAMPLE = 20_000  # newest publications whose lateness is measured
State = Publication.State


@dataclass
class Figures:
    """Of one platform, or of all. Seconds for the percentiles; None when nothing was published."""

    title: str
    due: int = 0
    published: int = 0
    late: int = 0
    missed: int = 0
    failed: int = 0
    unknown: int = 0
    attention: int = 0
    doubted: int = 0
    doubled: int = 0
    waits: list[float] = field(default_factory=list)

    @property
    def p50(self) -> float | None:
        return percentile(self.waits, 50)

    @property
    def p95(self) -> float | None:
        return percentile(self.waits, 95)

    @property
    def p99(self) -> float | None:
        return percentile(self.waits, 99)

    @property
    def on_time(self) -> float | None:
        """Percent of what was due that went out within LATE_SECONDS; what is still open does not count."""
        ended = self.published + self.missed + self.failed + self.attention
        return 100 * (self.published - self.late) / ended if ended else None


@dataclass(frozen=True)
class Day:
    """One day of the chart; heights in percent of the busiest day."""

    day: date
    on_time: int
    late: int
    lost: int  # missed, failed, or in need of attention
    bars: tuple[tuple[str, int, int], ...]  # (kind, y, height)


@dataclass(frozen=True)
class Reliability:
    """What the page shows."""

    days: int
    total: Figures
    platforms: list[Figures]
    chart: list[Day]


def percentile(values: Sequence[float], percent: int) -> float | None:
    """The smallest value that at least `percent` of the values do not exceed; None without values."""
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)] if ordered else None


def reliability(*, workspace: Workspace, days: int, now: datetime | None = None) -> Reliability:
    """The figures of the last `days` days, by due time; four queries whatever there is."""
    now = now or db_now()
    rows = Publication.objects.for_workspace(workspace).filter(due_at__gt=now - timedelta(days=days), due_at__lte=now)
    rows = rows.exclude(state=State.CANCELLED)
    titles = dict(Channel.Platform.choices)
    parts: dict[str, Figures] = {}
    total, by_day = Figures("All platforms"), {}
    late = Q(publish_started_at__gt=F("due_at") + timedelta(seconds=LATE_SECONDS))
    counted = rows.values("channel__platform", "state", day=TruncDate("due_at")).annotate(
        n=Count("pk"), late=Count("pk", filter=late), doubted=Count("pk", filter=~Q(unknown_since=None))
    )
    for row in counted.order_by():
        part = parts.setdefault(row["channel__platform"], Figures(titles[row["channel__platform"]]))
        for figures in (part, total):
            _add(figures, row)
        kinds = by_day.setdefault(row["day"], Counter())
        published = row["state"] == State.PUBLISHED
        kinds["late"] += row["late"] if published else 0
        kinds["on_time"] += row["n"] - row["late"] if published else 0
        kinds["lost"] += row["n"] if row["state"] in (State.MISSED, State.FAILED, State.ATTENTION) else 0
    sample = rows.filter(state=State.PUBLISHED, publish_started_at__isnull=False).order_by("-due_at")
    for platform, due_at, started in sample.values_list("channel__platform", "due_at", "publish_started_at")[:SAMPLE]:
        wait = max(0.0, (started - due_at).total_seconds())
        parts[platform].waits.append(wait)
        total.waits.append(wait)
    for platform in _doubled(rows):
        parts[platform].doubled += 1
        total.doubled += 1
    return Reliability(days, total, sorted(parts.values(), key=lambda part: part.title), _chart(by_day, days, now))


def doubled_publications(rows) -> Any:
    """Those that the ledger shows to be public more than once: two posts of the platform, or two calls that it took."""
    public = Q(attempts__phase=PublishAttempt.Phase.PUBLISH, attempts__outcome=PublishAttempt.Outcome.DONE)
    seen = Count("attempts__remote_id", filter=~Q(attempts__remote_id=""), distinct=True)
    return rows.annotate(seen=seen, taken=Count("attempts", filter=public & ~Q(attempts__remote_id=""))).filter(
        Q(seen__gt=1) | Q(taken__gt=1)
    )


def _doubled(rows) -> list[str]:
    return list(doubled_publications(rows).order_by().values_list("channel__platform", flat=True))


def _add(figures: Figures, row: dict) -> None:
    figures.due += row["n"]
    figures.doubted += row["doubted"]
    if row["state"] == State.PUBLISHED:
        figures.published += row["n"]
        figures.late += row["late"]
    elif row["state"] in (State.MISSED, State.FAILED, State.UNKNOWN, State.ATTENTION):
        setattr(figures, row["state"], getattr(figures, row["state"]) + row["n"])


def _chart(by_day: dict[date, Counter], days: int, now: datetime) -> list[Day]:
    """Every day of the range, also those on which nothing was due."""
    today = timezone.localtime(now).date()
    most = max((sum(kinds.values()) for kinds in by_day.values()), default=0) or 1
    chart = []
    for back in range(days - 1, -1, -1):
        day = today - timedelta(days=back)
        kinds, top, bars = by_day.get(day, Counter()), 100, []
        for kind in ("on_time", "late", "lost"):
            height = round(100 * kinds[kind] / most)
            if kinds[kind]:
                height = max(height, 2)
                top -= height
                bars.append((kind, max(top, 0), height))
        chart.append(Day(day, kinds["on_time"], kinds["late"], kinds["lost"], tuple(bars)))
    return chart
