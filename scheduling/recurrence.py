"""Repeated times in wall time: rules are read, checked, said in words and turned into moments. Pure.

A rule is expanded on naive wall time and each result is then resolved in its IANA zone. So 09:30 stays 09:30 over every
change of the clocks, and the n-th time is always counted from the first, never from the one before it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from dateutil.rrule import rrule

from scheduling.rule_days import has_time, missing_date
from scheduling.rule_words import describe
from scheduling.rules import Rule, read_rule

__all__ = [
    "YEARS",
    "Moment",
    "check_rule",
    "describe",
    "ended_at",
    "is_endless",
    "moments",
    "place",
    "resolve",
    "wall_time",
    "wall_times",
    "zone_of",
]
SLACK = timedelta(hours=26)  # more than any clock was ever moved: Samoa left out a day
ALWAYS = datetime.max.replace(tzinfo=UTC)
FAR = timedelta(days=366 * 50)
YEARS = (2000, 2100)


@dataclass(frozen=True, slots=True)
class Moment:
    """One time: as the rule says it, and when that is.

    local: naive wall time, the key of the occurrence. at: aware, in UTC. note: "gap" when the clock leaves that time
    out (it is then later by the gap), "fold" when the clock shows it twice (the first is meant).
    """

    local: datetime
    at: datetime
    note: str = ""


@cache
def zone_of(tzid: str) -> ZoneInfo:
    """The zone of an IANA name; ValueError for a name that is none."""
    if not tzid or tzid not in _names():
        raise ValueError(f"There is no time zone “{tzid}”. Choose one by its city, such as Europe/Paris.")
    return ZoneInfo(tzid)


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


def resolve(local: datetime, tzid: str) -> Moment:
    """When a wall time is: one that the clock leaves out is later by the gap, of two the first is meant."""
    return _resolve(_naive(local), zone_of(tzid))


def wall_time(at: datetime, tzid: str) -> datetime:
    """What the clock on the wall shows at a moment; naive, to the minute."""
    return at.astimezone(zone_of(tzid)).replace(tzinfo=None, second=0, microsecond=0)


def _resolve(local: datetime, zone: ZoneInfo) -> Moment:
    local = local.replace(fold=0)
    at, note = _moment(local, zone)
    return Moment(local, at, note)


def _moment(local: datetime, zone: ZoneInfo) -> tuple[datetime, str]:
    first, second = zone.utcoffset(local), zone.utcoffset(local.replace(fold=1))
    note = "" if first == second else "gap" if first < second else "fold"
    return (local - first).replace(tzinfo=UTC), note


def moments(
    rule: str, starts_local: datetime, tzid: str, *, after: datetime, until: datetime | None = None, limit: int = 200
) -> list[Moment]:
    """The first `limit` moments later than `after` and not later than `until`, in order; an empty rule means once.

    Windows that touch (until of one = after of the next) give each moment once. Two wall times that mean the same
    moment, because the clock leaves one out, are one. ValueError for a rule or zone that cannot be read.
    """
    zone, starts_local = zone_of(tzid), _naive(starts_local)
    if after.tzinfo is None or (until is not None and until.tzinfo is None):
        raise ValueError("The ends of a window need a time zone.")
    if not rule:
        return place([starts_local], zone, after=after, until=until or ALWAYS, limit=limit)
    until = min(until or after + FAR, after + FAR)
    read = read_rule(rule)
    if isinstance(read.until, datetime) and read.until.tzinfo:
        until = min(until, read.until)
    low = after.astimezone(zone).replace(tzinfo=None) - SLACK
    high = until.astimezone(zone).replace(tzinfo=None) + SLACK
    return place(wall_times(read, starts_local, low, high), zone, after=after, until=until, limit=limit)


def place(walls: Iterable[datetime], zone: ZoneInfo, *, after: datetime, until: datetime, limit: int) -> list[Moment]:
    """Resolve ascending wall times; the earliest `limit` with after < at <= until, each moment once."""
    found: dict[datetime, Moment] = {}
    stop = datetime.max
    for local in walls:
        if local > stop:
            break
        at, note = _moment(local, zone)
        if not after < at <= until:
            continue
        if at not in found or found[at].note == "gap":  # the time that the clock shows wins over the one it leaves out
            found[at] = Moment(local, at, note)
        if len(found) >= limit and stop == datetime.max:
            stop = local + SLACK  # a later wall time may still be an earlier moment
    return [found[at] for at in sorted(found)][:limit]


def wall_times(rule: Rule, starts_local: datetime, low: datetime, high: datetime) -> Iterator[datetime]:
    """The rule's wall times from `low` to `high`, ascending, counted from the first time."""
    end = min(high, _last_wall(rule)) if rule.until is not None else high
    if end < starts_local:
        return
    start = starts_local if rule.count else _nearer(rule, starts_local, low)
    for local in _expansion(rule, start, end):
        if local >= low:
            yield local


