"""TikTok's figures of an account and of its public posts."""

from collections.abc import Mapping
from typing import Any

from scheduling.platforms.base import Measured
from scheduling.platforms.tiktok.api import Api
from scheduling.platforms.tiktok.look import find_post_id

OF_POST = {"view_count": "views", "like_count": "likes", "comment_count": "comments", "share_count": "shares"}
OF_ACCOUNT = {"follower_count": "followers", "likes_count": "likes", "video_count": "posts"}
PAGE = 20  # videos in one question
LOOKED_UP = 10  # publish_ids of one measuring whose posts are asked for; TikTok takes 30 such calls a minute


def measure(api: Api, scopes: tuple[str, ...], remote_ids: list[str]) -> Measured:
    """What the granted scopes allow to read. Posts are named as they were asked for. Raises PlatformError."""
    account: dict[str, int] = {}
    if not scopes or "user.info.stats" in scopes:
        user = api.read("/v2/user/info/", method="GET", fields=",".join(OF_ACCOUNT)).get("user") or {}
        account = _figures(user, OF_ACCOUNT)
    if scopes and "video.list" not in scopes:
        return Measured(account)
    asked = {one: one for one in remote_ids if one.isdecimal()}
    for publish_id in [one for one in remote_ids if one not in asked][:LOOKED_UP]:
        if post_id := find_post_id(api, publish_id):
            asked[post_id] = publish_id
    posts: dict[str, Mapping[str, int]] = {}
    ids, fields = list(asked), ",".join(("id", *OF_POST))
    for start in range(0, len(ids), PAGE):
        body = {"filters": {"video_ids": ids[start : start + PAGE]}}
        for video in api.read("/v2/video/query/", body, fields=fields).get("videos") or []:
            if name := asked.get(str(video.get("id"))):
                posts[name] = _figures(video, OF_POST)
    return Measured(account, posts)


def _figures(found: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, int]:
    return {ours: int(found[theirs]) for theirs, ours in names.items() if found.get(theirs) is not None}
