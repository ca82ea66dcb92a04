"""What can be read from Instagram in the sandbox: profiles, containers, media, limits, insights, and comments."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from scheduling.sandbox import pages
from scheduling.sandbox.instagram_auth import (
    BASIC,
    COMMENTS,
    DAY,
    INSIGHTS,
    NAME,
    PUBLISH,
    app_user,
    granted,
    own_account,
)
from scheduling.sandbox.instagram_errors import error, missing
from scheduling.sandbox.routes import Answer, Request
from scheduling.sandbox.state import World

QUOTA = 50  # posts in 24 hours
FEW = 100  # followers below which an account gets no insights
FIRST_COMMENT = 17_800_000_000_000_000
METRICS = {
    "FEED": {"views", "reach", "likes", "comments", "shares", "saved", "total_interactions"},
    "REELS": {
        *("views", "reach", "likes", "comments", "shares", "saved", "total_interactions"),
        *("ig_reels_avg_watch_time", "ig_reels_video_view_total_time"),
    },
    "STORY": {"views", "reach", "replies", "shares", "total_interactions", "navigation", "profile_visits", "follows"},
}
ACCOUNT_METRICS = {
    *("views", "reach", "accounts_engaged", "total_interactions", "likes", "comments", "shares", "saves", "replies"),
    "profile_links_taps",
}


def node(request: Request, world: World) -> Answer:
    """GET /{id}: an account, a container or a media."""
    id = request.params["node"]
    grant = granted(request, world, BASIC)
    account = world.account(NAME, grant["account"]) or {}
    if id in ("me", account.get("id"), app_user(grant["account"])):
        return Answer(body=_chosen(request, _profile(world, account)))
    container = world.get("instagram container", id)
    if container and container["account"] == grant["account"]:
        state = state_of(world, id, container)
        words = {"FINISHED": "Finished: Media has been uploaded and it is ready to be published."}
        if state == "ERROR":
            words["ERROR"] = f"Error: Media upload has failed with error code {container['problem'][1]}"
        status = words.get(state, state.replace("_", " ").capitalize())
        return Answer(body=_chosen(request, {"id": id, "status_code": state, "status": status}))
    for post in world.posts(NAME, grant["account"], id):
        return Answer(body=_chosen(request, _media(world, post)))
    return missing(id)


def media(request: Request, world: World) -> Answer:
    """GET /{user}/media: everything but stories, newest first."""
    account = own_account(request, world, BASIC)
    return _listed(request, world, account, lambda post: post["raw"]["product"] != "STORY")


def stories(request: Request, world: World) -> Answer:
    """GET /{user}/stories: those of the last 24 hours."""
    account = own_account(request, world, BASIC)
    youngest = world.timestamp() - DAY
    return _listed(request, world, account, lambda post: post["raw"]["product"] == "STORY" and post["at"] > youngest)


def limit(request: Request, world: World) -> Answer:
    """GET /{user}/content_publishing_limit."""
    account = own_account(request, world, PUBLISH)
    since = float(request.query.get("since") or world.timestamp() - DAY)
    if since < world.timestamp() - DAY - 60:
        return error(100, 0, "since must be within the last 24 hours.")
    used = world.count(f"instagram posts {account['id']}", world.timestamp() - since)
    full = {"quota_usage": used}
    full["config"] = {"quota_total": world.setting("instagram_quota", QUOTA), "quota_duration": DAY}
    fields = request.query.get("fields", "quota_usage").split(",")
    return Answer(body={"data": [{name: full[name] for name in fields if name in full}]})


def insights(request: Request, world: World) -> Answer:
    """GET /{media or user}/insights: figures that grow with a post's age."""
    grant = granted(request, world, INSIGHTS)
    id, asked = request.params["node"], [name for name in request.query.get("metric", "").split(",") if name]
    account = world.account(NAME, grant["account"]) or {}
    if id in ("me", account.get("id")):
        if wrong := set(asked) - ACCOUNT_METRICS or not asked:
            return error(100, 0, f"(#100) metric must be one of the following values, not {wrong}.")
        if account.get("followers", 0) < FEW:
            return Answer(body={"data": []})
        posts = [post for post in world.posts(NAME, account["id"]) if world.timestamp() - post["at"] < 30 * DAY]
        totals = {name: sum(_figure(world, post, name) for post in posts) for name in asked}
        rows = [_row(id, name, "day") | {"total_value": {"value": totals[name]}} for name in asked]
        return Answer(body={"data": rows})
    for post in world.posts(NAME, grant["account"], id):
        known = METRICS[post["raw"]["product"]]
        if not asked or set(asked) - known:
            return error(100, 0, f"(#100) The media does not support {', '.join(sorted(set(asked) - known))}.")
        if post["raw"]["product"] == "STORY" and _figure(world, post, "reach") < 5:
            return error(10, 0, "(#10) Not enough viewers for the media to show insights")
        rows = [_row(id, name, "lifetime") | {"values": [{"value": _figure(world, post, name)}]} for name in asked]
        return Answer(body={"data": rows})
    return missing(id)


