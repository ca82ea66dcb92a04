"""Look at all photos of a persona together: who it is, who is somebody else, and which six to work from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gpu_worker.identity.advice import MESSAGES
from gpu_worker.identity.analysis import PhotoAnalysis
from gpu_worker.identity.embedding import SAME_PERSON

REFERENCES = 6
FEWEST_PHOTOS = 5
# Two pictures are one when their 16 x 16 tones (0-255) and their faces differ by less than this.
COPY_TONES = 4.0
COPY_COSINE = 0.95
# References more alike than this on average show the same moment; they teach little about the person.
TOO_ALIKE = 0.96


@dataclass(frozen=True, eq=False)
class SetAnalysis:
    """The verdict over a set of photos.

    photos: the analyses given, in their order, with `another_person` and `duplicate` entered where they apply.
    references: indexes of at most six photos, the best first. consistency: mean cosine between the references'
    embeddings, 0-1, or None below two. grade: excellent, good or needs_improvement; reasons say why, advice
    says what to add.
    """

    photos: tuple[PhotoAnalysis, ...]
    references: tuple[int, ...]
    consistency: float | None
    grade: str
    reasons: tuple[str, ...]
    advice: tuple[str, ...]

    @property
    def embeddings(self) -> list[np.ndarray]:
        """Those of the references, the best first."""
        return [self.photos[index].embedding for index in self.references]


def analyse_set(analyses: Sequence[PhotoAnalysis]) -> SetAnalysis:
    """Judge photos together; those that had a problem of their own keep it and take no part."""
    photos = list(analyses)
    usable = [index for index, photo in enumerate(photos) if photo.problem is None]
    strangers = find_strangers([photos[index] for index in usable])
    for position in strangers:
        photos[usable[position]] = _with_problem(photos[usable[position]], "another_person")
    own = [index for position, index in enumerate(usable) if position not in strangers]
    copies = find_copies([photos[index] for index in own])
    for position in copies:
        photos[own[position]] = _with_problem(photos[own[position]], "duplicate")
    kept = [index for position, index in enumerate(own) if position not in copies]
    references = tuple(kept[position] for position in choose_references([photos[index] for index in kept]))
    consistency = measure_consistency([photos[index].embedding for index in references])
    grade, reasons, advice = _grade(photos, references, consistency)
    return SetAnalysis(tuple(photos), references, consistency, grade, reasons, advice)


def find_strangers(photos: Sequence[PhotoAnalysis]) -> set[int]:
    """Positions of photos that show somebody else than most of the usable photos do.

    The centre is the photo that most others resemble, then the better one: one stranger can't move it.
    """
    if len(photos) < 2:
        return set()
    likeness = _likeness(photos)
    alike = likeness >= SAME_PERSON
    quality = np.array([photo.scores.overall for photo in photos])
    followers = alike.sum(axis=1)
    support = (alike * likeness).sum(axis=1) / followers
    centre = max(range(len(photos)), key=lambda i: (followers[i], (alike[i] * quality).sum(), support[i]))
    members = [index for index in range(len(photos)) if alike[centre, index]]
    strangers = set(range(len(photos))) - set(members)
    if len(members) >= 3:
        means = {i: float(np.mean([likeness[i, j] for j in members if j != i])) for i in members}
        usual = float(np.median(list(means.values())))
        # Far below what is usual in this set, though one photo of it may happen to be similar.
        strangers |= {i for i, mean in means.items() if mean < SAME_PERSON or mean < min(0.5, usual - 0.3)}
    return strangers


def find_copies(photos: Sequence[PhotoAnalysis]) -> set[int]:
    """Positions of photos that are the same picture as a better (or else earlier) one."""
    by_quality = sorted(range(len(photos)), key=lambda index: (-photos[index].scores.overall, index))
    originals: list[int] = []
    copies: set[int] = set()
    for index in by_quality:
        if any(_is_copy(photos[index], photos[original]) for original in originals):
            copies.add(index)
        else:
            originals.append(index)
    return copies


def choose_references(photos: Sequence[PhotoAnalysis], count: int = REFERENCES) -> list[int]:
    """Positions of the best photos, first by quality, then also by how much each adds to those before."""
    if not photos:
        return []
    likeness = _likeness(photos)
    quality = np.array([photo.scores.overall for photo in photos])
    chosen = [int(np.argmax(quality))]
    while len(chosen) < min(count, len(photos)):
        novelty = np.clip((1 - likeness[:, chosen].max(axis=1)) / 0.3, 0, 1)
        worth = quality + 0.35 * novelty
        worth[chosen] = -1
        chosen.append(int(np.argmax(worth)))
    return chosen


def measure_consistency(embeddings: Sequence[np.ndarray]) -> float | None:
    """Mean cosine over all pairs, 0-1; None when there is no pair."""
    if len(embeddings) < 2:
        return None
    stacked = np.stack(embeddings)
    pairs = (stacked @ stacked.T)[np.triu_indices(len(embeddings), 1)]
    return min(1.0, max(0.0, float(pairs.mean())))


def _likeness(photos: Sequence[PhotoAnalysis]) -> np.ndarray:
    stacked = np.stack([photo.embedding for photo in photos])
    return stacked @ stacked.T


def _is_copy(photo: PhotoAnalysis, other: PhotoAnalysis) -> bool:
    tones = np.abs(photo.fingerprint.astype(np.float32) - other.fingerprint.astype(np.float32)).mean()
    return bool(tones < COPY_TONES and float(photo.embedding @ other.embedding) > COPY_COSINE)


def _with_problem(photo: PhotoAnalysis, code: str) -> PhotoAnalysis:
    return replace(photo, problem=code, message=MESSAGES[code], advice=(), embedding=None)


def _grade(
    photos: Sequence[PhotoAnalysis], references: Sequence[int], consistency: float | None
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    usable = sum(photo.problem is None for photo in photos)
    if not references:
        return "needs_improvement", ("None of the photos can be used.",), ("Add photos of one person's face.",)
    quality = float(np.mean([photos[index].scores.overall for index in references]))
    turns = [photos[index].measures.yaw for index in references]
    varied = (consistency or 0.0) < TOO_ALIKE or max(turns) - min(turns) > 25
    reasons = [f"{usable} of {len(photos)} photos can be used.", f"The best of them score {quality:.2f} of 1."]
    advice = []
    missing = FEWEST_PHOTOS - usable
    if missing > 0:
        photos_wanted = "one more good photo" if missing == 1 else f"{missing} more good photos"
        advice.append(f"Add {photos_wanted}: five are needed, ten are better.")
    elif usable < REFERENCES:
        advice.append("Add one more good photo: six references give the best likeness.")
    if quality < 0.75:
        advice.append("Replace the weakest photos by sharper, evenly lit ones.")
    if not varied:
        reasons.append("They are very alike.")
        advice.append("Add photos from other angles, in other light or on other days.")
    if consistency is not None and consistency < 0.55:
        reasons.append(f"The faces resemble each other less than usual (likeness {consistency:.2f}).")
        advice.append("Leave out photos with sunglasses, filters or strong make-up.")
    if missing > 0 or quality < 0.5 or (consistency or 0.0) < 0.45:
        return "needs_improvement", tuple(reasons), tuple(advice)
    return ("good" if advice else "excellent"), tuple(reasons), tuple(advice)
