"""Connecting an account by OAuth: out to the platform with a state that works once, and back with an account.

What is sent as `state` is "<nonce>.<proof>": the nonce finds its row, the proof shows that the same browser session
began it. The row is good for ten minutes, for one user, workspace and platform, and is used up before anything else
is done with the answer.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from inflio.accounts.models import User, Workspace
from inflio.common.crypto import Unreadable, seal, unseal
from inflio.common.errors import InflioError, InvalidInput
from inflio.queue.leases import db_now
from personas.models import Persona
from scheduling.models import Channel, ConnectState
from scheduling.platforms.base import Doubt, PlatformError
from scheduling.platforms.connect import Found, Tokens
from scheduling.registry import NAMES, app_of, connector_class, connector_of
from scheduling.services.connecting.channels import hasten_posts
from scheduling.services.connecting.tokens import token_values

PURPOSE = "connection"
LIFE = timedelta(minutes=10)
START_AGAIN = "Start again under Channels."


class ConnectFailed(InflioError):
    """Nothing was connected; the sentence says why and what to do."""

    code = "not_connected"
    status = 409


@dataclass(frozen=True)
class Offer:
    """Accounts to pick from, and the row that keeps them until then."""

    state: ConnectState
    accounts: tuple[Found, ...]
    several: bool  # whether more than one may be picked


def can_connect(platform: str, *, sandbox: bool) -> bool:
    """Whether this installation has keys for the platform, or lets its sandbox be used."""
    return platform in NAMES and (settings.SANDBOX if sandbox else bool(app_of(platform, sandbox=False)))


def begin_connection(
    *,
    workspace: Workspace,
    user: User,
    platform: str,
    browser: str,
    redirect_uri: str,
    sandbox: bool = False,
    persona: Persona | None = None,
    channel: Channel | None = None,
) -> str:
    """Write down that a connection begins and return the address at the platform to send the user to.

    browser: a secret of the user's session. channel: the one to reconnect. Raises InvalidInput when this installation
    cannot connect there.
    """
    if not can_connect(platform, sandbox=sandbox):
        raise InvalidInput("This platform needs set-up first: whoever runs this installation adds its keys.")
    connector = connector_of(platform, sandbox=sandbox)
    nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48) if connector.pkce else ""
    ConnectState.objects.create(
        workspace=workspace,
        user=user,
        persona=persona,
        channel=channel,
        platform=platform,
        sandbox=sandbox,
        nonce=nonce,
        verifier=seal(verifier, purpose=PURPOSE) if verifier else "",
    )
    state = f"{nonce}.{_proof(nonce, browser)}"
    return connector.authorize_url(state=state, redirect_uri=redirect_uri, challenge=_challenge(verifier))


def finish_connection(
    *,
    workspace: Workspace,
    user: User,
    platform: str,
    browser: str,
    redirect_uri: Callable[[bool], str],
    state: str,
    code: str = "",
    error: str = "",
) -> list[Channel] | Offer:
    """Take the platform's answer: the connected channel, or an Offer when the user must pick.

    redirect_uri: gives the address that the platform was told, for the sandbox (True) or the real one.

    Raises ConnectFailed, having stored nothing, when the state is not this user's, too old or used, or the user or the
    platform said no.
    """
    row = _take(workspace=workspace, user=user, platform=platform, browser=browser, state=state)
    if error or not code:
        raise ConnectFailed(_refusal(row, error))
    tokens, accounts = _ask_platform(row, code, redirect_uri(row.sandbox))
    if row.channel_id:
        accounts = [_same_account(row.channel, accounts)]
    if len(accounts) > 1:
        return _offer(row, tokens, accounts)
    return _store(row, tokens, accounts)


def open_offer(*, workspace: Workspace, user: User, pk: int) -> Offer:
    """The accounts that wait to be picked. Raises ConnectFailed when there are none (any more)."""
    rows = ConnectState.objects.filter(pk=pk, workspace=workspace, user=user, used_at__gt=db_now() - LIFE)
    row = rows.exclude(found="").select_related("channel", "persona", "workspace").first()
    if row is None:
        raise ConnectFailed(f"This choice was made already, or it took too long. {START_AGAIN}")
    return Offer(row, tuple(_unpack(row)[1]), connector_class(row.platform).renewal != "rotate")


def pick_accounts(*, offer: Offer, external_ids: list[str]) -> list[Channel]:
    """Connect the picked ones of an offer, once. Raises InvalidInput when none of them is in the offer."""
    chosen = [found for found in offer.accounts if found.external_id in external_ids]
    if not chosen:
        raise InvalidInput("Pick at least one account.")
    if len(chosen) > 1 and not offer.several:
        raise InvalidInput("Pick one account: this platform gives each its own access.")
    tokens, _ = _unpack(offer.state)
    with transaction.atomic():
        taken = ConnectState.objects.filter(pk=offer.state.pk).exclude(found="").update(found="")
        if not taken:
            raise ConnectFailed(f"This choice was made already. {START_AGAIN}")
        return _store(offer.state, tokens, chosen)


def _take(*, workspace: Workspace, user: User, platform: str, browser: str, state: str) -> ConnectState:
    """Use up the state, if it is this user's and fresh; tell apart why not only to its own user."""
    nonce, _, proof = state.partition(".")
    now = db_now()
    rows = ConnectState.objects.filter(nonce=nonce, user=user, workspace=workspace, platform=platform)
    row = rows.select_related("channel", "persona", "workspace").first()
    if row is None or not hmac.compare_digest(proof.encode(), _proof(nonce, browser).encode()):
        raise ConnectFailed(
            f"This answer does not belong to a connection that you began in this browser and workspace. {START_AGAIN}"
        )
    if row.created_at < now - LIFE:
        raise ConnectFailed(f"This took longer than ten minutes. {START_AGAIN}")
    if not ConnectState.objects.filter(pk=row.pk, used_at=None).update(used_at=now):
        raise ConnectFailed("This connection was finished already. Look under Channels whether the account is there.")
    row.used_at = now
    return row


