"""A look ahead: a day and an hour before its time each publication is checked, and its user told once what to mend."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse

from inflio.common.errors import InflioError
from inflio.notices.models import Notice
from inflio.notices.services import notify
from inflio.queue.leases import db_now
from scheduling.models import Channel, Publication
from scheduling.recurrence import wall_time
from scheduling.services.preparing import film_work
from scheduling.services.publishing.budget import room_left
from scheduling.services.publishing.making import take_picture
from scheduling.services.publishing.outgoing import find_problems
from scheduling.services.publishing.runs import read_publication
from scheduling.services.publishing.standing import obstacle_of
from scheduling.services.timing.waiting import begin_earlier

AT_ONCE = 50
STAGES = (("1h", timedelta(hours=1), ("", "24h")), ("24h", timedelta(hours=24), ("",)))  # the nearest first


def check_ahead() -> int:
    """Check what comes up, a bounded number at a time; returns how many were checked."""
    now, checked = db_now(), 0
    for stage, ahead, before in STAGES:
        rows = Publication.objects.filter(
            state=Publication.State.SCHEDULED, due_at__gt=now, due_at__lte=now + ahead, checked_for__in=before
        )
        for pk in rows.order_by("due_at").values_list("pk", flat=True)[: AT_ONCE - checked]:
            checked += _check(pk, stage, before, now)
    return checked


@transaction.atomic
def _check(pk: int, stage: str, before: tuple[str, ...], now: datetime) -> bool:
    """Of several tickers, one checks a publication for a stage."""
    rows = Publication.objects.filter(pk=pk, state=Publication.State.SCHEDULED, checked_for__in=before)
    if not rows.update(checked_for=stage):
        return False
    publication = read_publication(pk)
    if publication.post.recipe and publication.shoot_id and not publication.generated_id:
        publication.generated = take_picture(publication)
    problems = problems_ahead(publication, now)
    Publication.objects.filter(pk=pk).update(problems=problems)
    if not problems and (seconds := film_work(publication)):
        begin_earlier(Publication.objects.filter(pk=pk), now, publication.due_at, seconds)
    if problems:
        _tell(publication, stage, problems, now)
    return True


def problems_ahead(publication: Publication, now: datetime) -> list[dict[str, Any]]:
    """What would keep it from going out at its time, as far as we know without asking a platform."""
    post, channel = publication.post, publication.channel
    channel_url, post_url = channel.get_absolute_url(), post.get_absolute_url()
    found = []
    if obstacle := obstacle_of(publication, publication.due_at):
        on_channel = obstacle.code in ("reconnect", "paused")
        url = channel_url if on_channel else post_url
        found.append({"code": obstacle.code, "text": f"{obstacle.reason} {obstacle.fix}", "url": url})
    if channel.status == Channel.Status.ACTIVE and not channel.is_site:
        found += [{**problem, "url": channel_url} for problem in _token_problems(channel, publication.due_at)]
        left = room_left(channel)
        if left is not None and publication.due_at - now <= timedelta(hours=1) and left <= _before_it(publication, now):
            text = f"{channel.get_platform_display()} takes {left} more posts for now; others come first."
            found.append({"code": "limit", "text": text, "url": reverse("scheduling:calendar")})
    try:
        found += find_problems(publication)
    except InflioError as error:
        found.append({"code": error.code, "text": error.message, "url": post_url})
    return found


def _token_problems(channel: Channel, due_at: datetime) -> list[dict[str, str]]:
    """A token that ends before and that nobody but the user can renew."""
    renewable = bool(channel.refresh_token) or channel.renew_at is not None
    last = channel.refresh_expires_at if renewable else channel.access_expires_at
    if last is None or last > due_at:
        return []
    return [{"code": "token", "text": f"The access to {channel.account} ends before this post: connect it again."}]


def _before_it(publication: Publication, now: datetime) -> int:
    ahead = Publication.objects.filter(channel=publication.channel, state__in=Publication.OPEN)
    return ahead.filter(due_at__gt=now - timedelta(hours=1), due_at__lt=publication.due_at).count()


def _tell(publication: Publication, stage: str, problems: list[dict[str, Any]], now: datetime) -> None:
    lines = [problem["text"] for problem in problems]
    notify(
        workspace=publication.workspace,
        kind="post_problem",
        title=f"“{publication.post}” cannot go out {_when(publication, now)} on {publication.channel}",
        text="\n".join(dict.fromkeys(lines)),
        url=publication.get_absolute_url(),
        level=Notice.Level.WARN if stage == "24h" else Notice.Level.BAD,
        key=f"preflight:{publication.pk}:{stage}:{publication.due_at.timestamp():.0f}",
    )


def _when(publication: Publication, now: datetime) -> str:
    """Of the next day and night, by the post's clock."""
    if publication.due_at - now <= timedelta(hours=1):
        return "within the hour"
    due, today = (wall_time(moment, publication.post.tzid).date() for moment in (publication.due_at, now))
    return "today" if due == today else "tomorrow"
