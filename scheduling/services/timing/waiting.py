"""Publications that wait for their time: written, moved, taken away and brought back, never against a publisher.

Each change is one UPDATE that asks again whether the row still waits and is unclaimed: of a change and a publisher at
the same moment, one wins and the other sees it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from scheduling.models import OccurrenceChange, Post, Publication
from scheduling.recurrence import Moment, resolve


def unclaimed(rows: QuerySet[Publication], now: datetime) -> QuerySet[Publication]:
    """Those that wait for their time and that no publisher holds."""
    return rows.filter(Q(lease_until=None) | Q(lease_until__lt=now), state=Publication.State.SCHEDULED)


def write_rows(post: Post, wanted: Iterable[Moment], channels: Iterable[int]) -> int:
    """Insert the publications of these times on these channels, but for those that are there; returns how many.

    A skipped time is left out, a moved one gets its own moment.
    """
    wanted, channels = list(wanted), list(channels)
    changes = changes_of(post, [moment.local for moment in wanted])
    rows = []
    for moment in wanted:
        change = changes.get(moment.local)
        if change and change.skipped:
            continue
        due_at = due_of(moment, change, post.tzid)
        rows += [
            Publication(
                workspace_id=post.workspace_id,
                post=post,
                channel_id=channel,
                occurrence_local=moment.local,
                due_at=due_at,
                available_at=begins(due_at),
                rule_version=post.rule_version,
            )
            for channel in channels
        ]
    before = post.publications.count()
    Publication.objects.bulk_create(rows, ignore_conflicts=True)
    return post.publications.count() - before


def changes_of(post: Post, locals_: list[datetime]) -> dict[datetime, OccurrenceChange]:
    """What is different at these times of a series, by time."""
    return {change.occurrence_local: change for change in post.changes.filter(occurrence_local__in=locals_)}


def due_of(moment: Moment, change: OccurrenceChange | None, tzid: str) -> datetime:
    """When an occurrence goes out: as the rule says, unless it was moved."""
    return resolve(change.moved_local, tzid).at if change and change.moved_local else moment.at


def is_in_line(due_at: datetime, by_rule: datetime, now: datetime) -> bool:
    """Whether a row keeps its time: it is due in the minute that its rule gives, or was tried again after that."""
    tried_again = by_rule <= now and by_rule < due_at
    return tried_again or timedelta(0) <= due_at - by_rule < timedelta(minutes=1)


def begins(due_at: datetime) -> datetime:
    """From when a publisher may prepare it: a platform needs its time with files, the last call waits for `due_at`."""
    return due_at - timedelta(seconds=settings.PUBLISH_AHEAD_SECONDS)


def begin_earlier(rows: QuerySet[Publication], now: datetime, due_at: datetime, seconds: float) -> int:
    """Let a publisher begin this much earlier with waiting rows, as there is long work to do first."""
    early = begins(due_at) - min(timedelta(seconds=seconds), Publication.LONGEST_WORK)
    return unclaimed(rows, now).filter(available_at__gt=early).update(available_at=early)


def take_away(rows: QuerySet[Publication], now: datetime) -> int:
    """Remove waiting rows unless a publisher claims them first; what was tried before is kept as cancelled."""
    taken = 0
    for pk in list(unclaimed(rows, now).values_list("pk", flat=True)):
        row = Publication.objects.filter(pk=pk)
        if not unclaimed(row, now).update(**let_go(), state=Publication.State.CANCELLED):
            continue
        taken += 1
        if not row.get().attempts.exists():
            row.delete()
    return taken


def set_due(rows: QuerySet[Publication], now: datetime, due_at: datetime, **more) -> int:
    """Give waiting rows another time unless a publisher claims them first; returns how many have it now."""
    fresh = {"problems": [], "checked_for": ""}  # what was checked for another time does not count
    return unclaimed(rows, now).update(**let_go(), due_at=due_at, available_at=begins(due_at), **fresh, **more)


def let_go() -> dict:
    """A worker that held the row and slept over its lease must not write to it any more."""
    return {"lease_token": "", "lease_until": None, "dispatched_at": None}


def pull_back(rows: QuerySet[Publication], now: datetime) -> int:
    """Let what was prepared ahead and is held by nobody wait anew, so that it can be moved or taken away.

    Nothing of it is public: what the platform was given stays there unused, and is given anew when its time comes.
    """
    begun = (Publication.State.PENDING, Publication.State.CONTAINER)
    rows = rows.filter(Q(lease_until=None) | Q(lease_until__lt=now), state__in=begun)
    anew = {
        "payload": {},
        "progress": {},
        "container_id": "",
        "prepare_tries": 0,
        "attempt": 0,
        "reason": "",
        "fix": "",
    }
    return rows.update(**let_go(), state=Publication.State.SCHEDULED, publish_started_at=None, **anew)


def claimed(rows: QuerySet[Publication], now: datetime) -> QuerySet[Publication]:
    """What a publisher holds or has begun, and what is or may be out: nobody changes these."""
    begun = Q(state__in=(*Publication.OPEN, *Publication.SENT)) & ~Q(state=Publication.State.SCHEDULED)
    return rows.filter(begun | Q(state=Publication.State.SCHEDULED, lease_until__gte=now))


def held(rows: QuerySet[Publication], now: datetime) -> QuerySet[Publication]:
    """What a publisher holds in this moment and can still be stopped, as nothing of it is public."""
    return rows.filter(state__in=Publication.UNSENT, lease_until__gte=now)


def waiting(post: Post) -> QuerySet[Publication]:
    """Those of a post that wait for their time or are made ready for it, claimed or not."""
    return post.publications.filter(state__in=Publication.UNSENT)


def bring_back(post: Post, wanted: list[Moment], channels: list[int]) -> int:
    """Bring back what was cancelled when the post was taken off the calendar; never what may have been sent."""
    changes = changes_of(post, [moment.local for moment in wanted])
    count = 0
    for moment in wanted:
        change = changes.get(moment.local)
        if change and change.skipped:
            continue
        due_at = due_of(moment, change, post.tzid)
        rows = post.publications.filter(occurrence_local=moment.local, channel__in=channels)
        rows = rows.filter(state=Publication.State.CANCELLED, publish_started_at=None, remote_id="")
        count += rows.update(
            **let_go(),
            state=Publication.State.SCHEDULED,
            due_at=due_at,
            available_at=begins(due_at),
            rule_version=post.rule_version,
            code="",
            reason="",
            fix="",
            problems=[],
            checked_for="",
        )
    return count
