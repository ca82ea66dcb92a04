"""LinkedIn in the sandbox: OAuth for 60 days, versions that end, uploads of files, posts that no app reads.

Settings (POST /_sandbox/settings), besides those of all platforms:
    linkedin_oldest_version   the oldest month that is supported (default: as in November 2026); older ones get 426
    linkedin_posts_a_day      150 posts of one member, until midnight UTC
    linkedin_failure          files end as PROCESSING_FAILED with this reason
    linkedin_part_bytes       4 MiB: how large the pieces of a video are
    linkedin_duplicates       False: the same text may be posted again
"""

import hashlib
import json
from typing import Any
from urllib.parse import unquote

from scheduling.sandbox import oauth
from scheduling.sandbox.linkedin_rules import (
    check_file,
    check_post,
    failed,
    member,
    plain_text,
)
from scheduling.sandbox.routes import Answer, Refuse, Request, Route
from scheduling.sandbox.state import World

ACCESS_SECONDS = 60 * 86400 - 1
UPLOAD_SECONDS = 86400
PART_BYTES = 4 * 1024 * 1024
POSTS_A_DAY = 150
DUPLICATE_SECONDS = 3600
ACCOUNTS = [
    {"id": "li-ada", "handle": "Ada Studio", "name": "Ada Studio"},
    {"id": "li-noor", "handle": "Noor Daily", "name": "Noor Daily"},
]
LIMITED = failed(429, "TOO_MANY_REQUESTS", "Resource level throttle LIMIT for calls to this resource is reached.")
LIMITED.headers["Retry-After"] = "1"
BROKEN = failed(500, "INTERNAL_SERVER_ERROR", "Internal Server Error (a fault of the sandbox).")
CONSENT = oauth.Consent(
    "linkedin",
    "LinkedIn",
    denied={"error": "user_cancelled_authorize", "error_description": "The user cancelled the authorization"},
)
POST = "w_member_social"


# OAuth


def token(request: Request, world: World) -> Answer:
    """A token for 60 days, without a way to renew it."""
    form = request.form
    try:
        oauth.check_client(form.get("client_id", ""), form.get("client_secret", ""))
        if form.get("grant_type") != "authorization_code":
            raise oauth.Refused("unauthorized_client", "The app may not use this grant type.")
        grant = oauth.redeem(world, "linkedin", form.get("code", ""), redirect_uri=form.get("redirect_uri", ""))
    except oauth.Refused as refused:
        reason = "invalid_request" if refused.reason == "invalid_grant" else refused.reason
        status = 401 if reason == "invalid_client" else 400
        return Answer(status, {"error": reason, "error_description": refused.text})
    access = oauth.issue(world, "linkedin", grant["account"], scopes=grant["scopes"], seconds=ACCESS_SECONDS)
    body = {"access_token": access, "expires_in": ACCESS_SECONDS, "scope": ",".join(grant["scopes"])}
    return Answer(body=body | {"token_type": "Bearer", "id_token": "sandbox.id.token"})


def userinfo(request: Request, world: World) -> Answer:
    """The member, as OpenID Connect tells; this address knows no versions."""
    account = member(request, world, "openid", "profile", versioned=False)
    given, _, family = account["name"].partition(" ")
    names = {"name": account["name"], "given_name": given, "family_name": family}
    return Answer(body={"sub": account["id"], **names, "locale": {"country": "US", "language": "en"}})


# Pictures


def announce_image(request: Request, world: World) -> Answer:
    """Give a picture its urn and an address to send it to."""
    account = member(request, world, POST)
    _own(request.json.get("initializeUploadRequest", {}).get("owner"), account)
    number = world.number("linkedin file")
    urn = f"urn:li:image:SB{number:012}"
    file = {"urn": urn, "kind": "image", "account": account["id"], "state": "WAITING_UPLOAD", "polls": 0, "file": ""}
    world.put("linkedin file", urn, file | {"at": world.timestamp()})
    expires = int((world.timestamp() + UPLOAD_SECONDS) * 1000)
    value = {"uploadUrlExpiresAt": expires, "uploadUrl": _address(world, urn, "uploaded-image"), "image": urn}
    return Answer(body={"value": value})


def take_image(request: Request, world: World) -> Answer:
    """Take a picture's bytes."""
    file = _announced(request, world, "image")
    if oauth.token(world, "linkedin", request.bearer) is None:
        raise Refuse(failed(401, "INVALID_ACCESS_TOKEN", "Invalid access token"))
    _received(world, file, request.body, request.headers.get("content-type", ""))
    return Answer(201, b"")


# Videos


