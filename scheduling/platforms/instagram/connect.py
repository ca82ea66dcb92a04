"""Connecting an Instagram account by Instagram Login: code, token of an hour, token of 60 days, renewed daily at most.

Contracts: developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/business-login, and the
references access_token and refresh_access_token, read in November 2026.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from scheduling.platforms.base import PlatformError
from scheduling.platforms.connect import Connector, Found, Tokens
from scheduling.platforms.http import Reply, Wire
from scheduling.platforms.instagram.adapter import VERSION
from scheduling.platforms.instagram.errors import error_in, problem

LIFE = timedelta(days=60)
YOUNGEST = timedelta(hours=24)  # a token is not renewed before
_PROFILE = "user_id,username,name,account_type,profile_picture_url,followers_count"
_AGAIN = "Start again with “Connect” and choose “Allow” on Instagram's page."


class InstagramConnector(Connector):
    """Instagram Login: no Facebook page is needed; the account must be a professional one."""

    name = "instagram"
    scopes = (
        "instagram_business_basic",
        "instagram_business_content_publish",
        "instagram_business_manage_comments",
        "instagram_business_manage_insights",
    )
    hosts: ClassVar[Mapping[str, str]] = {
        "www": "https://www.instagram.com",
        "api": "https://api.instagram.com",
        "graph": "https://graph.instagram.com",
    }
    renewal = "extend"
    steps = (
        "Open developers.facebook.com, create an app of the type Business and add the product Instagram to it.",
        "In “API setup with Instagram login” copy the Instagram app ID and the Instagram app secret (not Meta's own).",
        "Set them as INFLIO_INSTAGRAM_APP_ID and INFLIO_INSTAGRAM_APP_SECRET, then start Inflio again.",
        "Under “Business login settings” enter this site's redirect, deauthorize and data-deletion addresses.",
        "Your own accounts: add each as an Instagram Tester and accept the invitation in Instagram's settings.",
        "Accounts of other people: ask Meta for Advanced Access to the four permissions by App Review.",
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._secret = (self.app.client_secret,)

    def authorize_url(self, *, state: str, redirect_uri: str, challenge: str = "") -> str:
        """Instagram's page; it knows no PKCE."""
        asked = {
            "client_id": self.app.client_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": ",".join(self.scopes),
            "state": state,
            "enable_fb_login": "false",
            "force_authentication": "1",  # another account than the last one can be chosen
        }
        return f"{self.hosts_used['www']}/oauth/authorize?{urlencode(asked)}"

    def exchange(self, *, code: str, redirect_uri: str, verifier: str = "") -> Tokens:
        """Turn the code into a token of an hour, and that into one of 60 days."""
        sent = {
            "client_id": self.app.client_id,
            "client_secret": self.app.client_secret,
            "grant_type": "authorization_code",
            "redirect_uri": redirect_uri,
            "code": code.removesuffix("#_"),
        }
        # A code works once, so that a repeat would fail; until its answer is used nothing has happened.
        first = _first(self._ask("POST", f"{self.hosts_used['api']}/oauth/access_token", form=sent))
        short = first.get("access_token")
        if not isinstance(short, str):
            raise _refused("Instagram gave no access.", "no_token")
        asked = {"grant_type": "ig_exchange_token", "client_secret": self.app.client_secret, "access_token": short}
        body = self._ask("GET", f"{self.hosts_used['graph']}/access_token", params=asked, secrets=(short,))
        return _tokens(body, _scopes(first.get("permissions")))

    def refresh(self, tokens: Tokens) -> Tokens:
        """Extend by 60 days. A token that is younger than a day is given back as it is."""
        now = datetime.now(UTC)
        expires = tokens.access_expires_at
        if expires and expires - LIFE + YOUNGEST > now:
            return tokens
        if expires and expires <= now:
            raise _refused("The access to this Instagram account has expired.", "expired")
        asked = {"grant_type": "ig_refresh_token", "access_token": tokens.access_token}
        url = f"{self.hosts_used['graph']}/refresh_access_token"
        try:
            body = self._ask("GET", url, params=asked, secrets=(tokens.access_token,))
        except PlatformError as error:
            if error.kind != "invalid":
                raise
            text = "Instagram does not renew its access yet."  # it does not for the first day
            fix = "Nothing to do: we try again by ourselves."
            raise PlatformError(text, kind="later", code=error.code, fix=fix, answer=error.answer) from error
        return _tokens(body, _scopes(body.get("permissions")) or tokens.scopes)

    def accounts(self, tokens: Tokens) -> list[Found]:
        """The one account that logged in. `facts["app_user_id"]` is how Meta's callbacks name it."""
        url = f"{self.hosts_used['graph']}/{VERSION}/me"
        auth = {"Authorization": f"Bearer {tokens.access_token}"}
        me = self._ask("GET", url, params={"fields": f"id,{_PROFILE}"}, headers=auth, secrets=(tokens.access_token,))
        if not me.get("user_id") or not me.get("username"):
            raise _refused("Instagram did not say which account this is.", "no_account")
        if me.get("account_type") == "PERSONAL":
            text = "This is a personal account; Instagram lets only professional ones publish from outside."
            fix = "In Instagram's settings switch it to a professional account (creator or business), then connect it."
            raise PlatformError(text, kind="blocked", code="personal", fix=fix)
        facts = {"app_user_id": str(me.get("id", "")), "account_type": me.get("account_type", "")}
        return [
            Found(
                external_id=str(me["user_id"]),
                handle=me["username"],
                name=me.get("name") or me["username"],
                avatar_url=me.get("profile_picture_url", ""),
                facts=facts,
            )
        ]

    def _ask(self, method: str, url: str, *, secrets: tuple[str, ...] = (), **request: Any) -> dict[str, Any]:
        wire = Wire("Instagram", timeout=self.timeout, secrets=(*self._secret, *secrets))
        reply = wire.read(method, url, **request)
        if flat := reply.body.get("error_type"):  # api.instagram.com answers in a form of its own
            raise _refused(_said(reply), str(flat), reply, wire)
        if error_in(reply) or reply.status >= 400:
            raise problem(reply, wire)
        if not reply.body:
            raise wire.unreachable(reply)
        return reply.body


