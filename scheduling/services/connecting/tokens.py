"""Tokens of channels: sealed at rest, renewed before they end, and each refresh token used by one worker at a time.

A renewal asks the platform while no transaction is open: SQLite would stop the whole site meanwhile. Instead one
conditional UPDATE claims the channel for a while, and the answer is stored only if nobody has stored a newer one. A
claim that ended without an answer (a crash, a lost line) leaves `renewing_until` in the past: the next attempt then
knows that the platform may have given tokens that never arrived, and says so if it is refused.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from inflio.common.crypto import Unreadable, seal, unseal
from inflio.notices.models import Notice
from inflio.notices.services import notify
from inflio.queue.leases import db_now
from scheduling.models import Channel
from scheduling.platforms.base import Account, Doubt, PlatformError
from scheduling.platforms.connect import Tokens
from scheduling.queries.channels import can_renew
from scheduling.registry import connector_class, connector_of

log = logging.getLogger(__name__)
PURPOSE = "channel token"
LIFE_USED = 0.8  # of a token's life, when it is renewed
OLD_ENOUGH = timedelta(hours=24)  # a token that is extended, not replaced, must be a day old (Instagram)
AFTER_DOUBT = timedelta(seconds=60)
AFTER_REFUSAL = timedelta(minutes=30)
CLAIM_LEAST = 120  # seconds; several requests may belong to one renewal
RENEWING = "renewing"  # code of a wait for another worker of ours, which is no failure of the platform

LOST_RENEWAL = (
    "A renewal of the access was interrupted, and the platform no longer takes what we have. Connect the account again."
)
TOKEN_FIELDS = (
    "access_token",
    "refresh_token",
    "access_expires_at",
    "refresh_expires_at",
    "token_version",
    "refreshed_at",
    "renew_at",
    "renewing_until",
    "scopes",
    "status",
    "problem",
    "external_id",
    "handle",
    "facts",
)


def account_of(channel: Channel, *, now: datetime | None = None) -> Account:
    """The account with a token that may be used now, renewed first when it is due; `channel` is brought up to date.

    Raises PlatformError: "reconnect" when only the user can help (the channel then says so), "later" when another
    worker is renewing a token that has ended (its code is RENEWING), or the platform gave no clear answer.
    """
    now = now or db_now()
    channel.refresh_from_db(fields=TOKEN_FIELDS)
    if channel.status != Channel.Status.ACTIVE:
        raise _reconnect(channel.problem or f"{channel} is not connected.")
    renewed = is_due(channel, now) and _renew(channel, now)
    if not renewed and has_ended(channel, now):
        _end(channel, f"The access to {channel.account} has ended. Connect the account again.")
    return _account(channel)


def is_due(channel: Channel, now: datetime) -> bool:
    """Whether the token should be renewed now, if it can be."""
    return (channel.renew_at is not None and channel.renew_at <= now) or has_ended(channel, now)


def has_ended(channel: Channel, now: datetime) -> bool:
    """Whether the platform takes the access token no more."""
    return channel.access_expires_at is not None and channel.access_expires_at <= now


def token_values(tokens: Tokens, *, platform: str, now: datetime, old_refresh: str = "") -> dict:
    """Columns of a Channel for new tokens, sealed. An empty refresh token keeps `old_refresh` (sealed)."""
    renewal = connector_class(platform).renewal
    refresh = seal(tokens.refresh_token, purpose=PURPOSE) if tokens.refresh_token else old_refresh
    values = {
        "access_token": seal(tokens.access_token, purpose=PURPOSE),
        "refresh_token": refresh,
        "access_expires_at": tokens.access_expires_at,
        "refreshed_at": now,
        "renew_at": None,
        "renewing_until": None,
        "token_version": F("token_version") + 1,
    }
    if tokens.refresh_token or tokens.refresh_expires_at:
        values["refresh_expires_at"] = tokens.refresh_expires_at
    if tokens.scopes:
        values["scopes"] = sorted(tokens.scopes)
    if tokens.access_expires_at and (renewal == "extend" or (renewal in ("rotate", "keep") and refresh)):
        due = now + (tokens.access_expires_at - now) * LIFE_USED
        values["renew_at"] = max(due, now + OLD_ENOUGH) if renewal == "extend" else due
    return values


def tokens_of(channel: Channel) -> Tokens:
    """The channel's tokens, open. Raises PlatformError "reconnect" when they cannot be read."""
    try:
        return Tokens(
            access_token=unseal(channel.access_token, purpose=PURPOSE),
            refresh_token=unseal(channel.refresh_token, purpose=PURPOSE) if channel.refresh_token else "",
            access_expires_at=channel.access_expires_at,
            refresh_expires_at=channel.refresh_expires_at,
            scopes=tuple(channel.scopes),
        )
    except Unreadable:
        _end(channel, "The access to this account can no longer be read here. Connect it again.")


