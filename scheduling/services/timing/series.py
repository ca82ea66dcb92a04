"""A series as a whole: changed from one of its times on, or ended."""

from datetime import date, datetime, timedelta

from django.db import transaction

from inflio.accounts.models import User
from inflio.common.errors import Conflict, InvalidInput
from inflio.queue.leases import db_now
from scheduling.models import Post, PostMedia, PostTarget
from scheduling.recurrence import Moment, ended_at, moments, resolve
from scheduling.rules import MOST_TIMES, read_rule
from scheduling.services.history import log_event
from scheduling.services.timing.occurrences import BUSY, date_words, own_moment
from scheduling.services.timing.times import check_times, lock_post, materialise, reschedule_post
from scheduling.services.timing.waiting import claimed


@transaction.atomic
def split_series(
    *,
    post: Post,
    occurrence_local: datetime,
    by: User | None,
    starts_local: datetime | None = None,
    rrule: str | None = None,
    now: datetime | None = None,
) -> Post:
    """End a series before one of its times and go on from there as a new one, with the same content; returns it.

    The new one has the same rule unless told otherwise, and keeps what was changed at single times where the rule is
    the same. Safe to repeat: a second click gives the same new series.
    """
    now, row = now or db_now(), lock_post(post)
    key = f"split:{row.pk}:{occurrence_local:%Y%m%d%H%M}"
    if made := Post.objects.filter(workspace=row.workspace_id, click_key=key).first():
        return made
    if not row.is_series:
        raise InvalidInput("This post has one time only. Edit the post itself.", code="not_a_series")
    own_moment(row, occurrence_local, now)
    done, last = _times_before(row, occurrence_local)
    if last is None:
        raise InvalidInput("This is the first time of the series. Change the whole series instead.", code="first")
    new_rule = _rest_of(row.rrule, done) if rrule is None else rrule
    check_times(new_rule, starts_local or occurrence_local, row.tzid)
    if claimed(row.publications.filter(occurrence_local__gte=occurrence_local), now).exists():
        raise Conflict(BUSY, code="busy")
    new = _copy(row, key=key, by=by, starts_local=starts_local or occurrence_local, rrule=new_rule)
    if rrule is None and starts_local is None:
        row.changes.filter(occurrence_local__gte=occurrence_local).update(post=new)
    end = ended_at(row.rrule, last.local)
    reschedule_post(post=row, starts_local=row.starts_local, tzid=row.tzid, rrule=end, by=by, now=now)
    log_event(post=new, by=by, text=f"Goes on from “{row}” on {date_words(occurrence_local)}.")
    if new.state == Post.State.SCHEDULED:
        materialise(post=new, now=now)
    return new


def end_series(*, post: Post, last_day: date, by: User | None, now: datetime | None = None) -> Post:
    """Let a series end with a day (in the post's zone), which may still have its times."""
    if not post.is_series:
        raise InvalidInput("This post has one time only, so it has no end.", code="not_a_series")
    rule = ended_at(post.rrule, last_day)
    return reschedule_post(post=post, starts_local=post.starts_local, tzid=post.tzid, rrule=rule, by=by, now=now)


def _times_before(post: Post, local: datetime) -> tuple[int, Moment | None]:
    """How many times a series that ends after some has had before one of its times, and the last of those."""
    start, end = resolve(post.starts_local, post.tzid).at, resolve(local, post.tzid).at
    second = timedelta(seconds=1)
    window = {"until": end - second, "limit": MOST_TIMES}
    if read_rule(post.rrule).count:
        found = moments(post.rrule, post.starts_local, post.tzid, after=start - second, **window)
        return len(found), found[-1] if found else None
    for days in (40, 4000, 40_000):  # the last one is near, but for rare rules
        after = max(start, end - timedelta(days=days)) - second
        found = moments(post.rrule, post.starts_local, post.tzid, after=after, **window)
        if found:
            return 0, found[-1]
    return 0, None


def _rest_of(rule: str, done: int) -> str:
    """The same rule with a number of times that is less by those that are done."""
    count = read_rule(rule).count
    return rule.upper().replace(f"COUNT={count}", f"COUNT={count - done}") if count else rule


def _copy(post: Post, *, key: str, by: User | None, **times) -> Post:
    """The same post with other times; its approval holds, since its content is the same."""
    left_out = {"id", "created_at", "updated_at", "click_key", "created_by", "rule_version", "materialised_until"}
    fields = [field for field in Post._meta.concrete_fields if field.name not in left_out]
    values = {field.attname: getattr(post, field.attname) for field in fields} | times
    new = Post.objects.create(**values, click_key=key, created_by=by)
    for model in (PostMedia, PostTarget):
        rows = list(model.objects.filter(post=post))
        for one in rows:
            one.pk, one._state.adding, one.post = None, True, new
        model.objects.bulk_create(rows)
    return new
