"""The sandbox's videos and channels as resources of the YouTube Data API, and what it refuses in one."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from scheduling.sandbox import oauth
from scheduling.sandbox.media import Unreadable, clip_of
from scheduling.sandbox.routes import Answer, Refuse, Request
from scheduling.sandbox.state import World

SCOPE = "https://www.googleapis.com/auth/"
UPLOAD, READ = f"{SCOPE}youtube.upload", f"{SCOPE}youtube.readonly"
PRIVACY = ("public", "unlisted", "private")
WRITABLE = {
    "snippet": {"title", "description", "tags", "categoryId", "defaultLanguage", "defaultAudioLanguage"},
    "status": {
        "privacyStatus",
        "publishAt",
        "selfDeclaredMadeForKids",
        "containsSyntheticMedia",
        "embeddable",
        "license",
        "publicStatsViewable",
    },
    "paidProductPlacementDetails": {"hasPaidProductPlacement"},
}


def refused(status: int, reason: str, text: str, google_status: str = "", *, domain: str = "global") -> Answer:
    """An error as Google words it."""
    error: dict[str, Any] = {"code": status, "message": text}
    error["errors"] = [{"message": text, "domain": domain, "reason": reason}]
    return Answer(status, {"error": error | ({"status": google_status} if google_status else {})})


def grant_of(request: Request, world: World, scope: str, *, needs_channel: bool = True) -> dict[str, Any]:
    """The account that a request's token stands for. Raises Refuse."""
    grant = oauth.token(world, "youtube", request.bearer)
    if grant is None:
        text = "Request had invalid authentication credentials."
        raise Refuse(refused(401, "authError", text, "UNAUTHENTICATED"))
    if not oauth.allows(grant, scope):
        text = "Request had insufficient authentication scopes."
        raise Refuse(refused(403, "insufficientPermissions", text, "PERMISSION_DENIED"))
    account = world.account("youtube", grant["account"])
    if needs_channel and account.get("channel") is False:
        raise Refuse(refused(401, "youtubeSignupRequired", "Unauthorized", domain="youtube.header"))
    return account


def check_video(body: Any, parts: str) -> None:
    """Refuse what YouTube refuses in a new video. Raises Refuse."""
    if not isinstance(body, dict) or not parts:
        raise Refuse(refused(400, "missingRequiredParameter", "No part selected."))
    for part, values in body.items():
        unknown = [part] if part not in WRITABLE else sorted(set(values) - WRITABLE[part])
        if unknown:
            text = f'Invalid JSON payload received. Unknown name "{unknown[0]}": Cannot find field.'
            raise Refuse(refused(400, "badRequest", text, "INVALID_ARGUMENT"))
        if part not in parts.split(","):
            raise Refuse(refused(400, "unexpectedPart", f"The part {part} was not expected."))
    snippet, status = body.get("snippet", {}), body.get("status", {})
    title, description = snippet.get("title", ""), snippet.get("description", "")
    if not title.strip() or len(title) > 100 or set("<>") & set(title):
        raise Refuse(_bad("invalidTitle", "The request metadata specifies an invalid or empty video title."))
    if len(description.encode()) > 5000 or set("<>") & set(description):
        raise Refuse(_bad("invalidDescription", "The request metadata specifies an invalid video description."))
    if sum(len(tag) for tag in snippet.get("tags", [])) > 500:
        raise Refuse(_bad("invalidTags", "The request metadata specifies invalid video keywords."))
    if status.get("privacyStatus", "public") not in PRIVACY:
        raise Refuse(refused(400, "badRequest", "Invalid value at 'video.status.privacy_status'.", "INVALID_ARGUMENT"))
    if status.get("publishAt") and status.get("privacyStatus") != "private":
        raise Refuse(_bad("invalidPublishAt", "The request metadata specifies an invalid scheduled publishing time."))


def _bad(reason: str, text: str) -> Answer:
    return refused(400, reason, text, domain="youtube.video")


def make_video(world: World, account: Mapping[str, Any], session: Mapping[str, Any], data: bytes) -> str:
    """A video from a whole upload; returns its id. It is public at once, and processed later."""
    key = hashlib.sha256(f"youtube {world.number('youtube video')}".encode()).hexdigest()[:11]
    body = dict(session["body"])
    body["status"] = {"privacyStatus": "public"} | body.get("status", {})
    ends, why, seconds = _fate(world, data)
    file = world.store(data, session["mime"])
    video = {"id": key, "account": account["id"], "body": body, "size": len(data), "slug": session["slug"]}
    video |= {"state": "uploaded", "polls": 0, "ends": ends, "why": why, "seconds": seconds, "at": _time(world.now())}
    video["number"] = world.number("youtube order")
    world.put("youtube video", key, video)
    snippet, flags = body["snippet"], {}
    flags |= {name: body["status"].get(name, False) for name in ("containsSyntheticMedia",)}
    flags |= body.get("paidProductPlacementDetails", {})
    flags |= {} if body["status"]["privacyStatus"] == "public" else {"privacyStatus": body["status"]["privacyStatus"]}
    caption = "\n\n".join(text for text in (snippet["title"], snippet.get("description", "")) if text)
    world.publish("youtube", account["id"], key, caption, [{"kind": "video", "file": file, "alt": ""}], flags, body)
    return key


