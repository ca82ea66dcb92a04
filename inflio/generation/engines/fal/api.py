"""fal through its official client, with every request bounded in time and a paid one sent once.

What the client (1.0.3) does by itself and is undone here: it repeats a request up to ten times after a lost answer,
also one that is paid for; it waits two minutes for an answer. Its own backup host for a refused connection stays.
"""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import fal_client
import fal_client.client as library
import httpx
from httpx_sse import SSEError

from inflio.common import env
from inflio.common.errors import EngineRefused, ProviderError

CONNECT_SECONDS, SUBMIT_SECONDS, READ_SECONDS, STREAM_SECONDS = 5.0, 60.0, 20.0, 90.0
PAUSE_SECONDS, LONGEST_PAUSE = 5.0, 60.0
KEPT_SECONDS = 86_400  # how long fal keeps what it made for us
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
BUSY = {408, 409, 425, 429, 500, 502, 503, 504}


class NotDone(Exception):
    """Proven: fal did nothing with a request. `after`: seconds to wait where asking again makes sense."""

    def __init__(self, reason: str, *, status: int = 0, after: float | None = None) -> None:
        super().__init__(reason)
        self.status, self.after = status, after


class Unclear(Exception):
    """The answer is lost and the request may have been done: never send it again."""


class Busy(Exception):
    """A free question failed; ask again after `seconds`."""

    def __init__(self, seconds: float = PAUSE_SECONDS) -> None:
        super().__init__("fal does not answer")
        self.seconds = seconds


@dataclass(frozen=True)
class Standing:
    """Where a request stands: "queued" (place 0 is next), "working" or "over"; error: why it failed."""

    state: str
    place: int = 0
    error: str = ""


def use_base(url: str) -> None:
    """Talk to another server in place of fal's hosts: a proxy of the company, or an emulator."""
    base = url.rstrip("/")
    library.RUN_URL_FORMAT = library.QUEUE_URL_FORMAT = f"{base}/"
    library.REST_URL = library.CDN_URL = base


if _base := env.text("INFLIO_FAL_URL"):
    use_base(_base)


class _Once(httpx.BaseTransport):
    """Sends a paid request once and says which of three things became of it; errors of ours are never repeated."""

    def __init__(self) -> None:
        self._inner = library.BackupDomainTransport()
        self.last = threading.local()  # its `request_id` is that of this thread's last paid request

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        paid = request.method == "POST" and not str(request.url).startswith(f"{library.REST_URL}/storage/")
        if paid:
            self.last.request_id = ""
        stream = paid and request.url.path.endswith("/stream")
        limit = STREAM_SECONDS if stream else SUBMIT_SECONDS if paid else READ_SECONDS
        request.extensions["timeout"] = {"connect": CONNECT_SECONDS, "read": limit, "write": limit, "pool": 5.0}
        try:
            response = self._inner.handle_request(request)
            if not stream or response.status_code >= 400:
                response.read()  # here, so that a connection that breaks in the middle is not tried again either
        except NOT_SENT as error:
            raise (NotDone("fal cannot be reached.", after=PAUSE_SECONDS) if paid else Busy()) from error
        except httpx.HTTPError as error:
            raise (Unclear(type(error).__name__) if paid else Busy()) from error
        if paid:
            problem = _told_apart(response) if response.status_code >= 400 else None
            if not isinstance(problem, NotDone):
                self.last.request_id = response.headers.get("x-fal-request-id", "")
            if problem:
                raise problem
        elif response.status_code in BUSY:
            raise Busy(_pause(response))
        return response

    def close(self) -> None:
        self._inner.close()


class _Client(fal_client.SyncClient):
    """The official client on the transport above."""

    @cached_property
    def once(self) -> _Once:
        return _Once()

    @cached_property
    def _client(self) -> httpx.Client:
        headers = {"Authorization": self._auth.header_value, "User-Agent": library.USER_AGENT}
        return httpx.Client(transport=self.once, headers=headers, timeout=self.default_timeout)


_clients: dict[str, _Client] = {}
MOST_CLIENTS = 16


def _client_of(key: str) -> _Client:
    """One client for each key and process: its connections and certificates are used again (30 ms saved a turn)."""
    if key not in _clients:
        if len(_clients) >= MOST_CLIENTS:
            close_clients()
        _clients[key] = _Client(key=key, default_timeout=SUBMIT_SECONDS)
    return _clients[key]


def close_clients() -> None:
    """Close every connection; the next request opens one again."""
    while _clients:
        _clients.popitem()[1]._client.close()


