"""What a rule of RFC 5545 may say here: read part by part, with a sentence for everything that is refused. Pure."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from dateutil import rrule as dateutil

FREQUENCIES = {
    "HOURLY": dateutil.HOURLY,
    "DAILY": dateutil.DAILY,
    "WEEKLY": dateutil.WEEKLY,
    "MONTHLY": dateutil.MONTHLY,
    "YEARLY": dateutil.YEARLY,
}
UNITS = {"HOURLY": "hour", "DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ALWAYS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
PARTS = {  # what each frequency takes besides
    "HOURLY": {"BYDAY", "BYHOUR"},
    "DAILY": {"BYDAY", "BYMONTH", "BYHOUR", "BYMINUTE"},
    "WEEKLY": {"BYDAY", "BYMONTH", "BYHOUR", "BYMINUTE"},
    "MONTHLY": {"BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "BYHOUR", "BYMINUTE"},
    "YEARLY": {"BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "BYHOUR", "BYMINUTE"},
}
KNOWN = ALWAYS.union(*PARTS.values())
MOST_INTERVAL = {"HOURLY": 1000, "DAILY": 1000, "WEEKLY": 200, "MONTHLY": 120, "YEARLY": 10}
MOST_TIMES = 1000
MOST_A_DAY = 24
LONGEST = 500
MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Rule:
    """A rule that was understood. until: a date (its whole day), a naive wall time, or a moment in UTC."""

    freq: str
    interval: int = 1
    count: int = 0
    until: date | datetime | None = None
    days: tuple[tuple[int, int], ...] = ()  # (ordinal or 0, weekday with Monday 0)
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0
    text: str = field(default="", compare=False)

    def arguments(self) -> dict:
        """What dateutil's rrule takes, but for the first time, the end and the number of times."""
        given = {
            "byweekday": tuple(dateutil.weekday(day, nth or None) for nth, day in self.days),
            "bymonthday": self.month_days,
            "bymonth": self.months,
            "byhour": self.hours,
            "byminute": self.minutes,
            "bysetpos": self.positions,
        }
        named = {name: value for name, value in given.items() if value}
        return {
            "freq": FREQUENCIES[self.freq],
            "interval": self.interval,
            "wkst": self.week_start,
            "bysecond": 0,
            **named,
        }


def read_rule(text: str) -> Rule:
    """Read a rule; ValueError with a sentence for the user for what is wrong or not supported."""
    parts = _parts(text)
    freq = parts.get("FREQ", "")
    if freq in ("SECONDLY", "MINUTELY"):
        raise ValueError("Posts can repeat every hour at most. Choose hours, days, weeks, months or years.")
    if freq not in FREQUENCIES:
        raise ValueError("Say how often it repeats: every hour, day, week, month or year.")
    for name in parts:
        if name not in ALWAYS | PARTS[freq]:
            raise ValueError(f"{name} cannot be used in a rule that repeats by the {UNITS[freq]}.")
    if "COUNT" in parts and "UNTIL" in parts:
        raise ValueError("Choose either an end date or a number of times, not both.")
    rule = Rule(
        freq=freq,
        interval=_number(parts, "INTERVAL", 1, MOST_INTERVAL[freq], 1),
        count=_number(parts, "COUNT", 1, MOST_TIMES, 0),
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        days=_days(parts.get("BYDAY", ""), freq, "BYMONTH" in parts),
        month_days=_numbers(parts, "BYMONTHDAY", 31, negative=True),
        months=_numbers(parts, "BYMONTH", 12),
        hours=_numbers(parts, "BYHOUR", 23, lowest=0),
        minutes=_numbers(parts, "BYMINUTE", 59, lowest=0),
        positions=_numbers(parts, "BYSETPOS", 31, negative=True),
        week_start=_weekday(parts.get("WKST", "MO")),
        text=";".join(f"{name}={value}" for name, value in parts.items()),
    )
    if rule.positions and not (rule.days or rule.month_days):
        raise ValueError("“First” or “last” needs to know of what: choose days.")
    if rule.month_days and (rule.positions and rule.days or any(nth for nth, _ in rule.days)):
        raise ValueError("Choose either days of the month, or the first to last of some weekdays, not both.")
    if (len(rule.hours) or 1) * (len(rule.minutes) or 1) > MOST_A_DAY:
        raise ValueError(f"A series can have at most {MOST_A_DAY} times a day.")
    return rule


def _parts(text: str) -> dict[str, str]:
    text = text.strip().upper().removeprefix("RRULE:").strip(";")
    if len(text) > LONGEST or not re.fullmatch(r"[A-Z0-9=;,:+\-]+", text):
        raise ValueError("This rule cannot be read. Write one such as FREQ=WEEKLY;BYDAY=MO,TH.")
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, sign, value = part.partition("=")
        if not sign or not value:
            raise ValueError("This rule cannot be read. Write one such as FREQ=WEEKLY;BYDAY=MO,TH.")
        if name in parts:
            raise ValueError(f"{name} is there twice.")
        if name not in KNOWN:
            raise ValueError(f"{name} is not supported.")
        parts[name] = value
    return parts


def _number(parts: dict[str, str], name: str, lowest: int, highest: int, default: int) -> int:
    if name not in parts:
        return default
    if re.fullmatch(r"\d{1,6}", parts[name]) and lowest <= int(parts[name]) <= highest:
        return int(parts[name])
    raise ValueError(f"{name} has to be a whole number from {lowest} to {highest}.")


def _numbers(
    parts: dict[str, str], name: str, highest: int, *, lowest: int = 1, negative: bool = False
) -> tuple[int, ...]:
    if name not in parts:
        return ()
    found = []
    for text in parts[name].split(","):
        number = int(text) if re.fullmatch(r"[+-]?\d{1,2}", text) else None
        if number is None or not lowest <= (abs(number) if negative else number) <= highest:
            raise ValueError(f"{name} has a value that cannot be: {text or 'nothing'}.")
        found.append(number)
    return tuple(dict.fromkeys(found))


def _days(text: str, freq: str, in_months: bool) -> tuple[tuple[int, int], ...]:
    found = []
    for part in text.split(",") if text else ():
        match = re.fullmatch(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", part)
        if not match:
            raise ValueError(f"BYDAY has a value that cannot be: {part or 'nothing'}.")
        nth = int(match[1] or 0)
        if match[1] and not (freq == "MONTHLY" or (freq == "YEARLY" and in_months)):
            raise ValueError("“First Monday” and the like can be used by the month, or by the year in a named month.")
        if match[1] and not 1 <= abs(nth) <= 5:
            raise ValueError("A month has its days at most five times: first to fifth, or last.")
        found.append((nth, DAYS.index(match[2])))
    return tuple(dict.fromkeys(found))


def _weekday(text: str) -> int:
    if text not in DAYS:
        raise ValueError("WKST names no day of the week.")
    return DAYS.index(text)


def _until(text: str) -> date | datetime:
    form = {8: "%Y%m%d", 15: "%Y%m%dT%H%M%S", 16: "%Y%m%dT%H%M%SZ"}.get(len(text), "")
    try:
        end = datetime.strptime(text, form)
    except ValueError:
        raise ValueError("The end of the series is no date. Choose a day.") from None
    if len(text) == 8:
        return end.date()
    return end.replace(tzinfo=UTC) if len(text) == 16 else end
