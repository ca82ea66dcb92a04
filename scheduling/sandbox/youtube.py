"""YouTube in the sandbox: Google's OAuth, resumable uploads, processing, the channel's uploads and figures.

Settings (POST /_sandbox/settings), besides those of all platforms:
    youtube_daily_uploads     100 videos a day for the whole app, until midnight Pacific
    youtube_channel_uploads   how many one channel may upload in 24 hours; None: any number
    youtube_session_seconds   7 days: how long an unfinished upload lives
    youtube_forget_sessions   True: a finished upload answers 404 instead of telling its video
    youtube_failure           videos end as failed with this failureReason
    youtube_rejection         videos end as rejected with this rejectionReason
    youtube_testing           True: the consent screen is in testing, refresh tokens live 7 days
"""

import secrets
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from scheduling.sandbox import oauth
from scheduling.sandbox.routes import Answer, Refuse, Request, Route
from scheduling.sandbox.state import World
from scheduling.sandbox.youtube_videos import (
    READ,
    UPLOAD,
    channel_resource,
    check_video,
    grant_of,
    make_video,
    page_of,
    refused,
    video_resource,
)

ACCESS_SECONDS, REFRESH_SECONDS, TESTING_SECONDS = 3599, 180 * 86400, 7 * 86400
SESSION_SECONDS = 7 * 86400
UNIT = 256 * 1024
DAILY_UPLOADS = 100
LARGEST = 274_877_906_944
PACIFIC = ZoneInfo("America/Los_Angeles")
ACCOUNTS = [
    {"id": "UCsandboxAda000000000001", "handle": "ada.films", "name": "Ada Films", "subscribers": 1280},
    {"id": "UCsandboxNoor00000000002", "handle": "noor.moves", "name": "Noor Moves", "subscribers": 64},
    {
        "id": "google-without-channel",
        "handle": "no.channel",
        "name": "A Google account without a channel",
        "channel": False,
    },
]
LABELS = {
    "containsSyntheticMedia": "Altered or synthetic content",
    "hasPaidProductPlacement": "Includes paid promotion",
}
LIMITED = refused(
    429, "rateLimitExceeded", "Resource has been exhausted (a fault of the sandbox).", "RESOURCE_EXHAUSTED"
)
LIMITED.headers["Retry-After"] = "1"
BROKEN = refused(500, "backendError", "Internal error encountered (a fault of the sandbox).", "INTERNAL")


# OAuth


class Google(oauth.Consent):
    """Google's question: only offline access that the user was asked for again surely gives a refresh token."""

    def decide(self, request: Request, world: World) -> Answer:
        """Remember with the code whether a refresh token belongs to it."""
        answer = super().decide(request, world)
        code = dict(parse_qsl(urlsplit(answer.headers.get("Location", "")).query)).get("code", "")
        if found := world.get("code", code):
            query = request.query
            found["offline"] = query.get("access_type") == "offline" and query.get("prompt") == "consent"
            world.put("code", code, found)
        return answer


CONSENT = Google("youtube", "YouTube")


def token(request: Request, world: World) -> Answer:
    """An access token for a code or for a refresh token, which stays as it is."""
    form = request.form
    renewal: dict[str, Any] = {}
    try:
        oauth.check_client(form.get("client_id", ""), form.get("client_secret", ""))
        if form.get("grant_type") == "authorization_code":
            verifier = form.get("code_verifier", "")
            grant = oauth.redeem(
                world, "youtube", form.get("code", ""), redirect_uri=form.get("redirect_uri", ""), verifier=verifier
            )
            if grant.get("offline"):
                renewal = _renewal(world, grant)
        elif form.get("grant_type") == "refresh_token":
            grant = oauth.token(world, "youtube", form.get("refresh_token", ""), kind="refresh")
            if grant is None:
                raise oauth.Refused("invalid_grant", "Token has been expired or revoked.")
        else:
            raise oauth.Refused("unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}")
    except oauth.Refused as refusal:
        status = 401 if refusal.reason == "invalid_client" else 400
        return Answer(status, {"error": refusal.reason, "error_description": refusal.text})
    scopes = grant["scopes"]
    access = oauth.issue(world, "youtube", grant["account"], scopes=scopes, seconds=ACCESS_SECONDS)
    body = {"access_token": access, "expires_in": ACCESS_SECONDS, "scope": " ".join(scopes), "token_type": "Bearer"}
    return Answer(body=body | renewal)


