"""Connected accounts in use: their adapters, their health, pauses after failures, and the end of a connection."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from inflio.accounts.models import User
from inflio.common.errors import Conflict, InflioError
from inflio.notices.models import Notice
from inflio.notices.services import notify
from inflio.queue.leases import db_now
from personas.models import Persona
from scheduling.models import Channel, Metric, PostEvent, Publication
from scheduling.platforms.base import Doubt, Exchange, Platform, PlatformError
from scheduling.platforms.connect import Tokens
from scheduling.registry import adapter_of, connector_of
from scheduling.services.connecting.tokens import RENEWING, account_of, mark_reconnect, tokens_of

log = logging.getLogger(__name__)
FAILURES_ALLOWED = 5  # in a row
FIRST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(hours=24)
# Only these say something of the account; the rest is about one post, or a limit that passes by itself.
COUNTED = ("later", "blocked", "setup")


def adapter_for(channel: Channel, *, record: Callable[[Exchange], None] = lambda exchange: None) -> Platform:
    """The platform as this channel's account may use it now. Raises PlatformError like `tokens.account_of`."""
    return adapter_of(channel.platform, account_of(channel), sandbox=channel.sandbox, record=record)


def note_success(channel: Channel) -> None:
    """The platform did what was asked: a row of failures ends, and so does a pause."""
    rows = Channel.objects.filter(~Q(failures=0) | ~Q(paused_until=None), pk=channel.pk)
    rows.update(failures=0, paused_until=None, pause_reason="")


def note_failure(channel: Channel, error: PlatformError | Doubt) -> None:
    """Count what went wrong: after FAILURES_ALLOWED in a row the channel pauses, longer each time, with one notice.

    "reconnect" is no failure: it marks the channel, unless its tokens were renewed while the call was under way. Nor
    is a renewal that another worker has under way. A "blocked" account pauses at once.
    """
    kind = getattr(error, "kind", "doubt")
    if getattr(error, "code", "") == RENEWING:
        return
    if kind == "reconnect":
        mark_reconnect(channel, f"{error.message} {error.fix}".strip())
    elif kind == "doubt" or kind in COUNTED:
        _count_failure(channel, error, at_once=kind == "blocked")


@transaction.atomic
def _count_failure(channel: Channel, error: PlatformError | Doubt, *, at_once: bool) -> None:
    row = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
    before, now = row.failures, db_now()
    row.failures = max(before + 1, FAILURES_ALLOWED if at_once else 0)
    if row.failures >= FAILURES_ALLOWED:
        row.paused_until = now + min(FIRST_PAUSE * 2 ** min(row.failures - FAILURES_ALLOWED, 10), LONGEST_PAUSE)
        row.pause_reason = f"{error.message} {getattr(error, 'fix', '')}".strip()[:300]
        if before < FAILURES_ALLOWED:
            _tell_pause(row, now)
    row.save(update_fields=["failures", "paused_until", "pause_reason", "updated_at"])


def _tell_pause(channel: Channel, now: datetime) -> None:
    notify(
        workspace=channel.workspace,
        kind="channel_paused",
        title=f"{channel} is paused",
        text=f"{channel.get_platform_display()} failed several times in a row: {channel.pause_reason} "
        "We try again by ourselves, less and less often. Posts whose time passes meanwhile are missed, not sent late.",
        url=channel.get_absolute_url(),
        level=Notice.Level.BAD,
        key=f"channel:{channel.pk}:paused:{now.isoformat()}",
    )


def resume_channel(*, channel: Channel) -> None:
    """End a pause now, and begin to count anew; what waited for it is looked at again."""
    note_success(channel)
    hasten_posts(channel)
    channel.refresh_from_db()


def hasten_posts(channel: Channel) -> None:
    """Take what is due and waits for this channel now, not at its next turn."""
    now, state = db_now(), Publication.State
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    rows = Publication.objects.filter(free, channel=channel, due_at__lte=now, available_at__gt=now)
    rows.filter(state__in=(state.SCHEDULED, state.PENDING, state.CONTAINER)).update(
        available_at=now, dispatched_at=None
    )


def check_channel(*, channel: Channel) -> str:
    """Read the account at its platform and keep what it says; returns a sentence for the user, also when it fails."""
    now = db_now()
    try:
        facts = adapter_for(channel).inspect()
    except (PlatformError, Doubt) as error:
        if getattr(error, "kind", "") == "reconnect":
            mark_reconnect(channel, f"{error.message} {error.fix}".strip())
        Channel.objects.filter(pk=channel.pk).update(checked_at=now)
        channel.refresh_from_db()
        return f"{error.message} {getattr(error, 'fix', '')}".strip()
    kept = {
        "left": facts.left,
        "resets_at": facts.resets_at.isoformat() if facts.resets_at else None,
        "options": dict(facts.options),
        "raw": dict(facts.raw),
    }
    with transaction.atomic():
        row = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
        row.facts = {**row.facts, **kept}
        row.facts_at = row.checked_at = now
        row.handle = facts.handle.lstrip("@")[:120] or row.handle
        row.name = facts.name[:200] or row.name
        row.avatar_url = facts.avatar_url if len(facts.avatar_url) <= 1000 and facts.avatar_url else row.avatar_url
        row.save(
            update_fields=["facts", "facts_at", "checked_at", "handle", "name", "avatar_url", "updated_at"],
        )
    channel.refresh_from_db()
    return f"{channel.account} answers: everything is well."


