"""What the four platforms share of OAuth: the page that asks, codes that work once, and tokens."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from scheduling.sandbox import pages
from scheduling.sandbox.routes import Answer, Refuse, Request, Route
from scheduling.sandbox.state import World

CLIENT_ID, CLIENT_SECRET = "inflio-sandbox", "inflio-sandbox-secret"
CODE_SECONDS = 600


@dataclass(frozen=True)
class Consent:
    """How a platform asks its user. `fragment` is what it hangs on the address that it sends the user back to."""

    platform: str
    title: str
    client_field: str = "client_id"
    separator: str = " "
    fragment: str = ""
    denied: Mapping[str, str] = field(default_factory=lambda: {"error": "access_denied"})

    def routes(self, host: str, pattern: str) -> list[Route]:
        """The page and its buttons, at this address of this host."""
        call = f"{self.platform}.authorize"
        return [Route("GET", host, pattern, call, self.ask), Route("POST", host, pattern, call, self.decide)]

    def ask(self, request: Request, world: World) -> Answer:
        """Show who may be picked, and what is asked for."""
        asked = self._checked(request.query)
        return pages.consent(world, self.platform, self.title, asked["scopes"], request.query)

    def decide(self, request: Request, world: World) -> Answer:
        """Send the user back with a code, or with a refusal."""
        asked = self._checked(request.query)
        back = {"state": request.query.get("state", "")}
        if request.form.get("decision") != "allow":
            return self._redirect(asked["redirect_uri"], {**self.denied, **back})
        account = world.account(self.platform, request.form.get("account", ""))
        if account is None:
            raise Refuse(pages.problem(400, "Pick one of the accounts."))
        granted = [scope for scope in asked["scopes"] if request.form.get(f"no:{scope}") is None]
        code = secrets.token_urlsafe(24)
        values = {"account": account["id"], "scopes": granted, "at": world.timestamp(), "platform": self.platform}
        values |= {"redirect_uri": asked["redirect_uri"], "challenge": request.query.get("code_challenge", "")}
        world.put("code", code, values)
        return self._redirect(asked["redirect_uri"], {"code": code, **back}, self.fragment)

    def _checked(self, query: Mapping[str, str]) -> dict[str, Any]:
        uri = query.get("redirect_uri", "")
        if query.get(self.client_field) != CLIENT_ID:
            raise Refuse(pages.problem(400, f"{self.client_field} is not that of the sandbox ({CLIENT_ID})."))
        if query.get("response_type") != "code" or urlsplit(uri).scheme not in ("http", "https"):
            raise Refuse(pages.problem(400, "response_type must be “code”, and redirect_uri an address of yours."))
        scopes = [scope for scope in query.get("scope", "").replace(self.separator, " ").split() if scope]
        if not scopes:
            raise Refuse(pages.problem(400, "No scope is asked for."))
        return {"redirect_uri": uri, "scopes": scopes}

    def _redirect(self, uri: str, values: Mapping[str, str], fragment: str = "") -> Answer:
        joint = "&" if urlsplit(uri).query else "?"
        return Answer(302, "", {"Location": f"{uri}{joint}{urlencode(values)}{fragment}"})


class Refused(Exception):
    """A code or a client that is not accepted; `reason` is OAuth's word for it."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason, self.text = reason, text


def check_client(client_id: str, client_secret: str) -> None:
    """Raise Refused unless it is the app of the sandbox."""
    if (client_id, client_secret) != (CLIENT_ID, CLIENT_SECRET):
        raise Refused("invalid_client", "The client's id or secret is wrong.")


def redeem(world: World, platform: str, code: str, *, redirect_uri: str, verifier: str = "") -> dict[str, Any]:
    """Take a code and return what it stands for, {account, scopes}; it works once. Raises Refused."""
    found = world.get("code", code)
    world.drop("code", code)
    if not found or found["platform"] != platform:
        raise Refused("invalid_grant", "The code is unknown or was used already.")
    if world.timestamp() - found["at"] > CODE_SECONDS:
        raise Refused("invalid_grant", "The code has expired.")
    if found["redirect_uri"] != redirect_uri:
        raise Refused("invalid_grant", "redirect_uri is not the one that the code was given for.")
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    if found["challenge"] and found["challenge"] != digest:
        raise Refused("invalid_grant", "code_verifier does not fit code_challenge.")
    return found


def issue(
    world: World,
    platform: str,
    account: str,
    *,
    scopes: list[str] | tuple[str, ...],
    seconds: float,
    kind: str = "access",
    token: str = "",
    **extra: Any,
) -> str:
    """Make a token for an account and return it. Scopes that are empty allow everything."""
    token = token or f"sandbox-{kind}-{secrets.token_urlsafe(24)}"
    now = world.timestamp()
    values = {"platform": platform, "account": account, "scopes": list(scopes), "kind": kind, **extra}
    world.put("token", token, values | {"issued_at": now, "expires_at": now + seconds})
    return token


def token(world: World, platform: str, value: str, *, kind: str = "access") -> dict[str, Any] | None:
    """What a token stands for, {account, scopes, issued_at, expires_at ...}; None when it is unknown or too old."""
    found = world.get("token", value) if value else None
    if not found or found["platform"] != platform or found["kind"] != kind:
        return None
    return found if found["expires_at"] > world.timestamp() else None


def allows(grant: Mapping[str, Any], scope: str) -> bool:
    """Whether a token's scopes hold this one."""
    return not grant["scopes"] or scope in grant["scopes"]


def revoke(world: World, platform: str, *, account: str | None = None, value: str | None = None) -> int:
    """End one token, or all tokens of an account; how many ended."""
    with world.transaction():
        ended = [
            key
            for key, found in world.all("token").items()
            if found["platform"] == platform and (key == value or (account and found["account"] == account))
        ]
        for key in ended:
            world.drop("token", key)
    return len(ended)