def _renewal(world: World, grant: dict[str, Any]) -> dict[str, Any]:
    testing = bool(world.setting("youtube_testing"))
    seconds = TESTING_SECONDS if testing else REFRESH_SECONDS
    value = oauth.issue(world, "youtube", grant["account"], scopes=grant["scopes"], seconds=seconds, kind="refresh")
    return {"refresh_token": value} | ({"refresh_token_expires_in": seconds} if testing else {})


def revoke(request: Request, world: World) -> Answer:
    """End all that its owner gave the app: with Google one token stands for the whole grant."""
    value = request.form.get("token") or request.query.get("token", "")
    found = oauth.token(world, "youtube", value) or oauth.token(world, "youtube", value, kind="refresh")
    if found is None:
        return Answer(400, {"error": "invalid_token", "error_description": "Token expired or revoked"})
    oauth.revoke(world, "youtube", account=found["account"])
    return Answer(body={})


# Uploads


def open_session(request: Request, world: World) -> Answer:
    """Begin a resumable upload; its address comes in Location."""
    account = grant_of(request, world, UPLOAD)
    if request.query.get("uploadType") != "resumable":
        raise Refuse(refused(400, "badRequest", "The sandbox takes resumable uploads only."))
    check_video(request.json, request.query.get("part", ""))
    size = request.headers.get("x-upload-content-length", "")
    mime = request.headers.get("x-upload-content-type", "")
    if not size.isdigit() or not 0 < int(size) <= LARGEST:
        raise Refuse(refused(400, "mediaBodyRequired", "The request does not include the video content."))
    if not mime.startswith("video/") and mime != "application/octet-stream":
        raise Refuse(refused(400, "badRequest", f"Media type '{mime}' is not supported."))
    _count_upload(world, account["id"])
    key = f"AB{secrets.token_urlsafe(32)}"
    session = {"account": account["id"], "body": request.json, "size": int(size), "mime": mime, "held": 0}
    session |= {"slug": request.headers.get("slug", ""), "at": world.timestamp(), "video": ""}
    world.put("youtube session", key, session)
    where = f"{world.url}/youtube/api/upload/youtube/v3/videos?uploadType=resumable&upload_id={key}"
    return Answer(200, b"", {"Location": where, "X-GUploader-UploadID": key})


def _count_upload(world: World, account: str) -> None:
    day = f"youtube uploads {world.now().astimezone(PACIFIC).date()}"
    if world.count(day, 2 * 86400) >= world.setting("youtube_daily_uploads", DAILY_UPLOADS):
        text = "The request cannot be completed because you have exceeded your quota."
        raise Refuse(refused(403, "quotaExceeded", text, domain="youtube.quota"))
    own, most = f"youtube uploads of {account}", world.setting("youtube_channel_uploads")
    if most is not None and world.count(own, 86400) >= most:
        text = "The user has exceeded the number of videos they may upload."
        raise Refuse(refused(400, "uploadLimitExceeded", text, domain="youtube.video"))
    world.hit(day)
    world.hit(own)


def upload(request: Request, world: World) -> Answer:
    """Take one piece, or tell what there is; the last byte makes the video, once."""
    account = grant_of(request, world, UPLOAD)
    key = request.query.get("upload_id", "")
    session = world.get("youtube session", key)
    if session is None or session["account"] != account["id"] or _is_over(world, session):
        return Answer(404, b"Not Found")
    if session["video"]:
        return Answer(200, _made(world, session))
    start, end, size = _range(request.headers.get("content-range", ""), session["size"])
    if size != session["size"]:
        return Answer(400, refused(400, "badRequest", "Content-Range does not fit the announced size.").body)
    if start is not None and start <= session["held"] <= end:
        if end + 1 < size and len(request.body) % UNIT:
            return Answer(400, refused(400, "badRequest", "All pieces but the last must be multiples of 256 KiB.").body)
        if len(request.body) != end - start + 1:
            return Answer(400, refused(400, "badRequest", "Content-Range does not fit the body.").body)
        _write(world, key, session["held"], request.body[session["held"] - start :])
        session["held"] = end + 1
    if session["held"] == size:
        session["video"] = make_video(world, account, session, _path(world, key).read_bytes())
        _path(world, key).unlink(missing_ok=True)
    world.put("youtube session", key, session)
    if session["video"]:
        return Answer(200, _made(world, session))
    held = {"Range": f"bytes=0-{session['held'] - 1}"} if session["held"] else {}
    return Answer(308, b"", held)


def _is_over(world: World, session: dict[str, Any]) -> bool:
    if session["video"] and world.setting("youtube_forget_sessions"):
        return True
    return world.timestamp() - session["at"] > world.setting("youtube_session_seconds", SESSION_SECONDS)


