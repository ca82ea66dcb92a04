"""Instagram's tokens in the sandbox: code, token of an hour, token of 60 days, and Meta's callbacks."""

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from scheduling.sandbox import oauth
from scheduling.sandbox.instagram_errors import error, missing
from scheduling.sandbox.routes import Answer, Refuse, Request, Route
from scheduling.sandbox.state import World

NAME = "instagram"
HOUR, DAY = 3600, 86400
BASIC, PUBLISH = "instagram_business_basic", "instagram_business_content_publish"
COMMENTS, INSIGHTS = "instagram_business_manage_comments", "instagram_business_manage_insights"
CONSENT = oauth.Consent(
    NAME,
    "Instagram",
    separator=",",
    fragment="#_",
    denied={
        "error": "access_denied",
        "error_reason": "user_denied",
        "error_description": "The user denied your request.",
    },
)


def app_user(account: str) -> str:
    """The number under which an app knows this account's user: not the id of the account."""
    return str(20_000_000_000 + int(hashlib.sha256(account.encode()).hexdigest()[:8], 16))


def granted(request: Request, world: World, scope: str) -> dict[str, Any]:
    """What the request's token stands for. Raises Refuse."""
    token = request.bearer or request.query.get("access_token") or request.form.get("access_token") or ""
    grant = oauth.token(world, NAME, token)
    if grant is None:
        raise Refuse(error(190, 463, "Error validating access token: it has expired or was revoked."))
    if not oauth.allows(grant, scope):
        raise Refuse(error(10, 0, f"Application does not have permission for this action ({scope})."))
    return grant


def own_account(request: Request, world: World, scope: str) -> dict[str, Any]:
    """The account in the path, if the token is for it. Raises Refuse."""
    grant = granted(request, world, scope)
    if request.params["node"] not in ("me", grant["account"]):
        raise Refuse(missing(request.params["node"]))
    return world.account(NAME, grant["account"]) or {"id": grant["account"], "handle": grant["account"]}


def _code(request: Request, world: World) -> Answer:
    form = request.form
    try:
        oauth.check_client(form.get("client_id", ""), form.get("client_secret", ""))
        if form.get("grant_type") != "authorization_code":
            raise oauth.Refused("invalid_request", "grant_type must be authorization_code.")
        found = oauth.redeem(world, NAME, form.get("code", ""), redirect_uri=form.get("redirect_uri", ""))
    except oauth.Refused as refused:
        body = {"error_type": "OAuthException", "code": 400, "error_message": refused.text}
        return Answer(400, body)
    scopes = found["scopes"]
    token = oauth.issue(world, NAME, found["account"], scopes=scopes, seconds=HOUR, length="short")
    body = {"access_token": token, "user_id": int(app_user(found["account"]))}
    if world.setting("instagram_flat_tokens", True):  # both forms have been seen
        return Answer(body=body | {"permissions": scopes})
    return Answer(body={"data": [body | {"permissions": ",".join(scopes)}]})


def _extend(request: Request, world: World) -> Answer:
    query = request.query
    if query.get("grant_type") != "ig_exchange_token" or query.get("client_secret") != oauth.CLIENT_SECRET:
        return error(101, 0, "Error validating client secret.")
    grant = granted(request, world, BASIC)
    if grant.get("length") != "short":
        return error(190, 0, "Session key invalid: this is no short-lived token.")
    return _long(world, grant)


def _refresh(request: Request, world: World) -> Answer:
    if request.query.get("grant_type") != "ig_refresh_token":
        return error(100, 0, "Invalid parameter: grant_type must be ig_refresh_token.")
    grant = granted(request, world, BASIC)
    if grant.get("length") == "short":
        return error(190, 0, "A short-lived token cannot be refreshed.")
    if world.timestamp() - grant["issued_at"] < DAY:
        return error(100, 0, "The token cannot be refreshed before it is 24 hours old.")
    return _long(world, grant)


def _long(world: World, grant: dict[str, Any]) -> Answer:
    token = oauth.issue(world, NAME, grant["account"], scopes=grant["scopes"], seconds=60 * DAY, length="long")
    body = {"access_token": token, "token_type": "bearer", "expires_in": 60 * DAY}
    return Answer(body=body | {"permissions": ",".join(grant["scopes"])})


def call_back(world: World, values: dict[str, Any]) -> dict[str, Any]:
    """Meta's callback when a user removes the app: {account, url}; their tokens end. Gives {status, answer}."""
    oauth.revoke(world, NAME, account=values["account"])
    payload = {"user_id": app_user(values["account"]), "algorithm": "HMAC-SHA256", "issued_at": int(world.timestamp())}
    body = urllib.parse.urlencode({"signed_request": sign(payload, values.get("secret", oauth.CLIENT_SECRET))}).encode()
    try:
        with urllib.request.urlopen(values["url"], body, timeout=10) as reply:
            return {"status": reply.status, "answer": reply.read(10_000).decode(errors="replace")}
    except urllib.error.HTTPError as refused:
        return {"status": refused.code, "answer": refused.read(10_000).decode(errors="replace")}


def sign(payload: dict[str, Any], secret: str) -> str:
    """Meta's signed_request: the signature and the payload, both in URL-safe base64 without padding."""
    text = base64.urlsafe_b64encode(json.dumps(payload).encode()).rstrip(b"=")
    signature = hmac.new(secret.encode(), text, hashlib.sha256).digest()
    return f"{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}.{text.decode()}"


ROUTES = [
    *CONSENT.routes("www", "/oauth/authorize"),
    Route("POST", "api", "/oauth/access_token", "instagram.token", _code),
    Route("GET", "graph", "/access_token", "instagram.token", _extend),
    Route("GET", "graph", "/refresh_access_token", "instagram.refresh", _refresh),
]
ACTIONS = {"deauthorize": call_back, "delete_data": call_back}
