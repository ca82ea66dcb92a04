"""One worker's hold on one publication: its rows, its lease, its evidence and its adapter."""

import time
from datetime import datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.db.models import Exists, OuterRef

from inflio.queue.leases import Heartbeat, db_now, fenced, renew
from inflio.queue.pulse import beat
from scheduling.models import PostTarget, Publication
from scheduling.platforms.base import Outgoing, Platform
from scheduling.services.connecting.channels import adapter_for
from scheduling.services.publishing.attempts import Evidence
from scheduling.services.publishing.outgoing import thaw

GRACE_MINUTES = 60  # of a workspace that never opened its settings


def read_publication(pk: int) -> Publication:
    """A publication with everything that decides whether it may go out, in one query; `is_targeted`: its post is still
    meant for its channel.
    """
    targets = PostTarget.objects.filter(post=OuterRef("post"), channel=OuterRef("channel"))
    rows = Publication.objects.select_related("post__persona", "channel", "workspace__scheduling", "shoot", "generated")
    return rows.annotate(is_targeted=Exists(targets)).get(pk=pk)


class Run:
    """What the phases of publishing get; every write through it is fenced by the lease."""

    def __init__(self, pk: int, token: str, until: float | None = None) -> None:
        self.token = token
        self.until = until  # monotonic time at which the web request ends that does this; None: a worker does it
        self.publication = read_publication(pk)
        self.evidence = Evidence(self.publication, token)
        self.began = self._renewed = time.monotonic()
        self.checked = float("-inf")  # monotonic time of the last look at whether it may go out

    @property
    def deadline(self) -> datetime:
        """Later than this it is missed, and not sent."""
        rules = getattr(self.publication.workspace, "scheduling", None)
        return self.publication.due_at + timedelta(minutes=rules.grace_minutes if rules else GRACE_MINUTES)

    @property
    def was_edited(self) -> bool:
        """What was frozen is not what is planned any more; while nothing of it is public, it is frozen anew."""
        return self.publication.payload.get("content_version") != self.publication.post.content_version

    @cached_property
    def adapter(self) -> Platform:
        """The platform, for this channel's account with a token that is good now; raises PlatformError."""
        adapter = adapter_for(self.publication.channel, record=self.evidence.record)
        self.evidence.hide([adapter.account.access_token])
        return adapter

    @cached_property
    def outgoing(self) -> Outgoing:
        """The frozen post; raises Unfit when one of its files is gone."""
        return thaw(self.publication)

    def read_again(self) -> None:
        """Look at the rows as they are now, as somebody may have cancelled, paused or edited meanwhile."""
        self.publication = read_publication(self.publication.pk)

    def save(self, **changes) -> None:
        """Commit a change of the publication; raises LostLease."""
        fenced(Publication, self.publication.pk, self.token, **changes)
        self.take_over(**changes)

    def take_over(self, **changes) -> None:
        """Show committed changes on the row in hand."""
        for name, value in changes.items():
            setattr(self.publication, name, value)
        if "payload" in changes:
            self.__dict__.pop("outgoing", None)

    def renew(self) -> None:
        """Hold the lease from now on for its full length; raises LostLease."""
        now = time.monotonic()
        renew(Publication, self.publication.pk, self.token, settings.PUBLISH_LEASE_SECONDS)
        self._renewed = now
        beat()

    def heartbeat(self) -> Heartbeat:
        """Around a step that may outlast the lease: it is renewed while the step shows progress."""
        return Heartbeat(Publication, self.publication.pk, self.token, lease_seconds=settings.PUBLISH_LEASE_SECONDS)

    def renewed(self, moment: float) -> None:
        """The lease was renewed by a write that began at this monotonic time."""
        self._renewed = moment

    def has_time_for_call(self) -> bool:
        """Whether a call that begins now surely ends while the lease is ours; a frozen process finds out here."""
        spare = settings.PUBLISH_LEASE_SECONDS - 2 * settings.PLATFORM_TIMEOUT
        return time.monotonic() - self._renewed <= spare

    def has_worked_long(self) -> bool:
        """Whether others should get this worker now; the publication goes on at its next turn."""
        now = time.monotonic()
        return now - self.began > settings.PUBLISH_LEASE_SECONDS / 2 or (self.until is not None and now >= self.until)

    def later(self, seconds: float) -> datetime:
        """The moment `seconds` from now on the database's clock."""
        return db_now() + timedelta(seconds=seconds)
