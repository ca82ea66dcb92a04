"""Reading from the YouTube Data API: the channel, its videos, its uploads since a moment."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from scheduling.platforms.base import Account, Exchange, PlatformError
from scheduling.platforms.http import Wire
from scheduling.platforms.youtube.errors import RECONNECT, refusal

PAGES = 3  # of own uploads that are looked through
AT_ONCE = 50  # videos in one question


class Api:
    """One channel's requests. `host` is the API's base address."""

    def __init__(self, account: Account, host: str, *, timeout: float, record: Callable[[Exchange], None]) -> None:
        self.account, self.host = account, host
        self.timeout, self.record = timeout, record

    def channel(self, parts: str) -> dict[str, Any]:
        """The account's own channel with these parts. Raises PlatformError when it has none."""
        items = self.get("channels", {"part": parts, "mine": "true"}).get("items", [])
        if items:
            return items[0]
        raise PlatformError(
            "This Google account has no YouTube channel.",
            kind="blocked",
            code="youtubeSignupRequired",
            fix="Create a YouTube channel for it, then connect it again.",
        )

    def videos(self, ids: list[str], parts: str) -> list[dict[str, Any]]:
        """These videos with these parts, as far as they exist; at most AT_ONCE."""
        return self.get("videos", {"part": parts, "id": ",".join(ids)}).get("items", [])

    def get(self, resource: str, query: Mapping[str, str]) -> dict[str, Any]:
        """The answer to a question. Raises PlatformError."""
        wire = self.wire()
        url = f"{self.host}/youtube/v3/{resource}"
        reply = wire.read("GET", url, headers=self.headers(), params=query)
        if reply.status == 200 and reply.body.get("kind"):
            return reply.body
        if reply.status < 400:
            raise wire.unreachable(reply)
        raise refusal(wire, reply, now=datetime.now(UTC))

    def uploads_since(self, earliest: datetime) -> tuple[list[dict[str, Any]], bool]:
        """The channel's videos since then, and whether that is all of them."""
        playlist = (
            self.channel("contentDetails").get("contentDetails", {}).get("relatedPlaylists", {}).get("uploads", "")
        )
        if not playlist:
            return [], False
        ids: list[str] = []
        query = {"part": "snippet,contentDetails", "playlistId": playlist, "maxResults": str(AT_ONCE)}
        whole = False
        for _ in range(PAGES):
            page = self.get("playlistItems", query)
            items = page.get("items", [])
            fresh = [one for one in items if datetime.fromisoformat(one["snippet"]["publishedAt"]) >= earliest]
            ids += [one["contentDetails"]["videoId"] for one in fresh]
            whole = len(fresh) < len(items) or not page.get("nextPageToken")
            if whole:
                break
            query["pageToken"] = page["nextPageToken"]
        found: list[dict[str, Any]] = []
        for start in range(0, len(ids), AT_ONCE):
            found += self.videos(ids[start : start + AT_ONCE], "snippet,status,fileDetails,processingDetails")
        return found, whole

    def headers(self) -> dict[str, str]:
        """The token's header. Raises PlatformError without one."""
        if not self.account.access_token:
            raise PlatformError("There is no access to this channel.", kind="reconnect", code="no_token", fix=RECONNECT)
        return {"Authorization": f"Bearer {self.account.access_token}"}

    def wire(self, session: str = "") -> Wire:
        """The session's own key lies in its address, so it is kept out of records like the token."""
        keys = [value for _, value in parse_qsl(urlsplit(session).query)] if session else []
        secrets = (self.account.access_token, session, *(key for key in keys if len(key) > 12))
        return Wire("YouTube", timeout=self.timeout, secrets=secrets, record=self.record)