@transaction.atomic
def assign_persona(*, channel: Channel, persona: Persona | None) -> None:
    """Say whose account it is. Raises Conflict for a public page, and for a persona of another workspace."""
    if channel.is_site:
        raise Conflict("A public page belongs to its persona for good.")
    if persona is not None and persona.workspace_id != channel.workspace_id:
        raise Conflict("This persona belongs to another workspace.")
    Channel.objects.filter(pk=channel.pk).update(persona=persona)
    channel.persona = persona


@dataclass(frozen=True)
class Ended:
    """What a disconnection did. `told`: whether the platform heard of it, None where it need not."""

    cancelled: int
    told: bool | None


def disconnect_channel(*, channel: Channel, by: User | None, keep_posts: bool = False, tell: bool = True) -> Ended:
    """Forget the account's tokens and stop publishing there; what was published stays, here and there.

    keep_posts: scheduled posts stay in the calendar and go out if the account is connected again in time; otherwise
    they are cancelled. tell: also give the access back at the platform; that it cannot be reached stops nothing.
    A double click is harmless.
    """
    with transaction.atomic():
        row = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
        tokens = _last_tokens(row) if tell and not row.is_site else None
        _erase_access(row, "Disconnected." if by is None else f"Disconnected by {by}.")
        cancelled = 0 if keep_posts else _cancel_scheduled(row)
    channel.refresh_from_db()
    return Ended(cancelled, _tell_platform(row, tokens) if tokens else None)


def _last_tokens(channel: Channel) -> Tokens | None:
    """The tokens, when no other connection lives by the same log-in or on the same account."""
    shared = Q(external_id=channel.external_id) | (Q(grant=channel.grant) & ~Q(grant=""))
    same = Channel.objects.filter(shared, platform=channel.platform, sandbox=channel.sandbox).exclude(pk=channel.pk)
    if not channel.access_token or same.exclude(status=Channel.Status.REVOKED).exists():
        return None
    try:
        return tokens_of(channel)
    except PlatformError:  # sealed with another key: there is nothing that could be given back
        return None


def _erase_access(channel: Channel, reason: str) -> None:
    channel.status, channel.problem = Channel.Status.REVOKED, reason[:500]
    channel.access_token = channel.refresh_token = channel.grant = ""
    channel.access_expires_at = channel.refresh_expires_at = channel.renew_at = channel.renewing_until = None
    channel.failures, channel.paused_until, channel.pause_reason = 0, None, ""
    channel.token_version += 1
    channel.save()


def _cancel_scheduled(channel: Channel) -> int:
    """Cancel what nobody works on; a publication that is under way ends by itself."""
    free = Q(lease_until=None) | Q(lease_until__lt=db_now())
    rows = Publication.objects.filter(free, channel=channel, state=Publication.State.SCHEDULED)
    rows = list(rows.select_for_update(no_key=True, of=("self",)))
    words = f"{channel} was disconnected."
    Publication.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=Publication.State.CANCELLED,
        code="disconnected",
        reason=words,
        fix="Connect the account again, then schedule the post anew.",
    )
    events = [PostEvent(post_id=row.post_id, publication=row, text=f"Cancelled: {words}") for row in rows]
    PostEvent.objects.bulk_create(events)
    return len(rows)


def _tell_platform(channel: Channel, tokens: Tokens) -> bool:
    try:
        connector_of(channel.platform, sandbox=channel.sandbox).revoke(tokens)
    except (InflioError, Doubt) as error:
        log.warning("channel %s: the platform was not told of its end: %s", channel.pk, error.message)
        return False
    return True


@transaction.atomic
def platform_withdrew(*, channel: Channel, why: str) -> None:
    """The user took the access away at the platform itself: what we have of it is erased, and its workspace told.

    The answer to a renewal that is under way comes too late from here on.
    """
    row = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
    mark_reconnect(row, why)
    ended = {"access_expires_at": None, "refresh_expires_at": None, "renew_at": None, "renewing_until": None}
    erased = {"access_token": "", "refresh_token": "", "grant": "", "token_version": F("token_version") + 1}
    Channel.objects.filter(pk=row.pk).update(**erased, **ended)


@transaction.atomic
def erase_account_data(*, channel: Channel) -> None:
    """Forget everything that the platform told of this account: tokens, name, picture, facts and figures."""
    row = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
    _cancel_scheduled(row)
    Metric.objects.filter(channel=row).delete()
    Publication.objects.filter(channel=row).exclude(readback={}).update(readback={})
    row.external_id, row.handle, row.name, row.avatar_url = f"deleted-{row.pk}", "deleted", "", ""
    row.facts, row.facts_at, row.scopes = {}, None, []
    _erase_access(row, "Its owner asked the platform to have its data deleted.")
