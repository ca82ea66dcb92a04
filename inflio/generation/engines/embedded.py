"""The default engine: portraits, analysis and illustrations on this machine's CPU, with no key and no network."""

import base64
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from gpu_worker.compositor.content_types import CONTENT_TYPES, EXTENTS
from gpu_worker.compositor.looks import LOOKS
from gpu_worker.compositor.styles import STYLES
from inflio.common.errors import EngineRefused, InvalidInput
from inflio.generation.engines.base import Capability, Engine, EngineRequest, Output, Picture, Progress, Result
from inflio.generation.engines.embedded_edit import edit, refuse_edit
from inflio.generation.engines.likeness import measure
from inflio.safety.checks import inspect_picture

REMAKE_SEED_STEP = 1009  # a remake is another variation, and still reproducible from the first seed
MAX_PHOTOS = 20
SHOWN = {
    "face": "only the face",
    "shoulders": "head and shoulders",
    "chest": "the person down to the chest",
    "waist": "the person down to the waist",
    "knees": "the person down to the knees",
}
NEEDED = {
    "waist": "a photo that shows the person at least down to the waist",
    "full": "a photo that shows the person from head to feet",
}


class EmbeddedEngine(Engine):
    """Keeps the person's own pixels, renders the scene around them, and measures the likeness."""

    name = "embedded"
    title = "Inflio on this machine"
    capabilities = {
        "analysis": Capability(credits=0, typical_seconds=5, needs_photos=True),
        "portrait": Capability(credits=1, typical_seconds=2, needs_photos=True, scored=True),
        "picture": Capability(
            credits=1, typical_seconds=2, needs_photos=True, scored=True, content_types=tuple(CONTENT_TYPES)
        ),
        "illustration": Capability(credits=1, typical_seconds=2),
        "edit": Capability(credits=1, typical_seconds=2, needs_photos=True, scored=True, previews=True),
    }
    sizes = {
        "4:5": (1024, 1280),
        "1:1": (1080, 1080),
        "9:16": (1080, 1920),
        "16:9": (1920, 1080),
        "3:4": (1080, 1440),
        "2:3": (1080, 1620),
    }
    styles = tuple((style.key, style.title) for style in STYLES.values())

    def places(self, look: str) -> tuple[tuple[str, str], ...]:
        return tuple((place.key, place.title) for place in LOOKS[look].places) if look in LOOKS else ()

    def refusal(self, kind: str, params: Mapping[str, Any], picture_count: int) -> str | None:
        if picture_count > MAX_PHOTOS:
            return f"At most {MAX_PHOTOS} photos can be looked at together. Remove some first."
        reason = super().refusal(kind, params, picture_count)
        if kind == "edit" and not reason:
            return refuse_edit(params)
        return _refuse_picture(params) if kind == "picture" and not reason else reason

    def run(self, request: EngineRequest, progress: Progress) -> Result:
        work = {
            "analysis": _analyse,
            "portrait": _portrait,
            "picture": _picture,
            "illustration": _illustrate,
            "edit": edit,
        }.get(request.kind)
        if work is None:
            raise EngineRefused(
                self.refusal(request.kind, request.params, len(request.pictures)) or "Not possible here."
            )
        return work(request, progress)

    def score(self, output: Output, pictures: tuple[Picture, ...]) -> float | None:
        return measure(output, pictures)


def _refuse_picture(params: Mapping[str, Any]) -> str | None:
    """Why this picture cannot be made, in one sentence, or None; `params["body"]`: the most that the photos show."""
    look, place, style = params.get("look", ""), params.get("place", ""), params.get("style", "natural")
    kind = CONTENT_TYPES.get(params.get("content_type", "portrait"))
    if look not in LOOKS:
        return "This engine does not know that category. Choose one of those offered."
    if place and place not in {offered.key for offered in LOOKS[look].places}:
        return f"There is no such setting for {LOOKS[look].title}. Choose one of those offered."
    if style not in STYLES:
        return "This engine does not know that style. Choose one of those offered."
    if kind is None:
        return "This engine does not know that content type. Choose one of those offered."
    return _refuse_extent(kind.title, kind.needs, params.get("body", ""))


def _refuse_extent(title: str, needs: str, body: str) -> str | None:
    if needs == EXTENTS[0]:
        return None
    if body not in EXTENTS:
        return f"{title} needs {NEEDED[needs]}, and it is not known what the photos show: analyse the photos again."
    if EXTENTS.index(body) >= EXTENTS.index(needs):
        return None
    return (
        f"{title} needs {NEEDED[needs]}; the photos show {SHOWN[body]}. "
        "Add one, or choose an engine that draws the body."
    )


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
    report = _studio().analyse(_photos(request.pictures), on_photo=seen, inspect=_inspector(request.params))
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


def _inspector(params: Mapping[str, Any]):
    """What says whether a photo may be used: the checks that the job names, but for files that a person has allowed."""
    checks, cleared = tuple(params.get("safety_checks", ())), set(params.get("cleared", ()))

    def inspect(photo) -> dict[str, Any] | None:
        finding = None if photo.key in cleared else inspect_picture(photo.path.read_bytes(), checks)
        return {**asdict(finding), "scores": dict(finding.scores)} if finding else None

    return inspect if checks else None


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


def _picture(request: EngineRequest, progress: Progress) -> Result:
    params = request.params
    if reason := _refuse_picture(params):
        raise EngineRefused(reason)
    progress(0.05, "Choosing the photo")
    try:
        made = _studio().picture(
            _photos(request.pictures),
            look=params["look"],
            place=params.get("place", ""),
            style=params.get("style", "natural"),
            content_type=params.get("content_type", "portrait"),
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