def _refusal(row: ConnectState, error: str) -> str:
    title = row.get_platform_display()
    if error in ("access_denied", "user_cancelled_login", "user_cancelled_authorize", ""):
        return f"You did not allow it at {title}, so nothing was connected."
    words = "".join(char for char in error[:60] if char.isalnum() or char in " _-.")
    return f"{title} refused the connection ({words}). Nothing was connected. {START_AGAIN}"


def _ask_platform(row: ConnectState, code: str, redirect_uri: str) -> tuple[Tokens, list[Found]]:
    """Two or more requests, with no transaction open."""
    connector = connector_of(row.platform, sandbox=row.sandbox)
    try:
        verifier = unseal(row.verifier, purpose=PURPOSE) if row.verifier else ""
        tokens = connector.exchange(code=code, redirect_uri=redirect_uri, verifier=verifier)
        accounts = connector.accounts(tokens)
    except Unreadable as error:
        raise ConnectFailed(f"This connection can no longer be read. {START_AGAIN}") from error
    except Doubt as error:
        raise ConnectFailed(f"{error.message} Nothing was connected. {START_AGAIN}") from error
    except PlatformError as error:
        raise ConnectFailed(f"{error.message} {error.fix} Nothing was connected.".replace("  ", " ")) from error
    if not accounts:
        raise ConnectFailed(
            f"{row.get_platform_display()} shows no account here that may post. Log in there with the right one."
        )
    return tokens, accounts


def _same_account(channel: Channel, accounts: list[Found]) -> Found:
    for found in accounts:
        if found.external_id == channel.external_id:
            return found
    names = ", ".join(Channel(platform=channel.platform, handle=found.handle).account for found in accounts[:3])
    raise ConnectFailed(
        f"You logged in as {names}, but this is {channel.account}. Nothing was changed. Log in there as "
        f"{channel.account} and reconnect, or connect {names} as a new account."
    )


def _offer(row: ConnectState, tokens: Tokens, accounts: list[Found]) -> Offer:
    packed = json.dumps({"tokens": asdict(tokens), "accounts": [asdict(one) for one in accounts]}, default=_plain)
    row.found = seal(packed, purpose=PURPOSE)
    row.save(update_fields=["found", "updated_at"])
    return Offer(row, tuple(accounts), connector_class(row.platform).renewal != "rotate")


def _unpack(row: ConnectState) -> tuple[Tokens, list[Found]]:
    try:
        kept = json.loads(unseal(row.found, purpose=PURPOSE))
    except Unreadable as error:
        raise ConnectFailed(f"This choice can no longer be read. {START_AGAIN}") from error
    values = kept["tokens"] | {"scopes": tuple(kept["tokens"]["scopes"])}
    for name in ("access_expires_at", "refresh_expires_at"):
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    return Tokens(**values), [Found(**one) for one in kept["accounts"]]


def _plain(value) -> str | dict:
    return value.isoformat() if isinstance(value, datetime) else dict(value)


@transaction.atomic
def _store(row: ConnectState, tokens: Tokens, accounts: list[Found]) -> list[Channel]:
    """Write each account down: as a new channel, or into the one that this workspace has for it."""
    now = db_now()
    return [_store_one(row, tokens, found, now) for found in accounts]


def _store_one(row: ConnectState, tokens: Tokens, found: Found, now: datetime) -> Channel:
    key = {
        "workspace": row.workspace,
        "platform": row.platform,
        "sandbox": row.sandbox,
        "external_id": found.external_id,
    }
    channel, new = Channel.objects.get_or_create(**key, defaults={"handle": found.handle.lstrip("@")[:120]})
    channel = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
    was_revoked = channel.status == Channel.Status.REVOKED
    values = token_values(tokens, platform=row.platform, now=now, old_refresh=channel.refresh_token)
    values |= {
        "handle": found.handle.lstrip("@")[:120] or channel.handle,
        "name": found.name[:200] or channel.name,
        "avatar_url": found.avatar_url if len(found.avatar_url) <= 1000 else "",
        "facts": {**channel.facts, **found.facts},
        "grant": row.nonce[:64],
        "status": Channel.Status.ACTIVE,
        "problem": "",
        "failures": 0,
        "paused_until": None,
        "pause_reason": "",
        "checked_at": None,
        "connected_by": row.user,
    }
    if row.persona_id and (new or was_revoked or channel.persona_id is None):
        values["persona"] = row.persona
    Channel.objects.filter(pk=channel.pk).update(**values, updated_at=now)
    hasten_posts(channel)
    channel.refresh_from_db()
    return channel


def _proof(nonce: str, browser: str) -> str:
    key = f"{settings.SECRET_KEY}:connect:{browser}".encode()
    return hmac.new(key, nonce.encode(), hashlib.sha256).hexdigest()[:32]


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() if verifier else ""
