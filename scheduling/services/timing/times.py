"""When a post goes out: its rule becomes publications, and a new rule replaces those that nobody has claimed yet."""

import logging
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from inflio.accounts.models import User
from inflio.common.errors import Conflict, InvalidInput
from inflio.queue.leases import db_now
from inflio.queue.wake import wake
from scheduling.models import Post, Publication
from scheduling.recurrence import Moment, check_rule, describe, is_endless, moments, resolve, wall_time
from scheduling.services.history import log_event
from scheduling.services.timing.waiting import (
    bring_back,
    changes_of,
    claimed,
    due_of,
    held,
    is_in_line,
    let_go,
    pull_back,
    set_due,
    take_away,
    unclaimed,
    waiting,
    write_rows,
)

log = logging.getLogger(__name__)
HORIZON = timedelta(days=60)
MOST_AHEAD = 50  # times of one series that wait at once
AGAIN_BEFORE = timedelta(days=45)  # a series planned this far is left alone by the hourly turn
JUST_NOW = timedelta(minutes=5)  # a series that is scheduled at 09:31 still has its time of 09:30
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
DONE = datetime(9999, 12, 31, 23, 59)  # materialised_until of a post that has no further time
GONE = "This post goes out right now, or is out already. Duplicate it to post it once more."


@transaction.atomic
def materialise(*, post: Post, now: datetime | None = None) -> int:
    """Write the publications of a scheduled post for the next 60 days or 50 times; returns how many are new.

    Safe to repeat and to run twice at once: the wall time is the key. What was skipped stays away. Times that passed
    since the last turn are written too, so that they are published late or marked as missed, never lost in silence.
    Raises InvalidInput when a series is started that has no time left, Conflict when a publisher still holds another
    time of a post with one time.
    """
    now, row = now or db_now(), lock_post(post)
    if row.state != Post.State.SCHEDULED or row.starts_local is None or row.materialised_until == DONE:
        return 0
    starting = row.materialised_until is None
    if starting and not row.is_series:
        _refuse_held(row, now)
    after = _begin(row, now) if starting else resolve(row.materialised_until, row.tzid).at
    made = _plan(row, after=after, now=now, starting=starting)
    if starting and row.is_series and row.materialised_until == DONE and not waiting(row).exists():
        raise InvalidInput("This series has no time left. Choose a later end.", code="series_over")
    return made


def materialise_due(*, now: datetime | None = None) -> int:
    """Periodic, hourly: plan each series on whose plan runs out within 45 days; returns how many rows are new.

    One that cannot be planned is logged and keeps nobody else waiting.
    """
    now, made = now or db_now(), 0
    soon = (now + AGAIN_BEFORE).replace(tzinfo=None)
    rows = Post.objects.filter(Q(materialised_until=None) | Q(materialised_until__lt=soon), state=Post.State.SCHEDULED)
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        try:
            made += materialise(post=Post(pk=pk), now=now)
        except (InvalidInput, Conflict, ValueError) as error:
            log.warning("Post %s could not be planned: %s", pk, error)
    return made


@transaction.atomic
def reschedule_post(
    *, post: Post, starts_local: datetime, tzid: str, rrule: str, by: User | None, now: datetime | None = None
) -> Post:
    """Give a post other times, and bring its waiting publications in line; repeating it changes nothing.

    What is claimed or went out stays, and new times begin after it. Rows whose time is in both rules stay the same
    rows. Also call it with the same times after the channels of a scheduled post changed.
    Raises InvalidInput for times that cannot be, Conflict when a post with one time is out already, or a publisher
    holds it in this moment.
    """
    now, row = now or db_now(), lock_post(post)
    if row.state == Post.State.CANCELLED:
        raise Conflict("This post is cancelled. Duplicate it to plan it again.", code="cancelled")
    starts_local = starts_local.replace(second=0, microsecond=0)
    check_times(rrule, starts_local, tzid)
    was_series = row.is_series
    changed = (row.starts_local, row.tzid, row.rrule) != (starts_local, tzid, rrule)
    if changed:
        if not rrule and row.state == Post.State.SCHEDULED and resolve(starts_local, tzid).at <= now - JUST_NOW:
            raise InvalidInput("This time has passed. Choose a later one.", code="time_passed")
        row.starts_local, row.tzid, row.rrule = starts_local, tzid, rrule
        row.rule_version += 1
    row.materialised_until = None
    row.save(update_fields=["starts_local", "tzid", "rrule", "rule_version", "materialised_until", "updated_at"])
    if row.state == Post.State.SCHEDULED or waiting(row).exists():  # those of a post in review wait too
        _align(row, now, was_series=was_series)
    if changed:
        log_event(post=row, by=by, text=f"Planned: {describe(rrule, starts_local)} ({tzid}).")
    return row


