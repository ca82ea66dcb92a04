"""Gemini's engines, one class for each model. The request is answered while we wait: a lost answer stays lost."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from PIL import Image, ImageOps, UnidentifiedImageError

from inflio.common.errors import EngineRefused, InvalidInput, ProviderError
from inflio.generation.engines.base import (
    Call,
    Capability,
    Engine,
    EngineRequest,
    Output,
    Picture,
    Progress,
    Result,
    in_doubt,
)
from inflio.generation.engines.gemini.endpoints import ENDPOINTS, SIZES, Endpoint
from inflio.generation.engines.likeness import measure
from inflio.generation.engines.replicate.files import NotAPicture, picture_of

if TYPE_CHECKING:
    from inflio.generation.engines.gemini.api import Drawn

REFERENCE_SIDE, EDIT_SIDE = 1280, 2048  # longest side in pixels
SEED_STEP, SEED_LIMIT = 1009, 2**31


class GeminiEngine(Engine):
    """Makes one picture of a person from reference photos and words, or changes a picture by words.

    Parameters of a job: prompt, aspect (one of `sizes`), seed. For an edit the first picture is the one to change.
    """

    provider = "gemini"
    endpoint: ClassVar[Endpoint]

    def refusal(self, kind: str, params: Mapping[str, Any], picture_count: int) -> str | None:
        if reason := super().refusal(kind, params, picture_count):
            return reason
        if not str(params.get("prompt", "")).strip():
            return f"{self.title} needs words that say what to make."
        return self.format_refusal(params.get("aspect", ""))

    def run(self, request: EngineRequest, progress: Progress) -> Result:
        references = [_jpeg(picture.path, side) for picture, side in self._chosen(request)]
        call = request.calls.open(
            f"{request.kind}:{request.remake}", endpoint=self.endpoint.model, usd=self.endpoint.usd
        )
        if call.state == "failed":
            raise ProviderError(call.reason or "Gemini could not make it.", retryable=False)
        if call.state != "new":  # sent by a run that died: the picture was in the answer that nobody has
            call.failed("The answer was lost with the worker that waited for it.", charged=True)
            raise in_doubt("Google")
        progress(0.1, f"{self.title} is making it")
        drawn = self._draw(call, request, references)
        progress(0.9, "Looking at the picture")
        return self._result(request, drawn)

    def score(self, output: Output, pictures: tuple[Picture, ...]) -> float | None:
        return measure(output, pictures)

    def _draw(self, call: Call, request: EngineRequest, references: list[bytes]) -> "Drawn":
        from inflio.generation.engines.gemini.api import GeminiApi, NotDone, Unclear  # noqa: PLC0415 - loads the client

        params = request.params
        try:
            drawn = GeminiApi(self._key).draw(
                model=self.endpoint.model,
                prompt=str(params["prompt"]),
                references=references,
                aspect=params.get("aspect") or None,
                seed=_seed(request),
            )
        except NotDone as error:
            call.failed(str(error), charged=False)
            raise ProviderError(str(error), retryable=error.after is not None, retry_after=error.after) from error
        except Unclear as error:
            call.failed(f"The answer was lost ({error}).", charged=True)
            raise in_doubt("Google") from error
        told = {"response_id": drawn.response_id, "tokens": drawn.tokens, "pictures": len(drawn.pictures)}
        call.answered(told, usd=self.endpoint.usd if drawn.pictures else 0.0)
        if not drawn.pictures:
            raise EngineRefused(drawn.why_not, code="provider_refused")
        return drawn

    def _chosen(self, request: EngineRequest) -> list[tuple[Picture, int]]:
        first = EDIT_SIDE if request.kind == "edit" else REFERENCE_SIDE
        chosen = request.pictures[: self.endpoint.references]
        return [(picture, REFERENCE_SIDE if number else first) for number, picture in enumerate(chosen)]

    def _result(self, request: EngineRequest, drawn: "Drawn") -> Result:
        facts = {
            "method": "generative_edit" if request.kind == "edit" else "generative",
            "model": self.endpoint.title,
            "endpoint": self.endpoint.model,
            "request_id": drawn.response_id,
            "references": len(self._chosen(request)),
            "prompt": str(request.params["prompt"]),
        }
        if request.kind == "edit":
            facts["base"] = request.pictures[0].sha256
        if (seed := _seed(request)) is not None:
            facts["seed"] = seed
        try:
            return Result((picture_of(drawn.pictures[0], facts),))
        except NotAPicture as error:
            return Result(missing=(f"Gemini's answer cannot be used. {error}",))


def _seed(request: EngineRequest) -> int | None:
    seed = request.params.get("seed")
    return None if seed is None else (int(seed) + SEED_STEP * request.remake) % SEED_LIMIT


def _jpeg(path: Path, side: int) -> bytes:
    """The picture upright, at most `side` pixels long, without any metadata."""
    try:
        with Image.open(path) as picture:
            small = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise InvalidInput("One of the pictures cannot be read. Choose another one.", code="bad_picture") from error
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=92)
    return out.getvalue()


def _class_of(point: Endpoint) -> type[GeminiEngine]:
    can = Capability(
        credits=point.credits,
        typical_seconds=point.seconds,
        cluster="default",
        needs_photos=True,
        scored=True,
        reads_prompt=True,
        free_setting=True,
        content_types=("portrait", "full_body", "action"),
        remakes=1,
    )
    body = {
        "__doc__": f"{point.title} at Google.",
        "__module__": __name__,
        "name": point.name,
        "title": point.title,
        "endpoint": point,
        "sizes": SIZES,
        "price": f"${point.usd:.3f} a picture",
        "capabilities": {"picture": can, "edit": can},
    }
    return type(point.name, (GeminiEngine,), body)


ENGINES = {point.name: _class_of(point) for point in ENDPOINTS}


def __getattr__(name: str) -> type[GeminiEngine]:
    """The registry finds each class under its engine's name."""
    try:
        return ENGINES[name]
    except KeyError:
        raise AttributeError(name) from None
