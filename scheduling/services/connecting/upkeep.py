"""What is done for channels without being asked: tokens renewed, accounts looked at, warnings before an access ends."""

import logging
import time
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from inflio.notices.models import Notice
from inflio.notices.services import notify
from inflio.queue.leases import db_now
from scheduling.models import Channel, ConnectState
from scheduling.platforms.base import PlatformError
from scheduling.queries.channels import can_renew, user_deadline
from scheduling.services.connecting.channels import check_channel
from scheduling.services.connecting.tokens import account_of

log = logging.getLogger(__name__)
TURN_SECONDS = 20  # other periodic work waits for this one
CHECK_EVERY = timedelta(hours=24)
WARN_DAYS = {"linkedin": (10, 3)}
WARN_DAYS_ELSE = (7, 3, 1)
STATES_KEPT = timedelta(days=1)


def care_for_channels(*, now: datetime | None = None, seconds: float = TURN_SECONDS) -> None:
    """Periodic: renew what is due, look at accounts once a day, warn, and forget connections that came to nothing."""
    now, stop = now or db_now(), time.monotonic() + seconds
    renew_due(now=now, stop=stop)
    warn_of_expiry(now=now)
    check_stale(now=now, stop=stop)
    ConnectState.objects.filter(created_at__lt=now - STATES_KEPT).delete()


def renew_due(*, now: datetime, stop: float) -> int:
    """Renew tokens whose time has come and end those that nobody can renew; returns how many were looked at."""
    due = Q(renew_at__lte=now) | Q(access_expires_at__lte=now)
    free = Q(renewing_until=None) | Q(renewing_until__lt=now)
    rows = Channel.objects.filter(due, free, status=Channel.Status.ACTIVE).exclude(platform=Channel.Platform.SITE)
    looked = 0
    for channel in rows.select_related("workspace").order_by("access_expires_at", "pk").iterator():
        if time.monotonic() >= stop:
            break
        looked += 1
        try:
            account_of(channel, now=now)
        except PlatformError as error:  # the channel says it, or the next turn tries again
            log.info("channel %s: %s", channel.pk, error.message)
    return looked


def check_stale(*, now: datetime, stop: float) -> int:
    """Look at the accounts that were not looked at for a day, longest ago first."""
    stale = Q(checked_at=None) | Q(checked_at__lt=now - CHECK_EVERY)
    rows = Channel.objects.filter(stale, status=Channel.Status.ACTIVE).exclude(platform=Channel.Platform.SITE)
    looked = 0
    for channel in rows.select_related("workspace").order_by("checked_at", "pk"):
        if time.monotonic() >= stop:
            break
        looked += 1
        check_channel(channel=channel)
    return looked


def warn_of_expiry(*, now: datetime) -> int:
    """One notice for each threshold that a channel has passed whose access only its user can prolong."""
    rows = Channel.objects.filter(status=Channel.Status.ACTIVE).exclude(platform=Channel.Platform.SITE)
    soon = now + timedelta(days=max(WARN_DAYS_ELSE + WARN_DAYS["linkedin"]))
    ends = Q(access_expires_at__lte=soon, renew_at=None) | Q(refresh_expires_at__lte=soon)
    return sum(_warn(channel, now) for channel in rows.filter(ends).select_related("workspace"))


def _warn(channel: Channel, now: datetime) -> bool:
    deadline = user_deadline(channel)
    if deadline is None or deadline <= now:
        return False
    life = deadline - (channel.refreshed_at if not can_renew(channel) and channel.refreshed_at else channel.created_at)
    days = [
        day
        for day in WARN_DAYS.get(channel.platform, WARN_DAYS_ELSE)
        if deadline - now <= timedelta(days=day) and life > timedelta(days=day) * 2
    ]
    if not days:
        return False
    when = timezone.localtime(deadline).strftime("%-d %B %Y")
    return bool(
        notify(
            workspace=channel.workspace,
            kind="channel_expiry",
            title=f"Connect {channel} again before {when}",
            text=f"Its access ends then, and {channel.get_platform_display()} lets only you renew it.",
            url=channel.get_absolute_url(),
            level=Notice.Level.WARN,
            key=f"channel:{channel.pk}:expires:{deadline:%Y-%m-%d}:{min(days)}",
        )
    )
