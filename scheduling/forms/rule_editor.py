"""When a post goes out, in plain words: at once, at a time, in the next free slot, or again and again."""

from datetime import date, datetime

from django import forms

from inflio.accounts.zones import zone_names
from scheduling.models.fields import LocalDateTimeInput
from scheduling.rules import DAYS, Rule, read_rule

WHEN = (
    ("later", "Not yet"),
    ("at", "At a time"),
    ("series", "Again and again"),
    ("slot", "Next free slot"),
    ("now", "Now"),
)
REPEAT = (
    ("daily", "every day"),
    ("weekly", "every week"),
    ("monthly", "every month, on that day"),
    ("month_end", "every month, on the last day"),
)
UNITS = {"daily": "days", "weekly": "weeks", "monthly": "months", "month_end": "months"}
ENDS = (("never", "Never"), ("on", "On a day"), ("after", "After a number of times"))
WEEKDAYS = tuple(zip(DAYS, ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True))
_FREQUENCIES = {"daily": "DAILY", "weekly": "WEEKLY", "monthly": "MONTHLY", "month_end": "MONTHLY"}


class RuleFields(forms.Form):
    """The fields of the rule editor; `times()` gives what a post stores."""

    when = forms.ChoiceField(choices=WHEN, required=False)
    starts_local = LocalDateTimeInput(required=False, label="Date and time")
    tzid = forms.ChoiceField(required=False, label="Time zone")
    repeat = forms.ChoiceField(choices=REPEAT, required=False, label="Repeats")
    every = forms.IntegerField(required=False, min_value=1, max_value=120, initial=1, label="Every")
    days = forms.MultipleChoiceField(choices=WEEKDAYS, required=False, label="On")
    ends = forms.ChoiceField(choices=ENDS, required=False, label="Ends")
    until = forms.DateField(required=False, label="Last day")
    count = forms.IntegerField(required=False, min_value=1, max_value=1000, label="Times")
    own_rule = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("own_rule"):
            self.fields["repeat"].choices = [("own", "by a rule of its own"), *REPEAT]
        self.fields["tzid"].choices = [(name, name.replace("_", " ")) for name in zone_names()]
        self.fields["tzid"].error_messages["invalid_choice"] = "Choose a time zone of the list."

    def clean(self) -> dict:
        """Say what is missing for the chosen kind of time."""
        given = super().clean()
        if given.get("when") != "series":
            return given
        if given.get("ends") == "on" and not given.get("until") and "until" not in self.errors:
            self.add_error("until", "Choose the last day.")
        if given.get("ends") == "after" and not given.get("count") and "count" not in self.errors:
            self.add_error("count", "Say how many times.")
        return given

    def times(self) -> dict:
        """starts_local, tzid and rrule; without a first time for what is only known when it is scheduled."""
        given = self.cleaned_data
        when, tzid = given.get("when") or "later", given.get("tzid") or "UTC"
        if when not in ("at", "series"):
            return {"starts_local": None, "tzid": tzid, "rrule": ""}
        rule = self._rule(given) if when == "series" and given.get("starts_local") else ""
        return {"starts_local": given.get("starts_local"), "tzid": tzid, "rrule": rule}

    def _rule(self, given: dict) -> str:
        repeat = given.get("repeat") or "weekly"
        if repeat == "own":
            return given.get("own_rule", "")
        parts = [f"FREQ={_FREQUENCIES[repeat]}"]
        if (every := given.get("every") or 1) > 1:
            parts.append(f"INTERVAL={every}")
        if repeat == "weekly":
            days = given.get("days") or [DAYS[given["starts_local"].weekday()]]
            parts.append(f"BYDAY={','.join(day for day in DAYS if day in days)}")
        elif repeat == "monthly":
            parts.append(f"BYMONTHDAY={given['starts_local'].day}")
        elif repeat == "month_end":
            parts.append("BYMONTHDAY=-1")
        if given.get("ends") == "on" and given.get("until"):
            parts.append(f"UNTIL={given['until']:%Y%m%d}")
        elif given.get("ends") == "after" and given.get("count"):
            parts.append(f"COUNT={given['count']}")
        return ";".join(parts)


def rule_values(rrule: str, starts_local: datetime | None) -> dict[str, str | list[str]]:
    """A stored rule as the editor's values; one that the editor has no words for is kept as "own"."""
    if not rrule:
        return {}
    try:
        rule = read_rule(rrule)
    except ValueError:
        return {"repeat": "own", "own_rule": rrule}
    values: dict[str, str | list[str]] = {"every": str(rule.interval), "ends": "never"}
    repeat = _repeat_of(rule, starts_local)
    if not repeat:
        return {"repeat": "own", "own_rule": rrule}
    values["repeat"] = repeat
    if repeat == "weekly":
        values["days"] = [DAYS[day] for _, day in rule.days]
    if rule.count:
        values |= {"ends": "after", "count": str(rule.count)}
    elif rule.until:
        until = rule.until.date() if isinstance(rule.until, datetime) else rule.until
        values |= {"ends": "on", "until": until.isoformat()}
    return values


def _repeat_of(rule: Rule, starts_local: datetime | None) -> str:
    """Which of REPEAT the rule is; "" for none of them."""
    narrowed = rule.months or rule.hours or rule.minutes or rule.positions or rule.week_start
    if narrowed or any(nth for nth, _ in rule.days) or not _ends_plainly(rule):
        return ""
    if rule.freq == "DAILY" and not rule.days:
        return "daily"
    if rule.freq == "WEEKLY":
        return "weekly"
    if rule.freq == "MONTHLY" and not rule.days:
        if rule.month_days == (-1,):
            return "month_end"
        if starts_local and rule.month_days in ((), (starts_local.day,)):
            return "monthly"
    return ""


def _ends_plainly(rule: Rule) -> bool:
    return rule.until is None or (isinstance(rule.until, date) and not isinstance(rule.until, datetime))
