"""The sandbox's own addresses under /_sandbox/: what is public, faults, settings, the clock, accounts and actions."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from scheduling.sandbox import faults, oauth, pages
from scheduling.sandbox.media import Unreadable, mime_of
from scheduling.sandbox.routes import Answer, Request

if TYPE_CHECKING:
    from scheduling.sandbox.server import Sandbox

MIMES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "mp4": "video/mp4", "mov": "video/quicktime"}


def answer(sandbox: "Sandbox", request: Request) -> Answer:
    """Answer one request to /_sandbox/."""
    name, _, rest = request.path.removeprefix("/_sandbox/").partition("/")
    act = VIEWS.get((request.method, name))
    if act is None:
        return Answer(404, {"error": f"There is no {request.method} /_sandbox/{name}."})
    try:
        return act(sandbox, request, rest)
    except (KeyError, TypeError, ValueError, Unreadable) as error:
        return Answer(400, {"error": f"{type(error).__name__}: {error}"})


def _health(sandbox: "Sandbox", request: Request, rest: str) -> Answer:
    return Answer(body={"ok": True, "platforms": list(sandbox.modules)})


def _posts(sandbox: "Sandbox", request: Request, rest: str) -> Answer:
    query = request.query
    posts = sandbox.world.posts(query.get("platform"), query.get("account"), limit=int(query.get("limit", -1)))
    return Answer(body={"posts": posts, "count": len(posts)})


def _withdraw(sandbox: "Sandbox", request: Request, rest: str) -> Answer:
    return Answer(body={"withdrawn": sandbox.world.withdraw(request.query["platform"], request.query["remote_id"])})


def _calls(sandbox: "Sandbox", request: Request, rest: str) -> Answer:
    calls = sandbox.world.calls(request.query.get("call"), limit=int(request.query.get("limit", 1000)))
    return Answer(body={"calls": calls})


def _faults(sandbox: "Sandbox", request: Request, rest: str) -> Answer:
    return Answer(body={"faults": faults.orders(sandbox.world)})


def _order(sandbox: "Sandbox", request: Request, rest: str) -> Answer:
    values = dict(request.json)
    return Answer(201, faults.order(sandbox.world, values.pop("call"), values.pop("kind"), **values))


def _clear(sandbox: "Sandbox", request: Request, rest: str) -> Answer:
    faults.clear(sandbox.world)
    return Answer(body={"faults": []})


def _settings(sandbox: "Sandbox", request: Request, rest: str) -> Answer:
    sandbox.world.change(**request.json)
    return Answer(body=sandbox.world.all("setting"))


def _clock(sandbox: "Sandbox", request: Request, rest: str) -> Answer:
    sandbox.world.shift(float(request.json["shift"]))
    return Answer(body={"now": sandbox.world.now().isoformat()})


def _accounts(sandbox: "Sandbox", request: Request, rest: str) -> Answer:
    return Answer(body={name: sandbox.world.accounts(name) for name in sandbox.modules})


def _account(sandbox: "Sandbox", request: Request, rest: str) -> Answer:
    """{platform, id, handle, token?, scopes?}: make an account and a token for it."""
    given: dict[str, Any] = request.json
    platform, scopes = given["platform"], tuple(given.get("scopes", ()))
    token = sandbox.connect(platform, given["id"], given["handle"], token=given.get("token", ""), scopes=scopes)
    return Answer(201, {"access_token": token})


def _revoke(sandbox: "Sandbox", request: Request, rest: str) -> Answer:
    """{platform, account}: all its tokens end, as when its owner removes the app."""
    given = request.json
    return Answer(body={"revoked": oauth.revoke(sandbox.world, given["platform"], account=given["account"])})


def _action(sandbox: "Sandbox", request: Request, rest: str) -> Answer:
    """POST /_sandbox/actions/<platform>.<name>: what a platform does by itself, such as calling back."""
    platform, _, name = rest.partition(".")
    actions: dict[str, Callable] = getattr(sandbox.modules[platform], "ACTIONS", {})
    return Answer(body=actions[name](sandbox.world, dict(request.json)))


def _keep(sandbox: "Sandbox", request: Request, rest: str) -> Answer:
    """Put a file here, so that a platform can fetch it from the returned address."""
    name = sandbox.world.store(request.body, mime_of(request.body))
    return Answer(201, {"url": f"{sandbox.world.url}/_sandbox/files/{name}"})


def _file(sandbox: "Sandbox", request: Request, rest: str) -> Answer:
    path = sandbox.world.files / rest
    if "/" in rest or ".." in rest or not path.is_file():
        return Answer(404, {"error": "There is no such file."})
    kind = MIMES.get(path.suffix.lstrip("."), "application/octet-stream")
    headers = {"Content-Type": kind, "X-Content-Type-Options": "nosniff", "Accept-Ranges": "bytes"}
    data = path.read_bytes()
    part = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("range", ""))
    if not part or int(part[1]) >= len(data):
        return Answer(200, data, headers)
    first, last = int(part[1]), min(int(part[2] or len(data)), len(data) - 1)  # browsers play videos by parts
    headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    return Answer(206, data[first : last + 1], headers)


def _style(sandbox: "Sandbox", request: Request, rest: str) -> Answer:
    return Answer(200, pages.STYLE.read_bytes(), {"Content-Type": "text/css; charset=utf-8"})


VIEWS: dict[tuple[str, str], Callable[["Sandbox", Request, str], Answer]] = {
    ("GET", "health"): _health,
    ("GET", "posts"): _posts,
    ("DELETE", "posts"): _withdraw,
    ("GET", "calls"): _calls,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _order,
    ("DELETE", "faults"): _clear,
    ("POST", "settings"): _settings,
    ("POST", "clock"): _clock,
    ("GET", "accounts"): _accounts,
    ("POST", "accounts"): _account,
    ("POST", "revoke"): _revoke,
    ("POST", "actions"): _action,
    ("POST", "files"): _keep,
    ("GET", "files"): _file,
    ("HEAD", "files"): _file,
    ("GET", "style.css"): _style,
}
