"""Finding out what became of a post that was sent to TikTok, by reading only."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from scheduling.platforms.base import Look, Outgoing, PlatformError
from scheduling.platforms.tiktok.api import Api
from scheduling.platforms.tiktok.errors import failure_of

WAIT = 20.0  # seconds between two looks; TikTok takes 30 a minute of one account
CLOCKS_APART = timedelta(minutes=2)  # between TikTok's clock and ours
SHOWN = 140  # characters of a description that TikTok surely shows (it cuts at 150)
PAGES = 5  # of 20 videos


def status_of(api: Api, publish_id: str) -> dict[str, Any]:
    """How far TikTok is with a post. Raises PlatformError."""
    return api.read("/v2/post/publish/status/fetch/", {"publish_id": publish_id})


def post_id_of(status: Mapping[str, Any]) -> str:
    """The public post's id; empty before TikTok's moderation let it out, and always for private ones."""
    found = status.get("publicaly_available_post_id") or []  # TikTok's spelling
    return str(found[0]) if found else ""


def is_post_id(remote_id: str) -> bool:
    """Whether it is a public post's id; a publish_id is no number."""
    return remote_id.isdecimal()


def find_post_id(api: Api, remote_id: str) -> str:
    """The id of a post whose publish_id may stand in for it; empty when TikTok tells none. Raises PlatformError."""
    if is_post_id(remote_id):
        return remote_id
    try:
        return post_id_of(status_of(api, remote_id))
    except PlatformError as error:
        if error.code != "invalid_publish_id":
            raise
        return ""


def look_by_id(api: Api, progress: Mapping[str, Any], *, expired: bool) -> Look:
    """How a post with this publish_id ended. `expired`: its upload address works no more."""
    try:
        found = status_of(api, progress["publish_id"])
    except PlatformError as error:
        if error.code != "invalid_publish_id":
            raise
        return Look("unclear", reason="TikTok does not know this upload any more.", evidence={"code": error.code})
    names = ("status", "fail_reason", "publicaly_available_post_id", "uploaded_bytes", "downloaded_bytes")
    evidence = {"publish_id": progress["publish_id"]} | {name: found[name] for name in names if name in found}
    match found.get("status"):
        case "PUBLISH_COMPLETE":
            return Look("published", post_id_of(found), evidence=evidence)
        case "FAILED":
            return _failed(str(found.get("fail_reason", "")), evidence)
        case "SEND_TO_USER_INBOX":
            reason = "TikTok put the post into the account's inbox instead of publishing it."
            return Look(
                "refused", reason=reason, fix="Open the inbox of the TikTok app and finish it there.", evidence=evidence
            )
        case "PROCESSING_UPLOAD" if _lacks_bytes(progress, found):
            reason = "TikTok did not get the end of the video."
            return Look("gone" if expired else "absent", reason=reason, evidence=evidence)
        case "PROCESSING_UPLOAD" | "PROCESSING_DOWNLOAD":
            return Look("working", reason="TikTok works on it.", wait=WAIT, evidence=evidence)
    return Look("unclear", reason="TikTok gives no status that we know.", evidence=evidence)


def _lacks_bytes(progress: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """Whether the last chunk never arrived; an answer to it, when we had one, is proof that it did."""
    if progress.get("way") != "file" or progress["sent"] == progress["size"]:
        return False
    uploaded = found.get("uploaded_bytes")
    return isinstance(uploaded, int) and uploaded < progress["size"]


def _failed(reason: str, evidence: Mapping[str, Any]) -> Look:
    error = failure_of(reason)
    # TikTok's own troubles end with another try; what the user must change does not.
    outcome = "gone" if error.kind in ("later", "container") else "refused"
    return Look(outcome, reason=error.message, fix=error.fix, evidence=evidence)


def look_in_list(api: Api, scopes: tuple[str, ...], post: Outgoing, since: datetime) -> Look:
    """Whether the account's public videos show a post whose number was lost; never proof that it is not there."""
    unclear = "TikTok's answer was lost, and the account's public videos do not show the post."
    if (scopes and "video.list" not in scopes) or not _plain(post.caption):
        return Look("unclear", reason=unclear)
    oldest = since - CLOCKS_APART
    found = [video for video in _public(api, oldest) if _shows(video, post)]
    matches = [{"id": one.get("id"), "create_time": one.get("create_time")} for one in found]
    evidence = {"proof": "list", "matches": matches}
    if len(found) != 1:
        return Look(
            "unclear", reason=unclear if not found else "Several videos look like this post.", evidence=evidence
        )
    url = str(found[0].get("share_url", "")).partition("?")[0]
    return Look("published", str(found[0]["id"]), url, evidence=evidence, alike_since=oldest)


def _public(api: Api, oldest: datetime) -> Iterator[Mapping[str, Any]]:
    """The account's public videos since then, newest first."""
    body = {"max_count": 20}
    for _ in range(PAGES):
        fields = "id,title,video_description,create_time,share_url"
        page = api.read("/v2/video/list/", body, fields=fields)
        for video in page.get("videos") or []:
            if int(video.get("create_time") or 0) < oldest.timestamp():
                return
            yield video
        if not page.get("has_more"):
            return
        body = {"max_count": 20, "cursor": page.get("cursor")}


def _shows(video: Mapping[str, Any], post: Outgoing) -> bool:
    shown = _plain(video.get("video_description") or video.get("title") or "")
    wanted = _plain(post.caption)
    return bool(shown) and (shown == wanted or (len(shown) >= SHOWN and wanted.startswith(shown[:SHOWN])))


def _plain(text: str) -> str:
    return " ".join(text.split())