def signed_request(text: str, app_secret: str) -> dict[str, Any]:
    """What Meta says in a deauthorize or data-deletion callback, {user_id, ...}; raises ValueError unless it is Meta.

    `text` is the form field `signed_request`; `user_id` is what `facts["app_user_id"]` of a channel holds.
    """
    signature, _, payload = text.partition(".")
    expected = hmac.new(app_secret.encode(), payload.encode(), hashlib.sha256).digest()
    if not app_secret or not hmac.compare_digest(_decoded(signature), expected):
        raise ValueError("The signature is not Meta's.")
    said = json.loads(_decoded(payload))
    if not isinstance(said, dict) or said.get("algorithm", "").upper() != "HMAC-SHA256":
        raise ValueError("The request is not in the form that Meta describes.")
    return said


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _first(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer to a code has been seen flat and wrapped in a list."""
    rows = body.get("data")
    return rows[0] if isinstance(rows, list) and rows else body


def _tokens(body: Mapping[str, Any], scopes: tuple[str, ...]) -> Tokens:
    token = body.get("access_token")
    if not isinstance(token, str):
        raise _refused("Instagram gave no access.", "no_token")
    life = timedelta(seconds=int(body.get("expires_in") or LIFE.total_seconds()))
    return Tokens(access_token=token, access_expires_at=datetime.now(UTC) + life, scopes=scopes)


def _scopes(given: Any) -> tuple[str, ...]:
    """Permissions come as a list or as words with commas."""
    return tuple(scope.strip() for scope in (given.split(",") if isinstance(given, str) else given or ()))


def _said(reply: Reply) -> str:
    return f"Instagram refused the log-in: {reply.body.get('error_message', 'it does not say why')}"


def _refused(text: str, code: str, reply: Reply | None = None, wire: Wire | None = None) -> PlatformError:
    answer = wire.cleaned(reply.text) if reply and wire else ""
    return PlatformError(
        text, kind="reconnect", code=code, fix=_AGAIN, status=reply.status if reply else None, answer=answer
    )
