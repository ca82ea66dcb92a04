"""One time of a series: moved, skipped, brought back, given its own words."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from inflio.accounts.models import User
from inflio.common.errors import Conflict, InvalidInput
from inflio.queue.leases import db_now
from scheduling.models import OccurrenceChange, Post
from scheduling.recurrence import YEARS, Moment, resolve
from scheduling.services.history import log_event
from scheduling.services.reviewing.reviews import outdate_approval
from scheduling.services.timing.times import JUST_NOW, lock_post, occurrence_of, reschedule_post
from scheduling.services.timing.waiting import bring_back, claimed, set_due, take_away, unclaimed, waiting, write_rows

LONGEST_CAPTION = 5000
BUSY = "This one goes out right now, or is out already, so it cannot be changed."


@transaction.atomic
def move_occurrence(
    *, post: Post, occurrence_local: datetime, to_local: datetime, by: User | None, now: datetime | None = None
) -> Moment:
    """Give one time of a series, or a post with one time, another wall time in the post's zone; safe to repeat.

    Raises InvalidInput for a time that is over or taken by the same series, Conflict when it is going out or is out.
    """
    now, row = now or db_now(), lock_post(post)
    to_local = to_local.replace(second=0, microsecond=0)
    moment = _coming(row, to_local, now)
    if not row.is_series:
        reschedule_post(post=row, starts_local=to_local, tzid=row.tzid, rrule="", by=by, now=now)
        return moment
    own = own_moment(row, occurrence_local, now)
    _refuse_taken(row, occurrence_local, moment)
    target = None if to_local == occurrence_local else to_local
    change, _ = OccurrenceChange.objects.get_or_create(post=row, occurrence_local=occurrence_local)
    if change.moved_local == target and not change.skipped:
        return moment
    change.moved_local, change.skipped = target, False
    change.save()
    _bring_in_line(row, own, moment.at, now)
    log_event(post=row, by=by, text=f"{date_words(occurrence_local)} moved to {date_words(to_local)}.")
    return moment


@transaction.atomic
def skip_occurrence(*, post: Post, occurrence_local: datetime, by: User | None, now: datetime | None = None) -> None:
    """Leave one time of a series out for good; it never comes back by itself. Safe to repeat."""
    now, row = now or db_now(), lock_post(post)
    if not row.is_series:
        raise InvalidInput("This post has one time only. Cancel the post instead.", code="not_a_series")
    own_moment(row, occurrence_local, now)
    change, _ = OccurrenceChange.objects.get_or_create(post=row, occurrence_local=occurrence_local)
    if change.skipped:
        return
    change.skipped = True
    change.save()
    take_away(row.publications.filter(occurrence_local=occurrence_local), now)
    _refuse_busy(row, occurrence_local, now)
    log_event(post=row, by=by, text=f"{date_words(occurrence_local)} left out.")


@transaction.atomic
def restore_occurrence(*, post: Post, occurrence_local: datetime, by: User | None, now: datetime | None = None) -> None:
    """Take a skipped time back into the series, where it was moved to if it was; safe to repeat."""
    now, row = now or db_now(), lock_post(post)
    change = row.changes.filter(occurrence_local=occurrence_local, skipped=True).first()
    if change is None:
        return
    own = own_moment(row, occurrence_local, now)
    moment = _coming(row, change.moved_local or occurrence_local, now)
    _refuse_taken(row, occurrence_local, moment)
    change.skipped = False
    change.save()
    _bring_in_line(row, own, moment.at, now)
    log_event(post=row, by=by, text=f"{date_words(occurrence_local)} taken back in.")


@transaction.atomic
def change_occurrence(
    *, post: Post, occurrence_local: datetime, caption: str, by: User | None, now: datetime | None = None
) -> None:
    """Give one time of a series its own caption; empty: the post's again. An approval then has to be given again."""
    now, row, caption = now or db_now(), lock_post(post), caption.strip()
    if not row.is_series:
        raise InvalidInput("This post has one time only. Edit the post itself.", code="not_a_series")
    if len(caption) > LONGEST_CAPTION:
        raise InvalidInput(f"A caption may have {LONGEST_CAPTION:,} characters.", code="too_long")
    own_moment(row, occurrence_local, now)
    change, _ = OccurrenceChange.objects.get_or_create(post=row, occurrence_local=occurrence_local)
    if change.caption == caption:
        return
    change.caption = caption
    change.save()
    waits = unclaimed(row.publications.filter(occurrence_local=occurrence_local), now)
    waits.update(problems=[], checked_for="")
    _refuse_busy(row, occurrence_local, now)
    outdate_approval(post=row, by=by)
    row.save(update_fields=["content_version", "state", "updated_at"])
    words = "got its own caption" if caption else "has the post's caption again"
    log_event(post=row, by=by, text=f"{date_words(occurrence_local)} {words}.")


def own_moment(post: Post, local: datetime, now: datetime) -> Moment:
    """The moment of one of a series' own times that is still to come; raises Conflict for another."""
    moment = occurrence_of(post, local)
    if moment is None:
        raise Conflict("The series has no such time any more. Look at the calendar again.", code="no_such_time")
    if moment.at <= now and not post.changes.filter(occurrence_local=local).exclude(moved_local=None).exists():
        _refuse_busy(post, local, now)
        if not waiting(post).filter(occurrence_local=local).exists():
            raise Conflict("This time is over, so it cannot be changed.", code="time_passed")
    return moment


def date_words(local: datetime) -> str:
    """5 May 2027, 09:30"""
    return f"{local.day} {local:%B %Y, %H:%M}"


def _coming(post: Post, local: datetime, now: datetime) -> Moment:
    if not YEARS[0] <= local.year < YEARS[1]:
        raise InvalidInput("Choose a time of this century.", code="time")
    moment = resolve(local, post.tzid)
    if moment.at <= now - JUST_NOW:
        raise InvalidInput("This time is over. Choose one that lies ahead.", code="time_passed")
    return moment


def _refuse_taken(post: Post, local: datetime, moment: Moment) -> None:
    """The same words twice at the same minute would be a double post."""
    others = post.changes.exclude(occurrence_local=local)
    by_rule = moment.local != local and occurrence_of(post, moment.local) is not None
    away = Q(skipped=True) | ~Q(moved_local=None)
    still_there = by_rule and not others.filter(away, occurrence_local=moment.local).exists()
    if still_there or others.filter(moved_local=moment.local, skipped=False).exists():
        raise InvalidInput("The series posts at that time already. Choose another one.", code="time_taken")


def _bring_in_line(post: Post, own: Moment, due_at: datetime, now: datetime) -> None:
    """Move the waiting rows of one time, and write those that are missing if the post is scheduled."""
    set_due(post.publications.filter(occurrence_local=own.local), now, due_at)
    _refuse_busy(post, own.local, now)
    if post.state == Post.State.SCHEDULED and post.materialised_until is not None:
        channels = list(post.targets.values_list("channel_id", flat=True))
        write_rows(post, [own], channels)
        bring_back(post, [own], channels)


def _refuse_busy(post: Post, local: datetime, now: datetime) -> None:
    """Raise Conflict, and so undo everything, when a publisher was faster at one of the channels."""
    if claimed(post.publications.filter(occurrence_local=local), now).exists():
        raise Conflict(BUSY, code="busy")
