"""The calendar: what goes out when, from publications and from posts that have none yet, in a few queries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse

from inflio.accounts.models import Workspace
from inflio.media.models import Asset
from personas.models import Persona
from scheduling.models import Channel, OccurrenceChange, Post, PostMedia, PostTarget, Publication
from scheduling.queries.calendar_filter import CalendarFilter
from scheduling.recurrence import moments, resolve

SLACK = timedelta(days=2)  # more than any two clocks differ
MOST_OF_A_SERIES = 1100  # every hour of six weeks
WORST_FIRST = ("attention", "failed", "missed", "unknown", "publishing", "container", "pending", "scheduled")
WORDS = {  # state: what is written, its tone, its icon
    "draft": ("Draft", "plain", "edit"),
    "review": ("In review", "note", "eye"),
    "changes": ("Changes asked for", "warn", "alert"),
    "approved": ("Approved", "good", "check"),
    "scheduled": ("Scheduled", "note", "clock"),
    "pending": ("Publishing", "busy", "refresh"),
    "container": ("Publishing", "busy", "refresh"),
    "publishing": ("Publishing", "busy", "refresh"),
    "unknown": ("Checking", "warn", "search"),
    "published": ("Published", "good", "check-circle"),
    "failed": ("Failed", "bad", "alert"),
    "missed": ("Missed", "bad", "alert"),
    "attention": ("Needs you", "warn", "alert"),
    "cancelled": ("Cancelled", "plain", "x"),
}
GROUPS = {  # what the filter offers
    "draft": ("draft", "changes"),
    "review": ("review",),
    "approved": ("approved",),
    "scheduled": ("scheduled", "pending", "container", "publishing"),
    "published": ("published",),
    "problems": ("failed", "missed", "attention", "unknown"),
    "cancelled": ("cancelled",),
}
MOVABLE = ("draft", "review", "changes", "approved", "scheduled")


@dataclass(slots=True)
class Entry:
    """One post at one time. local: the time's key, in the post's zone. at: the viewer's time."""

    post_id: int
    local: datetime
    at: datetime
    state: str
    post: Post | None = None
    picture: Asset | None = None
    channels: list[Channel] = field(default_factory=list)

    @property
    def words(self) -> str:
        return WORDS[self.state][0]

    @property
    def tone(self) -> str:
        return WORDS[self.state][1]

    @property
    def icon(self) -> str:
        return WORDS[self.state][2]

    @property
    def can_move(self) -> bool:
        return self.state in MOVABLE

    @property
    def key(self) -> str:
        return self.local.isoformat(timespec="minutes")

    @property
    def shown(self) -> str:
        """By the viewer's clock, as a form writes it."""
        return self.at.replace(tzinfo=None).isoformat(timespec="minutes")

    @property
    def clock(self) -> str:
        return self.shown[11:16]

    @property
    def url(self) -> str:
        return reverse("scheduling:calendar_entry", args=[self.post_id])


@dataclass(slots=True)
class Day:
    """One day as the viewer's clock has it. entries: those that fit; more: how many do not; troubled: of those."""

    date: date
    entries: list[Entry] = field(default_factory=list)
    more: int = 0
    troubled: int = 0
    clock_change: str = ""
    inside: bool = True

    @property
    def total(self) -> int:
        return len(self.entries) + self.more


def calendar_days(
    workspace: Workspace, chosen: CalendarFilter, zone: ZoneInfo, *, first: date, last: date, fit: int
) -> list[Day]:
    """The days from `first` to `last` with at most `fit` entries each, in order; a fixed number of queries."""
    start, end = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    days = {
        first + timedelta(days=number): Day(first + timedelta(days=number)) for number in range((last - first).days + 1)
    }
    for entry in sorted(_entries(workspace, chosen, start, end), key=lambda one: (one.at, one.post_id)):
        entry.at = entry.at.astimezone(zone)
        day = days.get(entry.at.date())
        if day is None:
            continue
        if len(day.entries) < fit:
            day.entries.append(entry)
        else:
            day.more += 1
            day.troubled += entry.state in GROUPS["problems"]
    for day in days.values():
        day.clock_change = clock_change(day.date, zone)
    fully = chosen.view in ("list", "day")
    add_details(workspace, [entry for day in days.values() for entry in day.entries], fully=fully)
    return list(days.values())


