"""Posts on TikTok's sandbox: how they are opened, uploaded or fetched, and how they end.

A post is public at once when all of it was taken and nothing is wrong with it; `status` says so after some polls, and
the lists show it when moderation is over. Kind "tiktok publish" of the world, by publish_id.
"""

import re
import secrets
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scheduling.sandbox.media import Unreachable, fetch
from scheduling.sandbox.pages import post_url
from scheduling.sandbox.routes import Answer, Refuse, Request
from scheduling.sandbox.state import World
from scheduling.sandbox.tiktok_checks import (
    VIDEO_MIMES,
    account_of,
    allow,
    body_of,
    check_chunks,
    check_info,
    check_quota,
    failed,
    ok,
    refuse_as_ordered,
    wrong_media,
)

KIND = "tiktok publish"
FIRST_ID = 7_500_000_000_000_000_000
URL_SECONDS = 3600
RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


def video_init(request: Request, world: World) -> Answer:
    """Open a video: with an upload address, or by fetching it."""
    with world.transaction():
        account, body = _opened(request, world)
        info = check_info(world, account, body.get("post_info"), photo=False)
        source = body.get("source_info") or {}
        if source.get("source") == "FILE_UPLOAD":
            return _open_upload(world, account, info, source)
        urls = _urls(world, source, [source.get("video_url")])
    return _pull(world, account, info, urls, {}, photo=False)


def photo_init(request: Request, world: World) -> Answer:
    """Open a post of photos by fetching them."""
    with world.transaction():
        account, body = _opened(request, world)
        if body.get("media_type") != "PHOTO" or body.get("post_mode") != "DIRECT_POST":
            return failed("invalid_param", "media_type must be PHOTO and post_mode DIRECT_POST.")
        info = check_info(world, account, body.get("post_info"), photo=True)
        source = body.get("source_info") or {}
        photos = source.get("photo_images")
        cover = source.get("photo_cover_index", 0)
        if not isinstance(photos, list) or not 1 <= len(photos) <= 35 or not 0 <= cover < len(photos):
            return failed("invalid_param", "1 to 35 photo_images and a photo_cover_index among them are required.")
        urls = _urls(world, source, photos)
    return _pull(world, account, info, urls, {"photo_cover_index": cover}, photo=True)


