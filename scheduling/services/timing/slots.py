"""Weekly times of a persona, and the next one that is free: given to one post only, whoever asks at the same moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Q

from inflio.common.errors import Conflict, InvalidInput
from inflio.queue.leases import db_now
from personas.models import Persona
from scheduling.models import Post, Publication, SchedulingSettings, Slot
from scheduling.recurrence import Moment, moments, resolve, zone_of

MOST_SLOTS = 70  # a persona's, a week
AHEAD = timedelta(weeks=26)
NEAREST = timedelta(minutes=10)  # a slot that begins sooner is left for nobody
TOGETHER = timedelta(minutes=1)
DAYS_APART = timedelta(days=2)  # more than any two clocks differ
MOST_OF_A_SERIES = 5000
# Times at which people look at their phones: before work, at noon, in the evening; not measured on your audience.
SUGGESTED = (
    *((day, time(12, 15)) for day in (0, 2)),
    *((day, time(18, 30)) for day in (1, 3, 4)),
    *((day, time(10, 30)) for day in (5, 6)),
)
OVER = (Publication.State.CANCELLED, Publication.State.FAILED, Publication.State.MISSED)


@dataclass(frozen=True, slots=True)
class FreeSlot(Moment):
    """A free weekly time: `local` is wall time in `tzid`."""

    tzid: str = "UTC"


@transaction.atomic
def add_slots(*, persona: Persona, times: Iterable[tuple[int, time]], tzid: str) -> int:
    """Add weekly times (weekday with Monday 0, wall time in `tzid`); those that are there stay. Returns how many."""
    _check_zone(tzid)
    _lock(persona)
    wanted = {(day, at.replace(second=0, microsecond=0)) for day, at in times}
    if any(not 0 <= day <= 6 for day, _ in wanted):
        raise InvalidInput("Choose a day of the week.", code="weekday")
    there = set(persona.slots.values_list("weekday", "time"))
    if len(there | wanted) > MOST_SLOTS:
        raise InvalidInput(f"A persona can have {MOST_SLOTS} weekly times. Remove some first.", code="too_many")
    rows = [Slot(workspace_id=persona.workspace_id, persona=persona, weekday=d, time=t, tzid=tzid) for d, t in wanted]
    Slot.objects.bulk_create(rows, ignore_conflicts=True)
    return len(wanted - there)


@transaction.atomic
def remove_slot(*, slot: Slot) -> None:
    """Remove a weekly time; posts that are planned at it stay. Safe to repeat."""
    Slot.objects.filter(pk=slot.pk).delete()


def suggest_slots(*, persona: Persona, tzid: str) -> int:
    """Add seven common times to a persona; returns how many are new."""
    return add_slots(persona=persona, times=SUGGESTED, tzid=tzid)


@transaction.atomic
def next_free_slot(*, persona: Persona, after: datetime | None = None) -> FreeSlot:
    """The persona's next weekly time at which nothing is planned; InvalidInput when it has none.

    It is held for the caller until the caller's transaction ends: write the post's time before that, and of two tabs
    at once the second gets the next one.
    """
    _lock(persona)
    after = after or db_now() + NEAREST
    slots = list(persona.slots.all())
    if not slots:
        raise InvalidInput(
            f"{persona} has no weekly times yet. Add some under Weekly times, or choose a time yourself.",
            code="no_slots",
        )
    taken = taken_moments(persona, after - TOGETHER, after + AHEAD)
    for free in _upcoming(slots, after):
        if not any(free.at - TOGETHER < moment < free.at + TOGETHER for moment in taken):
            return free
    raise Conflict(f"Every weekly time of {persona} is taken for half a year. Add more times.", code="slots_full")


def taken_moments(persona: Persona, after: datetime, until: datetime) -> list[datetime]:
    """When a persona's posts go out between two moments: publications, drafts with a time, series beyond the plan."""
    rows = Publication.objects.filter(post__persona=persona, due_at__gte=after, due_at__lte=until)
    found = set(rows.exclude(state__in=OVER).values_list("due_at", flat=True))
    low, high = after.replace(tzinfo=None) - DAYS_APART, until.replace(tzinfo=None) + DAYS_APART
    unplanned = Q(rrule="", starts_local__gte=low) & ~Q(state=Post.State.SCHEDULED)
    posts = persona.posts.filter(unplanned | ~Q(rrule=""), starts_local__lte=high).exclude(state=Post.State.CANCELLED)
    for post in posts.prefetch_related("changes"):
        found.update(_moments_of(post, after, until))
    return sorted(found)


def _moments_of(post: Post, after: datetime, until: datetime) -> list[datetime]:
    altered = {one.occurrence_local: one for one in post.changes.all() if one.skipped or one.moved_local}
    regular = moments(post.rrule, post.starts_local, post.tzid, after=after, until=until, limit=MOST_OF_A_SERIES)
    moved = [one.moved_local for one in altered.values() if one.moved_local and not one.skipped]
    return [one.at for one in regular if one.local not in altered] + [resolve(one, post.tzid).at for one in moved]


def _upcoming(slots: list[Slot], after: datetime) -> list[FreeSlot]:
    """The slots' moments of the next half year, in order; each is a weekly rule in its own zone."""
    found = []
    for slot in slots:
        local = after.astimezone(zone_of(slot.tzid)).date() - timedelta(days=8)
        local += timedelta(days=(slot.weekday - local.weekday()) % 7)
        start = datetime.combine(local, slot.time)
        window = {"after": after, "until": after + AHEAD}
        weekly = moments("FREQ=WEEKLY", start, slot.tzid, **window)
        found += [FreeSlot(one.local, one.at, one.note, slot.tzid) for one in weekly]
    return sorted(found, key=lambda one: one.at)


def _lock(persona: Persona) -> None:
    """Hold the workspace's row of rules: free slots are given out one after the other."""
    SchedulingSettings.objects.get_or_create(workspace_id=persona.workspace_id)
    SchedulingSettings.objects.select_for_update().get(workspace_id=persona.workspace_id)


def _check_zone(tzid: str) -> None:
    try:
        zone_of(tzid)
    except ValueError as error:
        raise InvalidInput(str(error), code="zone") from error
