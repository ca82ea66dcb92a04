"""One request to a platform: sent once, never redirected, recorded without its secrets, its end told apart."""

import json
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

from scheduling.platforms.base import Doubt, Exchange, PlatformError

KEPT = 4_000  # characters of an answer that are recorded
LARGEST_ANSWER = 4_000_000  # bytes
ANSWER_PATIENCE = 2  # timeouts for a whole answer: each of its pieces has one of its own
HIDDEN = "[hidden]"
# The request never left this machine: whatever it would have done, it did not.
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
SECRET_NAMES = {"access_token", "refresh_token", "id_token", "client_secret", "code_verifier"}
SECRET_NAMES |= {"uploadUrl", "uploadToken", "upload_url", "upload_token"}  # who has them may upload


@dataclass(frozen=True)
class Reply:
    """What came back: HTTP status, headers and text."""

    status: int
    headers: Mapping[str, str]
    text: str = field(repr=False)

    @property
    def body(self) -> dict[str, Any]:
        """The JSON object in it; empty when there is none."""
        try:
            value = json.loads(self.text)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()  # takes 20 ms, once


class Wire:
    """Requests in the name of one account. `secrets`: texts that may appear in no record."""

    def __init__(
        self,
        title: str,
        *,
        timeout: float,
        secrets: Iterable[str] = (),
        record: Callable[[Exchange], None] | None = None,
    ) -> None:
        self.title, self.timeout = title, timeout
        self.secrets = tuple(text for text in secrets if text)
        self.record = record or (lambda exchange: None)

    def read(self, method: str, url: str, **request: Any) -> Reply:
        """A request without an effect. No answer, or a server's error, is a PlatformError of kind "later"."""
        try:
            reply = self._send(method, url, **request)
        except httpx.HTTPError as error:
            raise self.unreachable() from error
        if reply.status >= 500:
            raise self.unreachable(reply)
        return reply

    def act(self, method: str, url: str, **request: Any) -> Reply:
        """A request with an effect. Raises Doubt when it may have had it, PlatformError "later" when it never left."""
        try:
            reply = self._send(method, url, **request)
        except NOT_SENT as error:
            raise self.unreachable() from error
        except httpx.HTTPError as error:
            raise Doubt(f"{self.title} gave no answer ({type(error).__name__}).") from error
        if reply.status >= 500 or reply.status == 408:
            raise self.doubt(reply, "had an error of its own")
        return reply

    def unreachable(self, reply: Reply | None = None) -> PlatformError:
        """It cannot be reached now; nothing happened."""
        return PlatformError(
            f"{self.title} cannot be reached at the moment.",
            kind="later",
            code="unreachable",
            fix="Nothing to do: we try again by ourselves.",
            status=reply.status if reply else None,
            answer=self.cleaned(reply.text) if reply else "",
        )

    def doubt(self, reply: Reply, why: str) -> Doubt:
        """An answer that does not tell whether it worked."""
        return Doubt(f"{self.title} {why} (HTTP {reply.status}).", status=reply.status, answer=self.cleaned(reply.text))

    def cleaned(self, text: str) -> str:
        """A text as it may be kept: without secrets, and not longer than KEPT."""
        with suppress(ValueError):  # where it is no JSON, only the known secrets can be taken out
            text = json.dumps(_without_secrets(json.loads(text)), ensure_ascii=False)
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        return text[:KEPT]

    def _send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        json_body: Any = None,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> Reply:
        sent = self._sent(headers, params, json_body, form, content)
        kept_url = self._address(url)
        try:
            # A client of its own for each request: minutes lie between two of them, and no socket stays open.
            with (
                httpx.Client(timeout=self.timeout, verify=_certificates(), follow_redirects=False) as client,
                client.stream(
                    method, url, headers=headers, params=params, json=json_body, data=form, content=content
                ) as answer,
            ):
                text = self._text(answer)
        except httpx.HTTPError as error:
            self.record(Exchange(method, kept_url, sent, None, type(error).__name__))
            raise
        self.record(Exchange(method, kept_url, sent, answer.status_code, self.cleaned(text)))
        return Reply(answer.status_code, answer.headers, text)

    def _text(self, answer: httpx.Response) -> str:
        """Read an answer, neither too much of it nor for too long."""
        data, end = bytearray(), time.monotonic() + ANSWER_PATIENCE * self.timeout
        for chunk in answer.iter_bytes():
            data += chunk
            if len(data) > LARGEST_ANSWER:
                raise httpx.ReadError("The answer is too large.")
            if time.monotonic() > end:
                raise httpx.ReadTimeout("The answer comes too slowly.")
        return data.decode(answer.encoding or "utf-8", errors="replace")

    def _sent(self, headers, params, json_body, form, content) -> dict[str, Any]:
        parts: dict[str, Any] = {}
        if headers:
            parts["headers"] = {name: value for name, value in headers.items() if name.lower() != "authorization"}
        for name, value in (("query", params), ("json", json_body), ("form", form)):
            if value is not None:
                parts[name] = _without_secrets(value)
        if content is not None:
            parts["bytes"] = len(content)
        return json.loads(self._plain(json.dumps(parts)))

    def _plain(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        return text

    def _address(self, url: str) -> str:
        """Without the query: an upload address carries its own right to upload there."""
        return self._plain(urlunsplit(urlsplit(url)._replace(query="", fragment="")))


def _without_secrets(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: HIDDEN if key in SECRET_NAMES else _without_secrets(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without_secrets(one) for one in value]
    return value
