"""What TikTok refuses: who may call, how often, with which settings and which files."""

from collections.abc import Mapping
from typing import Any

from scheduling.sandbox import oauth
from scheduling.sandbox.media import Clip, Picture, Unreadable, facts_of
from scheduling.sandbox.routes import Answer, Refuse, Request
from scheduling.sandbox.state import World

MB = 1_000_000
MOST_BYTES, LARGEST_CHUNK, LAST_CHUNK, SMALLEST_CHUNK = 4 << 30, 64 << 20, 128 << 20, 5 * MB
DAY = 86400
STATUS_OF = {
    "invalid_param": 400,
    "invalid_params": 400,
    "app_version_check_failed": 400,
    "invalid_publish_id": 400,
    "access_token_invalid": 401,
    "scope_not_authorized": 401,
    "rate_limit_exceeded": 429,
    "internal_error": 500,
}  # every other code: 403
VIDEO_MIMES = {"video/mp4", "video/quicktime", "video/webm"}


def ok(data: Mapping[str, Any]) -> Answer:
    """TikTok's envelope around what worked."""
    return Answer(200, {"data": dict(data), "error": {"code": "ok", "message": "", "log_id": "sandbox"}})


def failed(code: str, message: str) -> Answer:
    """TikTok's envelope around a refusal."""
    error = {"code": code, "message": message, "log_id": "sandbox"}
    return Answer(STATUS_OF.get(code, 403), {"data": {}, "error": error})


def allow(request: Request, world: World, scope: str, *, minute: int = 0) -> dict[str, Any]:
    """The grant of the caller's token. Raises Refuse: bad token, missing scope, more calls than `minute` takes."""
    grant = oauth.token(world, "tiktok", request.bearer)
    if grant is None:
        raise Refuse(failed("access_token_invalid", "The access token is invalid or not found in the request."))
    if not oauth.allows(grant, scope):
        raise Refuse(failed("scope_not_authorized", f"The user did not authorize the scope {scope}."))
    if minute and world.setting("tiktok_limits", True):
        name = f"tiktok {request.path} {request.bearer}"
        if world.count(name, 60) >= minute:
            raise Refuse(failed("rate_limit_exceeded", "The API rate limit was exceeded. Please try again later."))
        world.hit(name)
    return grant


def refuse_as_ordered(world: World, account: Mapping[str, Any]) -> None:
    """Raise Refuse with the code that was ordered for this account by the setting tiktok_refuse."""
    refused = world.setting("tiktok_refuse") or {}
    if code := refused.get(account["id"]) or refused.get("*"):
        raise Refuse(failed(code, f"{code}, as ordered from the sandbox."))


def account_of(world: World, grant: Mapping[str, Any]) -> dict[str, Any]:
    """The account of a grant. Raises Refuse when it is gone."""
    account = world.account("tiktok", grant["account"])
    if account is None:
        raise Refuse(failed("access_token_invalid", "The user has removed the account."))
    return account


def body_of(request: Request) -> dict[str, Any]:
    """The JSON object of a request. Raises Refuse."""
    if request.body and not request.headers.get("content-type", "").startswith("application/json"):
        raise Refuse(failed("invalid_params", "Content-Type must be application/json."))
    if not isinstance(request.json, dict):
        raise Refuse(failed("invalid_params", "The body must be an object."))
    return request.json


