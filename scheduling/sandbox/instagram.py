"""Instagram in the sandbox: containers that need time, are published once and die after a day, and what is public."""

import json
import re
from typing import Any

from scheduling.sandbox import instagram_auth
from scheduling.sandbox import instagram_reads as reads
from scheduling.sandbox.instagram_auth import DAY, NAME, PUBLISH, own_account
from scheduling.sandbox.instagram_errors import BROKEN, LIMITED, error
from scheduling.sandbox.instagram_media import take
from scheduling.sandbox.routes import Answer, Refuse, Request, Route
from scheduling.sandbox.state import World

__all__ = ["ACCOUNTS", "ACTIONS", "BROKEN", "LABELS", "LIMITED", "ROUTES"]
CONTAINERS = 400  # in 24 hours
FIRST_CONTAINER, FIRST_MEDIA = 17_900_000_000_000_000, 18_000_000_000_000_000
ACCOUNTS = [
    {"id": "17841400000000001", "handle": "ada.sandbox", "name": "Ada (sandbox)", "followers": 1840},
    {"id": "17841400000000002", "handle": "bruno.sandbox", "name": "Bruno (sandbox)", "followers": 42},
    {"id": "17841400000000003", "handle": "carla.private", "name": "Carla (personal account)", "followers": 12,
     "account_type": "PERSONAL"},
]  # fmt: skip
LABELS = {"is_ai_generated": "AI info"}
ACTIONS = instagram_auth.ACTIONS


def create(request: Request, world: World) -> Answer:
    """POST /{user}/media: fetch the file, then keep a container for it."""
    with world.transaction():
        account = own_account(request, world, PUBLISH)
        if world.count(f"instagram containers {account['id']}", DAY) >= CONTAINERS:
            return error(4, 0, "Application request limit reached: too many containers in 24 hours.", status=403)
    sent = request.form or request.query
    container = _container(sent, account["id"])
    fetched = [take(world, url, kind, container["use"]) for kind, url in container["sources"]]
    problem = next((one.problem for one in fetched if one.problem), None)
    if problem and container["sources"][0][0] == "image":
        return error(problem[0], problem[1], problem[2])  # pictures are looked at at once, videos later
    with world.transaction():
        if container["use"] == "carousel":
            container["children"] = _children(world, sent, account["id"])
            moving = any(child["kind"] == "video" for child in container["children"])
        else:
            moving = container["kind"] == "video"
        container["polls"] = world.setting("processing_polls") if moving else world.setting("image_polls", 0)
        container |= {"files": [one.file for one in fetched], "problem": problem, "at": world.timestamp()}
        world.hit(f"instagram containers {account['id']}")
        id = str(FIRST_CONTAINER + world.number("instagram container"))
        world.put("instagram container", id, container)
    return Answer(body={"id": id})


def _container(sent: dict[str, str], account: str) -> dict[str, Any]:
    """What is to be made, from the parameters alone. Raises Refuse."""
    kind, item = sent.get("media_type", ""), _flag(sent, "is_carousel_item")
    if "is_paid_partnership" in sent or "branded_content_sponsor_ids" in sent:
        raise Refuse(error(10, 0, "INSTAGRAM_PLATFORM_API__PERMISSION: this needs Facebook Login.", status=403))
    if kind not in ("", "CAROUSEL", "REELS", "STORIES", "VIDEO") or (kind == "VIDEO" and not item):
        raise Refuse(error(100, 2207023, f"The media type {kind} is unknown."))
    uses = {"CAROUSEL": "carousel", "REELS": "reel", "STORIES": "story"}
    use = "item" if item else uses.get(kind, "feed")
    if item and _flag(sent, "is_ai_generated"):
        raise Refuse(error(100, 0, "is_ai_generated belongs to the carousel, not to its items."))
    sources = [(name.removesuffix("_url"), sent[name]) for name in ("image_url", "video_url") if sent.get(name)]
    if use != "carousel" and len(sources) != 1:
        raise Refuse(error(100, 0, "The parameter image_url or video_url is required."))
    if (
        kind in ("", "CAROUSEL")
        and sources
        and sources[0][0] == "video"
        or kind == "REELS"
        and sources[0][0] == "image"
    ):
        raise Refuse(error(100, 2207023, "The media type does not fit the file."))
    caption = "" if use in ("item", "story") else sent.get("caption", "")
    if len(caption) > 2200 or len(re.findall(r"#\w", caption)) > 30:
        raise Refuse(error(36004, 2207010, "The caption was too long: 2,200 characters and 30 hashtags are possible."))
    if len(re.findall(r"(?<!\w)@\w", caption)) > 20:
        raise Refuse(error(100, 2207040, "Cannot mention more than 20 accounts."))
    if len(sent.get("alt_text", "")) > 1000:
        raise Refuse(error(100, 0, "alt_text must have at most 1000 characters."))
    container = {"account": account, "use": use, "kind": sources[0][0] if sources else "carousel", "sources": sources}
    container |= {"caption": caption, "alt": sent.get("alt_text", ""), "state": "IN_PROGRESS", "children": []}
    return container | {"is_ai_generated": _flag(sent, "is_ai_generated"), "sent": _without_token(sent)}


