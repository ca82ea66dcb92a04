"""Whether any time fits a rule: asked before it is expanded, since that would search up to the year 9999. Pure."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from scheduling.rules import MONTH_NAMES, Rule

YEARS_AHEAD = 41  # a leap day on a Monday comes every 28 years, after 40 around 2100


def has_time(rule: Rule, starts_local: datetime) -> bool:
    """Whether the rule has a time within 41 years of its first."""
    if rule.freq == "HOURLY":
        return any(_hour_fits(rule, starts_local + timedelta(hours=rule.interval * step)) for step in range(168))
    weekdays = {day for _, day in rule.days}
    if rule.freq == "DAILY":
        return not weekdays or any((starts_local.weekday() + rule.interval * step) % 7 in weekdays for step in range(7))
    if rule.freq == "WEEKLY":
        return True
    return any(_period_fits(rule, starts_local, period) for period in _periods(rule, starts_local))


def missing_date(rule: Rule, starts_local: datetime) -> str:
    """A date that the rule asks for and no year has, such as "31 February"; empty when something else is wrong."""
    months = rule.months or ((starts_local.month,) if rule.freq == "YEARLY" else ())
    days = () if rule.days else rule.month_days or (starts_local.day,)
    for month in months:
        for day in days:
            if abs(day) > monthrange(2000, month)[1]:
                return f"{abs(day)} {MONTH_NAMES[month - 1]}"
    return ""


def _hour_fits(rule: Rule, local: datetime) -> bool:
    weekdays = {day for _, day in rule.days}
    return (not rule.hours or local.hour in rule.hours) and (not weekdays or local.weekday() in weekdays)


def _periods(rule: Rule, starts_local: datetime) -> Iterator[list[tuple[int, int]]]:
    """The (year, month) pairs of each month or year that the interval reaches, without months that are left out."""
    first = starts_local.year * 12 + starts_local.month - 1
    if rule.freq == "MONTHLY":
        for number in range(first, first + 12 * YEARS_AHEAD, rule.interval):
            if not rule.months or number % 12 + 1 in rule.months:
                yield [(number // 12, number % 12 + 1)]
        return
    plain = not rule.months and not rule.month_days and not rule.days
    months = rule.months or ((starts_local.month,) if plain else range(1, 13))
    for year in range(starts_local.year, starts_local.year + YEARS_AHEAD, rule.interval):
        yield [(year, month) for month in months]


def _period_fits(rule: Rule, starts_local: datetime, period: list[tuple[int, int]]) -> bool:
    days = sum(_days_in(rule, starts_local, year, month) for year, month in period)
    if not rule.positions:
        return days > 0
    times = days * (len(rule.hours) or 1) * (len(rule.minutes) or 1)
    return any(abs(position) <= times for position in rule.positions)


def _days_in(rule: Rule, starts_local: datetime, year: int, month: int) -> int:
    """How many days of a month fit."""
    length = monthrange(year, month)[1]
    wanted = rule.month_days or (() if rule.days else (starts_local.day,))
    days = {day if day > 0 else length + 1 + day for day in wanted} & set(range(1, length + 1))
    if not rule.days:
        return len(days)
    return sum(
        any(_is_nth(nth, weekday, day, date(year, month, day), length) for nth, weekday in rule.days)
        for day in (days if rule.month_days else range(1, length + 1))
    )


def _is_nth(nth: int, weekday: int, day: int, on: date, length: int) -> bool:
    if on.weekday() != weekday:
        return False
    return nth == 0 or (nth == (day - 1) // 7 + 1 if nth > 0 else -nth == (length - day) // 7 + 1)
