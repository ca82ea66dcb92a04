"""Rules of time: every IANA zone over ten years, windows, gaps, folds, and every sentence for what cannot be."""

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.recurrence import (
    check_rule,
    describe,
    ended_at,
    is_endless,
    moments,
    place,
    resolve,
    wall_time,
    wall_times,
    zone_of,
)
from scheduling.rule_days import has_time
from scheduling.rules import read_rule

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1)
RULES = {  # rule and first time: what is said often, and what is hard
    "once": ("", datetime(2026, 10, 25, 2, 30)),
    "daily": ("FREQ=DAILY", datetime(2026, 1, 5, 9, 30)),
    "daily in gaps": ("FREQ=DAILY", datetime(2026, 1, 5, 2, 30)),
    "daily in folds": ("FREQ=DAILY", datetime(2026, 1, 5, 1, 30)),
    "daily at midnight": ("FREQ=DAILY", datetime(2026, 1, 5, 0, 15)),
    "every 3 days": ("FREQ=DAILY;INTERVAL=3", datetime(2026, 1, 5, 3, 0)),
    "every 17 hours": ("FREQ=HOURLY;INTERVAL=17", datetime(2026, 1, 5, 0, 30)),
    "twice a day": ("FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,45;INTERVAL=5", datetime(2026, 1, 5, 2, 0)),
    "weekdays": ("FREQ=WEEKLY;BYDAY=MO,WE,SU", datetime(2026, 1, 5, 2, 15)),
    "every 2 weeks": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", datetime(2026, 1, 4, 2, 45)),
    "on the 31st": ("FREQ=MONTHLY", datetime(2026, 1, 31, 9, 0)),
    "last day": ("FREQ=MONTHLY;BYMONTHDAY=-1", datetime(2026, 1, 31, 2, 30)),
    "last Sunday": ("FREQ=MONTHLY;BYDAY=-1SU", datetime(2026, 1, 25, 2, 30)),
    "last working day": ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", datetime(2026, 1, 30, 17, 0)),
    "leap day": ("FREQ=YEARLY", datetime(2028, 2, 29, 9, 0)),
    "until": ("FREQ=DAILY;UNTIL=20280326T013000Z", datetime(2026, 1, 5, 2, 30)),
    "count": ("FREQ=WEEKLY;COUNT=300", datetime(2026, 1, 4, 2, 30)),
}


@cache
def zones_by_clock() -> dict[tuple, list[str]]:
    """Every zone of the database, grouped by what its clock does in these years: ((moment, offset after), ...)."""
    groups = defaultdict(list)
    for name in sorted(available_timezones()):
        groups[changes_of_clock(ZoneInfo(name))].append(name)
    return dict(groups)


def changes_of_clock(zone: ZoneInfo) -> tuple[tuple[int, int], ...]:
    """(minutes since 1970 in UTC, offset in minutes from there on), found by halving: a second source of truth."""
    at = START - timedelta(days=3)
    found = [(-(10**9), offset_at(zone, at))]
    while at < END + timedelta(days=3):
        later = at + timedelta(days=4)
        if offset_at(zone, later) != found[-1][1]:
            low, high = at, later
            while high - low > MINUTE:
                middle = low + (high - low) // 2 // MINUTE * MINUTE
                low, high = (middle, high) if offset_at(zone, middle) == found[-1][1] else (low, middle)
            found.append((minutes(high.replace(tzinfo=None)), offset_at(zone, high)))
        at = later
    return tuple(found)


def offset_at(zone: ZoneInfo, at: datetime) -> int:
    return round(at.astimezone(zone).utcoffset() / MINUTE)


def minutes(naive: datetime) -> int:
    return (naive - EPOCH) // MINUTE


@cache
def walls(rule: str, start: datetime) -> np.ndarray:
    """All wall times of a rule, straight from dateutil, as minutes."""
    until = END.replace(tzinfo=None) + timedelta(days=3)
    plain = ";".join(part for part in rule.split(";") if not part.startswith("UNTIL"))
    source = rrulestr(plain, dtstart=start) if plain else [start]
    found = []
    for local in source:
        if local > until:
            break
        found.append(minutes(local))
    return np.array(found)