@transaction.atomic
def begin_at_once(*, post: Post, now: datetime) -> int:
    """Let a post go out from this moment of its minute on, and wake workers; returns how many channels wait for them.

    For a post with one time, in whose minute `now` lies, by the database's clock. What a worker holds already stays.
    """
    rows = post.publications.filter(occurrence_local=post.starts_local)
    set_due(rows, now, now)
    keys = list(unclaimed(rows, now).values_list("pk", flat=True))
    for pk in keys:
        wake("publication", pk)
    return len(keys)


@transaction.atomic
def withdraw_publications(*, post: Post, by: User | None, code: str = "", now: datetime | None = None) -> int:
    """Cancel what nobody holds and is not public; returns how many. Scheduling the post again brings them back.

    What a publisher holds is cancelled by that publisher, once it sees that the post is off the calendar. `code` says
    why, on the publications.
    """
    now, row = now or db_now(), lock_post(post)
    Post.objects.filter(pk=row.pk).update(materialised_until=None)
    row.publications.filter(state=Publication.State.CANCELLED).update(code=code)
    pull_back(row.publications, now)
    count = unclaimed(row.publications, now).update(**let_go(), state=Publication.State.CANCELLED, code=code)
    if count:
        log_event(post=row, by=by, text=f"Taken off the calendar: {count} time{'s' if count > 1 else ''}.")
    return count


def check_times(rrule: str, starts_local: datetime, tzid: str) -> None:
    """InvalidInput, with the sentence, for a rule, a first time or a zone that cannot be used."""
    try:
        check_rule(rrule, starts_local, tzid)
    except ValueError as error:
        raise InvalidInput(str(error), code="times") from error


def lock_post(post: Post) -> Post:
    """The post as it is now, held until the transaction ends; histories may still be written to it meanwhile.

    Raises Conflict for one that is gone.
    """
    rows = Post.objects.select_for_update(of=("self",), no_key=True).select_related("persona", "workspace")
    row = rows.filter(pk=post.pk).first()
    if row is None:
        raise Conflict("This post was deleted meanwhile.", code="deleted")
    return row


def _begin(post: Post, now: datetime) -> datetime:
    """After which moment a series is planned anew: after now, and after the last time that is claimed or out."""
    if not post.is_series:
        return LONG_AGO
    last = claimed(post.publications, now).aggregate(last=Max("due_at"))["last"]
    return max(now - JUST_NOW, last) if last else now - JUST_NOW


def _plan(post: Post, *, after: datetime, now: datetime, starting: bool) -> int:
    """Write what the rule gives after a moment, and remember how far it is written."""
    ahead = waiting(post).filter(due_at__gt=now).values("occurrence_local").distinct().count()
    room = MOST_AHEAD if starting else MOST_AHEAD - ahead
    if room <= 0:
        return 0
    by_rule = _times(post, after=after, now=now, limit=room)
    wanted = [*by_rule, *_moved_in(post, by_rule, now)] if starting else by_rule
    channels = _channels_left(post, now)
    made = write_rows(post, wanted, channels)
    if starting:
        made += bring_back(post, wanted, channels)
    end = by_rule[-1].at if len(by_rule) == room else max(after, now + HORIZON)
    post.materialised_until = _written_until(post, end)
    post.save(update_fields=["materialised_until", "updated_at"])
    return made


def _times(post: Post, *, after: datetime, now: datetime, limit: int) -> list[Moment]:
    until = now + HORIZON if post.is_series else None
    return moments(post.rrule, post.starts_local, post.tzid, after=after, until=until, limit=limit)


