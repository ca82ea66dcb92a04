"""What an engine calls: analyse photos, make a portrait, measure a likeness; prepared people are kept per worker."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Lock, Timer
from typing import Any

import numpy as np

from gpu_worker.compositor.errors import PortraitRefused
from gpu_worker.compositor.picture import render_picture, shot_of
from gpu_worker.compositor.portrait import rank_photos, render_portrait
from gpu_worker.compositor.scenarios import BY_KEY
from gpu_worker.compositor.subject import Subject, prepare_subject
from gpu_worker.identity import PhotoAnalysis, analyse_files, analyse_photo, analyse_set, score_identity
from gpu_worker.identity.analysis import WORKING_SIDE
from gpu_worker.illustrated import render_illustration
from gpu_worker.memory import bound_heap, give_back
from gpu_worker.pictures import encode_jpeg, read_picture
from gpu_worker.retouch.person import Person, find_face
from gpu_worker.retouch.recipe import fold, weaken_light
from gpu_worker.retouch.render import Source, render

SUBJECTS_KEPT = 8  # some 30 MB each
EMBEDDINGS_KEPT = 256
FORGOTTEN_AFTER = 120.0  # seconds without use
THREADS = 2
PREVIEW_SCALE = 0.25  # of the finished picture's side: shown while the rest is rendered
PREPARE_SIDE = 2560  # pixels; the compositor crops to the person before it reduces further


@dataclass(frozen=True)
class Photo:
    """A photo on disk; `key` is the hash of its content and names it in the caches."""

    path: Path
    key: str


@dataclass(frozen=True)
class Report:
    """Photos in the given order: facts for people, embeddings (128 float32 or None) for measuring."""

    photos: tuple[dict[str, Any], ...]
    embeddings: tuple[np.ndarray | None, ...]
    grade: str
    advice: tuple[str, ...]
    consistency: float | None
    usable: int


@dataclass(frozen=True)
class Made:
    """An encoded JPEG and the truth about how it was made."""

    data: bytes
    width: int
    height: int
    facts: dict[str, Any] = field(default_factory=dict)


class _Kept:
    """The last few results of a function of a photo, by the photo's key; forgotten when unused, safe in threads."""

    def __init__(self, make: Callable[[Photo], Any], limit: int, seconds: float = FORGOTTEN_AFTER) -> None:
        self.make, self.limit, self.seconds = make, limit, seconds
        self.lock = Lock()
        self.items: OrderedDict[str, Any] = OrderedDict()
        self.timer: Timer | None = None

    def forget(self) -> None:
        """Drop everything: faces are measurements of people, which no worker keeps for longer than it needs."""
        with self.lock:
            self.items.clear()
        give_back()

    def get(self, photo: Photo) -> Any:
        with self.lock:
            if self.timer:
                self.timer.cancel()
            self.timer = Timer(self.seconds, self.forget)
            self.timer.daemon = True
            self.timer.start()
            if photo.key in self.items:
                self.items.move_to_end(photo.key)
                return self.items[photo.key]
        made = self.make(photo)  # outside the lock: photos are prepared side by side
        self.put(photo, made)
        return made

    def put(self, photo: Photo, made: Any) -> None:
        with self.lock:
            self.items[photo.key] = made
            while len(self.items) > self.limit:
                self.items.popitem(last=False)


def _load_subject(photo: Photo, whole: bool = False) -> Subject | PortraitRefused:
    try:
        return prepare_subject(read_picture(photo.path, PREPARE_SIDE), whole)
    except PortraitRefused as refusal:  # such as a face too small for this: the other photos may do
        return refusal


def _load_embedding(photo: Photo) -> np.ndarray | None:
    return analyse_photo(read_picture(photo.path, WORKING_SIDE)).embedding


