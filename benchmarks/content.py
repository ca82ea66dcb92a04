"""Content pictures of the embedded engine: how long one and four take, and how many look like the person."""

from statistics import median

from benchmarks.pictures import PORTRAIT, SAMPLES, seconds
from benchmarks.table import Row
from gpu_worker import studio
from gpu_worker.compositor.looks import LOOKS

SEEDS = (1, 2)
ENOUGH = 0.85
FOUR = "editorial.business"


def measure() -> list[Row]:
    """Make a picture of every place of every look with each seed, and four of one look as a click does."""
    photos = [studio.Photo(path, path.name) for path in SAMPLES if path.name < "09"]
    studio.prepare(photos, lambda share, stage: None)
    make(photos, FOUR, "", 0)  # networks and tables are loaded
    four = seconds(lambda: [make(photos, FOUR, "", seed) for seed in range(4)])
    times: dict[tuple[str, str], float] = {}
    scores: dict[tuple[str, str, int], float] = {}
    for look in LOOKS.values():
        for place in look.places:
            for seed in SEEDS:
                made: list[studio.Made] = []
                took = seconds(lambda where=(look.key, place.key, seed), to=made: to.append(make(photos, *where)))
                times[look.key, place.key] = max(took, times.get((look.key, place.key), 0.0))
                scores[look.key, place.key, seed] = studio.likeness(made[0].data, photos) or 0.0
    slowest, worst = max(times, key=times.get), min(scores, key=scores.get)
    share = sum(score >= ENOUGH for score in scores.values()) / len(scores)
    return [
        Row("Content picture, 1024x1280, warm: middle of all places", median(times.values()), target="<= 2 s"),
        Row(f"Content picture, slowest place ({slowest[1]})", times[slowest], target="<= 2 s"),
        Row("Four content pictures", four, target="<= 6 s"),
        Row(f"Content pictures of {ENOUGH} likeness or more, of {len(scores)}", 100 * share, "%", ">= 95 %"),
        Row(f"Likeness, lowest of them ({worst[1]} of {worst[0]})", scores[worst], "", ">= 0.85"),
    ]


def make(photos: list[studio.Photo], look: str, place: str, seed: int) -> studio.Made:
    """One content picture of the size that a feed shows."""
    width, height = PORTRAIT
    return studio.picture(
        photos, look=look, place=place, seed=seed, width=width, height=height, on_stage=lambda fraction, stage: None
    )
