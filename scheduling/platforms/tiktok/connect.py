"""Connecting a TikTok account: a `client_key`, short-lived tokens, and refresh tokens that work once.

developers.tiktok.com/docs/en/oauth-refresh-a-user-access-token (2 November 2026): a renewal answers with a new refresh
token and ends the old one. So it is asked for under a lock, and saved before it is used. How long tokens live is
taken from the answer, since older pages state other times.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from scheduling.platforms.base import PlatformError
from scheduling.platforms.connect import Connector, Found, Tokens
from scheduling.platforms.http import Reply, Wire
from scheduling.platforms.tiktok.api import Api, oauth_refusal
from scheduling.platforms.tiktok.errors import RECONNECT

TOKEN = "/v2/oauth/token/"
NEEDED = "video.publish"


class TikTokConnector(Connector):
    """TikTok's Login Kit for the web."""

    name = "tiktok"
    scopes = ("user.info.basic", "user.info.stats", "video.publish", "video.list")
    steps = (
        "Register an app at https://developers.tiktok.com/apps for your organisation.",
        "Add the products “Login Kit” (with the redirect address shown here) and “Content Posting API”, and switch on "
        "“Direct Post” there.",
        "Ask for the scopes user.info.basic, user.info.stats, video.publish and video.list.",
        "Under “URL properties”, verify this installation's address: TikTok fetches photos (and videos, with "
        "INFLIO_TIKTOK_UPLOAD=pull) only from verified addresses.",
        "Under “Webhooks”, enter the webhook address shown here.",
        "Set INFLIO_TIKTOK_CLIENT_KEY and INFLIO_TIKTOK_CLIENT_SECRET and restart.",
        "Until TikTok has audited the app, at most 5 accounts a day can post, the accounts must be private, and posts "
        "are visible to their owner only.",
        "Apply for the audit of Direct Post with a video that shows the whole way from the composer to the post: whose "
        "account, who can see it, comments, Duet and Stitch, the commercial switch, and the consent.",
    )
    hosts = {"api": "https://open.tiktokapis.com", "www": "https://www.tiktok.com"}
    renewal = "rotate"

    def authorize_url(self, *, state: str, redirect_uri: str, challenge: str = "") -> str:
        """TikTok's page. It asks even when the browser has a session, so that another account can be picked."""
        query = {
            "client_key": self.app.client_id,
            "scope": ",".join(self.scopes),
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "state": state,
            "disable_auto_auth": "1",
        }
        return f"{self.hosts_used['www']}/v2/auth/authorize/?{urlencode(query)}"

    def exchange(self, *, code: str, redirect_uri: str, verifier: str = "") -> Tokens:
        """Turn the code into tokens; `scopes` is what the user left switched on."""
        form = {"code": code, "grant_type": "authorization_code", "redirect_uri": redirect_uri}
        return self._tokens(form, hidden=code)

    def refresh(self, tokens: Tokens) -> Tokens:
        """Renew; the refresh token that is given dies by it, so save the answer at once."""
        if not tokens.refresh_token:
            raise PlatformError("The connection to TikTok has ended.", kind="reconnect", code="no_token", fix=RECONNECT)
        return self._tokens(
            {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token}, hidden=tokens.refresh_token
        )

    def accounts(self, tokens: Tokens) -> list[Found]:
        """The one account of these tokens. Raises PlatformError when it may not be posted to."""
        if NEEDED not in tokens.scopes:
            raise PlatformError(
                "TikTok was not allowed to let Inflio post.",
                kind="reconnect",
                code="scope_not_authorized",
                fix="Connect again and leave “Post content to TikTok” switched on.",
            )
        api = Api(self._wire(tokens.access_token), self.hosts_used["api"], tokens.access_token)
        user = api.read("/v2/user/info/", method="GET", fields="open_id,display_name,avatar_url").get("user") or {}
        creator = api.read("/v2/post/publish/creator_info/query/", {})
        handle = str(creator.get("creator_username", ""))
        if not user.get("open_id") or not handle:
            raise PlatformError("TikTok did not say which account this is.", kind="later", code="no_account")
        name, avatar = str(user.get("display_name", "")), str(user.get("avatar_url", ""))
        return [Found(str(user["open_id"]), handle, name=name, avatar_url=avatar)]

    def revoke(self, tokens: Tokens) -> None:
        """End the access token, and with it the connection. Raises PlatformError."""
        form = self._app() | {"token": tokens.access_token}
        reply = self._wire(tokens.access_token).read("POST", self.hosts_used["api"] + "/v2/oauth/revoke/", form=form)
        if refused := oauth_refusal(reply, self._wire(tokens.access_token)):
            raise refused

    def _app(self) -> dict[str, str]:
        return {"client_key": self.app.client_id, "client_secret": self.app.client_secret}

    def _wire(self, *secrets: str) -> Wire:
        return Wire("TikTok", timeout=self.timeout, secrets=(self.app.client_secret, *secrets))

    def _tokens(self, form: Mapping[str, str], *, hidden: str) -> Tokens:
        wire = self._wire(hidden)
        # A lost answer costs the connection, when TikTok renewed without telling: the next try says so.
        reply = wire.read("POST", self.hosts_used["api"] + TOKEN, form=self._app() | form)
        if refused := oauth_refusal(reply, wire):
            raise refused
        return _read_tokens(reply, wire)


def _read_tokens(reply: Reply, wire: Wire) -> Tokens:
    found: dict[str, Any] = reply.body
    if not found.get("access_token") or not found.get("refresh_token"):
        raise wire.unreachable(reply)
    now = datetime.now(UTC)

    def after(name: str) -> datetime | None:
        return now + timedelta(seconds=int(found[name])) if found.get(name) else None

    return Tokens(
        access_token=str(found["access_token"]),
        refresh_token=str(found["refresh_token"]),
        access_expires_at=after("expires_in"),
        refresh_expires_at=after("refresh_expires_in"),
        scopes=tuple(scope.strip() for scope in str(found.get("scope", "")).split(",") if scope.strip()),
    )