def _without_token(sent: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in sent.items() if name != "access_token"}


def _children(world: World, sent: dict[str, str], account: str) -> list[dict[str, Any]]:
    given = sent.get("children", "")
    ids = json.loads(given) if given.startswith("[") else [part for part in given.split(",") if part]
    children = [world.get("instagram container", str(id)) for id in ids]
    if not 2 <= len(ids) <= 10 or len(set(ids)) < len(ids):
        raise Refuse(error(100, 2207028, "A carousel needs 2 to 10 different children."))
    for child in children:
        if not child or child["account"] != account or child["use"] != "item":
            raise Refuse(error(24, 2207006, "A child of this carousel cannot be found."))
        if child["problem"] or world.timestamp() - child["at"] > DAY:
            raise Refuse(error(-2, 2207020, "A child of this carousel has failed or expired."))
    return [{"id": str(id)} | child for id, child in zip(ids, children, strict=True)]


def publish(request: Request, world: World) -> Answer:
    """POST /{user}/media_publish: once for each container."""
    account = own_account(request, world, PUBLISH)
    id = (request.form or request.query).get("creation_id", "")
    container = world.get("instagram container", id)
    if not container or container["account"] != account["id"]:
        return error(24, 2207006, "The requested resource does not exist.")
    if container["state"] == "PUBLISHED":
        return error(24, 2207008, "The media builder with this creation id does not exist or has expired.")
    if world.timestamp() - container["at"] > DAY:
        return error(-2, 2207020, "The media you are trying to access has expired.")
    if container["polls"] > 0:
        return error(9007, 2207027, "The media is not ready for publishing, please wait for a moment.")
    if container["problem"]:
        return error(*container["problem"])
    if world.count(f"instagram posts {account['id']}", DAY) >= world.setting("instagram_quota", reads.QUOTA):
        return error(
            9, 2207042, "You reached the maximum number of posts that is allowed by the content publishing API."
        )
    media_id = str(FIRST_MEDIA + world.number("instagram media"))
    container["state"] = "PUBLISHED"
    world.put("instagram container", id, container)
    world.hit(f"instagram posts {account['id']}")
    parts = container["children"] or [container]
    media = [{"kind": part["kind"], "file": part["files"][0], "alt": part["alt"]} for part in parts]
    product = {"reel": "REELS", "story": "STORY"}.get(container["use"], "FEED")
    kinds = {"carousel": "CAROUSEL_ALBUM", "image": "IMAGE", "video": "VIDEO"}
    raw = {"container": id, "product": product, "media_type": kinds[container["kind"]], "sent": container["sent"]}
    flags = {"is_ai_generated": container["is_ai_generated"]}
    world.publish(NAME, account["id"], media_id, container["caption"], media, flags, raw)
    return Answer(body={"id": media_id})


def _flag(sent: dict[str, str], name: str) -> bool:
    return str(sent.get(name, "")).lower() in ("true", "1")


ROUTES = [
    *instagram_auth.ROUTES,
    Route("POST", "graph", "/{version}/{node}/media", "instagram.create", create, own_transaction=True),
    Route("GET", "graph", "/{version}/{node}/media", "instagram.list", reads.media),
    Route("GET", "graph", "/{version}/{node}/stories", "instagram.list", reads.stories),
    Route("POST", "graph", "/{version}/{node}/media_publish", "instagram.publish", publish),
    Route("GET", "graph", "/{version}/{node}/content_publishing_limit", "instagram.limit", reads.limit),
    Route("GET", "graph", "/{version}/{node}/insights", "instagram.insights", reads.insights),
    Route("POST", "graph", "/{version}/{node}/comments", "instagram.comment", reads.comment),
    Route("GET", "graph", "/{version}/{node}/comments", "instagram.comments", reads.comments),
    Route("GET", "graph", "/{version}/{node}", "instagram.read", reads.node),
]