def _opened(request: Request, world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    account = account_of(world, allow(request, world, "video.publish", minute=6))
    refuse_as_ordered(world, account)
    check_quota(world, account)
    return account, body_of(request)


def _urls(world: World, source: Mapping[str, Any], urls: list[Any]) -> list[str]:
    if source.get("source") != "PULL_FROM_URL" or not all(isinstance(url, str) and url for url in urls):
        raise Refuse(failed("invalid_param", "source must be PULL_FROM_URL, with addresses."))
    verified = world.setting("tiktok_verified")
    if verified is not None and not all(url.startswith(tuple(verified)) for url in urls):
        raise Refuse(failed("url_ownership_unverified", "Please review our URL ownership verification rules."))
    return urls


def _pull(world: World, account: Mapping[str, Any], info: dict, urls: list[str], extra: dict, *, photo: bool) -> Answer:
    files, reason = [], ""
    if world.setting("check_media"):
        try:
            files = [fetch(url, redirects=False) for url in urls]
        except Unreachable:
            reason = "photo_pull_failed" if photo else "video_pull_failed"
    with world.transaction():
        publish_id = _number(world, "p_pub_url" if photo else "v_pub_url")
        row = {"account": account["id"], "info": info, "photo": photo, "taken": False, "bytes": sum(map(len, files))}
        row |= {"publish_id": publish_id, "source": {"urls": urls, **extra}}
        _take(world, account, row, files, reason)
    return ok({"publish_id": publish_id})


def _open_upload(world: World, account: Mapping[str, Any], info: dict, source: Mapping[str, Any]) -> Answer:
    size, chunk_size, count = check_chunks(source)
    publish_id, key = _number(world, "v_pub_file"), secrets.token_urlsafe(16)
    row = {"publish_id": publish_id, "account": account["id"], "info": info, "photo": False, "taken": False}
    row |= {"size": size, "chunk": chunk_size, "count": count, "bytes": 0, "opened_at": world.timestamp()}
    world.put(KIND, publish_id, row | {"source": dict(source), "post_id": "", "status": "PROCESSING_UPLOAD"})
    world.put("tiktok upload", key, publish_id)
    url = f"{world.url}/tiktok/upload/video/?upload_id={publish_id}&upload_token={key}"
    return ok({"publish_id": publish_id, "upload_url": url})


def chunk(request: Request, world: World) -> Answer:
    """Take one chunk, in order; the last one makes the post."""
    key = request.query.get("upload_token", "")
    row = world.get(KIND, world.get("tiktok upload", key) or "")
    if row is None or request.query.get("upload_id") != row["publish_id"]:
        return _no(404, "The upload task is not found.")
    if world.timestamp() > row["opened_at"] + URL_SECONDS:
        return _no(403, "The upload address has expired.")
    found = RANGE.fullmatch(request.headers.get("content-range", ""))
    if not found or request.headers.get("content-type") not in VIDEO_MIMES:
        return _no(400, "Content-Range or Content-Type is wrong.")
    first, last, size = map(int, found.groups())
    if size != row["size"] or last - first + 1 != len(request.body):
        return _no(400, "Content-Range does not fit the body or the upload.")
    if first != row["bytes"]:
        return _no(416, "Content-Range does not reflect the progress of the upload.")
    number, rest = divmod(first, row["chunk"])
    final = number == row["count"] - 1
    if rest or last + 1 != (size if final else first + row["chunk"]):
        return _no(400, "The chunk has not the size that was announced.")
    path = _part(world, row)
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.seek(first)  # over what an undone request has left
        file.write(request.body)
    row["bytes"] = last + 1
    headers = {"Content-Range": f"bytes 0-{last}/{size}"}
    if not final:
        world.put(KIND, row["publish_id"], row)
        return Answer(206, b"", headers)
    _take(world, account_of(world, row), row, [path.read_bytes()], "")
    return Answer(201, b"", headers)


def _part(world: World, row: Mapping[str, Any]) -> Path:
    return world.files / f"{row['publish_id'].replace('~', '-')}.part"


def _no(status: int, text: str) -> Answer:
    return Answer(status, {"error": {"code": str(status), "message": text, "log_id": "sandbox"}})


def _take(world: World, account: Mapping[str, Any], row: dict[str, Any], files: list[bytes], reason: str) -> None:
    """All of it is here: make it public, or remember why not."""
    if not reason and world.setting("check_media"):
        reason = wrong_media(files, account, photo=row["photo"])
    reason = world.setting("tiktok_fail_reason") or reason
    ends = "FAILED" if reason else world.setting("tiktok_ends_as") or "PUBLISH_COMPLETE"
    row |= {"taken": True, "polls": world.setting("processing_polls"), "ends": ends, "reason": reason, "post_id": ""}
    row["status"] = "PROCESSING_DOWNLOAD" if "urls" in row["source"] else "PROCESSING_UPLOAD"
    world.hit(f"tiktok posts {row['account']}")
    if ends == "PUBLISH_COMPLETE":
        row["post_id"] = str(FIRST_ID + world.number("tiktok post"))
        row["shown_at"] = world.timestamp() + float(world.setting("tiktok_moderation_seconds") or 0)
        _publish(world, row, files)
    world.put(KIND, row["publish_id"], row)


def _publish(world: World, row: Mapping[str, Any], files: list[bytes]) -> None:
    info, kind = row["info"], "image" if row["photo"] else "video"
    kept = [{"kind": kind, "file": world.store(data, _mime(data, kind)), "alt": ""} for data in files]
    flags = {name: info.get(name, False) for name in ("is_aigc", "brand_content_toggle", "brand_organic_toggle")}
    caption = info.get("description" if row["photo"] else "title", "")
    raw = {"post_info": info, "source_info": row["source"], "publish_id": row["publish_id"], "photo": row["photo"]}
    world.publish("tiktok", row["account"], row["post_id"], caption, kept, flags, raw | {"shown_at": row["shown_at"]})


def _mime(data: bytes, kind: str) -> str:
    if kind == "image":
        return "image/webp" if data[8:12] == b"WEBP" else "image/jpeg"
    return "video/quicktime" if data[8:12] == b"qt  " else "video/mp4"


def _number(world: World, kind: str) -> str:
    return f"{kind}~v2.{FIRST_ID + world.number('tiktok publish')}"


def status(request: Request, world: World) -> Answer:
    """How far TikTok is with a post; each poll brings a taken one nearer to its end."""
    grant = allow(request, world, "video.publish", minute=30)
    row = world.get(KIND, str(body_of(request).get("publish_id", "")))
    if row is None or row["account"] != grant["account"]:
        return failed("invalid_publish_id", "The publish_id does not exist.")
    if row["taken"] and row["status"].startswith("PROCESSING"):
        if row["polls"] > 0:
            row["polls"] -= 1
        else:
            row["status"] = row["ends"]
            _part(world, row).unlink(missing_ok=True)  # only now: a kill must not lose what was uploaded
        world.put(KIND, row["publish_id"], row)
    counted = "downloaded_bytes" if "urls" in row["source"] else "uploaded_bytes"
    found = {"status": row["status"], counted: row["bytes"]}
    if row["status"] == "FAILED":
        found["fail_reason"] = row["reason"]
    if row["status"] == "PUBLISH_COMPLETE" and _is_public(world, row["info"], row["shown_at"]):
        found["publicaly_available_post_id"] = [int(row["post_id"])]
    return ok(found)


def _is_public(world: World, info: Mapping[str, Any], shown_at: float) -> bool:
    return info["privacy_level"] == "PUBLIC_TO_EVERYONE" and world.timestamp() >= shown_at


# What the lists show


def shown(world: World, account: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The account's posts that everybody can see, newest first."""
    return [
        post
        for post in world.posts("tiktok", account["id"])
        if _is_public(world, post["raw"]["post_info"], post["raw"]["shown_at"])
    ]


def figures(world: World, post: Mapping[str, Any]) -> dict[str, int]:
    """Figures that grow with a post's age, at a pace of its own."""
    pace = 1 + zlib.crc32(post["remote_id"].encode()) % 40
    views = int(pace * (world.timestamp() - post["at"]) / 60)
    return {
        "view_count": views,
        "like_count": views // 12,
        "comment_count": views // 150,
        "share_count": views // 220,
    }


def video_object(world: World, post: Mapping[str, Any], fields: list[str]) -> dict[str, Any]:
    """A post as the lists give it, with these fields only."""
    values = dict.fromkeys(("cover_image_url", "embed_html", "embed_link"), "")
    values |= dict.fromkeys(("duration", "height", "width"), 0) | figures(world, post)
    values |= {"id": post["remote_id"], "create_time": int(post["at"]), "title": post["caption"][:150]}
    values |= {"video_description": post["caption"][:150], "is_aigc": bool(post["flags"]["is_aigc"])}
    values["share_url"] = post_url(world, "tiktok", post["remote_id"])
    return {field: values[field] for field in fields}
