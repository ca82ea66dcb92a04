"""What is sent to TikTok to open a post: addresses and bodies of Direct Post (videos) and Photo."""

from typing import Any

from scheduling.platforms.base import Outgoing
from scheduling.platforms.tiktok import rules
from scheduling.platforms.tiktok.upload import Plan

VIDEO = "/v2/post/publish/video/init/"
PHOTO = "/v2/post/publish/content/init/"
Request = tuple[str, dict[str, Any]]


def upload(post: Outgoing, closed: list[str], cut: Plan) -> Request:
    """A video that we send in chunks. `closed`: fields of interactions that the account has switched off."""
    source = {"source": "FILE_UPLOAD", "video_size": cut.size, "chunk_size": cut.chunk, "total_chunk_count": cut.count}
    return VIDEO, {"post_info": _video_info(post, closed), "source_info": source}


def pull_video(post: Outgoing, closed: list[str]) -> Request:
    """A video that TikTok fetches."""
    source = {"source": "PULL_FROM_URL", "video_url": post.media[0].url}
    return VIDEO, {"post_info": _video_info(post, closed), "source_info": source}


def photos(post: Outgoing, closed: list[str]) -> Request:
    """Photos, which TikTok always fetches. The caption is their description."""
    source = {
        "source": "PULL_FROM_URL",
        "photo_images": [one.url for one in post.media],
        "photo_cover_index": int(post.options.get("cover_index", 0)),
    }
    info = {
        "title": post.title,
        "description": post.caption,
        "disable_comment": _disabled(post, closed, "allow_comment"),
        "auto_add_music": bool(post.options.get("auto_add_music")),
        **_audience(post),
    }
    return PHOTO, {"media_type": "PHOTO", "post_mode": "DIRECT_POST", "post_info": info, "source_info": source}


def utf16(text: str) -> int:
    """Length as TikTok counts it: in units of UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _video_info(post: Outgoing, closed: list[str]) -> dict[str, Any]:
    info: dict[str, Any] = {"title": post.caption, "is_aigc": bool(post.flags.get("is_aigc")), **_audience(post)}
    for what in ("comment", "duet", "stitch"):
        info[f"disable_{what}"] = _disabled(post, closed, f"allow_{what}")
    if post.cover_ms is not None:
        info["video_cover_timestamp_ms"] = post.cover_ms
    return info


def _disabled(post: Outgoing, closed: list[str], field: str) -> bool:
    return not post.options.get(field) or field in closed


def _audience(post: Outgoing) -> dict[str, Any]:
    own, branded = rules.brands(post.options)
    return {
        "privacy_level": post.options["privacy_level"],
        "brand_content_toggle": bool(branded or post.flags.get("brand_content_toggle")),
        "brand_organic_toggle": bool(own or post.flags.get("brand_organic_toggle")),
    }