def expected(rule: str, start: datetime, clock: tuple) -> np.ndarray:
    """Moments in minutes: by arithmetic on the changes of the clock, without zoneinfo's folds."""
    at, offsets = np.array([one[0] for one in clock]), np.array([one[1] for one in clock])
    before = np.concatenate([offsets[:1], offsets[:-1]])
    # A wall time belongs to the offset before a change until it is past both what the clock showed and what it shows.
    thresholds = at + np.maximum(before, offsets)
    local = walls(rule, start)
    found = np.unique(local - offsets[np.searchsorted(thresholds[1:], local, side="right")])
    found = found[(found > minutes(START.replace(tzinfo=None))) & (found <= minutes(END.replace(tzinfo=None)))]
    return found[found <= minutes(datetime(2028, 3, 26, 1, 30))] if "UNTIL" in rule else found


def expanded(rule: str, start: datetime, zone: str, after=START, until=END) -> list[datetime]:
    found = moments(rule, start, zone, after=after, until=until, limit=100_000)
    assert all(rule == "" or one.local.second == 0 for one in found)
    return [one.at for one in found]


@pytest.mark.parametrize("name", RULES)
def test_every_zone_for_ten_years_has_no_wrong_and_no_double_time(name):
    rule, start = RULES[name]
    check_rule(rule, start)
    assert sum(map(len, zones_by_clock().values())) == len(available_timezones()) > 500
    low, high = (edge.replace(tzinfo=None) for edge in (START - timedelta(days=3), END + timedelta(days=3)))
    local = list(wall_times(read_rule(rule), start, low, high)) if rule else [start]
    until = datetime(2028, 3, 26, 1, 30, tzinfo=UTC) if "UNTIL" in rule else END
    for clock, zones in zones_by_clock().items():  # expanded once, resolved in every zone: as `moments` does it
        found = [one.at for one in place(local, zone_of(zones[0]), after=START, until=until, limit=100_000)]
        assert len(found) == len(set(found)), zones[0]
        assert np.array_equal([at.timestamp() / 60 for at in found], expected(rule, start, clock)), zones[0]


def test_windows_give_the_same_as_one_expansion_in_every_zone():
    draw = random.Random(4)
    for zones in zones_by_clock().values():
        rule, start = RULES[draw.choice([*RULES])]
        edges = sorted([START, END, *(START + timedelta(minutes=draw.randrange(5_000_000)) for _ in range(12))])
        pieces = [
            at
            for after, until in zip(edges, edges[1:], strict=False)
            for at in expanded(rule, start, zones[0], after, until)
        ]
        assert pieces == expanded(rule, start, zones[0]), (zones[0], rule)


@pytest.mark.parametrize("zone", ["Europe/Paris", "Australia/Lord_Howe", "Africa/Casablanca", "Antarctica/Troll"])
def test_hourly_windows_around_changes_of_the_clock(zone):
    rule, start = "FREQ=HOURLY", datetime(2026, 1, 1)
    edges = [START + timedelta(minutes=1055) * number for number in range(440)]  # 10 months
    whole = expanded(rule, start, zone, edges[0], edges[-1])
    assert len(whole) == len(set(whole))
    pieces = [at for one in range(len(edges) - 1) for at in expanded(rule, start, zone, edges[one], edges[one + 1])]
    assert pieces == whole


def test_a_day_that_an_island_left_out_is_not_posted_twice():
    """Samoa went from 29 to 31 December 2011."""
    window = {"after": datetime(2011, 12, 28, tzinfo=UTC), "until": datetime(2012, 1, 2, tzinfo=UTC)}
    found = moments("FREQ=DAILY", datetime(2011, 12, 1, 9, 0), "Pacific/Apia", **window)
    assert [one.local.day for one in found] == [28, 29, 31, 1, 2]
    assert len({one.at for one in found}) == 5


def test_a_time_that_the_clock_leaves_out_is_later_by_the_gap_and_says_so():
    moment = resolve(datetime(2027, 3, 28, 2, 30), "Europe/Paris")
    assert (moment.at, moment.note) == (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), "gap")
    assert wall_time(moment.at, "Europe/Paris") == datetime(2027, 3, 28, 3, 30)


