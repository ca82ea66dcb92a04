"""A rule in plain words: "every 2 weeks on Monday and Thursday at 09:30, until 5 May 2027". Pure."""

from datetime import date, datetime

from scheduling.rules import MONTH_NAMES, UNITS, Rule, read_rule

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}
WORKING = {0, 1, 2, 3, 4}


def describe(rule: str, starts_local: datetime) -> str:
    """What a rule says, in words and without a full stop; ValueError for one that cannot be read."""
    if not rule:
        return f"once, on {day_words(starts_local)} at {starts_local:%H:%M}"
    read = read_rule(rule)
    words = [_how_often(read), _which_days(read, starts_local), _times(read, starts_local)]
    return " ".join(word for word in words if word) + _end(read)


def day_words(day: date) -> str:
    """5 May 2027"""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def ordinal(number: int) -> str:
    """1st, 2nd, 23rd"""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _how_often(rule: Rule) -> str:
    unit = UNITS[rule.freq]
    return f"every {unit}" if rule.interval == 1 else f"every {rule.interval} {unit}s"


def _which_days(rule: Rule, starts_local: datetime) -> str:
    """Which days; what the rule leaves out, it takes from the first time."""
    in_months = f" in {_listed([MONTH_NAMES[month - 1] for month in sorted(rule.months)])}" if rule.months else ""
    if rule.freq == "WEEKLY":
        days = sorted(day for _, day in rule.days) or [starts_local.weekday()]
        return f"on {_weekdays(days)}{in_months}"
    if rule.freq in ("HOURLY", "DAILY"):
        return (f"on {_weekdays(sorted(day for _, day in rule.days))}" if rule.days else "") + in_months
    if rule.freq == "YEARLY" and not rule.days:
        months = sorted(rule.months) or ([] if rule.month_days else [starts_local.month])
        return _dates(rule.month_days or (starts_local.day,), months)
    if rule.days:
        return f"on {_nth_days(rule)}{in_months}"
    return f"on the {_month_days(rule.month_days or (starts_local.day,))}{in_months}{_skips(rule, starts_local)}"


def _dates(days: tuple[int, ...], months: list[int]) -> str:
    if not months:
        return f"on the {_month_days(days)} of every month"
    if min(days) > 0:
        note = " (leap years only)" if months == [2] and days == (29,) else ""
        return f"on {_listed([f'{day} {MONTH_NAMES[month - 1]}' for month in months for day in sorted(days)])}{note}"
    return f"on the {_month_days(days)} of {_listed([MONTH_NAMES[month - 1] for month in months])}"


def _weekdays(days: list[int]) -> str:
    if set(days) == WORKING:
        return "working days"
    return "all days" if len(set(days)) == 7 else _listed([DAY_NAMES[day] for day in dict.fromkeys(days)])


def _month_days(days: tuple[int, ...]) -> str:
    ordered = [day for day in sorted(days) if day > 0] + sorted(day for day in days if day < 0)
    return _listed([_month_day(day) for day in ordered])


def _month_day(day: int) -> str:
    return ordinal(day) if day > 0 else "last day" if day == -1 else f"{ordinal(-day)} day before the end"


def _skips(rule: Rule, starts_local: datetime) -> str:
    days = rule.month_days or (starts_local.day,)
    return " (left out in months without it)" if max(days) > 28 and min(days) > 0 else ""


def _nth_days(rule: Rule) -> str:
    named = "working day" if {day for _, day in rule.days} == WORKING and not any(n for n, _ in rule.days) else ""
    names = named or " or ".join(dict.fromkeys(DAY_NAMES[day] for _, day in rule.days))
    among = f" that is the {_month_days(rule.month_days)}" if rule.month_days else ""
    if rule.positions:
        return f"the {_listed([_nth(position) for position in rule.positions])} {names}{among}"
    if any(nth for nth, _ in rule.days):
        return _listed(
            [f"the {_nth(nth)} {DAY_NAMES[day]}" if nth else f"every {DAY_NAMES[day]}" for nth, day in rule.days]
        )
    return f"every {names}{among}"


def _nth(position: int) -> str:
    if position > 0:
        return ORDINALS.get(position, ordinal(position))
    return "last" if position == -1 else f"{ORDINALS.get(-position, ordinal(-position))} to last"


def _times(rule: Rule, starts_local: datetime) -> str:
    if rule.freq == "HOURLY" and not rule.hours:
        return f"from {starts_local:%H:%M}"
    hours, minutes = sorted(rule.hours) or [starts_local.hour], sorted(rule.minutes) or [starts_local.minute]
    return "at " + _listed([f"{hour:02}:{minute:02}" for hour in hours for minute in minutes])


def _end(rule: Rule) -> str:
    if rule.count:
        return ", once" if rule.count == 1 else f", {rule.count} times"
    if rule.until is None:
        return ""
    zone = " UTC" if isinstance(rule.until, datetime) and rule.until.tzinfo else ""
    time = f" {rule.until:%H:%M}{zone}" if isinstance(rule.until, datetime) else ""
    return f", until {day_words(rule.until)}{time}"
