"""fal's engines: one class for each endpoint, all of the same two kinds of work: a picture, and an edit of one."""

import logging
from collections.abc import Mapping
from typing import Any, ClassVar

from inflio.common.errors import InflioError, ProviderError
from inflio.generation.engines.base import (
    Call,
    Capability,
    Engine,
    EngineRequest,
    Output,
    Picture,
    Progress,
    Result,
    Waiting,
    in_doubt,
)
from inflio.generation.engines.fal import pictures
from inflio.generation.engines.fal.api import Busy, FalApi, NotDone, Unclear
from inflio.generation.engines.fal.endpoints import ENDPOINTS, Endpoint
from inflio.generation.engines.fal.streaming import follow
from inflio.generation.engines.likeness import measure

log = logging.getLogger(__name__)
DOUBT_SECONDS = 150.0  # how long a webhook may still tell of a request whose answer was lost
SEED_STEP = 1009  # a remake is another variation, and still reproducible from the first seed
SEED_LIMIT = 2**31
FILTERED = "fal's filter held back {} of the pictures."


class FalEngine(Engine):
    """Makes pictures of a person from reference photos and words, or edits a picture, at one of fal's endpoints.

    Parameters of a job: prompt, aspect (one of `sizes`, else the model chooses), seed (optional). For an edit the
    first picture is the one to change, the others are references.
    """

    provider = "fal"
    endpoint: ClassVar[Endpoint]

    def refusal(self, kind: str, params: Mapping[str, Any], picture_count: int) -> str | None:
        if reason := super().refusal(kind, params, picture_count):
            return reason
        if not str(params.get("prompt", "")).strip():
            return f"{self.title} needs words that say what to make."
        return self.format_refusal(params.get("aspect", ""))

    def run(self, request: EngineRequest, progress: Progress) -> Result:
        point, api = self.endpoint, FalApi(self._key)
        usd = point.usd * request.count
        call = request.calls.open(f"{request.kind}:{request.remake}", endpoint=point.path, usd=usd)
        if call.state == "new":
            streamed = self._send(api, call, request, progress)
            if streamed:
                return _result(call, request, streamed, self._facts(call, request))
        if call.state in {"new", "intended"}:
            self._look_for(call, request)
        if call.state == "failed":
            raise ProviderError(call.reason or "fal could not make it.", retryable=False)
        if call.state == "sent":
            self._ask(api, call, request)
        progress(0.9, "Fetching the pictures")
        return _result(call, request, _fetched(call), self._facts(call, request))

    def score(self, output: Output, pictures: tuple[Picture, ...]) -> float | None:
        return measure(output, pictures)

    def _send(self, api: FalApi, call: Call, request: EngineRequest, progress: Progress) -> list[bytes]:
        """Send a call for the first and only time; returns the pictures when they were streamed."""
        progress(0.05, "Sending it to fal")
        try:
            arguments = self._arguments(request)
        except InflioError as error:
            call.failed(error.message, charged=False)
            raise
        try:
            if self.endpoint.streamed and request.count == 1:
                try:
                    return follow(api, call, self.endpoint, arguments, progress)
                except NotDone as error:
                    if error.status not in {404, 405}:
                        raise
                    log.info("%s does not stream: %s", self.endpoint.path, error)
            webhook = request.calls.webhook_url(call, self.provider)
            call.sent(api.submit(self.endpoint.path, arguments, webhook=webhook), details={"webhook": bool(webhook)})
            raise Waiting(_pause(call), 0.1, "In fal's line")
        except NotDone as error:
            call.failed(str(error), charged=False)
            raise ProviderError(str(error), retryable=error.after is not None, retry_after=error.after) from error
        except Unclear as error:
            log.warning("call %s: the answer was lost (%s)", call.token[:6], error)
            if api.request_id and call.state == "new":  # at least it says which request it was
                call.sent(api.request_id)
        return []

    def _look_for(self, call: Call, request: EngineRequest) -> None:
        """A call that was sent, or about to be, and brought no answer: only a webhook can still tell of it."""
        if request.calls.webhook_url(call, self.provider) and call.age < DOUBT_SECONDS:
            raise Waiting(10, 0.1, "The connection broke; waiting for fal to tell what became of it")
        raise in_doubt("fal")

    def _ask(self, api: FalApi, call: Call, request: EngineRequest) -> None:
        """Ask for the result of a sent call; raises Waiting until there is one."""
        pause = _pause(call)
        fraction = min(0.1 + 0.75 * call.age / self.endpoint.seconds, 0.85)
        try:
            standing = api.standing(self.endpoint.path, call.request_id)
            if standing.state == "queued":
                raise Waiting(pause, 0.1, f"Number {standing.place + 1} in fal's line")
            if standing.state == "working":
                raise Waiting(pause, fraction, f"{self.endpoint.title} is making it")
            if standing.error:
                raise ProviderError(f"fal says: {standing.error}", retryable=False)
            answer = api.result(self.endpoint.path, call.request_id)
        except Busy as error:
            raise Waiting(error.seconds, fraction, "fal does not answer at the moment") from error
        except LookupError as error:  # it may not be known yet, or a stream has left nothing behind
            if call.details.get("stream") and call.age > DOUBT_SECONDS / 2:
                raise in_doubt("fal") from error
            raise Waiting(pause, fraction, "Waiting for fal") from error
        except ProviderError as error:
            call.failed(error.message, charged=False)
            raise
        call.answered(answer, usd=None)

    def _arguments(self, request: EngineRequest) -> dict[str, Any]:
        """The request's JSON; pictures are inside, so that nothing of them stays at fal."""
        point, params = self.endpoint, request.params
        chosen = request.pictures[: point.references]
        first = pictures.EDIT_SIDE if request.kind == "edit" else pictures.REFERENCE_SIDE
        arguments = {
            **point.fixed,
            "prompt": str(params["prompt"]),
            "image_urls": [
                pictures.data_uri(picture.path, pictures.REFERENCE_SIDE if n else first)
                for n, picture in enumerate(chosen)
            ],
            "num_images": request.count,
        }
        if aspect := params.get("aspect"):
            size = "{}x{}".format(*point.sizes[aspect]) if point.pixels else aspect
            arguments["image_size" if point.pixels else "aspect_ratio"] = size
        if point.seeded and (seed := _seed(request)) is not None:
            arguments["seed"] = seed
        return arguments

    def _facts(self, call: Call, request: EngineRequest) -> dict[str, Any]:
        facts = {
            "method": "generative_edit" if request.kind == "edit" else "generative",
            "model": self.endpoint.title,
            "endpoint": self.endpoint.path,
            "request_id": call.request_id,
            "references": min(len(request.pictures), self.endpoint.references),
        }
        if request.kind == "edit":
            facts["base"] = request.pictures[0].sha256
        if self.endpoint.seeded and (seed := _seed(request)) is not None:
            facts["seed"] = seed
        return facts