def mark_reconnect(channel: Channel, reason: str) -> bool:
    """Say that only the user can help, once; False when it was said before, or the tokens were renewed meanwhile."""
    with transaction.atomic():
        rows = Channel.objects.filter(pk=channel.pk, status=Channel.Status.ACTIVE, token_version=channel.token_version)
        if not rows.update(status=Channel.Status.RECONNECT, problem=reason[:500], renewing_until=None, renew_at=None):
            return False
        notify(
            workspace=channel.workspace,
            kind="channel_reconnect",
            title=f"Connect {channel} again",
            text=f"{reason} Posts for it wait until then, or are missed.",
            url=channel.get_absolute_url(),
            level=Notice.Level.BAD,
            key=f"channel:{channel.pk}:reconnect:{channel.token_version}",
        )
    channel.status, channel.problem = Channel.Status.RECONNECT, reason[:500]
    return True


def _renew(channel: Channel, now: datetime) -> bool:
    """Renew if nobody else does; False where that could not be, and a token that still works is good enough."""
    if not can_renew(channel):
        return False
    tokens = tokens_of(channel)
    in_doubt = channel.renewing_until is not None  # in the past, or the claim below fails
    if not _claim(channel, now):
        channel.refresh_from_db(fields=TOKEN_FIELDS)
        if has_ended(channel, now):
            raise _later("Its access is being renewed. It goes on in a moment.", code=RENEWING, retry_after=5)
        return False
    version = channel.token_version
    try:
        fresh = connector_of(channel.platform, sandbox=channel.sandbox).refresh(tokens)
    except Doubt as error:
        _leave(channel, version, now, doubt=True)
        unsure = _later(f"No sure answer to the renewal: {error.message}", code="renewal", retry_after=60)
        _still_good_or_raise(channel, now, unsure)
    except PlatformError as error:
        if error.kind != "reconnect":
            # "later" may hide a lost answer; anything else is a clear no that left the tokens as they were.
            _leave(channel, version, now, doubt=in_doubt or error.kind == "later")
            _still_good_or_raise(channel, now, error)
        else:
            _refused(channel, version, error, in_doubt)
    else:
        _store(channel, version, fresh, now)
    return channel.token_version != version


def _claim(channel: Channel, now: datetime) -> bool:
    seconds = max(CLAIM_LEAST, settings.PLATFORM_TIMEOUT * 5)
    free = Q(renewing_until=None) | Q(renewing_until__lt=now)
    rows = Channel.objects.filter(
        free, pk=channel.pk, status=Channel.Status.ACTIVE, token_version=channel.token_version
    )
    return bool(rows.update(renewing_until=now + timedelta(seconds=seconds)))


def _store(channel: Channel, version: int, fresh: Tokens, now: datetime) -> None:
    """Save what came, unless newer tokens are there: of a worker that took over, or of the user connecting again."""
    rows = Channel.objects.filter(pk=channel.pk, token_version=version).exclude(status=Channel.Status.REVOKED)
    values = token_values(fresh, platform=channel.platform, now=now, old_refresh=channel.refresh_token)
    rows.update(**values, status=Channel.Status.ACTIVE, problem="")
    channel.refresh_from_db(fields=TOKEN_FIELDS)
    if channel.status != Channel.Status.ACTIVE:
        raise _reconnect(channel.problem or f"{channel} is not connected.")


def _leave(channel: Channel, version: int, now: datetime, *, doubt: bool) -> None:
    """Let the claim go; after doubt it stays for a moment and then marks that tokens may have been lost."""
    rows = Channel.objects.filter(pk=channel.pk, token_version=version)
    if doubt:
        rows.update(renewing_until=now + AFTER_DOUBT)
    else:
        rows.update(renewing_until=None, renew_at=now + AFTER_REFUSAL)
    channel.refresh_from_db(fields=TOKEN_FIELDS)


def _still_good_or_raise(channel: Channel, now: datetime, error: PlatformError) -> None:
    log.warning("channel %s: not renewed: %s", channel.pk, error.message)
    if has_ended(channel, now):
        raise error


def _refused(channel: Channel, version: int, error: PlatformError, in_doubt: bool) -> None:
    """Only the user can help, unless another worker has newer tokens by now."""
    mark_reconnect(channel, LOST_RENEWAL if in_doubt else f"{error.message} {error.fix}".strip())
    channel.refresh_from_db(fields=TOKEN_FIELDS)
    if channel.token_version == version or channel.status != Channel.Status.ACTIVE:
        raise _reconnect(channel.problem)


def _end(channel: Channel, reason: str) -> None:
    mark_reconnect(channel, reason)
    raise _reconnect(reason)


def _account(channel: Channel) -> Account:
    return Account(
        external_id=channel.external_id,
        access_token=tokens_of(channel).access_token,
        handle=channel.handle,
        scopes=tuple(channel.scopes),
        facts=channel.facts,
    )


def _reconnect(reason: str) -> PlatformError:
    return PlatformError(reason, kind="reconnect", code="reconnect", fix="Connect the account again under Channels.")


def _later(reason: str, *, code: str, retry_after: float) -> PlatformError:
    return PlatformError(reason, kind="later", code=code, retry_after=retry_after)