def comment(request: Request, world: World) -> Answer:
    """POST /{media}/comments."""
    grant = granted(request, world, COMMENTS)
    id, text = request.params["node"], (request.form or request.query).get("message", "")
    if not world.posts(NAME, grant["account"], id):
        return missing(id)
    if not text or len(text) > 2200:
        return error(100, 0, "message must have 1 to 2200 characters.")
    made = {"id": str(FIRST_COMMENT + world.number("instagram comment")), "text": text, "at": world.timestamp()}
    world.put("comments", f"{NAME} {id}", [*(world.get("comments", f"{NAME} {id}") or []), made])
    return Answer(body={"id": made["id"]})


def comments(request: Request, world: World) -> Answer:
    """GET /{media}/comments."""
    grant = granted(request, world, COMMENTS)
    if not world.posts(NAME, grant["account"], request.params["node"]):
        return missing(request.params["node"])
    found = world.get("comments", f"{NAME} {request.params['node']}") or []
    return Answer(body={"data": [one | {"timestamp": _when(one["at"])} for one in found]})


def state_of(world: World, id: str, container: dict[str, Any]) -> str:
    """The state of a container now; each look lets it come nearer to its end."""
    if container["state"] == "PUBLISHED":
        return "PUBLISHED"
    if world.timestamp() - container["at"] > DAY:
        return "EXPIRED"
    if container["polls"] > 0:
        container["polls"] -= 1
        world.put("instagram container", id, container)
        return "IN_PROGRESS"
    return "ERROR" if container["problem"] else "FINISHED"


def _chosen(request: Request, full: dict[str, Any]) -> dict[str, Any]:
    fields = [name for name in request.query.get("fields", "").split(",") if name]
    return {name: full[name] for name in fields if name in full} | {"id": full["id"]}


def _profile(world: World, account: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": app_user(account["id"]),
        "user_id": account["id"],
        "username": account["handle"],
        "name": account.get("name", ""),
        "account_type": account.get("account_type", "MEDIA_CREATOR"),
        "profile_picture_url": "",
        "followers_count": account.get("followers", 1000),
        "follows_count": 10,
        "media_count": len(world.posts(NAME, account["id"])),
    }


def _media(world: World, post: dict[str, Any]) -> dict[str, Any]:
    account = world.account(NAME, post["account"]) or {}
    found = {
        "id": post["remote_id"],
        "permalink": pages.post_url(world, NAME, post["remote_id"]),
        "media_type": post["raw"]["media_type"],
        "media_product_type": post["raw"]["product"],
        "is_ai_generated": bool(post["flags"]["is_ai_generated"]),
        "timestamp": _when(post["at"]),
        "username": account.get("handle", ""),
        "like_count": _figure(world, post, "likes"),
        "comments_count": len(world.get("comments", f"{NAME} {post['remote_id']}") or []),
        "alt_text": post["media"][0]["alt"],
    }
    return found | ({"caption": post["caption"]} if post["caption"] else {})


def _listed(request: Request, world: World, account: dict[str, Any], fits: Callable[[dict], bool]) -> Answer:
    since, until = (float(request.query.get(name) or other) for name, other in (("since", 0), ("until", 1e12)))
    most = min(int(request.query.get("limit") or 25), 100)
    posts = [post for post in world.posts(NAME, account["id"]) if fits(post) and since <= post["at"] <= until]
    return Answer(body={"data": [_chosen(request, _media(world, post)) for post in posts[:most]], "paging": {}})


def _figure(world: World, post: dict[str, Any], name: str) -> int:
    """A figure that grows during a post's first three days and differs between posts, the same at each reading."""
    age = min(world.timestamp() - post["at"], 3 * DAY) / (3 * DAY)
    liking = 0.5 + int(hashlib.sha256(post["remote_id"].encode()).hexdigest()[:4], 16) / 65536
    followers = (world.account(NAME, post["account"]) or {}).get("followers", 1000)
    views = int(followers * liking * max(age, 0))
    shares = {"reach": 0.8, "likes": 0.06, "saves": 0.01, "saved": 0.01, "shares": 0.005, "accounts_engaged": 0.05}
    if name in ("comments", "replies"):
        return len(world.get("comments", f"{NAME} {post['remote_id']}") or [])
    if name == "total_interactions":
        return sum(_figure(world, post, one) for one in ("likes", "saved", "shares", "comments"))
    if name.startswith("ig_reels"):
        return 4200 if name.endswith("avg_watch_time") else 4200 * views
    return int(views * shares.get(name, 1.0 if name == "views" else 0.002))


def _row(id: str, name: str, period: str) -> dict[str, Any]:
    title = name.replace("_", " ").capitalize()
    return {
        "name": name,
        "period": period,
        "title": title,
        "description": title,
        "id": f"{id}/insights/{name}/{period}",
    }


def _when(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
