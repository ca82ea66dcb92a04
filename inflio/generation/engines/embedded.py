"""The default engine: portraits, analysis and illustrations on this machine's CPU, with no key and no network."""

import base64
from collections.abc import Mapping
from typing import Any

from inflio.common.errors import EngineRefused, InvalidInput
from inflio.generation.engines.base import Capability, Engine, EngineRequest, Output, Picture, Progress, Result

REMAKE_SEED_STEP = 1009  # a remake is another variation, and still reproducible from the first seed
MAX_PHOTOS = 20


class EmbeddedEngine(Engine):
    """Keeps the person's own pixels, renders the scene around them, and measures the likeness."""

    name = "embedded"
    title = "Inflio on this machine"
    capabilities = {
        "analysis": Capability(credits=0, typical_seconds=5, needs_photos=True),
        "portrait": Capability(credits=1, typical_seconds=2, needs_photos=True, scored=True),
        "illustration": Capability(credits=1, typical_seconds=2),
    }

    def refusal(self, kind: str, params: Mapping[str, Any], picture_count: int) -> str | None:
        if picture_count > MAX_PHOTOS:
            return f"At most {MAX_PHOTOS} photos can be looked at together. Remove some first."
        return super().refusal(kind, params, picture_count)

    def run(self, request: EngineRequest, progress: Progress) -> Result:
        work = {"analysis": _analyse, "portrait": _portrait, "illustration": _illustrate}.get(request.kind)
        if work is None:
            raise EngineRefused(
                self.refusal(request.kind, request.params, len(request.pictures)) or "Not possible here."
            )
        return work(request, progress)

    def score(self, output: Output, pictures: tuple[Picture, ...]) -> float | None:
        return _studio().likeness(output.data, _photos(pictures))


def _studio():
    from gpu_worker import studio  # noqa: PLC0415 - loads numpy, cv2 and the models: in the worker, at the first job

    return studio


def _photos(pictures: tuple[Picture, ...]) -> list:
    return [_studio().Photo(picture.path, picture.sha256) for picture in pictures]


def _analyse(request: EngineRequest, progress: Progress) -> Result:
    ids = [str(pk) for pk in request.params["photos"]]
    done: set[str] = set()
    looking = 0.4 if request.params.get("with_portraits") else 0.95  # share of the time that looking takes

    def seen(index: int, facts: dict) -> None:
        done.add(ids[index])
        stage = f"Looked at {len(done)} of {len(ids)} photos"
        progress(looking * len(done) / len(ids), stage, {ids[index]: facts})

    progress(0.02, f"Looking at {len(ids)} photos")
    report = _studio().analyse(_photos(request.pictures), on_photo=seen)
    if request.params.get("with_portraits"):  # they begin at once then, and the first one appears sooner
        references = [
            photo for photo, facts in zip(_photos(request.pictures), report.photos, strict=True) if facts["rank"]
        ]
        _studio().prepare(references, lambda share, stage: progress(looking + 0.55 * share, stage))
    photos = {}
    for pk, facts, embedding in zip(ids, report.photos, report.embeddings, strict=True):
        vector = base64.b64encode(embedding.tobytes()).decode() if embedding is not None else None
        photos[pk] = {**facts, "embedding": vector}
    data = {
        "photos": photos,
        "grade": report.grade,
        "advice": list(report.advice),
        "consistency": report.consistency,
        "usable": report.usable,
    }
    return Result(data=data)


def _portrait(request: EngineRequest, progress: Progress) -> Result:
    params = request.params
    progress(0.05, "Choosing the photo")
    try:
        made = _studio().portrait(
            _photos(request.pictures),
            scenario=params["scenario"],
            seed=params["seed"] + REMAKE_SEED_STEP * request.remake,
            width=params["width"],
            height=params["height"],
            remake=request.remake,
            on_stage=progress,
        )
    except _studio().PortraitRefused as error:
        raise InvalidInput(str(error), code="photos_unfit") from error
    return Result(outputs=(_output(made),))


def _illustrate(request: EngineRequest, progress: Progress) -> Result:
    params = request.params
    progress(0.1, "Drawing")
    made = _studio().illustration(
        params["description"],
        params["attributes"],
        scenario=params["scenario"],
        seed=params["seed"],
        width=params["width"],
        height=params["height"],
    )
    return Result(outputs=(_output(made),))


def _output(made) -> Output:
    return Output(made.data, "image/jpeg", "jpg", made.width, made.height, made.facts)
