"""YouTube Shorts by resumable upload: all but the last bytes while preparing, the last ones to publish.

One session makes one video, whatever is sent to it again. Its address is saved before the first byte, and the session
itself tells how much of the file it holds, or which video came of it. Source: YouTube's guide to resumable uploads and
the discovery document of the API, November 2026.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from scheduling.platforms.base import (
    Capabilities,
    Doubt,
    Facts,
    Look,
    Measured,
    Outgoing,
    Platform,
    PlatformError,
    Ratio,
    Rules,
    Sent,
    Step,
)
from scheduling.platforms.youtube.api import AT_ONCE, Api
from scheduling.platforms.youtube.errors import reason_of
from scheduling.platforms.youtube.upload import UNIT, SessionGone, Upload, last_piece
from scheduling.platforms.youtube.videos import is_ours, verdict

CHUNK = 8 * 1024 * 1024
CLOCKS_APART = timedelta(minutes=10)  # between YouTube's clock and ours


class YouTube(Platform):
    """One channel. Options of a post: privacy_level, made_for_kids, category, tags, notify_subscribers.

    progress: {session: its address, size, offset: bytes it surely holds, video: id, once it is known}.
    """

    name = "youtube"
    title = "YouTube"
    hosts = {"api": "https://youtube.googleapis.com", "posts": "https://www.youtube.com/shorts"}
    capabilities = Capabilities(
        formats={
            "video": Rules(
                kinds=("video",),
                mimes=("video/mp4", "video/quicktime"),
                most_bytes=256 * 1024**3,
                ratio=Ratio(0.4, 1.0),  # a Short is upright or square
                shortest_seconds=1,
                longest_seconds=180,
                caption=5000,
                count_in="bytes",
                title=100,
                hashtags=15,
            )
        },
        ai_flag=frozenset({"video"}),
        paid_flag=frozenset({"video"}),
        metrics=("views", "likes", "comments"),
        account_metrics=("followers", "views", "posts"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chunk = int(self.options.get("chunk_bytes", CHUNK)) // UNIT * UNIT or UNIT
        self.api = Api(self.account, self.hosts_used["api"], timeout=self.timeout, record=self.record)
        self.upload = Upload(self.api)

    def prepare(self, post: Outgoing, progress: Mapping[str, Any]) -> Step:
        """Open a session, then send one piece with each call, until the last one is left."""
        if progress.get("video"):
            return Step(progress, "uploaded", ready=True)
        if not progress.get("session") or progress.get("size") != post.media[0].size:
            progress = self.upload.open(post)
            return Step(progress, "session", ready=last_piece(progress["size"]) == 0)
        progress = self.upload.asked(progress)
        offset, last = progress["offset"], last_piece(progress["size"])
        if progress.get("video") or offset >= last:
            return Step(progress, "uploaded", ready=True)
        end = min(offset + self.chunk, last)
        reply, wire = self.upload.put(post, progress["session"], offset, end, progress["size"])
        progress = self.upload.after(reply, wire, progress)
        return Step(progress, "uploading", ready=bool(progress.get("video")) or progress["offset"] >= last)

    def publish(self, post: Outgoing, progress: Mapping[str, Any]) -> Sent:
        """Send what is left of the file. A session that has made its video already answers with that video."""
        if progress.get("video"):
            return self._sent({"id": progress["video"]}, progress)
        if not progress.get("session"):
            raise SessionGone
        try:
            return self._send_last(post, self.upload.asked(progress))
        except SessionGone as error:
            # An earlier call may have made the video before its session was forgotten; only the channel tells.
            raise Doubt(error.message, status=error.http_status) from error

    def _send_last(self, post: Outgoing, progress: Mapping[str, Any]) -> Sent:
        size, offset = progress["size"], progress["offset"]
        if progress.get("video"):
            return self._sent({"id": progress["video"]}, progress)
        if offset >= size:
            raise Doubt("YouTube has the whole video and has not said what became of it.")
        reply, wire = self.upload.put(post, progress["session"], offset, size, size)
        if reply.status in (200, 201) and reply.body.get("id"):
            return self._sent(reply.body, progress)
        if reply.status >= 400 and reply.status not in (404, 410) and not reason_of(reply):
            raise wire.doubt(reply, "refused in words that are not its own")
        self.upload.after(reply, wire, progress)
        # 308: the session waits for bytes that got lost on the way, so there is no video.
        raise PlatformError(
            "The upload to YouTube was cut short.",
            kind="later",
            code="incomplete",
            fix="Nothing to do: we send the rest again by ourselves.",
            status=reply.status,
        )

    def look(self, post: Outgoing, progress: Mapping[str, Any], since: datetime) -> Look:
        """Ask the video, else the session, else the channel's own uploads."""
        video = progress.get("video")
        if not video:
            state, told = "gone", None
            if progress.get("session"):
                state, told = self.upload.ask(progress["session"], progress["size"])
            if state == "gone":
                return self._search(post, since)
            if state == "open":
                evidence = {"asked": "the upload session", "bytes_held": told, "bytes_in_all": progress["size"]}
                if told >= progress["size"]:  # it has everything and is about to make the video
                    return Look("working", wait=10, evidence=evidence)
                return Look("absent", evidence=evidence)
            video = told["id"]
        found = self.api.videos([video], "snippet,status,processingDetails")
        if not found and datetime.now(UTC) - since < CLOCKS_APART:  # a list may lag behind
            return Look("working", video, self._url(video), wait=30)
        return verdict(found[0] if found else {}, video, self._url(video))

    def read_back(self, remote_id: str) -> Mapping[str, Any]:
        """Its address, its labels and who may see it."""
        found = self.api.videos([remote_id], "status,paidProductPlacementDetails")
        if not found:
            raise PlatformError(
                "YouTube does not show this video any more.",
                kind="invalid",
                code="videoNotFound",
                fix="Look on YouTube whether it was deleted.",
            )
        status, paid = found[0].get("status", {}), found[0].get("paidProductPlacementDetails", {})
        names = ("containsSyntheticMedia", "privacyStatus", "uploadStatus")
        labels = {name: status[name] for name in names if name in status}
        return {"url": self._url(remote_id), **labels, **paid}

    def inspect(self) -> Facts:
        """The channel's name, picture and figures. How many uploads are left YouTube does not tell."""
        channel = self.api.channel("snippet,contentDetails,status,statistics")
        snippet = channel.get("snippet", {})
        return Facts(
            handle=snippet.get("customUrl", "").lstrip("@") or self.account.handle,
            name=snippet.get("title", ""),
            avatar_url=snippet.get("thumbnails", {}).get("default", {}).get("url", ""),
            options={"privacy_level": ["public", "unlisted", "private"]},
            raw={
                "channel": channel.get("id", ""),
                "long_uploads": channel.get("status", {}).get("longUploadsStatus", ""),
            },
        )

    def measure(self, remote_ids: list[str]) -> Measured:
        """Views, likes and comments of videos; followers, views and videos of the channel."""
        of_channel = self.api.channel("statistics").get("statistics", {})
        if of_channel.get("hiddenSubscriberCount"):
            of_channel.pop("subscriberCount", None)
        names = {"followers": "subscriberCount", "views": "viewCount", "posts": "videoCount"}
        posts = {}
        for start in range(0, len(remote_ids), AT_ONCE):
            for video in self.api.videos(remote_ids[start : start + AT_ONCE], "statistics"):
                mine = {"views": "viewCount", "likes": "likeCount", "comments": "commentCount"}
                posts[video["id"]] = _figures(video.get("statistics", {}), mine)
        return Measured(account=_figures(of_channel, names), posts=posts)

    def _search(self, post: Outgoing, since: datetime) -> Look:
        """Look for the video among the channel's uploads since then; the session has been forgotten."""
        earliest = since - CLOCKS_APART
        candidates, whole = self.api.uploads_since(earliest)
        evidence: dict[str, Any] = {"asked": "the channel's uploads", "since": earliest.isoformat(), "whole": whole}
        evidence["found"] = [candidate["id"] for candidate in candidates]
        doubtful = []
        for video in candidates:
            ours = is_ours(video, post)
            if ours:
                return verdict(video, video["id"], self._url(video["id"]), evidence)
            if ours is None:
                doubtful.append(video)
        if any(one.get("processingDetails", {}).get("fileDetailsAvailability") == "inProgress" for one in doubtful):
            return Look("working", wait=30, reason="YouTube still reads the file.", evidence=evidence)
        fix = "Look on YouTube whether it is there."
        if doubtful:
            reason = "There is a video with this title, and YouTube does not tell which file it came from."
            return Look("unclear", reason=reason, fix=fix, evidence=evidence)
        if not whole:
            return Look("unclear", reason="The channel has too many new videos.", fix=fix, evidence=evidence)
        return Look("gone", evidence=evidence)

    def _sent(self, video: Mapping[str, Any], progress: Mapping[str, Any]) -> Sent:
        final = video.get("status", {}).get("uploadStatus") == "processed"
        return Sent(video["id"], self._url(video["id"]), final=final, progress={**progress, "video": video["id"]})

    def _url(self, video: str) -> str:
        return f"{self.hosts_used['posts']}/{video}"


def _figures(given: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, int]:
    return {name: int(given[theirs]) for name, theirs in names.items() if str(given.get(theirs, "")).isdigit()}