class FalApi:
    """One account. Paid requests raise NotDone or Unclear, others Busy or ProviderError."""

    def __init__(self, key: str) -> None:
        self._client = _client_of(key)

    @property
    def request_id(self) -> str:
        """The id of the last paid request that was or may have been done, "" where its answer named none."""
        return getattr(self._client.once.last, "request_id", "")

    def submit(self, path: str, arguments: Mapping[str, Any], *, webhook: str | None) -> str:
        """Put a request into the queue; returns its id."""
        keep = {"X-Fal-Object-Lifecycle-Preference": f'{{"expiration_duration_seconds": {KEPT_SECONDS}}}'}
        try:
            handle = self._client.submit(path, dict(arguments), webhook_url=webhook, headers=keep)
        except (ValueError, KeyError, TypeError) as error:  # an answer that is not what it should be
            raise Unclear(f"an unreadable answer ({type(error).__name__})") from error
        return handle.request_id

    def stream(self, path: str, arguments: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield the events of a streamed request; NotDone can only come before the first one."""
        try:
            for event in self._client.stream(path, dict(arguments)):
                if isinstance(event, dict):
                    yield event
        except SSEError as error:  # a plain answer: whatever it is, the request was done
            raise Unclear("an answer that is no stream") from error
        except (httpx.HTTPError, ValueError) as error:
            raise Unclear(type(error).__name__) from error

    def standing(self, path: str, request_id: str) -> Standing:
        """Where a request of the queue stands; raises LookupError for one that fal does not know."""
        try:
            status = self._client.status(path, request_id, with_logs=True)
        except fal_client.FalClientHTTPError as error:
            if error.status_code == 404:
                raise LookupError(request_id) from error
            raise refused(error) from error
        except (ValueError, KeyError, TypeError) as error:
            raise Busy from error
        if isinstance(status, fal_client.Queued):
            return Standing("queued", status.position)
        if isinstance(status, fal_client.Completed):
            return Standing("over", error=words_of({"detail": status.error}) if status.error else "")
        return Standing("working")

    def result(self, path: str, request_id: str) -> dict[str, Any]:
        """The answer of a request that is over; raises ProviderError with fal's words when it failed."""
        handle = self._client.get_handle(path, request_id)
        response = self._client._client.get(handle.response_url)
        if response.status_code >= 400:
            raise ProviderError(f"fal says: {words_of(_body(response))}", retryable=False)
        body = _body(response)
        if not isinstance(body, dict):
            raise Busy
        return body

    def cancel(self, path: str, request_id: str) -> bool:
        """Take a request out of the queue; False when it runs already, since that is paid."""
        try:
            queued = self.standing(path, request_id).state == "queued"
            self._client.cancel(path, request_id)
        except (Busy, LookupError, fal_client.FalClientHTTPError) as error:
            raise ProviderError(f"fal did not cancel it: {error}", retryable=False) from error
        return queued

    def check(self) -> None:
        """Make a free authenticated request; raises EngineRefused for a bad key, ProviderError when fal is away."""
        url = f"{library.REST_URL}/storage/auth/token?storage_type=fal-cdn-v3"
        try:
            response = self._client._client.post(url, json={})
        except Busy as error:
            raise ProviderError("fal does not answer at the moment. Try again in a minute.", retryable=True) from error
        if response.status_code in {401, 403}:
            raise EngineRefused("fal does not accept this key.", code="bad_key")
        if response.status_code >= 400:
            raise ProviderError(f"fal says: {words_of(_body(response))}", retryable=False)


def words_of(body: Any) -> str:
    """A sentence from fal's error body: `detail` is a text, or a list of what is wrong with each field."""
    detail = body.get("detail", body.get("error", "")) if isinstance(body, Mapping) else body
    if isinstance(detail, list):
        detail = "; ".join(str(item.get("msg", item)) if isinstance(item, Mapping) else str(item) for item in detail)
    return str(detail or "It gave no reason.")[:300]


def refused(error: fal_client.FalClientHTTPError) -> ProviderError | EngineRefused:
    """An error of ours for an answer that stays the same however often one asks."""
    if error.status_code in {401, 403}:
        return EngineRefused("fal does not accept the key. Check it on the page Engines.", code="bad_key")
    return ProviderError(f"fal says: {words_of({'detail': error.message})}", retryable=False)


def _told_apart(response: httpx.Response) -> Exception:
    """What an error says about a paid request: 4xx comes before any work, after 5xx and 408 there may be some."""
    status = response.status_code
    if status == 429:
        return NotDone("fal has too much to do at the moment.", status=status, after=_pause(response))
    if status in {401, 403}:
        words = words_of(_body(response))
        if "balance" in words.lower():
            return NotDone("The fal account has no money left.", status=status)
        return NotDone("fal does not accept the key. Check it under Engines.", status=status)
    if status < 500 and status not in {408, 409}:
        return NotDone(f"fal refused it: {words_of(_body(response))}", status=status)
    return Unclear(f"HTTP {status}")


def _body(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return response.text[:300]


def _pause(response: httpx.Response) -> float:
    text = response.headers.get("retry-after", "").strip()
    return min(float(text), LONGEST_PAUSE) if text.isdigit() else PAUSE_SECONDS


def is_base(url: str) -> bool:
    """Whether an address is on the server that `use_base` named."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" == library.REST_URL
