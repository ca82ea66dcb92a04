"""Posts on their way: let them go out at their times, now, or in a free slot; take them back; cancel them."""

from datetime import datetime, timedelta

from django.db import transaction

from inflio.accounts.models import User
from inflio.common.errors import Conflict, InvalidInput
from inflio.queue.leases import db_now
from scheduling.models import Post, Publication
from scheduling.recurrence import resolve, wall_time
from scheduling.services.composing.posts import is_out, update_post
from scheduling.services.composing.problems import refuse_unfit
from scheduling.services.history import log_event
from scheduling.services.reviewing.reviews import is_approved
from scheduling.services.timing.ahead import SLACK, refuse_past
from scheduling.services.timing.slots import next_free_slot
from scheduling.services.timing.times import GONE, begin_at_once, lock_post, materialise, withdraw_publications
from scheduling.services.timing.waiting import waiting

MINUTE = timedelta(minutes=1)


@transaction.atomic
def schedule_post(*, post: Post, by: User | None, now: datetime | None = None) -> Post:
    """Let a post go out at its times; safe to repeat.

    Raises NotReady when a channel would refuse it, InvalidInput for a time that is missing or over, Conflict when it
    has to be approved first, was cancelled, or is out already.
    """
    now, post = now or db_now(), lock_post(post)
    if post.state == Post.State.SCHEDULED:
        return post
    if post.state == Post.State.CANCELLED:
        raise Conflict("This post was cancelled. Duplicate it to post it again.", code="cancelled")
    refuse_past(post, now)
    refuse_unfit(post)
    if not is_approved(post):
        raise Conflict("This post has to be approved first. Send it to review.", code="not_approved")
    post.state, post.materialised_until = Post.State.SCHEDULED, None
    post.save(update_fields=["state", "materialised_until", "updated_at"])
    log_event(post=post, by=by, text="Scheduled.")
    materialise(post=post, now=now)
    if not post.is_series and not waiting(post).exists():
        raise Conflict(GONE, code="gone_out")
    post.refresh_from_db(fields=["materialised_until"])
    return post


@transaction.atomic
def schedule_now(*, post: Post, by: User | None, now: datetime | None = None) -> Post:
    """Let a post go out once, beginning at this moment; one that is scheduled for later is moved.

    Safe to repeat: one that goes out already stays as it is. Raises what schedule_post does, InvalidInput for a series
    that is scheduled, Conflict when nothing of it is left to go out.
    """
    now, post = now or db_now(), lock_post(post)
    if _goes_out(post, now):
        return post
    _refuse_series(post)
    starts_local, tzid = _this_minute(now, post.tzid)
    post = update_post(post=post, by=by, starts_local=starts_local, tzid=tzid, rrule="")
    post = schedule_post(post=post, by=by, now=now)
    if not begin_at_once(post=post, now=now):
        raise Conflict("Nothing of this post is left to go out now. Its page says what became of it.", code="over")
    return post


@transaction.atomic
def schedule_in_slot(*, post: Post, by: User | None, move: bool = False, now: datetime | None = None) -> Post:
    """Let a post go out once, in the persona's next free slot.

    Safe to repeat: one that is scheduled stays as it is, unless it is to `move` and its time is no slot yet. Raises
    what schedule_post does, InvalidInput for a persona without slots or a series that is to move, Conflict when every
    slot is taken.
    """
    post = lock_post(post)
    if post.state != Post.State.SCHEDULED or (move and not _is_in_slot(post)):
        _refuse_series(post)
        free = next_free_slot(persona=post.persona, after=now)
        post = update_post(post=post, by=by, starts_local=free.local, tzid=free.tzid, rrule="")
    return schedule_post(post=post, by=by, now=now)


@transaction.atomic
def unschedule_post(*, post: Post, by: User | None) -> Post:
    """Make it a draft again; what is not public yet is taken back. Safe to repeat.

    Raises Conflict for a post with one time that is out.
    """
    post = lock_post(post)
    if post.state in (Post.State.DRAFT, Post.State.CANCELLED):
        return post
    if is_out(post):
        raise Conflict("This post is out already. Duplicate it to post it again.", code="out")
    withdraw_publications(post=post, by=by)
    post.state = Post.State.DRAFT
    post.save(update_fields=["state", "updated_at"])
    log_event(post=post, by=by, text="Taken back to the drafts.")
    return post


@transaction.atomic
def cancel_post(*, post: Post, by: User | None) -> Post:
    """End a post: what is published or on its way stays, every later time is cancelled. Safe to repeat."""
    post = lock_post(post)
    if post.state == Post.State.CANCELLED:
        return post
    withdraw_publications(post=post, by=by)
    post.state = Post.State.CANCELLED
    post.save(update_fields=["state", "updated_at"])
    log_event(post=post, by=by, text="Cancelled.")
    return post


def _goes_out(post: Post, now: datetime) -> bool:
    """Whether its one time has just come and nothing of it went wrong."""
    if post.state != Post.State.SCHEDULED or post.is_series:
        return False
    went_wrong = (Publication.State.FAILED, Publication.State.MISSED)
    rows = post.publications.filter(occurrence_local=post.starts_local, state__in=went_wrong)
    return now - SLACK < resolve(post.starts_local, post.tzid).at <= now and not rows.exists()


def _is_in_slot(post: Post) -> bool:
    local = post.starts_local
    slots = post.persona.slots.filter(weekday=local.weekday(), time=local.time(), tzid=post.tzid)
    return not post.is_series and slots.exists()


def _this_minute(now: datetime, tzid: str) -> tuple[datetime, str]:
    """Wall time and zone of the minute that has begun.

    Of an hour that the clock shows twice a wall time means the first: the second is written in UTC, not an hour ago.
    """
    local = wall_time(now, tzid)
    if resolve(local, tzid).at > now - MINUTE:
        return local, tzid
    return wall_time(now, "UTC"), "UTC"


def _refuse_series(post: Post) -> None:
    if post.state == Post.State.SCHEDULED and post.is_series:
        raise InvalidInput("A series has its own times. Make it a post with one time first.", code="is_series")
