"""TikTok's calls: one envelope around every answer, `{"data": ..., "error": {"code": "ok", ...}}`."""

from collections.abc import Mapping
from typing import Any

from scheduling.platforms.base import PlatformError
from scheduling.platforms.http import Reply, Wire
from scheduling.platforms.tiktok.errors import CODES, OAUTH, error_of

JSON = "application/json; charset=UTF-8"


class Api:
    """The calls of one account. `wire` records them; the token goes into no record."""

    def __init__(self, wire: Wire, base: str, token: str) -> None:
        self.wire, self.base = wire, base
        self._headers = {"Authorization": f"Bearer {token}"}

    def read(
        self, path: str, body: Mapping[str, Any] | None = None, *, method: str = "POST", fields: str = ""
    ) -> dict[str, Any]:
        """A call without an effect; its `data`. Raises PlatformError, of kind "later" for every doubt."""
        reply = self.wire.read(method, self.base + path, **self._request(body, fields))
        if refused := refusal(reply, self.wire):
            raise refused
        if not _is_ok(reply):
            raise self.wire.unreachable(reply)
        return reply.body.get("data") or {}

    def act(self, path: str, body: Mapping[str, Any], *, needs: tuple[str, ...]) -> dict[str, Any]:
        """A call with an effect; its `data`, with all that it `needs`.

        Raises PlatformError when TikTok said no, and Doubt when nobody can tell.
        """
        reply = self.wire.act("POST", self.base + path, **self._request(body, ""))
        if refused := refusal(reply, self.wire):
            raise refused
        data = reply.body.get("data")
        if not _is_ok(reply) or not isinstance(data, dict) or not all(data.get(name) for name in needs):
            raise self.wire.doubt(reply, "gave an answer that makes no sense")
        return data

    def _request(self, body: Mapping[str, Any] | None, fields: str) -> dict[str, Any]:
        request: dict[str, Any] = {"headers": dict(self._headers)}
        if body is not None:
            request |= {"json_body": body, "headers": self._headers | {"Content-Type": JSON}}
        if fields:
            request["params"] = {"fields": fields}
        return request


def _is_ok(reply: Reply) -> bool:
    error = reply.body.get("error")
    return reply.status == 200 and isinstance(error, dict) and error.get("code") == "ok"


def refusal(reply: Reply, wire: Wire) -> PlatformError | None:
    """What TikTok said no with; None when the answer is no refusal that can be trusted.

    A refusal is a code in TikTok's own envelope: a known one at any status, a new one only at 4xx. `internal_error`
    is none: nobody knows what it left behind. Any 429 is one.
    """
    error = reply.body.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    if reply.status == 429:
        code = code if code in CODES else "rate_limit_exceeded"
    if not isinstance(code, str) or code in ("ok", "internal_error") or reply.status >= 500:
        return None
    if code not in CODES and not 400 <= reply.status < 500:
        return None
    wait = reply.headers.get("retry-after", "")
    return error_of(
        code,
        said=str(error.get("message", "")) if isinstance(error, dict) else "",
        status=reply.status,
        answer=wire.cleaned(reply.text),
        retry_after=float(wait) if wait.isdecimal() else None,
    )


def oauth_refusal(reply: Reply, wire: Wire) -> PlatformError | None:
    """The same for the token endpoint, whose errors are flat: {error, error_description, log_id}."""
    code = reply.body.get("error")
    if not isinstance(code, str) or not code:
        return None
    said = str(reply.body.get("error_description", ""))
    return error_of(code, OAUTH, said=said, status=reply.status, answer=wire.cleaned(reply.text))