def test_of_a_time_that_the_clock_shows_twice_the_first_is_meant():
    moment = resolve(datetime(2027, 10, 31, 2, 30), "Europe/Paris")
    assert (moment.at, moment.note) == (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "fold")
    assert resolve(datetime(2027, 10, 31, 2, 30, fold=1), "Europe/Paris") == moment


def test_month_ends_are_counted_from_the_first_time_and_never_drift():
    window = {"after": START, "until": datetime(2026, 12, 31, 23, tzinfo=UTC)}
    on_31st = moments("FREQ=MONTHLY", datetime(2026, 1, 31, 9), "UTC", **window)
    assert [one.local.month for one in on_31st] == [1, 3, 5, 7, 8, 10, 12]
    assert {one.local.day for one in on_31st} == {31}
    last = moments("FREQ=MONTHLY;BYMONTHDAY=-1", datetime(2026, 1, 31, 9), "UTC", **window)
    assert [one.local.day for one in last] == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def test_an_end_given_in_utc_is_held_to_the_moment():
    for until, days in (("20260325T013000Z", 25), ("20260325T012959Z", 24), ("20260325", 25), ("20260325T022959", 24)):
        rule = f"FREQ=DAILY;UNTIL={until}"
        found = moments(rule, datetime(2026, 3, 1, 2, 30), "Europe/Paris", after=START)
        assert len(found) == days, until


