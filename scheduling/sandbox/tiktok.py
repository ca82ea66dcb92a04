"""TikTok in the sandbox: OAuth with rotating tokens, creator_info, uploads, photos, status, lists, webhooks.

Settings (POST /_sandbox/settings), besides those of all platforms:
    tiktok_limits               False: no limits of calls a minute and posts a day
    tiktok_posts_a_day          15 posts of one account
    tiktok_unaudited            True: only private accounts, only SELF_ONLY, 5 accounts a day
    tiktok_verified             list of URL prefixes from which files may be fetched; None: all
    tiktok_refuse               {account id or "*": error code}: init and creator_info answer with it
    tiktok_fail_reason          taken posts end as FAILED with this reason
    tiktok_ends_as              taken posts end with this status, such as SEND_TO_USER_INBOX
    tiktok_moderation_seconds   how long a public post's id is kept back
"""

import json
import urllib.request
from typing import Any

from scheduling.platforms.tiktok.webhook import sign_webhook
from scheduling.sandbox import oauth
from scheduling.sandbox import tiktok_posts as posts
from scheduling.sandbox.pages import account_url, post_url
from scheduling.sandbox.routes import Answer, Request, Route
from scheduling.sandbox.state import World
from scheduling.sandbox.tiktok_checks import account_of, allow, body_of, failed, ok, privacy_options, refuse_as_ordered

ACCESS_SECONDS, REFRESH_SECONDS = 7200, 180 * 86400
ACCOUNTS = [
    {"id": "tt-ada", "handle": "ada.studio", "name": "Ada", "longest": 600},
    {"id": "tt-noor", "handle": "noor.daily", "name": "Noor", "longest": 180, "duet_disabled": True},
    {"id": "tt-quiet", "handle": "quiet.corner", "name": "Quiet Corner", "longest": 600, "private": True},
]
LIMITED = failed("rate_limit_exceeded", "The API rate limit was exceeded (a fault of the sandbox).")
BROKEN = failed("internal_error", "Something went wrong (a fault of the sandbox).")
CONSENT = oauth.Consent(
    "tiktok",
    "TikTok",
    client_field="client_key",
    separator=",",
    denied={"error": "access_denied", "error_description": "The user has denied access."},
)
VIDEO_FIELDS = "id create_time cover_image_url share_url video_description duration height width title embed_html "
VIDEO_FIELDS += "embed_link like_count comment_count share_count view_count is_aigc"
USER_FIELDS = {
    "user.info.basic": "open_id union_id avatar_url display_name",
    "user.info.stats": "follower_count following_count likes_count video_count",
}


# OAuth


def token(request: Request, world: World) -> Answer:
    """A code or a refresh token for a pair of tokens; each refresh token works once."""
    form = request.form
    try:
        oauth.check_client(form.get("client_key", ""), form.get("client_secret", ""))
        if form.get("grant_type") == "authorization_code":
            grant = oauth.redeem(world, "tiktok", form.get("code", ""), redirect_uri=form.get("redirect_uri", ""))
        elif form.get("grant_type") == "refresh_token":
            grant = _spend(world, form.get("refresh_token", ""))
        else:
            raise oauth.Refused("unsupported_grant_type", "The grant type is not supported.")
    except oauth.Refused as refused:  # an answer, no Refuse: what a reused token has ended stays ended
        body = {"error": refused.reason, "error_description": refused.text, "log_id": str(world.number("log"))}
        return Answer(400, body)
    account, scopes = grant["account"], grant["scopes"]
    access = oauth.issue(world, "tiktok", account, scopes=scopes, seconds=ACCESS_SECONDS)
    renewal = oauth.issue(world, "tiktok", account, scopes=scopes, seconds=REFRESH_SECONDS, kind="refresh")
    lives = {"expires_in": ACCESS_SECONDS, "refresh_expires_in": REFRESH_SECONDS, "token_type": "Bearer"}
    body = {"open_id": account, "scope": ",".join(scopes), "access_token": access, "refresh_token": renewal}
    return Answer(body=body | lives)


