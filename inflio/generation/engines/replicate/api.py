"""Replicate through its official client: every request bounded in time, a paid one sent once, answers told apart.

What the client (1.0.7) does by itself and is undone here: no time limit on creating predictions and on uploads, and
up to ten repeats of a read, each after as long a pause as the server likes. POSTs it never repeats.
"""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import httpx
import replicate
from replicate.exceptions import ReplicateError
from replicate.prediction import Prediction
from replicate.training import Training

from inflio.common.errors import EngineRefused, ProviderError
from inflio.generation.engines.replicate.terms import (
    OVER,
    PAUSE_SECONDS,
    TRAININGS,
    Busy,
    NotDone,
    Unclear,
    base_url,
)

READ_SECONDS, CONNECT_SECONDS, UPLOAD_SECONDS = 20.0, 5.0, 120.0
LONGEST_PAUSE = 60.0
PAGES = 10  # of the account's list that are looked through
CLOCKS_APART = timedelta(minutes=10)  # between the provider's clock and ours
KEPT_RUNNING = timedelta(days=1)  # no training takes longer
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class _Bounded(httpx.BaseTransport):
    """Gives every request a time limit, and hands a busy answer to a read over at once instead of letting it pause."""

    def __init__(self) -> None:
        limits = httpx.Limits(max_keepalive_connections=0)  # minutes lie between two requests
        self._inner = httpx.HTTPTransport(limits=limits)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        upload = request.url.path.endswith("/v1/files")
        limit = UPLOAD_SECONDS if upload and request.method == "POST" else READ_SECONDS
        request.extensions["timeout"] = {"connect": CONNECT_SECONDS, "read": limit, "write": limit, "pool": 5.0}
        response = self._inner.handle_request(request)
        if request.method != "POST" and response.status_code in {429, 502, 503, 504}:
            response.close()
            raise Busy(pause(response.headers))
        return response

    def close(self) -> None:
        self._inner.close()


def pause(headers: httpx.Headers) -> float:
    """Seconds the server asks to wait, within reason."""
    text = headers.get("retry-after", "").strip()
    return min(max(float(text), 1.0), LONGEST_PAUSE) if text.isdigit() else PAUSE_SECONDS


@lru_cache(maxsize=64)
def _client(key: str, base: str) -> replicate.Client:
    """One client for each key and process: making one reads all root certificates, which takes longer than to call."""
    return replicate.Client(api_token=key, base_url=base, transport=_Bounded())