def announce_video(request: Request, world: World) -> Answer:
    """Give a video its urn and an address for each of its pieces."""
    account = member(request, world, POST)
    asked = request.json.get("initializeUploadRequest", {})
    _own(asked.get("owner"), account)
    size, piece = asked.get("fileSizeBytes"), int(world.setting("linkedin_part_bytes", PART_BYTES))
    if not isinstance(size, int) or size < 1 or size > 500_000_000:
        raise Refuse(failed(400, "INVALID_FILE_SIZE", "fileSizeBytes must be between 1 and 500000000"))
    urn = f"urn:li:video:SB{world.number('linkedin file'):012}"
    spans = [(first, min(first + piece, size) - 1) for first in range(0, size, piece)]
    file = {"urn": urn, "kind": "video", "account": account["id"], "state": "WAITING_UPLOAD", "polls": 0, "file": ""}
    file |= {"spans": spans, "etags": {}, "token": f"sandbox-upload-{urn[-6:]}", "at": world.timestamp()}
    world.put("linkedin file", urn, file)
    instructions = [
        {"uploadUrl": _address(world, urn, f"part-{number}"), "firstByte": first, "lastByte": last}
        for number, (first, last) in enumerate(spans)
    ]
    expires = int((world.timestamp() + UPLOAD_SECONDS) * 1000)
    value = {"uploadUrlsExpireAt": expires, "video": urn, "uploadInstructions": instructions}
    return Answer(body={"value": value | {"uploadToken": file["token"], "thumbnailUploadUrl": ""}})


def take_part(request: Request, world: World) -> Answer:
    """Take one piece of a video; its ETag proves it when the video is closed."""
    file = _announced(request, world, "video")
    number = request.params["part"]
    if not number.isdigit() or int(number) >= len(file["spans"]):
        raise Refuse(Answer(404, b""))
    first, last = file["spans"][int(number)]
    if len(request.body) != last - first + 1:
        raise Refuse(Answer(400, b"The piece does not have the announced length."))
    etag = hashlib.sha256(request.body + number.encode()).hexdigest()[:32]
    file["etags"][number] = etag
    _part(world, file["urn"], int(number)).write_bytes(request.body)
    world.put("linkedin file", file["urn"], file)
    return Answer(200, b"", {"ETag": etag})


def close_video(request: Request, world: World) -> Answer:
    """Put the pieces together; their ETags must be all there, in order. Answers with nothing at all."""
    account = member(request, world, POST)
    asked = request.json.get("finalizeUploadRequest", {})
    file = world.get("linkedin file", str(asked.get("video", "")))
    if file is None or file["account"] != account["id"]:
        raise Refuse(failed(404, "NOT_FOUND", "Video does not exist"))
    numbers = [str(number) for number in range(len(file["spans"]))]
    etags = [file["etags"].get(number, "") for number in numbers]
    if file["state"] != "WAITING_UPLOAD" or asked.get("uploadToken") != file["token"]:
        raise Refuse(failed(400, "INVALID_UPLOAD", "The upload was finalized already, or the token is wrong"))
    if asked.get("uploadedPartIds") != etags or not all(etags):
        raise Refuse(failed(400, "INVALID_PARTS", "uploadedPartIds do not match the uploaded parts"))
    parts = [_part(world, file["urn"], int(number)) for number in numbers]
    _received(world, file, b"".join(part.read_bytes() for part in parts), "video/mp4")
    for part in parts:
        part.unlink()
    return Answer(200, b"")


def status(request: Request, world: World) -> Answer:
    """How far LinkedIn is with a file; processing goes on with each question."""
    account = member(request, world, POST)
    file = world.get("linkedin file", request.params["urn"])
    if file is None or file["account"] != account["id"]:
        raise Refuse(failed(404, "NOT_FOUND", "The file does not exist"))
    if file["state"] == "PROCESSING":
        if file["polls"] >= world.setting("processing_polls"):
            file["state"] = "PROCESSING_FAILED" if file["why"] else "AVAILABLE"
        file["polls"] += 1
        world.put("linkedin file", file["urn"], file)
    body = {"id": file["urn"], "owner": f"urn:li:person:{account['id']}", "status": file["state"]}
    return Answer(
        body=body | ({"processingFailureReason": file["why"]} if file["state"] == "PROCESSING_FAILED" else {})
    )


# Posts


def create(request: Request, world: World) -> Answer:
    """Make a post public. Its id comes in a header; the body is empty."""
    account = member(request, world, POST)
    body = request.json
    _own(body.get("author") if isinstance(body, dict) else None, account)
    files = check_post(world, body, account)
    day, most = (
        f"linkedin posts {account['id']} {world.now().date()}",
        world.setting("linkedin_posts_a_day", POSTS_A_DAY),
    )
    if world.count(day, 2 * 86400) >= most:
        text = "Resource level throttle MEMBER DAY limit for calls to this resource is reached."
        raise Refuse(failed(429, "TOO_MANY_REQUESTS", text))
    text = plain_text(body.get("commentary", ""))
    _refuse_duplicate(world, account["id"], text)
    # Like LinkedIn's own numbers, these begin with the time.
    number = (int(world.timestamp() * 1000) << 22) | (world.number("linkedin post") & 0x3FFFFF)
    urn = f"urn:li:{'ugcPost' if files and files[0]['kind'] == 'video' else 'share'}:{number}"
    world.hit(day)
    world.put("linkedin text", f"{account['id']} {_digest(text)}", {"urn": urn, "at": world.timestamp()})
    media = [{"kind": file["kind"], "file": file["file"], "alt": file["alt"]} for file in files]
    world.publish("linkedin", account["id"], urn, text, media, {}, body)
    return Answer(201, b"", {"x-restli-id": urn, "x-linkedin-id": urn, "Location": f"/posts/{urn}"})