def _last_wall(rule: Rule) -> datetime:
    """The last wall time that an end allows; one given in UTC is held exactly by the window's end."""
    if not isinstance(rule.until, datetime):
        return datetime.combine(rule.until, datetime.max.time())
    return rule.until if rule.until.tzinfo is None else rule.until.replace(tzinfo=None) + SLACK


def _nearer(rule: Rule, starts_local: datetime, low: datetime) -> datetime:
    """A later start that gives the same times from `low` on: whole intervals are left out, nothing else.

    Months and years are never left out, since their lengths differ; they are few anyway.
    """
    unit = {"HOURLY": timedelta(hours=1), "DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1)}.get(rule.freq)
    if unit is None or low <= starts_local:
        return starts_local
    step = unit * rule.interval
    return starts_local + max((low - starts_local) // step - 1, 0) * step


def _expansion(rule: Rule, start: datetime, end: datetime) -> Iterator[datetime]:
    """dateutil's times; it goes on to the year 9999 when none fits, so `has_time` is asked first (see check_rule)."""
    return islice(rrule(dtstart=start, until=end, **rule.arguments()), rule.count or None)


def check_rule(rule: str, starts_local: datetime, tzid: str = "UTC") -> None:
    """ValueError with a sentence for the user when a rule cannot be used from this first time on."""
    starts_local = _naive(starts_local)
    zone_of(tzid)
    if not YEARS[0] <= starts_local.year < YEARS[1]:
        raise ValueError(f"Choose a first time between the years {YEARS[0]} and {YEARS[1] - 1}.")
    if not rule:
        return
    read = read_rule(rule)
    if not has_time(read, starts_local):
        missing = missing_date(read, starts_local)
        what = f"There is no {missing}." if missing else "No day fits this rule."
        raise ValueError(f"{what} Choose another day, or the last day of the month.")
    if read.until is None:
        return
    if not moments(rule, starts_local, tzid, after=resolve(starts_local, tzid).at - timedelta(seconds=1), limit=1):
        raise ValueError("The series ends before its first time. Choose a later end.")


def is_endless(rule: str) -> bool:
    """Whether a rule has neither an end nor a number of times."""
    if not rule:
        return False
    read = read_rule(rule)
    return read.until is None and not read.count


def ended_at(rule: str, last_local: datetime | date) -> str:
    """The same rule with its last time at `last_local` (or on that day), whatever end it had before."""
    read = read_rule(rule)
    kept = [part for part in read.text.split(";") if not part.startswith(("UNTIL=", "COUNT="))]
    form = "%Y%m%dT%H%M%S" if isinstance(last_local, datetime) else "%Y%m%d"
    return ";".join([*kept, f"UNTIL={last_local.strftime(form)}"])


def _naive(local: datetime) -> datetime:
    if local.tzinfo is not None:
        raise ValueError("A wall-clock time has no zone of its own.")
    return local