def _pause(call: Call) -> float:
    """Seconds until a sent call is asked for: seldom where fal tells us, else often at first."""
    return 10.0 if call.details.get("webhook") else min(1.0 + call.age / 20, 5.0)


def _seed(request: EngineRequest) -> int | None:
    seed = request.params.get("seed")
    return None if seed is None else (int(seed) + SEED_STEP * request.remake) % SEED_LIMIT


def _fetched(call: Call) -> list[bytes]:
    """The pictures of an answered call, in order; raises Waiting while they do not come, drops those that are gone."""
    images = call.answer.get("images")
    if not isinstance(images, list):
        raise in_doubt("fal")
    found = []
    for image in images:
        if not isinstance(image, Mapping):
            continue
        try:
            data = pictures.inline(image)
            found.append(pictures.fetch(str(image.get("url") or "")) if data is None else data)
        except pictures.NotFetched as error:
            raise Waiting(3, 0.9, "Waiting for the pictures to be sent") from error
        except pictures.Gone as error:
            log.warning("call %s: a picture cannot be had: %s", call.token[:6], error)
    return found


def _result(call: Call, request: EngineRequest, found: list[bytes], facts: dict[str, Any]) -> Result:
    outputs = []
    for data in found:
        try:
            outputs.append(pictures.output_of(data, facts))
        except pictures.Gone as error:
            log.warning("call %s: not a picture: %s", call.token[:6], error)
    missing = request.count - len(outputs)
    return Result(tuple(outputs), missing=(FILTERED.format(missing),) if missing > 0 else ())


def _class_of(point: Endpoint) -> type[FalEngine]:
    common: dict[str, Any] = {
        "credits": point.credits,
        "typical_seconds": point.seconds,
        "cluster": "default",
        "needs_photos": True,
        "scored": True,
        "max_outputs": point.most,
        "reads_prompt": True,
        "free_setting": True,
        "content_types": ("portrait", "full_body", "action"),
        "previews": point.streamed,
        "seeded": point.seeded,
        "remakes": 1,
    }
    body = {
        "__doc__": f"{point.title} at fal.",
        "__module__": __name__,
        "name": point.name,
        "title": f"{point.title} (fal)",
        "endpoint": point,
        "sizes": point.sizes,
        "price": f"${point.usd:.2f} a picture",
        "capabilities": {"picture": Capability(**common), "edit": Capability(**common)},
    }
    return type(point.name, (FalEngine,), body)


ENGINES = {point.name: _class_of(point) for point in ENDPOINTS}


def __getattr__(name: str) -> type[FalEngine]:
    """The registry finds each class under its engine's name."""
    try:
        return ENGINES[name]
    except KeyError:
        raise AttributeError(name) from None