def privacy_options(account: Mapping[str, Any]) -> list[str]:
    """Who may be chosen to see a post; a private account has followers instead of everyone."""
    first = "FOLLOWER_OF_CREATOR" if account.get("private") else "PUBLIC_TO_EVERYONE"
    return [first, "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]


def check_quota(world: World, account: Mapping[str, Any]) -> None:
    """Posts a day, and who may post by an app that was not audited. Raises Refuse."""
    if not world.setting("tiktok_limits", True):
        return
    if world.count(f"tiktok posts {account['id']}", DAY) >= world.setting("tiktok_posts_a_day", 15):
        raise Refuse(failed("spam_risk_too_many_posts", "The daily post cap from the API is reached."))
    if world.setting("tiktok_unaudited"):
        others = [one["id"] for one in world.accounts("tiktok") if one["id"] != account["id"]]
        if sum(world.count(f"tiktok posts {one}", DAY) > 0 for one in others) >= 5:
            raise Refuse(failed("reached_active_user_cap", "The daily quota for active publishing users is reached."))


def check_info(world: World, account: Mapping[str, Any], info: Any, *, photo: bool) -> dict[str, Any]:
    """The post_info of a post. Raises Refuse."""
    level = info.get("privacy_level") if isinstance(info, dict) else None
    if not level:
        raise Refuse(failed("invalid_param", "post_info.privacy_level is required."))
    if world.setting("tiktok_unaudited") and not (account.get("private") and level == "SELF_ONLY"):
        text = "Unaudited clients can only post to private accounts, with SELF_ONLY."
        raise Refuse(failed("unaudited_client_can_only_post_to_private_accounts", text))
    if level not in privacy_options(account):
        raise Refuse(failed("privacy_level_option_mismatch", "privacy_level is not one of the creator's options."))
    texts = {"title": 90, "description": 4000} if photo else {"title": 2200}
    for name, most in texts.items():
        if not isinstance(info.get(name, ""), str) or len(info.get(name, "").encode("utf-16-le")) > 2 * most:
            raise Refuse(failed("invalid_param", f"post_info.{name} is too long."))
    if info.get("brand_content_toggle") and level == "SELF_ONLY":
        raise Refuse(failed("invalid_param", "Branded content cannot be private."))
    return info


def check_chunks(source: Mapping[str, Any]) -> tuple[int, int, int]:
    """Size, chunk size and count of an upload, by the rules of the Media Transfer Guide. Raises Refuse."""
    values = [source.get(name) for name in ("video_size", "chunk_size", "total_chunk_count")]
    if not all(isinstance(value, int) and value > 0 for value in values):
        raise Refuse(failed("invalid_param", "video_size, chunk_size and total_chunk_count are required."))
    size, chunk, count = values
    last = size - chunk * (count - 1)
    whole = count == 1 and chunk == size
    good = size <= MOST_BYTES and count <= 1000 and count == max(1, size // chunk) and last <= LAST_CHUNK
    good = good and chunk <= LARGEST_CHUNK and (whole or chunk >= SMALLEST_CHUNK) and (whole or size >= SMALLEST_CHUNK)
    if not good or (count == 1 and size > LARGEST_CHUNK):
        raise Refuse(failed("invalid_param", "The total chunk count or the chunk size is invalid."))
    return size, chunk, count


def wrong_media(files: list[bytes], account: Mapping[str, Any], *, photo: bool) -> str:
    """The fail_reason that files like these end with; empty when they are fine."""
    for data in files:
        try:
            facts = facts_of(data)
        except Unreadable:
            return "file_format_check_failed"
        if photo != isinstance(facts, Picture):
            return "file_format_check_failed"
        if reason := _wrong_picture(facts) if isinstance(facts, Picture) else _wrong_clip(facts, account):
            return reason
    return ""


def _wrong_picture(facts: Picture) -> str:
    if facts.mime not in ("image/jpeg", "image/webp"):
        return "file_format_check_failed"
    fits = min(facts.width, facts.height) <= 1080 and max(facts.width, facts.height) <= 1920
    return "" if fits and facts.size <= 20 * MB else "picture_size_check_failed"


def _wrong_clip(facts: Clip, account: Mapping[str, Any]) -> str:
    if facts.mime not in VIDEO_MIMES or facts.video_codec not in ("h264", "hevc", "vp8", "vp9"):
        return "file_format_check_failed"
    if not 23 <= round(facts.fps, 1) <= 60:
        return "frame_rate_check_failed"
    if min(facts.width, facts.height) < 360 or max(facts.width, facts.height) > 4096:
        return "picture_size_check_failed"
    return "" if 1 <= facts.seconds <= min(600, account.get("longest", 600)) else "duration_check_failed"