class ReplicateApi:
    """One account. Sending raises NotDone or Unclear; reading raises Busy, or ProviderError when it is refused."""

    def __init__(self, key: str) -> None:
        self._key = key

    @property
    def client(self) -> replicate.Client:
        """The official client at `base_url`."""
        return _client(self._key, base_url())

    def predict(self, *, version: str, inputs: dict, webhook: str | None) -> Prediction:
        """Begin a prediction with `owner/name:version`."""
        hooks = {"webhook": webhook, "webhook_events_filter": ["completed"]} if webhook else {}
        return self._send(
            lambda: self.client.predictions.create(version=version.rpartition(":")[2], input=inputs, **hooks)
        )

    def train(self, *, version: str, destination: str, inputs: dict, webhook: str | None) -> Training:
        """Begin a training of the trainer `owner/name:version` into the model `owner/name`."""
        hooks = {"webhook": webhook, "webhook_events_filter": ["completed"]} if webhook else {}
        return self._send(
            lambda: self.client.trainings.create(version=version, destination=destination, input=inputs, **hooks)
        )

    def _send(self, request):
        try:
            return request()
        except ReplicateError as error:
            raise _told_apart(error) from error
        except NOT_SENT as error:
            raise NotDone("Replicate cannot be reached.", after=PAUSE_SECONDS) from error
        except (httpx.HTTPError, ValueError) as error:  # ValueError: an answer that is not what it should be
            raise Unclear(type(error).__name__) from error

    def prediction(self, pk: str) -> Prediction:
        return self._read(lambda: self.client.predictions.get(pk))

    def training(self, pk: str) -> Training:
        return self._read(lambda: self.client.trainings.get(pk))

    def find_prediction(self, *, marker: float, age: float) -> Prediction | None:
        """The account's prediction whose input carries the marker, begun at most `age` seconds ago."""
        return self._find(self.client.predictions.list, age, lambda row: row.input.get("prompt_strength") == marker)

    def find_training(self, *, photos_url: str, age: float) -> Training | None:
        """The account's training that was given this upload, begun at most `age` seconds ago."""
        return self._find(self.client.trainings.list, age, lambda row: row.input.get("input_images") == photos_url)

    def _find(self, list_page, age: float, is_ours):
        rows = self._recent(list_page, timedelta(seconds=age))
        return next((row for row in rows if row.input and is_ours(row)), None)

    def _recent(self, list_page, age: timedelta) -> list:
        oldest = datetime.now(UTC) - age - CLOCKS_APART
        return self._read(lambda: list(_newest(list_page, oldest)))

    def cancel(self, endpoint: str, request_id: str) -> bool:
        """Stop a prediction or training; True when it was stopped before it began, so that nothing is paid."""
        space = self.client.trainings if endpoint.startswith(TRAININGS) else self.client.predictions
        row = self._read_or_none(lambda: space.cancel(request_id))
        return row is not None and row.status == "canceled" and not row.started_at

    def stop_trainings(self, destination: str) -> int:
        """Stop every training into the model `owner/name` that is not over; returns how many there were."""
        rows = [row for row in self._recent(self.client.trainings.list, KEPT_RUNNING) if row.status not in OVER]
        ours = [row for row in rows if row.destination == destination]
        for row in ours:
            self.cancel(TRAININGS, row.id)
        return len(ours)

    def upload(self, data: bytes, *, name: str, mime: str) -> tuple[str, str]:
        """Store a file for the next request; returns its id and address. Free, so that repeating it is harmless."""
        file = self._read(lambda: self.client.files.create(io.BytesIO(data), filename=name, content_type=mime))
        return file.id, file.urls["get"]

    def account(self) -> str:
        """Name of the account that the key belongs to."""
        return self._read(lambda: self.client.accounts.current()).username

    def ensure_model(self, owner: str, name: str) -> None:
        """Make the private model that a training writes into, unless it is there."""
        if self._read_or_none(lambda: self.client.models.get(owner, name)) is None:
            self._read(lambda: self.client.models.create(owner, name, visibility="private", hardware="gpu-h100"))

    def forget_model(self, owner: str, name: str) -> int:
        """Delete a model with all its versions (weights and outputs too); returns how many; 0 when it is gone."""
        model = self._read_or_none(lambda: self.client.models.get(owner, name))
        if model is None:
            return 0
        versions = [version.id for version in self._read(lambda: list(model.versions.list()))]
        for version in versions:
            self._read_or_none(lambda version=version: model.versions.delete(version) or True)
        self._read_or_none(lambda: self.client.models.delete(owner, name) or True)
        return len(versions)

    def forget_files(self, name: str) -> int:
        """Delete every upload of this name; returns how many there were."""
        files = [file.id for file in self._read(self.client.files.list) if file.name == name]
        for pk in files:
            self._read_or_none(lambda pk=pk: self.client.files.delete(pk) or True)
        return len(files)

    def has_model(self, owner: str, name: str) -> bool:
        """Whether the model is there."""
        return self._read_or_none(lambda: self.client.models.get(owner, name)) is not None

    def webhook_secret(self):
        """The account's signing secret of webhooks."""
        return self._read(lambda: self.client.webhooks.default.secret())

    def _read_or_none(self, request):
        return self._read(request, fine=(404,))

    def _read(self, request, *, fine: tuple[int, ...] = ()):
        try:
            return request()
        except ReplicateError as error:
            if error.status in fine:
                return None
            if error.status in {408, 409, 429} or (error.status or 500) >= 500:
                raise Busy() from error
            raise refused(error) from error
        except (httpx.HTTPError, ValueError) as error:
            raise Busy() from error


def _newest(list_page, oldest: datetime) -> Iterator[Any]:
    cursor: Any = ...
    for _ in range(PAGES):
        page = list_page(cursor)
        for row in page:
            if row.created_at and datetime.fromisoformat(row.created_at) < oldest:
                return
            yield row
        cursor = page.next
        if not cursor:
            return


def _told_apart(error: ReplicateError) -> Exception:
    """What an error says about a paid request: 4xx came before any work; after 5xx there may be some."""
    status = error.status or 500
    if status == 429:
        return NotDone("Replicate has too much to do at the moment.", after=PAUSE_SECONDS)
    if status == 402:
        return NotDone("The Replicate account has no money left. Add some there, then try again.", refusal=True)
    if status in {401, 403}:
        return NotDone(refused(error).message, refusal=True)
    if status < 500:
        return NotDone(f"Replicate refused it: {error.detail or error.title or status}", refusal=True)
    return Unclear(f"HTTP {status}")


def refused(error: ReplicateError) -> ProviderError | EngineRefused:
    """An error of ours for an answer that will not change by asking again."""
    if error.status in {401, 403}:
        return EngineRefused("Replicate does not accept the key. Check it on the page Engines.", code="bad_key")
    return ProviderError(f"Replicate says: {error.detail or error.title or error.status}", retryable=False)
