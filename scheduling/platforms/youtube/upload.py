"""A resumable upload: its session is opened once, asked what it holds, and sent the rest."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from scheduling.platforms.base import Outgoing, PlatformError
from scheduling.platforms.http import Reply, Wire
from scheduling.platforms.youtube.api import Api
from scheduling.platforms.youtube.errors import reason_of, refusal
from scheduling.platforms.youtube.videos import video_body

UNIT = 256 * 1024  # each piece but the last is a multiple of it
PARTS = "snippet,status,paidProductPlacementDetails"


class SessionGone(PlatformError):
    """The address of an upload leads nowhere any more."""

    def __init__(self, status: int | None = None) -> None:
        super().__init__(
            "The upload to YouTube has expired.",
            kind="container",
            code="session_gone",
            fix="Nothing to do: we start the upload anew.",
            status=status,
        )


class Upload:
    """Steps of one upload. Their progress: {session: its address, size, offset: bytes it surely holds, video: id}."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self._held: tuple[str, int] | None = None  # what the session told this instance last: address and bytes

    def open(self, post: Outgoing) -> dict[str, Any]:
        """Announce the video; returns the first progress."""
        media, wire = post.media[0], self.api.wire()
        query = {"uploadType": "resumable", "part": PARTS}
        query["notifySubscribers"] = "true" if post.options.get("notify_subscribers", True) else "false"
        headers = self.api.headers() | {
            "X-Upload-Content-Length": str(media.size),
            "X-Upload-Content-Type": media.mime,
            # Only the owner ever sees the name of the file: it is how we know our video again.
            "Slug": f"{post.key}.{'mov' if media.mime == 'video/quicktime' else 'mp4'}",
        }
        url = f"{self.api.host}/upload/youtube/v3/videos"
        reply = wire.act("POST", url, headers=headers, params=query, json_body=video_body(post))
        if reply.status >= 400:
            raise refusal(wire, reply, now=datetime.now(UTC))
        if reply.status != 200 or not reply.headers.get("location"):
            raise wire.doubt(reply, "opened no upload")
        session = reply.headers["location"]
        self._held = (session, 0)
        return {"session": session, "size": media.size, "offset": 0}

    def asked(self, progress: Mapping[str, Any]) -> dict[str, Any]:
        """The progress as the session sees it; asks unless this instance had its last answer. Raises SessionGone."""
        session, size = progress["session"], progress["size"]
        if self._held == (session, progress["offset"]):
            return dict(progress)
        state, told = self.ask(session, size)
        if state == "gone":
            raise SessionGone
        if state == "made":
            return {**progress, "offset": size, "video": told["id"]}
        self._held = (session, told)
        return {**progress, "offset": told}

    def ask(self, session: str, size: int) -> tuple[str, Any]:
        """("made", the video), ("open", bytes held) or ("gone", None); changes nothing."""
        wire = self.api.wire(session)
        headers = self.api.headers() | {"Content-Range": f"bytes */{size}"}
        reply = wire.read("PUT", session, headers=headers, content=b"")
        if reply.status in (200, 201) and reply.body.get("id"):
            return "made", reply.body
        if reply.status == 308:
            return "open", _held(reply)
        if reply.status in (404, 410):
            return "gone", None
        if reply.status < 400:
            raise wire.unreachable(reply)
        raise refusal(wire, reply, now=datetime.now(UTC))

    def put(self, post: Outgoing, session: str, start: int, end: int, size: int) -> tuple[Reply, Wire]:
        """Send the bytes from start to end; raises Doubt."""
        self._held = None  # until it answers nobody knows what it holds
        with post.media[0].open() as file:
            file.seek(start)
            data = file.read(end - start)
        if len(data) != end - start:
            raise PlatformError(
                "The video file is shorter than it was.",
                kind="container",
                code="file_changed",
                fix="Nothing to do: we upload it anew.",
            )
        headers = self.api.headers() | {
            "Content-Type": post.media[0].mime,
            "Content-Range": f"bytes {start}-{end - 1}/{size}",
        }
        wire = self.api.wire(session)
        return wire.act("PUT", session, headers=headers, content=data), wire

    def after(self, reply: Reply, wire: Wire, progress: Mapping[str, Any]) -> dict[str, Any]:
        """The progress after a piece was sent; raises what a refusal means."""
        session = progress["session"]
        if reply.status == 308:
            self._held = (session, _held(reply))
            return {**progress, "offset": self._held[1]}
        if reply.status in (200, 201) and reply.body.get("id"):
            return {**progress, "offset": progress["size"], "video": reply.body["id"]}
        if reply.status < 400:
            raise wire.doubt(reply, "gave an answer that makes no sense")
        if reply.status in (404, 410) or (reply.status not in (401, 429) and not reason_of(reply)):
            raise SessionGone(reply.status)
        raise refusal(wire, reply, now=datetime.now(UTC))


def last_piece(size: int) -> int:
    """Where the last piece begins: as small as it can be, so that the one call that publishes is short."""
    return max(0, (size - 1) // UNIT * UNIT)


def _held(reply: Reply) -> int:
    """How many bytes a session holds, from its Range header; without one, none."""
    _, _, last = reply.headers.get("range", "").partition("-")
    return int(last) + 1 if last.isdigit() else 0