def test_a_rule_without_end_is_cheap_far_from_its_beginning():
    found = moments("FREQ=HOURLY", datetime(2001, 1, 1), "UTC", after=datetime(2090, 1, 1, tzinfo=UTC), limit=3)
    assert [one.local for one in found] == [datetime(2090, 1, 1, hour) for hour in (1, 2, 3)]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=SECONDLY", "every hour at most"),
        ("FREQ=MINUTELY;INTERVAL=5", "every hour at most"),
        ("FREQ=FORTNIGHTLY", "how often"),
        ("INTERVAL=2", "how often"),
        ("every day", "cannot be read"),
        ("FREQ=DAILY\nEXDATE:20260101", "cannot be read"),
        ("FREQ=DAILY;;COUNT=3", "cannot be read"),
        ("FREQ=DAILY;FREQ=WEEKLY", "twice"),
        ("FREQ=YEARLY;BYEASTER=1", "not supported"),
        ("FREQ=YEARLY;BYWEEKNO=5", "not supported"),
        ("FREQ=DAILY;BYMONTHDAY=1", "cannot be used"),
        ("FREQ=DAILY;INTERVAL=0", "whole number"),
        ("FREQ=DAILY;INTERVAL=99999999", "whole number"),
        ("FREQ=DAILY;COUNT=0", "whole number"),
        ("FREQ=DAILY;COUNT=1001", "whole number"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20270101", "not both"),
        ("FREQ=DAILY;UNTIL=20270231", "no date"),
        ("FREQ=DAILY;UNTIL=tomorrow", "no date"),
        ("FREQ=DAILY;UNTIL=20250101", "ends before"),
        ("FREQ=WEEKLY;BYDAY=1MO", "First Monday"),
        ("FREQ=WEEKLY;BYDAY=XX", "cannot be"),
        ("FREQ=MONTHLY;BYDAY=6MO", "five times"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "cannot be"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "cannot be"),
        ("FREQ=MONTHLY;BYSETPOS=1", "choose days"),
        ("FREQ=MONTHLY;BYMONTHDAY=31;BYDAY=1MO", "not both"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", "no 31 February"),
        ("FREQ=MONTHLY;BYMONTH=4,6;BYMONTHDAY=31", "no 31 April"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "No day fits"),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", "No day fits"),
        ("FREQ=HOURLY;INTERVAL=24;BYHOUR=8", "No day fits"),
        ("FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,15,30", "24 times a day"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(rule, words):
    with pytest.raises(ValueError, match=words):
        check_rule(rule, datetime(2026, 1, 5, 9, 30))


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "CET\0", "Europe", "+02:00"])
def test_an_unknown_zone_is_a_clear_error(zone):
    with pytest.raises(ValueError, match="no time zone"):
        resolve(datetime(2026, 1, 5), zone)
    with pytest.raises(ValueError, match="no time zone"):
        check_rule("FREQ=DAILY", datetime(2026, 1, 5), zone)


def test_zoned_wall_times_and_unzoned_windows_are_refused():
    with pytest.raises(ValueError, match="no zone of its own"):
        resolve(START, "UTC")
    with pytest.raises(ValueError, match="need a time zone"):
        moments("FREQ=DAILY", datetime(2026, 1, 5), "UTC", after=datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="between the years"):
        check_rule("", datetime(1901, 1, 1))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("", "once, on 5 January 2026 at 09:30"),
        ("FREQ=DAILY", "every day at 09:30"),
        ("FREQ=DAILY;INTERVAL=3;COUNT=4", "every 3 days at 09:30, 4 times"),
        ("FREQ=HOURLY;INTERVAL=6", "every 6 hours from 09:30"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,MO;UNTIL=20270505",
            "every 2 weeks on Monday and Thursday at 09:30, until 5 May 2027",
        ),
        ("FREQ=WEEKLY", "every week on Monday at 09:30"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9,18", "every week on working days at 09:30 and 18:30"),
        ("FREQ=MONTHLY", "every month on the 5th at 09:30"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "every month on the 31st (left out in months without it) at 09:30"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day at 09:30"),
        ("FREQ=MONTHLY;BYDAY=2TU,-1FR", "every month on the second Tuesday and the last Friday at 09:30"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "every month on the last working day at 09:30"),
        ("FREQ=YEARLY", "every year on 5 January at 09:30"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "every year on 29 February (leap years only) at 09:30"),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=2SU", "every year on the second Sunday in March at 09:30"),
    ],
)
def test_rules_in_plain_words(rule, words):
    assert describe(rule, datetime(2026, 1, 5, 9, 30)) == words


def test_ending_a_series_replaces_whatever_end_it_had():
    assert ended_at("FREQ=DAILY;COUNT=5", datetime(2026, 3, 1, 9, 30)) == "FREQ=DAILY;UNTIL=20260301T093000"
    assert ended_at("RRULE:FREQ=DAILY;UNTIL=20300101", datetime(2026, 3, 1).date()) == "FREQ=DAILY;UNTIL=20260301"
    assert is_endless("FREQ=DAILY")
    assert not is_endless("FREQ=DAILY;COUNT=2")
    assert not is_endless("")


def joined(values: list) -> str:
    return ",".join(map(str, values))


@st.composite
def month_rules(draw) -> str:
    """Rules by the month and year whose parts may or may not fit together."""
    parts = [f"FREQ={draw(st.sampled_from(['MONTHLY', 'YEARLY']))}", f"INTERVAL={draw(st.integers(1, 10))}"]
    if months := draw(st.lists(st.integers(1, 12), max_size=2, unique=True)):
        parts.append(f"BYMONTH={joined(months)}")
    kind = draw(st.sampled_from(["days", "weekdays", "none"]))
    if kind == "days":
        days = draw(
            st.lists(st.sampled_from([1, 15, 28, 29, 30, 31, -1, -30, -31]), min_size=1, max_size=2, unique=True)
        )
        parts.append(f"BYMONTHDAY={joined(days)}")
    elif kind == "weekdays":
        parts.append(
            f"BYDAY={joined(draw(st.lists(st.sampled_from(['MO', 'FR', 'SU']), min_size=1, max_size=3, unique=True)))}"
        )
    if kind != "none" and draw(st.booleans()):
        parts.append(f"BYSETPOS={draw(st.sampled_from([1, 2, 5, 6, 10, -1, -16]))}")
    return ";".join(parts)


@settings(max_examples=80, deadline=None)
@given(month_rules(), st.dates(datetime(2024, 1, 1).date(), datetime(2031, 12, 31).date()))
def test_rules_without_any_time_are_known_before_they_are_expanded(rule, day):
    """What is said to have a time has one; what is said to have none has none in 41 years of days."""
    start = datetime(day.year, day.month, day.day, 9, 30)
    read = read_rule(rule)
    if has_time(read, start):
        first = next(iter(rrulestr(rule, dtstart=start)), None)
        assert first is not None
        assert describe(rule, start)
    elif read.interval < 5:
        far = start.replace(year=start.year + 12, day=1)
        assert not rrulestr(f"{rule};UNTIL={far:%Y%m%dT%H%M%S}", dtstart=start).between(start, far, inc=True)