def _moved_in(post: Post, by_rule: list[Moment], now: datetime) -> list[Moment]:
    """Times of the series that were moved from outside the planned span to a moment that is still to come."""
    if not post.is_series:
        return []
    known = {moment.local for moment in by_rule}
    moved = post.changes.filter(skipped=False).exclude(moved_local=None).exclude(occurrence_local__in=known)
    ahead = [change for change in moved if resolve(change.moved_local, post.tzid).at > now]
    found = [occurrence_of(post, change.occurrence_local) for change in ahead]
    return [moment for moment in found if moment]


def occurrence_of(post: Post, local: datetime) -> Moment | None:
    """The moment of one of a post's times; None when its rule does not give that time."""
    at = resolve(local, post.tzid).at
    window = {"after": at - timedelta(seconds=1), "until": at}
    found = moments(post.rrule, post.starts_local, post.tzid, **window) if post.starts_local else []
    return next((moment for moment in found if moment.local == local), None)


def _written_until(post: Post, end: datetime) -> datetime:
    if not post.is_series:
        return DONE
    if not is_endless(post.rrule) and not moments(post.rrule, post.starts_local, post.tzid, after=end, limit=1):
        return DONE
    return wall_time(end, post.tzid)


def _channels_left(post: Post, now: datetime) -> list[int]:
    """The post's channels; of a post with one time without those on which it is out or on its way."""
    channels = list(post.targets.values_list("channel_id", flat=True))
    if post.is_series:
        return channels
    gone = set(claimed(post.publications, now).values_list("channel_id", flat=True))
    return [channel for channel in channels if channel not in gone]


def _align(post: Post, now: datetime, *, was_series: bool) -> None:
    """Keep the waiting rows that the new rule wants, take the others away, add what is missing."""
    channels = set(post.targets.values_list("channel_id", flat=True))
    if not was_series and not post.is_series:
        pull_back(post.publications, now)
        _rekey(post, now)
        _refuse_held(post, now)
    else:
        pull_back(post.publications.exclude(channel__in=channels), now)
    after = _begin(post, now)
    by_rule = _times(post, after=after, now=now, limit=MOST_AHEAD)
    wanted = {moment.local: moment for moment in [*by_rule, *_moved_in(post, by_rule, now)]}
    changes = changes_of(post, list(wanted))
    rows = unclaimed(post.publications, now)
    if was_series:  # what is due already was promised by the old rule and goes out
        rows = rows.filter(due_at__gt=now)
    for row in list(rows):
        one, moment = Publication.objects.filter(pk=row.pk), wanted.get(row.occurrence_local)
        change = changes.get(row.occurrence_local)
        if moment is None or row.channel_id not in channels or (change and change.skipped):
            take_away(one, now)
        elif not is_in_line(row.due_at, due_at := due_of(moment, change, post.tzid), now):
            set_due(one, now, due_at, rule_version=post.rule_version)
        else:
            unclaimed(one, now).update(rule_version=post.rule_version)
    _plan(post, after=after, now=now, starting=True)


def _rekey(post: Post, now: datetime) -> None:
    """Move the rows of a post with one time as they are, so that their address and what was made for them stay.

    The conditional UPDATE comes first: what a publisher took meanwhile is then seen as gone.
    """
    due_at = resolve(post.starts_local, post.tzid).at
    there = set(post.publications.filter(occurrence_local=post.starts_local).values_list("channel_id", flat=True))
    rows = post.publications.exclude(occurrence_local=post.starts_local).exclude(channel__in=there)
    for pk in list(unclaimed(rows, now).values_list("pk", flat=True)):
        one = Publication.objects.filter(pk=pk)
        set_due(one, now, due_at, occurrence_local=post.starts_local, rule_version=post.rule_version)
    if post.targets.exists() and not _channels_left(post, now):
        raise Conflict(GONE, code="gone_out")


def _refuse_held(post: Post, now: datetime) -> None:
    """Raise Conflict, and so undo everything, while a publisher holds another time of a post with one time."""
    rows = held(post.publications, now).exclude(occurrence_local=post.starts_local)
    row = rows.filter(channel__in=post.targets.values("channel")).select_related("channel").first()
    if row:
        raise Conflict(f"It is being made ready for {row.channel} right now. Try again in a minute.", code="held")