def _refuse_duplicate(world: World, account: str, text: str) -> None:
    earlier = world.get("linkedin text", f"{account} {_digest(text)}")
    if not earlier or not text or not world.setting("linkedin_duplicates", True):
        return
    if world.timestamp() - earlier["at"] > DUPLICATE_SECONDS:
        return
    message = f"Content is a duplicate of {earlier['urn']}"
    answer = failed(422, "", message)
    answer.body["errorDetails"] = {
        "inputErrors": [{"description": "Duplicate post is detected", "input": {}, "code": "DUPLICATE_POST"}]
    }
    raise Refuse(answer)


def delete(request: Request, world: World) -> Answer:
    """Take a post away; again and again if need be. LinkedIn goes on taking its text for a duplicate."""
    account = member(request, world, POST)
    for post in world.posts("linkedin", account["id"], request.params["urn"]):
        world.withdraw("linkedin", post["remote_id"])
    return Answer(204, b"")


def closed(request: Request, world: World) -> Answer:
    """Posts of members are read with r_member_social, which LinkedIn gives to nobody new."""
    member(request, world, "r_member_social", strict=True)
    return Answer(404, {"status": 404, "message": "Not found"})


# Small things


def _own(owner: Any, account: dict[str, Any]) -> None:
    if owner != f"urn:li:person:{account['id']}":
        raise Refuse(failed(403, "ACCESS_DENIED", "Field Value validation failed in REQUEST_BODY: owner or author"))


def _address(world: World, urn: str, name: str) -> str:
    return f"{world.url}/linkedin/www/dms-uploads/{urn}/{name}?ca=vector_sandbox&sync=0&ut=sandbox-{urn[-12:]}"


def _announced(request: Request, world: World, kind: str) -> dict[str, Any]:
    file = world.get("linkedin file", unquote(request.params["urn"]))
    if file is None or file["kind"] != kind:
        raise Refuse(Answer(404, b""))
    if world.timestamp() - file["at"] > UPLOAD_SECONDS:
        raise Refuse(Answer(403, b"The upload address has expired."))
    return file


def _received(world: World, file: dict[str, Any], data: bytes, mime: str) -> None:
    mime, why = check_file(world, file["kind"], data, mime)
    file |= {"state": "PROCESSING", "polls": 0, "why": why, "file": world.store(data, mime)}
    world.put("linkedin file", file["urn"], file)


def _part(world: World, urn: str, number: int):
    return world.folder / f"linkedin-{urn.rpartition(':')[2]}-{number}.part"


def _digest(text: str) -> str:
    return hashlib.sha256(json.dumps(text.split()).encode()).hexdigest()[:32]


def _action(name: str):
    return lambda request: request.query.get("action") == name


BEGIN, END = _action("initializeUpload"), _action("finalizeUpload")
ROUTES = [
    *CONSENT.routes("www", "/oauth/v2/authorization"),
    Route("POST", "www", "/oauth/v2/accessToken", "linkedin.token", token),
    Route("GET", "api", "/v2/userinfo", "linkedin.userinfo", userinfo),
    Route("POST", "api", "/rest/images", "linkedin.image", announce_image, when=BEGIN),
    Route("PUT", "www", "/dms-uploads/{urn}/uploaded-image", "linkedin.upload", take_image),
    Route("GET", "api", "/rest/images/{urn}", "linkedin.image_status", status),
    Route("POST", "api", "/rest/videos", "linkedin.video", announce_video, when=BEGIN),
    Route("PUT", "www", "/dms-uploads/{urn}/part-{part}", "linkedin.part", take_part),
    Route("POST", "api", "/rest/videos", "linkedin.close", close_video, when=END),
    Route("GET", "api", "/rest/videos/{urn}", "linkedin.video_status", status),
    Route("POST", "api", "/rest/posts", "linkedin.publish", create),
    Route("DELETE", "api", "/rest/posts/{urn}", "linkedin.delete", delete),
    Route("GET", "api", "/rest/posts/{urn}", "linkedin.read", closed),
    Route("GET", "api", "/rest/posts", "linkedin.read", closed),
]