def _made(world: World, session: dict[str, Any]) -> dict[str, Any]:
    parts = ("snippet", "status", "paidProductPlacementDetails")
    return video_resource(world, world.get("youtube video", session["video"]), parts)


def _range(text: str, announced: int) -> tuple[int | None, int, int]:
    """(first, last, size) of Content-Range; first is None for a question. No header: the whole file."""
    if not text:
        return 0, announced - 1, announced
    span, _, size = text.removeprefix("bytes ").partition("/")
    if span == "*":
        return None, -1, int(size)
    first, _, last = span.partition("-")
    return int(first), int(last), int(size) if size.isdigit() else announced


def _path(world: World, key: str):
    return world.folder / f"youtube-{key}.part"


def _write(world: World, key: str, at: int, data: bytes) -> None:
    path = _path(world, key)
    with path.open("r+b" if path.exists() else "wb") as file:
        file.truncate(at)  # what a rolled back piece left behind
        file.seek(at)
        file.write(data)


# Reading


def videos(request: Request, world: World) -> Answer:
    """videos.list by id: all parts to the owner, processing goes on with each question."""
    account = grant_of(request, world, READ)
    parts = tuple(request.query.get("part", "").split(","))
    items = []
    for key in request.query.get("id", "").split(","):
        video = world.get("youtube video", key)
        if video and (video["account"] == account["id"] or video["body"]["status"]["privacyStatus"] != "private"):
            items.append(video_resource(world, _worked_on(world, key, video), parts))
    return _list("video", items)


def _worked_on(world: World, key: str, video: dict[str, Any]) -> dict[str, Any]:
    if video["state"] == "uploaded":
        if video["polls"] >= world.setting("processing_polls"):
            video["state"] = video["ends"]
            if video["state"] in ("failed", "rejected"):
                world.withdraw("youtube", key)
        video["polls"] += 1
        world.put("youtube video", key, video)
    return video


def channels(request: Request, world: World) -> Answer:
    """channels.list(mine=true); an account without a channel gets a list without items."""
    account = grant_of(request, world, READ, needs_channel=False)
    if request.query.get("mine") != "true":
        raise Refuse(refused(400, "missingRequiredParameter", "No filter selected."))
    parts = tuple(request.query.get("part", "").split(","))
    if account.get("channel") is False:
        return Answer(
            body={"kind": "youtube#channelListResponse", "pageInfo": {"totalResults": 0, "resultsPerPage": 5}}
        )
    return _list("channel", [channel_resource(world, account, parts)])


def playlist_items(request: Request, world: World) -> Answer:
    """playlistItems.list of the channel's own uploads, newest first."""
    account = grant_of(request, world, READ)
    if request.query.get("playlistId") != f"UU{account['id'].removeprefix('UC')}":
        raise Refuse(refused(404, "playlistNotFound", "The playlist cannot be found.", domain="youtube.playlistItem"))
    return page_of(world, account, request.query)


def _list(kind: str, items: list[dict[str, Any]]) -> Answer:
    info = {"totalResults": len(items), "resultsPerPage": len(items)}
    return Answer(body={"kind": f"youtube#{kind}ListResponse", "etag": "sandbox", "items": items, "pageInfo": info})


def _asks(request: Request) -> bool:
    return request.headers.get("content-range", "").startswith("bytes */")


def _ends(request: Request) -> bool:
    span, _, size = request.headers.get("content-range", "").removeprefix("bytes ").partition("/")
    return not span or span.partition("-")[2] == str(int(size) - 1 if size.isdigit() else "")


ACTIONS = {"forget_session": lambda world, values: {"forgotten": world.drop("youtube session", values["upload_id"])}}
_UPLOAD = "/upload/youtube/v3/videos"
ROUTES = [
    *CONSENT.routes("accounts", "/o/oauth2/v2/auth"),
    Route("POST", "oauth2", "/token", "youtube.token", token),
    Route("POST", "oauth2", "/revoke", "youtube.revoke", revoke),
    Route("POST", "api", _UPLOAD, "youtube.session", open_session),
    Route("POST", "api", f"/resumable{_UPLOAD}", "youtube.session", open_session),
    Route("PUT", "api", _UPLOAD, "youtube.held", upload, when=_asks),
    Route("PUT", "api", _UPLOAD, "youtube.publish", upload, when=_ends),
    Route("PUT", "api", _UPLOAD, "youtube.chunk", upload),
    Route("GET", "api", "/youtube/v3/videos", "youtube.videos", videos),
    Route("GET", "api", "/youtube/v3/channels", "youtube.channels", channels),
    Route("GET", "api", "/youtube/v3/playlistItems", "youtube.uploads", playlist_items),
]
