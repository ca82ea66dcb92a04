"""What is done when a platform calls: access taken away, data to be deleted, news of a post."""

import secrets

from django.db import transaction
from django.db.models import Q, QuerySet

from inflio.queue.leases import db_now
from inflio.queue.wake import wake
from scheduling.models import Channel, DataDeletion, Publication
from scheduling.services.connecting.channels import erase_account_data, platform_withdrew

# A look at these tells more after news came; the rest has nothing to be looked at.
WAITING = (
    Publication.State.PENDING,
    Publication.State.CONTAINER,
    Publication.State.PUBLISHING,
    Publication.State.UNKNOWN,
)


def take_deauthorisation(*, platform: str, account: str, sandbox: bool) -> int:
    """The account's owner took our access away: in every workspace that has it, it must be connected again."""
    rows = list(_connections(platform, account, sandbox).exclude(status=Channel.Status.REVOKED))
    for channel in rows:
        title = channel.get_platform_display()
        platform_withdrew(
            channel=channel, why=f"Our access to {channel.account} was removed at {title}. Connect the account again."
        )
    return len(rows)


@transaction.atomic
def take_data_deletion(*, platform: str, account: str, sandbox: bool) -> DataDeletion:
    """Delete what the platform told us of an account, everywhere and at once; returns the proof with its code."""
    rows = list(_connections(platform, account, sandbox))
    for channel in rows:
        erase_account_data(channel=channel)
    return DataDeletion.objects.create(
        code=secrets.token_hex(12), platform=platform, accounts=len(rows), done_at=db_now()
    )


def take_post_news(*, platform: str, account: str, sandbox: bool, publish_id: str = "", post_id: str = "") -> int:
    """A hint that something became of a post: what waits for it is looked at now. It changes nothing else."""
    now = db_now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    channels = _connections(platform, account, sandbox)
    rows = Publication.objects.filter(free, channel__in=channels, state__in=WAITING, available_at__gt=now)
    if publish_id or post_id:
        known = Q(container_id=publish_id) | Q(progress__publish_id=publish_id) if publish_id else Q()
        rows = rows.filter(known | Q(remote_id=post_id) if post_id else known)
    keys = list(rows.values_list("pk", flat=True)[:50])
    Publication.objects.filter(free, pk__in=keys, state__in=WAITING).update(available_at=now, dispatched_at=None)
    for pk in keys:
        wake("publication", pk)
    return len(keys)


def _connections(platform: str, account: str, sandbox: bool) -> QuerySet[Channel]:
    """Every connection of the account, by its id or by the one that the platform knows it by in this app."""
    same = Q(external_id=account)
    if platform == Channel.Platform.INSTAGRAM:
        same |= Q(facts__app_user_id=account)
    return Channel.objects.filter(same, platform=platform, sandbox=sandbox).select_related("workspace")
