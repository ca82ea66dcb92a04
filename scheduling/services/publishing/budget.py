"""The platforms' limits: what may still go out now, read from the platform, counted here, shared fairly."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, F

from inflio.queue.leases import db_now
from scheduling.models import Channel, Publication, QuotaUse
from scheduling.platforms.base import Platform

READING_SECONDS = 60  # how long what a platform said of its limit is good; our own posts since then are counted
AGAIN_SECONDS = 300  # when a platform does not say when its limit starts anew
YOUTUBE_DAY = ZoneInfo("America/Los_Angeles")  # its quota starts anew at midnight there
UPLOADS_A_DAY = 100  # videos.insert of one project; an installation that was granted more says so
INITS_A_MINUTE = 6  # of one TikTok account


class Full(Exception):
    """A limit is reached; the publication may try again at `until`. `reason` is for the user."""

    def __init__(self, reason: str, until: datetime) -> None:
        super().__init__(reason)
        self.reason, self.until = reason, until


def take_room(publication: Publication, adapter: Platform) -> None:
    """Take one post's room of every limit of its channel; raises Full, PlatformError or Doubt.

    Call it before each first request of a new container or upload: that is what the platforms count.
    """
    channel, now = publication.channel, db_now()
    _refuse_when_used_up(channel, adapter, now)
    if channel.platform == Channel.Platform.TIKTOK:
        _take_init(channel, now)
    elif channel.platform == Channel.Platform.YOUTUBE:
        _take_upload(publication, now)


def room_left(channel: Channel) -> int | None:
    """Posts the platform still takes on this channel, by its last reading; None when nothing is known."""
    reading = cache.get(_reading_key(channel))
    return None if reading is None or reading[0] is None else max(0, reading[0] - _sent_since(channel, reading[1]))


def fair_shares(demand: Mapping[str, int], capacity: int) -> dict[str, int]:
    """Divide `capacity` so that nobody gets more than they want while somebody with less than them wants more."""
    shares = dict.fromkeys(demand, 0)
    waiting = sorted((who for who in demand if demand[who] > 0), key=lambda who: (demand[who], who))
    while waiting and capacity:
        each = capacity // len(waiting)
        who = waiting.pop(0)
        shares[who] = min(demand[who], max(each, 1))
        capacity -= shares[who]
    return shares


def _refuse_when_used_up(channel: Channel, adapter: Platform, now: datetime) -> None:
    reading = cache.get(_reading_key(channel))
    if reading is None or (reading[0] is not None and reading[0] <= _sent_since(channel, reading[1])):
        facts = adapter.inspect()
        reading = (facts.left, now, facts.resets_at)
        cache.set(_reading_key(channel), reading, READING_SECONDS)
    left, read_at, resets_at = reading
    if left is not None and left <= _sent_since(channel, read_at):
        until = max(resets_at or now, now + timedelta(seconds=AGAIN_SECONDS))
        raise Full(f"{channel.get_platform_display()} takes no more posts on {channel.account} for now.", until)


def _sent_since(channel: Channel, moment: datetime) -> int:
    sent = Publication.objects.filter(channel=channel, state__in=Publication.SENT)
    return sent.filter(due_at__gte=moment - timedelta(days=2), publish_started_at__gte=moment).count()


def _take_init(channel: Channel, now: datetime) -> None:
    limit = settings.PLATFORM_OPTIONS.get("tiktok", {}).get("inits_a_minute", INITS_A_MINUTE)
    minute = now.astimezone(UTC).replace(second=0, microsecond=0)
    name = f"tiktok:init:{'sandbox:' if channel.sandbox else ''}{channel.external_id}"
    if not _take(name, minute.strftime("%Y-%m-%dT%H:%M"), "", limit):
        reason = f"TikTok takes {limit} posts a minute on {channel.account}; this one waits for its turn."
        raise Full(reason, minute + timedelta(seconds=61))


@transaction.atomic
def _take_upload(publication: Publication, now: datetime) -> None:
    """Count an upload of the installation and of the workspace; Full takes both back."""
    limit = settings.PLATFORM_OPTIONS.get("youtube", {}).get("uploads_a_day", UPLOADS_A_DAY)
    here = now.astimezone(YOUTUBE_DAY)
    midnight = datetime.combine(here.date() + timedelta(days=1), time.min, YOUTUBE_DAY)
    bucket, window, share = (
        _upload_bucket(publication.channel.sandbox),
        here.date().isoformat(),
        str(publication.workspace_id),
    )
    if not _take(bucket, window, "", limit):
        raise Full("YouTube takes no more uploads from this installation today.", midnight)
    part = fair_shares(_upload_demand(publication, bucket, window, midnight), limit).get(share, limit)
    if not _take(bucket, window, share, max(part, 1)):
        reason = f"This workspace's part of the installation's {limit} YouTube uploads a day is used up."
        raise Full(reason, midnight)


def _upload_demand(publication: Publication, bucket: str, window: str, until: datetime) -> dict[str, int]:
    """How many uploads each workspace had and still wants today."""
    waiting = Publication.objects.filter(
        channel__platform=Channel.Platform.YOUTUBE,
        channel__sandbox=publication.channel.sandbox,
        state__in=(Publication.State.SCHEDULED, Publication.State.PENDING),
        due_at__lt=until,
    )
    demand = {str(row["workspace"]): row["n"] for row in waiting.values("workspace").annotate(n=Count("pk")).order_by()}
    for share, used in QuotaUse.objects.filter(bucket=bucket, window=window).values_list("share", "used"):
        if share:
            demand[share] = demand.get(share, 0) + used
    return demand


def _take(bucket: str, window: str, share: str, limit: int) -> bool:
    """Count one use if the limit allows it; of any number of workers at once, no more than the limit get True."""
    QuotaUse.objects.get_or_create(bucket=bucket, window=window, share=share)
    rows = QuotaUse.objects.filter(bucket=bucket, window=window, share=share, used__lt=limit)
    return rows.update(used=F("used") + 1) == 1


def _upload_bucket(sandbox: bool) -> str:
    return "youtube:uploads:sandbox" if sandbox else "youtube:uploads"


def _reading_key(channel: Channel) -> str:
    return f"publish-room:{channel.pk}"