def clock_change(day: date, zone: ZoneInfo) -> str:
    """What the clocks do on a day, in words; empty on most days."""
    start, end = (datetime.combine(day + timedelta(days=number), time(), zone) for number in (0, 1))
    step = end.utcoffset() - start.utcoffset()
    if not step:
        return ""
    minutes = int(abs(step).total_seconds() // 60)
    much = f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
    return f"Clocks go {'forward' if step > timedelta(0) else 'back'} {much}"


def _entries(workspace: Workspace, chosen: CalendarFilter, start: datetime, end: datetime) -> list[Entry]:
    found = _published_or_waiting(workspace, chosen, start, end)
    for entry in _planned(workspace, chosen, start, end):
        known = found.get((entry.post_id, entry.local))
        if known is None or known.state == "cancelled":
            found[entry.post_id, entry.local] = entry
    wanted = GROUPS.get(chosen.state) or [state for state in WORDS if state != "cancelled"]
    return [entry for entry in found.values() if entry.state in wanted]


def _published_or_waiting(workspace, chosen: CalendarFilter, start: datetime, end: datetime) -> dict:
    """Entries of the publications in a window, by post and time; of several channels the worst state counts."""
    rows = Publication.objects.for_workspace(workspace).filter(due_at__gte=start, due_at__lt=end)
    rows = rows.filter(**chosen.on_publications()).order_by()
    found: dict[tuple, Entry] = {}
    columns = ("post_id", "occurrence_local", "due_at", "state", "post__state")
    for post, local, due_at, state, post_state in rows.values_list(*columns).distinct():
        if state == Publication.State.SCHEDULED and post_state != Post.State.SCHEDULED:
            state = post_state  # it waits for its approval
        entry = found.get((post, local))
        if entry is None:
            entry = found[post, local] = Entry(post, local, due_at, state)
        elif _rank(state) < _rank(entry.state):
            entry.state = state
    return found


def _rank(state: str) -> int:
    return WORST_FIRST.index(state) if state in WORST_FIRST else len(WORST_FIRST) + (state == "cancelled")


def _planned(workspace, chosen: CalendarFilter, start: datetime, end: datetime) -> list[Entry]:
    """Entries of posts without publications: drafts with a time, and series beyond what is planned."""
    low, high = start.replace(tzinfo=None) - SLACK, end.replace(tzinfo=None) + SLACK
    single = Q(rrule="", starts_local__gte=low) & ~Q(state=Post.State.SCHEDULED)
    beyond = Q(materialised_until=None) | Q(materialised_until__lt=high) | ~Q(state=Post.State.SCHEDULED)
    posts = Post.objects.for_workspace(workspace).filter(single | (~Q(rrule="") & beyond), starts_local__lt=high)
    posts = posts.exclude(state=Post.State.CANCELLED).filter(**chosen.on_posts()).order_by()
    columns = ("pk", "state", "starts_local", "tzid", "rrule", "materialised_until")
    rows = list(posts.distinct().values_list(*columns))
    series = [row[0] for row in rows if row[4]]
    changes: dict[int, list[OccurrenceChange]] = {}
    for change in OccurrenceChange.objects.filter(post__in=series):
        changes.setdefault(change.post_id, []).append(change)
    found = []
    for pk, state, starts_local, tzid, rule, until in rows:
        after = start - timedelta(seconds=1)
        if until and state == Post.State.SCHEDULED:
            if until.year == datetime.max.year:
                continue
            after = max(after, resolve(until, tzid).at)
        times = _times(rule, starts_local, tzid, after, end, changes.get(pk, []))
        found += [Entry(pk, local, at, state) for local, at in times]
    return found


def _times(
    rule: str, starts_local: datetime, tzid: str, after: datetime, end: datetime, changes: list[OccurrenceChange]
) -> list[tuple[datetime, datetime]]:
    """(key, moment) of a post's times in a window, with what was skipped or moved."""
    if not rule:
        at = resolve(starts_local, tzid).at
        return [(starts_local, at)] if after < at < end else []
    altered = {change.occurrence_local for change in changes if change.skipped or change.moved_local}
    window = {"after": after, "until": end - timedelta(seconds=1), "limit": MOST_OF_A_SERIES}
    try:
        found = [(one.local, one.at) for one in moments(rule, starts_local, tzid, **window) if one.local not in altered]
    except ValueError:  # a draft may hold a rule that cannot be used yet
        return []
    moved = [change for change in changes if change.moved_local and not change.skipped]
    there = [(change.occurrence_local, resolve(change.moved_local, tzid).at) for change in moved]
    return found + [(local, at) for local, at in there if after < at < end]


def add_details(workspace: Workspace, entries: Iterable[Entry], *, fully: bool = True) -> None:
    """Give the entries that are shown their post and persona; `fully` also their first picture and channels."""
    entries = list(entries)
    keys = {entry.post_id for entry in entries}
    posts = Post.objects.for_workspace(workspace).select_related("persona").only("title", "rrule", "persona__name")
    by_key = posts.in_bulk(keys)
    pictures: dict[int, Asset] = {}
    targets: dict[int, list[Channel]] = {}
    if fully:
        media = PostMedia.objects.filter(post__in=keys, position=0).select_related("asset")
        pictures = {one.post_id: one.asset for one in media}
        for target in PostTarget.objects.filter(post__in=keys).select_related("channel"):
            targets.setdefault(target.post_id, []).append(target.channel)
    for entry in entries:
        entry.post, entry.picture = by_key.get(entry.post_id), pictures.get(entry.post_id)
        entry.channels = targets.get(entry.post_id, [])


def one_entry(post: Post, local: datetime) -> Entry | None:
    """A post's entry at one of its times; None when it has no such time."""
    change = post.changes.filter(occurrence_local=local).first()
    rows = list(post.publications.filter(occurrence_local=local))
    if rows:
        states = [post.state if row.state == "scheduled" and post.state != "scheduled" else row.state for row in rows]
        entry = Entry(post.pk, local, rows[0].due_at, min(states, key=_rank))
    else:
        moved = change.moved_local if change and change.moved_local else local
        entry = Entry(post.pk, local, resolve(moved, post.tzid).at, post.state)
    add_details(post.workspace, [entry])
    return entry


def filter_choices(workspace: Workspace) -> dict:
    """Personas and channels to choose from; two queries."""
    return {
        "personas": list(Persona.objects.for_workspace(workspace).order_by("name").only("pk", "name")),
        "channels": list(Channel.objects.for_workspace(workspace).only("pk", "platform", "handle", "sandbox")),
        "states": [(key, key.capitalize() if key != "problems" else "Needs you") for key in GROUPS],
        "formats": Post.Format.choices,
    }


def anything_planned(workspace: Workspace) -> bool:
    """Whether the workspace has any post at all."""
    return Post.objects.for_workspace(workspace).exists()


def counted(days: Iterable[Day]) -> Counter:
    """How many entries are shown and left out."""
    return Counter(shown=sum(len(day.entries) for day in days), more=sum(day.more for day in days))