def _spend(world: World, value: str) -> dict[str, Any]:
    if used := oauth.token(world, "tiktok", value, kind="spent"):
        oauth.revoke(world, "tiktok", account=used["account"])
        raise oauth.Refused("invalid_grant", "The refresh token was used before. The connection has ended.")
    grant = oauth.token(world, "tiktok", value, kind="refresh")
    if grant is None:
        raise oauth.Refused("invalid_grant", "Refresh token is invalid or expired.")
    world.put("token", value, grant | {"kind": "spent"})
    return grant


def revoke(request: Request, world: World) -> Answer:
    """End a connection: the access token that is named and all that was issued with it."""
    try:
        oauth.check_client(request.form.get("client_key", ""), request.form.get("client_secret", ""))
    except oauth.Refused as refused:
        return Answer(400, {"error": refused.reason, "error_description": refused.text, "log_id": "1"})
    if grant := oauth.token(world, "tiktok", request.form.get("token", "")):
        oauth.revoke(world, "tiktok", account=grant["account"])
    return Answer(200, b"", {"Content-Type": "application/json"})


# The account


def user(request: Request, world: World) -> Answer:
    """The fields that are asked for, by the scopes that were granted."""
    grant = allow(request, world, "user.info.basic")
    account = account_of(world, grant)
    asked = [field for field in request.query.get("fields", "").split(",") if field]
    if not asked:
        return failed("invalid_params", "fields is required.")
    known = {field: scope for scope, fields in USER_FIELDS.items() for field in fields.split()}
    if unknown := [field for field in asked if field not in known]:
        return failed("invalid_params", f"Fields {unknown} do not exist.")
    if not all(oauth.allows(grant, known[field]) for field in asked):
        return failed("scope_not_authorized", "The user did not authorize the scope required for a field.")
    public = posts.shown(world, account)
    figures = [posts.figures(world, post) for post in public]
    values = {"open_id": account["id"], "union_id": f"union-{account['id']}", "display_name": account["name"]}
    values |= {"avatar_url": "", "follower_count": 120 + 3 * sum(one["view_count"] for one in figures) // 10}
    values |= {"following_count": 12, "likes_count": sum(one["like_count"] for one in figures)}
    values |= {"video_count": len(public)}
    return ok({"user": {field: values[field] for field in asked}})


def creator(request: Request, world: World) -> Answer:
    """creator_info/query: what this account may choose."""
    account = account_of(world, allow(request, world, "video.publish", minute=20))
    refuse_as_ordered(world, account)
    return ok(
        {
            "creator_avatar_url": "",
            "creator_username": account["handle"],
            "creator_nickname": account["name"],
            "privacy_level_options": privacy_options(account),
            "comment_disabled": bool(account.get("comment_disabled")),
            "duet_disabled": bool(account.get("duet_disabled")),
            "stitch_disabled": bool(account.get("stitch_disabled")),
            "max_video_post_duration_sec": int(account.get("longest", 600)),
        }
    )


def video_list(request: Request, world: World) -> Answer:
    """The account's public videos, newest first, 20 at most a page."""
    account, fields = account_of(world, allow(request, world, "video.list", minute=600)), _fields(request)
    body = body_of(request)
    count, cursor = int(body.get("max_count", 10)), int(body.get("cursor") or 0)
    if not fields or not 1 <= count <= 20:
        return failed("invalid_params", "fields is required, and max_count is 1 to 20.")
    found = [post for post in posts.shown(world, account) if not cursor or int(post["at"] * 1000) < cursor]
    page = found[:count]
    after = int(page[-1]["at"] * 1000) if page else cursor
    videos = [posts.video_object(world, post, fields) for post in page]
    return ok({"videos": videos, "cursor": after, "has_more": len(found) > count})


def video_query(request: Request, world: World) -> Answer:
    """Public videos of the account by their ids, 20 at most."""
    account, fields = account_of(world, allow(request, world, "video.list", minute=600)), _fields(request)
    ids = (body_of(request).get("filters") or {}).get("video_ids")
    if not fields or not isinstance(ids, list) or not 1 <= len(ids) <= 20:
        return failed("invalid_params", "fields and 1 to 20 video_ids are required.")
    found = [post for post in posts.shown(world, account) if post["remote_id"] in ids]
    return ok({"videos": [posts.video_object(world, post, fields) for post in found]})


def _fields(request: Request) -> list[str]:
    asked = [field for field in request.query.get("fields", "").split(",") if field]
    return asked if set(asked) <= set(VIDEO_FIELDS.split()) else []


# What people see, and what TikTok does by itself


def show(request: Request, world: World) -> Answer:
    """The addresses of posts and profiles lead to the sandbox's pages."""
    remote_id = request.params.get("id")
    where = (
        post_url(world, "tiktok", remote_id) if remote_id else account_url(world, "tiktok", request.params["handle"])
    )
    return Answer(302, "", {"Location": where})


def webhook(world: World, values: dict[str, Any]) -> dict[str, Any]:
    """{url, event, account, publish_id?, reason?, secret?}: send a signed event there; {status} of the answer."""
    publish_id = values.get("publish_id", "")
    content: dict[str, Any] = {"publish_id": publish_id, "publish_type": "DIRECT_POST"} if publish_id else {"reason": 1}
    if values.get("reason"):
        content["reason"] = values["reason"]
    if (found := world.get("tiktok publish", publish_id)) and found["post_id"]:
        content["post_id"] = found["post_id"]
    if values["event"] == "authorization.removed":
        oauth.revoke(world, "tiktok", account=values["account"])
    event = {
        "client_key": oauth.CLIENT_ID,
        "event": values["event"],
        "create_time": int(world.timestamp()),
        "user_openid": values["account"],
        "content": json.dumps(content),
    }
    body = json.dumps(event).encode()
    signature = sign_webhook(body, values.get("secret", oauth.CLIENT_SECRET), world.now())
    headers = {"Content-Type": "application/json", "TikTok-Signature": signature}
    request = urllib.request.Request(values["url"], data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=10) as reply:
        return {"status": reply.status}


ACTIONS = {"webhook": webhook}
LABELS = {
    "is_aigc": "Creator labeled as AI-generated",
    "brand_content_toggle": "Paid partnership",
    "brand_organic_toggle": "Promotional content",
}
ROUTES = [
    *CONSENT.routes("www", "/v2/auth/authorize/"),
    Route("POST", "api", "/v2/oauth/token/", "tiktok.token", token),
    Route("POST", "api", "/v2/oauth/revoke/", "tiktok.revoke", revoke),
    Route("GET", "api", "/v2/user/info/", "tiktok.user", user),
    Route("POST", "api", "/v2/post/publish/creator_info/query/", "tiktok.creator", creator),
    Route("POST", "api", "/v2/post/publish/video/init/", "tiktok.video_init", posts.video_init, own_transaction=True),
    Route("POST", "api", "/v2/post/publish/content/init/", "tiktok.photo_init", posts.photo_init, own_transaction=True),
    Route("PUT", "upload", "/video/", "tiktok.chunk", posts.chunk),
    Route("POST", "api", "/v2/post/publish/status/fetch/", "tiktok.status", posts.status),
    Route("POST", "api", "/v2/video/list/", "tiktok.list", video_list),
    Route("POST", "api", "/v2/video/query/", "tiktok.query", video_query),
    Route("GET", "www", "/@{handle}/video/{id}", "tiktok.page", show),
    Route("GET", "www", "/@{handle}/photo/{id}", "tiktok.page", show),
    Route("GET", "www", "/@{handle}", "tiktok.page", show),
]
