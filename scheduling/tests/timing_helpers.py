"""What the tests of times share: two plans in Paris, their rows by day, and a publisher that takes one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import connection

from inflio.queue.leases import claim
from scheduling.models import Post, Publication
from scheduling.services.timing import times

State = Publication.State
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAILY = {"starts_local": datetime(2026, 11, 1, 9, 30), "tzid": "Europe/Paris", "rrule": "FREQ=DAILY"}
ONCE = {"starts_local": datetime(2026, 12, 24, 18, 0), "tzid": "Europe/Paris", "rrule": ""}


def fresh(row):
    """The same row, read again."""
    return type(row).objects.get(pk=row.pk)


def local(day: int, hour: int = 9, minute: int = 30, month: int = 11) -> datetime:
    """A wall time of 2026: 09:30 on that day of November."""
    return datetime(2026, month, day, hour, minute)


def waiting(post: Post) -> list[datetime]:
    """The wall times of a post that are still to go out."""
    return list(post.publications.filter(state=State.SCHEDULED).values_list("occurrence_local", flat=True))


def row(post: Post, day: int) -> Publication:
    """What a series publishes on that day of November, at 09:30."""
    return post.publications.get(occurrence_local=local(day))


def take(publication: Publication) -> str:
    """A publisher takes it, as if it were due."""
    Publication.objects.filter(pk=publication.pk).update(available_at=NOW)
    return claim(Publication, publication.pk)


@contextmanager
def publisher_is_faster(publication: Publication) -> Iterator[None]:
    """A publisher claims the row after the service read it and before it writes to it."""
    done = []

    def before(execute, sql, params, many, context):
        if sql.startswith('UPDATE "scheduling_publication"') and not done:
            done.append(True)
            assert take(publication)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(before):
        yield
    assert done


def reschedule(post: Post, *, now: datetime = NOW, **changes) -> Post:
    """Give a post other times; what is not named stays."""
    given = {"starts_local": post.starts_local, "tzid": post.tzid, "rrule": post.rrule} | changes
    return times.reschedule_post(post=post, by=None, now=now, **given)
