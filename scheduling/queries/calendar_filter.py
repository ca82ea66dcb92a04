"""What the calendar shows, read from its address: the view, the day it is about, and the filters."""

from calendar import monthrange
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from inflio.common.params import read_key
from scheduling.models import Post

VIEWS = ("month", "week", "list", "day")
STATES = ("draft", "review", "approved", "scheduled", "published", "problems", "cancelled")
FIRST_DAY, LAST_DAY = date(2000, 2, 1), date(2099, 11, 30)


@dataclass(frozen=True)
class CalendarFilter:
    """Every field is a parameter of the address; empty means: whatever. `on`: a day of the span that is shown."""

    on: date
    view: str = "month"
    persona: int | None = None
    channel: int | None = None
    state: str = ""
    format: str = ""

    @classmethod
    def read(cls, given, *, today: date) -> "CalendarFilter":
        """From an address's parameters; what cannot be understood is left out."""
        view, state, form = given.get("view", ""), given.get("state", ""), given.get("format", "")
        return cls(
            on=_read_day(given.get("on", "")) or today,
            view=view if view in VIEWS else "month",
            persona=read_key(given.get("persona", "")),
            channel=read_key(given.get("channel", "")),
            state=state if state in STATES else "",
            format=form if form in Post.Format.values else "",
        )

    def but(self, **changes) -> "CalendarFilter":
        """The same with other values."""
        return replace(self, **changes)

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.persona or self.channel or self.state or self.format)

    @property
    def query(self) -> str:
        """The query string of the address that shows the same."""
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        return urlencode(
            {name: str(value) for name, value in given.items() if value and (name, value) != ("view", "month")}
        )

    @property
    def span(self) -> tuple[date, date]:
        """First and last day that are shown; a month begins on a Monday and ends on a Sunday."""
        if self.view == "day":
            return self.on, self.on
        if self.view == "week":
            monday = self.on - timedelta(days=self.on.weekday())
            return monday, monday + timedelta(days=6)
        first, last = self.month
        if self.view == "list":
            return first, last
        return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())

    @property
    def month(self) -> tuple[date, date]:
        """First and last day of the month of `on`."""
        return self.on.replace(day=1), self.on.replace(day=monthrange(self.on.year, self.on.month)[1])

    @property
    def previous(self) -> "CalendarFilter":
        """The span before."""
        return self._moved(self.month[0] - timedelta(days=1), -1)

    @property
    def next(self) -> "CalendarFilter":
        """The span after."""
        return self._moved(self.month[1] + timedelta(days=1), 1)

    def _moved(self, other_month: date, direction: int) -> "CalendarFilter":
        days = {"day": 1, "week": 7}.get(self.view)
        on = self.on + timedelta(days=days * direction) if days else other_month.replace(day=1)
        return self.but(on=min(max(on, FIRST_DAY), LAST_DAY))

    def on_publications(self) -> dict:
        """The filters of publications."""
        return {**_given(post__persona=self.persona, channel=self.channel, post__format=self.format)}

    def on_posts(self) -> dict:
        """The same for posts."""
        return {**_given(persona=self.persona, targets__channel=self.channel, format=self.format)}


def _given(**values) -> dict:
    return {name: value for name, value in values.items() if value}


def _read_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if len(text) == 10 else date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None