_subjects = _Kept(_load_subject, SUBJECTS_KEPT)
_whole_subjects = _Kept(lambda photo: _load_subject(photo, whole=True), SUBJECTS_KEPT // 2)
_embeddings = _Kept(_load_embedding, EMBEDDINGS_KEPT)


def analyse(
    photos: Sequence[Photo],
    on_photo: Callable[[int, dict[str, Any]], None],
    inspect: Callable[[Photo], Mapping[str, Any] | None] | None = None,
) -> Report:
    """Judge photos one by one (`on_photo(index, facts)` as each is done, in any order) and then together.

    `inspect(photo)` returns category, reason and scores of a photo that may not be used at all, or None.
    """
    bound_heap()
    analyses = analyse_files(
        [photo.path for photo in photos],
        on_photo=lambda i, seen: on_photo(i, _facts(seen)),
        inspect=(lambda i: inspect(photos[i])) if inspect else None,
    )
    for photo, seen in zip(photos, analyses, strict=True):
        _embeddings.put(photo, seen.embedding)  # the portraits that follow are measured against these
    together = analyse_set(analyses)
    ranks = {index: rank for rank, index in enumerate(together.references, start=1)}
    return Report(
        photos=tuple({**_facts(seen), "rank": ranks.get(index)} for index, seen in enumerate(together.photos)),
        embeddings=tuple(seen.embedding for seen in together.photos),
        grade=together.grade,
        advice=(*together.reasons, *together.advice),
        consistency=together.consistency,
        usable=sum(seen.problem is None for seen in together.photos),
    )


def prepare(
    photos: Sequence[Photo], on_stage: Callable[[float, str], None], whole: bool = False
) -> list[Subject | PortraitRefused]:
    """Cut the person, or the `whole` body, out of each photo, or say why not; kept for the portraits that follow."""
    bound_heap()
    kept = _whole_subjects if whole else _subjects
    found, news = [], any(photo.key not in kept.items for photo in photos)
    with ThreadPoolExecutor(THREADS, thread_name_prefix="subject") as pool:
        for index, subject in enumerate(pool.map(kept.get, photos)):
            on_stage(index / len(photos), "Cutting out the person")
            found.append(subject)
    if news:
        give_back()
    return found


def portrait(
    photos: Sequence[Photo],
    *,
    scenario: str,
    seed: int,
    width: int,
    height: int,
    remake: int = 0,
    on_stage: Callable[[float, str], None],
) -> Made:
    """Make one portrait from the best of the photos; PortraitRefused where none of them can be used.

    Each `remake` leaves out one more of the photos that earlier tries preferred, while another remains.
    """
    usable, subjects = _usable(photos, on_stage)
    skipped = _passed_over(rank_photos(subjects, BY_KEY[scenario], width, height), remake)
    made = render_portrait(subjects, scenario, seed, width, height, skipped)
    on_stage(0.9, "Saving the picture")
    facts = {"scenario": scenario, "seed": seed, "photo": usable[made.photo_index].key[:12], "method": "composite"}
    return Made(encode_jpeg(made.rgb), width, height, facts)


def picture(
    photos: Sequence[Photo],
    *,
    look: str,
    place: str,
    seed: int,
    width: int,
    height: int,
    style: str = "natural",
    content_type: str = "portrait",
    remake: int = 0,
    on_stage: Callable[[float, str], None],
) -> Made:
    """Make one content picture of a look at one of its places ("" = the seed chooses); PortraitRefused as above."""
    shot = shot_of(look, seed, place, content_type)
    usable, subjects = _usable(photos, on_stage, whole=content_type == "full_body")
    skipped = _passed_over(rank_photos(subjects, shot, width, height), remake)
    made = render_picture(subjects, look, seed, width, height, place, skipped, style, content_type)
    on_stage(0.9, "Saving the picture")
    facts = {"look": look, "place": made.place, "style": style, "content_type": content_type, "seed": seed}
    facts |= {"photo": usable[made.photo_index].key[:12], "method": "composite"}
    return Made(encode_jpeg(made.rgb), width, height, facts)


def _usable(
    photos: Sequence[Photo], on_stage: Callable[[float, str], None], whole: bool = False
) -> tuple[list[Photo], list[Subject]]:
    """The photos that show the person well enough, and the person cut out of each; raises the last refusal if none."""
    usable: list[tuple[Photo, Subject]] = []
    refusal = PortraitRefused("There is no photo to make a portrait from.")
    subjects = prepare(photos, lambda share, stage: on_stage(0.1 + 0.5 * share, stage), whole)
    for photo, found in zip(photos, subjects, strict=True):
        if isinstance(found, PortraitRefused):
            refusal = found
        else:
            usable.append((photo, found))
    if not usable:
        raise refusal
    on_stage(0.6, "Rendering the scene and the light")
    return [photo for photo, _ in usable], [subject for _, subject in usable]


def _passed_over(ranked: list[tuple[float, int]], remake: int) -> set[int]:
    """The photos that earlier tries preferred, as long as another remains."""
    return {index for _, index in ranked[: min(remake, len(ranked) - 1)]}


def retouch(
    base: Photo,
    references: Sequence[Photo],
    *,
    operations: Sequence[dict[str, Any]],
    made_from: str = "",
    remake: int = 0,
    on_stage: Callable[..., None],
) -> Made:
    """Edit the picture `base` by a list of operations (see retouch.recipe); RetouchRefused where it does not allow one.

    references: the person's photos, for another background; made_from: key (or its start) of the one that `base` was
    made from. Each `remake` lights more gently. on_stage(fraction, stage, preview=JPEG or None).
    """
    bound_heap()
    recipe = weaken_light(fold(operations), remake)
    on_stage(0.05, "Looking at the picture")
    rgb = read_picture(base.path, PREPARE_SIDE)
    source = Source(rgb, _person(rgb, base), partial(_stand_ins, references, made_from))
    on_stage(0.3, "Sketching it")
    sketch = encode_jpeg(render(source, recipe, PREVIEW_SCALE), quality=82)
    on_stage(0.5, "Rendering it in full", preview=sketch)
    made = render(source, recipe)
    on_stage(0.9, "Saving the picture")
    method = "composite" if recipe.backdrop else "retouch"
    facts = {"operations": list(operations), "base": base.key, "method": method}
    return Made(encode_jpeg(made), made.shape[1], made.shape[0], facts)


def _person(rgb: np.ndarray, photo: Photo) -> Person | None:
    """Who is in the picture; without a cut-out where that is not possible."""
    face = find_face(rgb)
    if face is None:
        return None
    subject = _subjects.get(photo)
    if isinstance(subject, PortraitRefused):
        return Person(face, None, str(subject))
    return Person(face, subject)


def _stand_ins(references: Sequence[Photo], made_from: str) -> list[Subject]:
    """The person cut out of the photo that a picture was made from, else of the best two that can be used."""
    first = [photo for photo in references if made_from and photo.key.startswith(made_from)]
    chosen = first or list(references)[:2]
    found = prepare(chosen, lambda share, stage: None)
    return [subject for subject in found if not isinstance(subject, PortraitRefused)]


def illustration(
    description: str, attributes: dict[str, Any], *, scenario: str, seed: int, width: int, height: int
) -> Made:
    """Draw a persona from words alone."""
    rgb = render_illustration(description, attributes, scenario, seed, width, height)
    return Made(encode_jpeg(rgb), width, height, {"scenario": scenario, "seed": seed, "method": "illustration"})


def likeness(picture: bytes, photos: Sequence[Photo]) -> float | None:
    """Measured likeness (SFace cosine, 0-1) of an encoded picture to the person in `photos`; None without a face."""
    references = [vector for photo in photos if (vector := _embeddings.get(photo)) is not None]
    return score_identity(read_picture(picture), references) if references else None


def _facts(seen: PhotoAnalysis) -> dict[str, Any]:
    scores = {name: round(float(getattr(seen.scores, name)), 3) for name in ("lighting", "clarity", "angle", "overall")}
    return {
        "problem": seen.problem or "",
        "message": seen.message,
        "advice": list(seen.advice),
        "body": seen.body,
        "refusal": dict(seen.refusal) if seen.refusal else None,
        **scores,
    }
