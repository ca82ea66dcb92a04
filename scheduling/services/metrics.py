"""Collects what platforms tell of accounts and posts: in turn, never for long, less often where it fails."""

import logging
import time
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from inflio.common.errors import InflioError
from inflio.queue.leases import db_now
from scheduling.models import Channel, Metric, Publication
from scheduling.platforms.base import Doubt, Measured, PlatformError
from scheduling.queries.metrics import measures_anything
from scheduling.registry import NAMES
from scheduling.services.connecting.channels import adapter_for

log = logging.getLogger(__name__)
AT_ONCE = 20  # channels in one turn
MOST_POSTS = 50  # of one channel
TURN_SECONDS = 40.0
YOUNG = timedelta(days=7)  # so long a post is measured several times a day
FOLLOWED = timedelta(days=30)  # so long at all
OFTEN, DAILY = timedelta(hours=6), timedelta(hours=24)
CLAIMED = timedelta(minutes=15)  # a worker that is killed gives its channel back after so long
FIRST_PAUSE, LONGEST_PAUSE = timedelta(hours=1), timedelta(hours=24)
BIGGEST = 2**63 - 1


def collect_metrics(*, now: datetime | None = None, seconds: float = TURN_SECONDS) -> int:
    """Periodic: measure the channels that wait longest, for at most `seconds`; returns how many were measured."""
    now, end, measured = now or db_now(), time.monotonic() + seconds, 0
    for channel in due_channels(now)[:AT_ONCE]:
        if time.monotonic() > end:
            break
        measured += measure_channel(channel=channel, now=now)
    return measured


def due_channels(now: datetime) -> QuerySet[Channel]:
    """Connected channels whose figures are due, those that wait longest first."""
    names = [name for name in NAMES if measures_anything(name)]
    rows = Channel.objects.filter(platform__in=names, status=Channel.Status.ACTIVE)
    rows = rows.filter(Q(measure_at=None) | Q(measure_at__lte=now))
    return rows.select_related("workspace").order_by(F("measure_at").asc(nulls_first=True), "pk")


def measure_channel(*, channel: Channel, now: datetime | None = None) -> bool:
    """Read one channel's figures and keep them; False when another worker does so, or when it failed.

    No transaction is open while the platform is asked. A failure changes nothing but when it is tried again: what can
    be measured says nothing of whether one can publish.
    """
    now = now or db_now()
    claimed = Channel.objects.filter(pk=channel.pk, measure_at=channel.measure_at).update(measure_at=now + CLAIMED)
    if not claimed:
        return False
    posts = list(posts_to_measure(channel, now))
    try:
        measured = adapter_for(channel).measure([post.remote_id for post in posts])
    except (InflioError, Doubt) as error:
        _try_later(channel, now, error)
        return False
    except Exception as error:  # an answer nobody foresaw must not keep the other channels waiting
        log.exception("%s could not be measured", channel)
        _try_later(channel, now, error)
        return False
    store_metrics(channel=channel, measured=measured, posts=posts, now=now)
    young = any(post.published_at and post.published_at > now - YOUNG for post in posts)
    Channel.objects.filter(pk=channel.pk).update(measure_at=now + (OFTEN if young else DAILY), measure_tries=0)
    return True


def posts_to_measure(channel: Channel, now: datetime) -> QuerySet[Publication]:
    """The channel's newest posts of a month; those older than a week only once a day."""
    today = Metric.objects.filter(publication__channel=channel, day=now.date()).values("publication")
    rows = Publication.objects.filter(channel=channel, state=Publication.State.PUBLISHED).exclude(remote_id="")
    rows = rows.filter(published_at__gt=now - FOLLOWED)
    rows = rows.filter(Q(published_at__gt=now - YOUNG) | ~Q(pk__in=today))
    return rows.order_by("-published_at", "-pk")[:MOST_POSTS]


@transaction.atomic
def store_metrics(*, channel: Channel, measured: Measured, posts: list[Publication], now: datetime) -> int:
    """Keep the figures of a day; a later reading of it replaces them. What was not given gets no row."""
    wanted: dict[tuple[int | None, str], int] = {}
    _add(wanted, None, measured.account)
    for post in posts:
        _add(wanted, post.pk, measured.posts.get(post.remote_id, {}))
    Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)  # two readings of one day, one after the other
    day = now.date()
    kept = {(row.publication_id, row.name): row for row in Metric.objects.filter(channel=channel, day=day)}
    new, old = [], []
    for (post_id, name), value in wanted.items():
        row = kept.get((post_id, name))
        if row is None:
            new.append(
                Metric(channel=channel, publication_id=post_id, name=name, day=day, value=value, measured_at=now)
            )
        else:
            row.value, row.measured_at = value, now
            old.append(row)
    Metric.objects.bulk_create(new)
    Metric.objects.bulk_update(old, ["value", "measured_at"], batch_size=200)
    return len(wanted)


def _add(wanted: dict, post_id: int | None, figures: Mapping[str, int]) -> None:
    for name, value in figures.items():
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= BIGGEST:
            wanted[post_id, name[:40]] = value


def _try_later(channel: Channel, now: datetime, error: Exception) -> None:
    """Twice as long each time, or as long as the platform says."""
    tries = channel.measure_tries + 1
    pause = min(FIRST_PAUSE * 2 ** min(tries - 1, 10), LONGEST_PAUSE)
    if isinstance(error, PlatformError) and error.retry_after:
        pause = max(FIRST_PAUSE, min(timedelta(seconds=error.retry_after), LONGEST_PAUSE))
    Channel.objects.filter(pk=channel.pk).update(measure_at=now + pause, measure_tries=min(tries, 100))
    log.warning("%s was not measured, next in %s: %s", channel, pause, error)
