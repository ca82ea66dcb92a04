"""Reads about publications: what a worker takes next, what a page shows, and the evidence of one."""

import random
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from inflio.queue.leases import db_now, unclaimed
from scheduling.models import Publication, PublishAttempt

State = Publication.State
BEGUN = (State.PUBLISHING, State.CONTAINER, State.PENDING)
LIST_SECONDS = 1.0  # how long a worker goes by its list of who waits
SOON = timedelta(minutes=2)
NEAR = 4  # workers choose among the first few, so that they seldom reach for the same row


class Turns:
    """The order in which one worker takes what is due: what was begun first, then workspaces in turn, and in each of
    them channels in turn, earliest time first.

    Each question reads a few rows of an index, however many posts lie ahead; who waits at all is listed anew once a
    second. Every fourth turn goes to what has to be looked up on its platform. What has not begun is given out once.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._listed_at = float("-inf")
        self._workspaces: deque[deque[int]] = deque()
        self._given: set[int] = set()
        self._turn = 0

    def next(self) -> int | None:
        """The key of a publication that is due and free, or None when there is none."""
        now = db_now()
        self._turn += 1
        begun, doubtful, fresh = (lambda: _any_of(BEGUN, now), lambda: _any_of((State.UNKNOWN,), now),
                                  lambda: self._fresh(now))  # fmt: skip
        order = (doubtful, begun, fresh) if self._turn % 4 == 0 else (begun, fresh, doubtful)
        for ask in order:
            if (pk := ask()) is not None:
                return pk
        return None

    def _fresh(self, now: datetime) -> int | None:
        """The next workspace's next channel's earliest post."""
        if self._clock() - self._listed_at >= LIST_SECONDS:
            self._list(now)
        while self._workspaces:
            channels = self._workspaces.popleft()
            while channels:
                channel = channels.popleft()
                # Its due time too, though `available_at` says as much: the channel's own index knows it.
                soon = now + timedelta(seconds=settings.PUBLISH_AHEAD_SECONDS) + Publication.LONGEST_WORK
                rows = Publication.objects.filter(channel=channel, state=State.SCHEDULED, due_at__lte=soon)
                rows = unclaimed(rows, now).exclude(pk__in=self._given)
                keys = list(rows.order_by("due_at").values_list("pk", flat=True)[:NEAR])
                if keys:
                    channels.append(channel)
                    self._workspaces.append(channels)
                    self._given.add(key := random.choice(keys))
                    return key
        return None

    def _list(self, now: datetime) -> None:
        rows = unclaimed(Publication.objects.filter(state=State.SCHEDULED), now)
        pairs = list(rows.order_by().values_list("workspace", "channel").distinct())
        random.shuffle(pairs)  # so that two workers go round in different orders
        by_workspace: dict[int, deque[int]] = {}
        for workspace, channel in pairs:
            by_workspace.setdefault(workspace, deque()).append(channel)
        self._workspaces = deque(by_workspace.values())
        self._listed_at = self._clock()


def _any_of(states: tuple[str, ...], now: datetime) -> int | None:
    rows = unclaimed(Publication.objects.filter(state__in=states), now).order_by("available_at")
    keys = list(rows.values_list("pk", flat=True)[:NEAR])
    return random.choice(keys) if keys else None


def to_look_after(now: datetime) -> QuerySet[Publication]:
    """Published ones that are still to be read back, and free."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    rows = Publication.objects.filter(free, published_at__isnull=False, readback_at__isnull=True)
    return rows.filter(available_at__lte=now).order_by("available_at")


def is_under_way(publication: Publication, now: datetime) -> bool:
    """Whether its page will show something else in a moment: it goes out about now, or went out and is read back."""
    if publication.is_open:
        return publication.due_at <= now + SOON
    out_since = publication.published_at
    return out_since is not None and publication.readback_at is None and out_since > now - SOON


def attempts_of(publication: Publication, limit: int = 200) -> list[PublishAttempt]:
    """What was done for it, newest first."""
    return list(publication.attempts.order_by("-pk")[:limit])


def evidence_of(publication: Publication) -> dict[str, Any]:
    """Everything that proves what went out and when, as JSON; it holds no token."""
    channel, post = publication.channel, publication.post
    return {
        "publication": publication.pk,
        "post": {"id": post.pk, "title": post.title, "persona": str(post.persona)},
        "channel": {
            "platform": channel.platform,
            "sandbox": channel.sandbox,
            "account": channel.external_id,
            "handle": channel.handle,
        },
        "state": publication.state,
        "reason": publication.reason,
        "key": str(publication.key),
        "times": {
            "wall_time": publication.occurrence_local.isoformat(timespec="minutes"),
            "time_zone": post.tzid,
            **{name: _iso(getattr(publication, name)) for name in TIMES},
        },
        "remote_id": publication.remote_id,
        "remote_url": publication.remote_url,
        "payload": publication.payload,
        "disclosure": publication.payload.get("disclosure", {}),
        "read_back": {"at": _iso(publication.readback_at), "shown": publication.readback},
        "first_comment": publication.comment_state,
        "attempts": [_attempt(row) for row in publication.attempts.order_by("pk")],
        "history": [
            {"at": _iso(event.at), "by": _who(event), "text": event.text}
            for event in publication.events.select_related("by").order_by("pk")
        ],
    }


TIMES = ("due_at", "publish_started_at", "accepted_at", "unknown_since", "published_at")


def _attempt(row: PublishAttempt) -> dict[str, Any]:
    return {
        "did": row.phase,
        "outcome": row.outcome,
        "started_at": _iso(row.started_at),
        "ended_at": _iso(row.ended_at),
        "status": row.status,
        "sent": row.sent,
        "answer": row.answer,
        "text": row.text,
        "remote_id": row.remote_id,
    }


def _who(event) -> str:
    return event.by_name or (str(event.by) if event.by else "Inflio")


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
