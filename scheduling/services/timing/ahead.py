"""Whether a post has a time that lies ahead, asked before it is put on the calendar."""

from datetime import datetime, timedelta

from inflio.common.errors import InvalidInput
from scheduling.models import Post
from scheduling.recurrence import moments, resolve

SLACK = timedelta(minutes=2)  # a time is that of the minute that has begun; later than this is the past
FAR = timedelta(days=3660)  # how far ahead the first time of a series may lie


def refuse_past(post: Post, now: datetime) -> None:
    """Raise InvalidInput, with what to do, when the post has no time, or none that is still to come."""
    if post.starts_local is None:
        raise InvalidInput("Choose when this post goes out.", code="time_missing")
    if _has_time_after(post, now - SLACK, now + FAR):
        return
    if post.rrule:
        raise InvalidInput("All times of this series are over. Choose later ones.", code="past")
    raise InvalidInput("This time is over. Choose one that lies ahead.", code="past")


def _has_time_after(post: Post, after: datetime, until: datetime) -> bool:
    if not post.rrule:
        return resolve(post.starts_local, post.tzid).at > after
    return bool(moments(post.rrule, post.starts_local, post.tzid, after=after, until=until, limit=1))
