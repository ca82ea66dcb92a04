"""Connecting a YouTube channel: Google's OAuth for web servers, with a refresh token that stays."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from scheduling.platforms.base import PlatformError
from scheduling.platforms.connect import Connector, Found, Tokens
from scheduling.platforms.http import Reply, Wire
from scheduling.platforms.youtube.errors import RECONNECT, refusal

SCOPE = "https://www.googleapis.com/auth/"
UPLOAD, READ = f"{SCOPE}youtube.upload", f"{SCOPE}youtube.readonly"


class YouTubeConnector(Connector):
    """Google gives a refresh token only for offline access, and surely only when it asks the user again."""

    name = "youtube"
    scopes = (UPLOAD, READ)
    pkce = True
    renewal = "keep"
    hosts = {
        "accounts": "https://accounts.google.com",
        "oauth2": "https://oauth2.googleapis.com",
        "api": "https://youtube.googleapis.com",
    }
    steps = (
        "Open https://console.cloud.google.com/projectcreate and make a project.",
        "Turn on “YouTube Data API v3” at https://console.cloud.google.com/apis/library/youtube.googleapis.com.",
        "Fill in the consent screen at https://console.cloud.google.com/auth/branding and add the scopes "
        "youtube.upload and youtube.readonly. Publish it: while it is in testing, connections last 7 days.",
        "Make an OAuth client of the type “Web application” at https://console.cloud.google.com/auth/clients and enter "
        "the return address shown here.",
        "Set INFLIO_YOUTUBE_CLIENT_ID and INFLIO_YOUTUBE_CLIENT_SECRET, and start Inflio again.",
        "A project may upload 100 videos a day. Ask for more at "
        "https://support.google.com/youtube/contact/yt_api_form before many channels depend on it.",
    )

    def authorize_url(self, *, state: str, redirect_uri: str, challenge: str = "") -> str:
        """Google's page; it asks again each time, so that there is always a refresh token."""
        query = {
            "client_id": self.app.client_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": " ".join(self.scopes),
            "access_type": "offline",
            "prompt": "consent",
            "include_granted_scopes": "true",
            "state": state,
        }
        if challenge:
            query |= {"code_challenge": challenge, "code_challenge_method": "S256"}
        return f"{self.hosts_used['accounts']}/o/oauth2/v2/auth?{urlencode(query)}"

    def exchange(self, *, code: str, redirect_uri: str, verifier: str = "") -> Tokens:
        """Tokens for a code. Refuses a grant without the right to upload, and one that cannot be renewed."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        if verifier:
            form["code_verifier"] = verifier
        tokens = self._tokens(form)
        if tokens.scopes and not set(self.scopes) <= set(tokens.scopes):
            raise PlatformError(
                "Inflio was not allowed to upload to YouTube and to read the channel.",
                kind="reconnect",
                code="scope_missing",
                fix=RECONNECT,
            )
        if not tokens.refresh_token:
            raise PlatformError(
                "Google gave access for an hour only.",
                kind="reconnect",
                code="no_refresh_token",
                fix="Remove Inflio at https://myaccount.google.com/connections and connect the channel again.",
            )
        return tokens

    def refresh(self, tokens: Tokens) -> Tokens:
        """A new access token; the refresh token stays as it is."""
        return self._tokens({"grant_type": "refresh_token", "refresh_token": tokens.refresh_token})

    def accounts(self, tokens: Tokens) -> list[Found]:
        """The channel that the user picked; a Google account may have none."""
        wire = self._wire()
        headers = {"Authorization": f"Bearer {tokens.access_token}"}
        query = {"part": "snippet,contentDetails", "mine": "true"}
        url = f"{self.hosts_used['api']}/youtube/v3/channels"
        reply = wire.read("GET", url, headers=headers, params=query)
        if reply.status != 200:
            raise refusal(wire, reply, now=datetime.now(UTC))
        return [_found(channel) for channel in reply.body.get("items", [])]

    def revoke(self, tokens: Tokens) -> None:
        """End the grant at Google; one that has ended already is fine."""
        wire = self._wire()
        token = tokens.refresh_token or tokens.access_token
        reply = wire.read("POST", f"{self.hosts_used['oauth2']}/revoke", form={"token": token})
        if reply.status != 200 and reply.body.get("error") != "invalid_token":
            raise self._refused(wire, reply)

    def _tokens(self, form: Mapping[str, str]) -> Tokens:
        wire = self._wire()
        keys = {"client_id": self.app.client_id, "client_secret": self.app.client_secret}
        # Asked again after a lost answer, Google gives another access token: nothing is used up by a renewal.
        reply = wire.read("POST", f"{self.hosts_used['oauth2']}/token", form={**form, **keys})
        body = reply.body
        if reply.status != 200:
            raise self._refused(wire, reply)
        if not body.get("access_token"):
            raise wire.unreachable(reply)
        now = datetime.now(UTC)
        return Tokens(
            access_token=body["access_token"],
            refresh_token=body.get("refresh_token", ""),
            access_expires_at=now + timedelta(seconds=int(body.get("expires_in") or 3600)),
            refresh_expires_at=_after(now, body.get("refresh_token_expires_in")),
            scopes=tuple(str(body.get("scope") or "").split()),
        )

    def _refused(self, wire: Wire, reply: Reply) -> PlatformError:
        code = str(reply.body.get("error") or f"http_{reply.status}")
        values = {"code": code, "status": reply.status, "answer": wire.cleaned(reply.text)}
        if code in ("invalid_client", "unauthorized_client", "redirect_uri_mismatch", "deleted_client"):
            fix = "Check INFLIO_YOUTUBE_CLIENT_ID, INFLIO_YOUTUBE_CLIENT_SECRET and the return address at Google."
            return PlatformError("Google does not know this installation.", kind="setup", fix=fix, **values)
        if reply.status == 429:
            return PlatformError("Google asks us to slow down.", kind="limit", retry_after=60, **values)
        return PlatformError("Google has ended our access to this channel.", kind="reconnect", fix=RECONNECT, **values)

    def _wire(self) -> Wire:
        return Wire("YouTube", timeout=self.timeout)


def _after(now: datetime, seconds: Any) -> datetime | None:
    return now + timedelta(seconds=int(seconds)) if seconds else None


def _found(channel: Mapping[str, Any]) -> Found:
    snippet = channel.get("snippet", {})
    playlists = channel.get("contentDetails", {}).get("relatedPlaylists", {})
    return Found(
        external_id=channel["id"],
        handle=snippet.get("customUrl", "").lstrip("@") or channel["id"],
        name=snippet.get("title", ""),
        avatar_url=snippet.get("thumbnails", {}).get("default", {}).get("url", ""),
        facts={"uploads": playlists.get("uploads", "")},
    )
