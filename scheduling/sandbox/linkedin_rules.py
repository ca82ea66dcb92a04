"""What LinkedIn's sandbox refuses: headers, versions, scopes, files and posts."""

import re
from typing import Any

from scheduling.sandbox import oauth
from scheduling.sandbox.media import Unreadable, facts_of
from scheduling.sandbox.routes import Answer, Refuse, Request
from scheduling.sandbox.state import World

FIELDS = {
    "author",
    "commentary",
    "visibility",
    "distribution",
    "content",
    "lifecycleState",
    "isReshareDisabledByAuthor",
    "contentLandingPage",
    "contentCallToActionLabel",
    "adContext",
    "container",
}
COMMENTARY = 3000
OLDEST = "202512"  # as LinkedIn had it in November 2026
PIXELS = 36_152_320
_TEMPLATE = re.compile(r"\{hashtag\|\\?#\|((?:\\.|[^\\}|])+)\}")
_BARE = re.compile(r"(?:\\.|[^\\|{}@\[\]()<>*_~])*", re.DOTALL)


def failed(status: int, code: str, message: str) -> Answer:
    """An error as LinkedIn words it."""
    return Answer(status, {"status": status, "message": message} | ({"code": code} if code else {}))


def member(
    request: Request, world: World, *scopes: str, versioned: bool = True, strict: bool = False
) -> dict[str, Any]:
    """The member that a request's token stands for; `versioned` calls need their headers. Raises Refuse.

    `strict`: a token without a list of scopes does not have these either.
    """
    if not request.bearer:
        raise Refuse(failed(401, "EMPTY_ACCESS_TOKEN", "Empty oauth2 access token"))
    grant = oauth.token(world, "linkedin", request.bearer)
    if grant is None:
        known = world.get("token", request.bearer)
        code = "EXPIRED_ACCESS_TOKEN" if known else "INVALID_ACCESS_TOKEN"
        text = "The token used in the request has expired" if known else "Invalid access token"
        raise Refuse(failed(401, code, text))
    if versioned:
        check_version(request, world)
    missing = [one for one in scopes if not oauth.allows(grant, one) or (strict and one not in grant["scopes"])]
    if missing:
        text = f"Not enough permissions to access: {request.method} {request.path}"
        raise Refuse(failed(403, "ACCESS_DENIED", text))
    return world.account("linkedin", grant["account"])


def check_version(request: Request, world: World) -> None:
    """Refuse a request without a version, with one that has ended or is still to come. Raises Refuse."""
    version = request.headers.get("linkedin-version", "").partition(".")[0]
    if not version:
        text = "A version must be present. Please specify a version by adding the LinkedIn-Version header."
        raise Refuse(failed(400, "VERSION_MISSING", text))
    oldest, newest = str(world.setting("linkedin_oldest_version", OLDEST)), f"{world.now():%Y%m}"
    known = len(version) == 6 and version.isdigit() and 1 <= int(version[4:]) <= 12
    if not known or not oldest <= version <= newest:
        raise Refuse(failed(426, "NONEXISTENT_VERSION", f"Requested version {version} is not active"))
    if request.headers.get("x-restli-protocol-version") != "2.0.0":
        raise Refuse(failed(400, "PROTOCOL_MISSING", "X-Restli-Protocol-Version must be 2.0.0"))


def check_file(world: World, kind: str, data: bytes, mime: str) -> tuple[str, str]:
    """The type of a file, and why LinkedIn will not be able to use it (mostly empty)."""
    if world.setting("linkedin_failure"):
        return mime, str(world.setting("linkedin_failure"))
    if not world.setting("check_media"):
        return ("video/mp4" if kind == "video" else "image/jpeg"), ""
    try:
        facts = facts_of(data)
    except Unreadable:
        return mime, "UNREADABLE_FILE"
    if not facts.mime.startswith(kind):
        return facts.mime, "WRONG_KIND"
    if kind == "image":
        fits = facts.mime in ("image/jpeg", "image/png", "image/gif") and facts.width * facts.height < PIXELS
        return facts.mime, "" if fits else "IMAGE_NOT_SUPPORTED"
    fits = facts.mime == "video/mp4" and 3 <= round(facts.seconds, 1) <= 1800 and 1 / 2.4 <= facts.ratio <= 2.4
    return facts.mime, "" if fits else "VIDEO_NOT_SUPPORTED"


def check_post(world: World, body: Any, account: dict[str, Any]) -> list[dict[str, Any]]:
    """The files of a post: {kind, file, alt}. Raises Refuse for what LinkedIn does not take."""
    unknown = sorted(set(body) - FIELDS)
    if unknown:
        raise Refuse(failed(422, "", f"Unpermitted fields present in REQUEST_BODY: {unknown}"))
    for name in ("visibility", "distribution", "lifecycleState"):
        if not body.get(name):
            raise Refuse(failed(422, "MISSING_FIELD", f"ERROR :: /{name} :: field is required but not found"))
    if body["lifecycleState"] != "PUBLISHED" or body["visibility"] not in ("PUBLIC", "CONNECTIONS", "LOGGED_IN"):
        raise Refuse(failed(422, "INVALID_VALUE", "ERROR :: /lifecycleState or /visibility :: not an allowed value"))
    if len(plain_text(body.get("commentary", ""))) > COMMENTARY:
        raise Refuse(failed(422, "INVALID_VALUE", "ERROR :: /commentary :: length exceeds 3000"))
    content = body.get("content") or {}
    if "multiImage" in content:
        given = content["multiImage"].get("images", [])
        if not 2 <= len(given) <= 20:
            raise Refuse(failed(422, "INVALID_VALUE", "ERROR :: /content/multiImage/images :: 2 to 20 images"))
    else:
        given = [content["media"]] if "media" in content else []
    return [_file(world, one, account) for one in given]


def _file(world: World, given: dict[str, Any], account: dict[str, Any]) -> dict[str, Any]:
    file = world.get("linkedin file", str(given.get("id", "")))
    if file is None or file["account"] != account["id"] or file["state"] != "AVAILABLE":
        raise Refuse(failed(422, "INVALID_CONTENT", f"ERROR :: /content :: {given.get('id')} is not available"))
    return {"kind": file["kind"], "file": file["file"], "alt": given.get("altText", "")}


def plain_text(little: str) -> str:
    """What readers see of a little text; like LinkedIn it ends at the first reserved character without a backslash."""
    text = _TEMPLATE.sub(lambda found: f"\\#{found[1]}", little)
    return re.sub(r"\\(.)", r"\1", _BARE.match(text)[0], flags=re.DOTALL)
