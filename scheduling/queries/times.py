"""Times as they are shown: the next ones of a rule with changes of the clock, those of a series with their own."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduling.models import OccurrenceChange, Post, Publication
from scheduling.recurrence import Moment, check_rule, describe, moments, resolve, wall_time, zone_of

NEXT = 10
SHOWN = 30
NOTES = {
    "gap": "The clock leaves this time out, so it goes out later by the gap.",
    "fold": "The clock shows this time twice; the first is meant.",
}


@dataclass(frozen=True)
class ShownTime:
    """One time: by the rule, by the clock on the wall, in UTC (all three naive), and what is special about it."""

    local: datetime
    shown: datetime
    utc: datetime
    note: str = ""
    clock: str = ""


@dataclass(frozen=True)
class Occurrence:
    """One time of a series with what was changed there and what became of it."""

    time: ShownTime
    change: OccurrenceChange | None
    publications: list[Publication]
    can_change: bool


def next_times(rule: str, starts_local: datetime, tzid: str, *, now: datetime) -> tuple[str, list[ShownTime]]:
    """A rule in words and its next ten times; ValueError with a sentence for one that cannot be used."""
    check_rule(rule, starts_local, tzid)
    found = moments(rule, starts_local, tzid, after=now, limit=NEXT)
    return describe(rule, starts_local), show(found, tzid)


def show(found: list[Moment], tzid: str) -> list[ShownTime]:
    """Moments with the changes of the clock between them marked."""
    zone, shown, before = zone_of(tzid), [], None
    for one in found:
        offset = one.at.astimezone(zone).utcoffset()
        clock = ""
        if before is not None and offset != before:
            clock = f"The clocks change before this one: from {_offset(before)} to {_offset(offset)}."
        shown.append(
            ShownTime(one.local, wall_time(one.at, tzid), one.at.replace(tzinfo=None), NOTES.get(one.note, ""), clock)
        )
        before = offset
    return shown


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    return f"UTC{'+' if minutes >= 0 else '-'}{abs(minutes) // 60}:{abs(minutes) % 60:02}"


def occurrences_of(post: Post, *, now: datetime) -> list[Occurrence]:
    """The times of a series that are to come (skipped and moved ones in their place), two queries."""
    changes = {change.occurrence_local: change for change in post.changes.all()}
    rows: dict[datetime, list[Publication]] = {}
    for row in post.publications.filter(due_at__gt=now - timedelta(days=1)).select_related("channel"):
        rows.setdefault(row.occurrence_local, []).append(row)
    found = moments(post.rrule, post.starts_local, post.tzid, after=now, limit=SHOWN)
    return [
        Occurrence(
            _with_move(one, changes.get(one.local), post.tzid),
            changes.get(one.local),
            rows.get(one.local, []),
            all(row.state == Publication.State.SCHEDULED for row in rows.get(one.local, [])),
        )
        for one in found
    ]


def _with_move(moment: Moment, change: OccurrenceChange | None, tzid: str) -> ShownTime:
    if change and change.moved_local:
        moved = resolve(change.moved_local, tzid)
        return ShownTime(
            moment.local, wall_time(moved.at, tzid), moved.at.replace(tzinfo=None), NOTES.get(moved.note, "")
        )
    return ShownTime(
        moment.local, wall_time(moment.at, tzid), moment.at.replace(tzinfo=None), NOTES.get(moment.note, "")
    )