def _fate(world: World, data: bytes) -> tuple[str, str, float]:
    """How processing will end, why, and how long the video is."""
    for setting, state in (("youtube_failure", "failed"), ("youtube_rejection", "rejected")):
        if world.setting(setting):
            return state, world.setting(setting), 0
    if not world.setting("check_media"):
        return "processed", "", 0
    try:
        return "processed", "", clip_of(data).seconds
    except Unreadable:
        return "failed", "invalidFile", 0


def video_resource(world: World, video: Mapping[str, Any], parts: tuple[str, ...]) -> dict[str, Any]:
    """A Video with these parts."""
    body, state = video["body"], video["state"]
    done = state == "processed"
    account = world.account("youtube", video["account"])
    figures = world.get("youtube figures", video["id"]) or {"views": 0, "likes": 0, "comments": 0}
    status = {**body["status"], "uploadStatus": state, "license": "youtube", "embeddable": True}
    if state == "failed":
        status["failureReason"] = video["why"]
    if state == "rejected":
        status["rejectionReason"] = video["why"]
    known: dict[str, Any] = {
        "snippet": {
            **body["snippet"],
            "publishedAt": video["at"],
            "channelId": video["account"],
            "channelTitle": account["name"],
            "liveBroadcastContent": "none",
        },
        "status": status,
        "paidProductPlacementDetails": {"hasPaidProductPlacement": False} | body.get("paidProductPlacementDetails", {}),
        "statistics": {f"{name.rstrip('s')}Count": str(value) for name, value in figures.items()},
        "processingDetails": {
            "processingStatus": "succeeded" if done else "processing" if state == "uploaded" else "failed",
            "fileDetailsAvailability": {"processed": "available", "uploaded": "inProgress"}.get(state, "notAvailable"),
        },
        "contentDetails": {"duration": f"PT{round(video['seconds'])}S", "definition": "hd"} if done else {},
        "fileDetails": {"fileName": video["slug"] or "unknown", "fileSize": str(video["size"])} if done else {},
    }
    resource = {"kind": "youtube#video", "etag": "sandbox", "id": video["id"]}
    return resource | {part: known[part] for part in parts if known.get(part)}


def channel_resource(world: World, account: Mapping[str, Any], parts: tuple[str, ...]) -> dict[str, Any]:
    """A Channel with these parts."""
    mine = world.posts("youtube", account["id"]) if "statistics" in parts else []
    views = sum((world.get("youtube figures", one["remote_id"]) or {}).get("views", 0) for one in mine)
    known = {
        "snippet": {
            "title": account["name"],
            "description": "",
            "customUrl": f"@{account['handle']}",
            "publishedAt": "2026-01-01T00:00:00Z",
        },
        "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": f"UU{account['id'].removeprefix('UC')}"}},
        "statistics": {
            "viewCount": str(views),
            "subscriberCount": str(account.get("subscribers", 0)),
            "hiddenSubscriberCount": False,
            "videoCount": str(len(mine)),
        },
        "status": {"privacyStatus": "public", "isLinked": True, "longUploadsStatus": "allowed"},
    }
    resource = {"kind": "youtube#channel", "etag": "sandbox", "id": account["id"]}
    return resource | {part: known[part] for part in parts if part in known}


def page_of(world: World, account: Mapping[str, Any], query: Mapping[str, str]) -> Answer:
    """One page of the channel's uploads as playlist items, newest first."""
    size, token = min(50, int(query.get("maxResults") or 5)), query.get("pageToken", "0")
    if not token.isdigit():
        raise Refuse(refused(400, "invalidPageToken", "The request specifies an invalid page token."))
    own = [one for one in world.all("youtube video").values() if one["account"] == account["id"]]
    own = sorted((one for one in own if one["state"] != "rejected"), key=lambda one: -one["number"])
    start = int(token)
    items = [_item(one, account) for one in own[start : start + size]]
    body = {"kind": "youtube#playlistItemListResponse", "etag": "sandbox", "items": items}
    body["pageInfo"] = {"totalResults": len(own), "resultsPerPage": size}
    if start + size < len(own):
        body["nextPageToken"] = str(start + size)
    return Answer(body=body)


def _item(video: Mapping[str, Any], account: Mapping[str, Any]) -> dict[str, Any]:
    snippet = video["body"]["snippet"]
    return {
        "kind": "youtube#playlistItem",
        "etag": "sandbox",
        "id": f"UU.{video['id']}",
        "snippet": {
            "publishedAt": video["at"],
            "channelId": account["id"],
            "channelTitle": account["name"],
            "title": snippet["title"],
            "description": snippet.get("description", ""),
            "playlistId": f"UU{account['id'].removeprefix('UC')}",
            "position": 0,
            "resourceId": {"kind": "youtube#video", "videoId": video["id"]},
        },
        "contentDetails": {"videoId": video["id"], "videoPublishedAt": video["at"]},
    }


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
