"""The worker's own speed and the likeness of what it makes, without queue and browser."""

import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

from benchmarks.pictures import PORTRAIT, SAMPLES, handle_plainly, seconds, write_large_photos
from benchmarks.table import Row
from gpu_worker import studio
from inflio.media.intake import clean_upload
from personas.scenarios import SCENARIOS

SEED = 1


def measure() -> list[Row]:
    """Take in and analyse ten 12-megapixel photos, then make five portraits of them and of each single sample."""
    with tempfile.TemporaryDirectory() as folder:
        large = write_large_photos(Path(folder) / "large")
        plain = seconds(lambda: handle_plainly(large))
        stored: list[studio.Photo] = []
        taken_in = seconds(lambda: stored.extend(take_in(large, Path(folder))))
        reports: list[studio.Report] = []
        analysed = seconds(lambda: reports.append(studio.analyse(stored, on_photo=lambda index, facts: None)))
        references = reference_photos(stored, reports[0])
        times = [seconds(lambda key=scenario.key: make(references, key)) for scenario in SCENARIOS]
        plain_portraits = seconds(lambda: handle_plainly([photo.path for photo in references[:5]], PORTRAIT))
        return [
            Row("Take in ten 12-megapixel photos", taken_in, unavoidable=plain),
            Row("Analyse them, models loaded meanwhile", analysed, target="<= 5 s with taking in", unavoidable=plain),
            Row("First portrait, 1024x1280", times[0], target="<= 3 s", unavoidable=plain_portraits / 5),
            Row("Five portraits, 1024x1280", sum(times), target="<= 10 s", unavoidable=plain_portraits),
            flagged_row(stored, reports[0]),
            *likeness_rows(),
        ]


def take_in(paths: Sequence[Path], folder: Path) -> list[studio.Photo]:
    """What an upload does with each photo."""
    photos = []
    for path in paths:
        with path.open("rb") as stream:
            data = clean_upload(Upload(stream, path.stat().st_size)).data
        stored = folder / path.name
        stored.write_bytes(data)
        photos.append(studio.Photo(stored, hashlib.sha256(data).hexdigest()))
    return photos


class Upload:
    """A file with a size, as Django hands it to a view."""

    def __init__(self, stream, size: int) -> None:
        self.size = size
        self.read, self.seek = stream.read, stream.seek


def reference_photos(photos: Sequence[studio.Photo], report: studio.Report) -> list[studio.Photo]:
    """The photos chosen as references, best first."""
    ranked = [(facts["rank"], photo) for facts, photo in zip(report.photos, photos, strict=True) if facts["rank"]]
    return [photo for _, photo in sorted(ranked, key=lambda pair: pair[0])]


def make(references: Sequence[studio.Photo], scenario: str) -> studio.Made:
    """One portrait of the size that Inflio makes."""
    width, height = PORTRAIT
    return studio.portrait(
        references,
        scenario=scenario,
        seed=SEED,
        width=width,
        height=height,
        on_stage=lambda fraction, stage: None,
    )


def flagged_row(photos: Sequence[studio.Photo], report: studio.Report) -> Row:
    """Which of the ten are refused: it should be the dark one and the blurred one."""
    flagged = [photo.path.stem for photo, facts in zip(photos, report.photos, strict=True) if facts["problem"]]
    return Row("Photos flagged", ", ".join(flagged) or "none", unit="", target="09_dark, 10_blurred")


def likeness_rows() -> list[Row]:
    """Likeness of all five portraits made from each good sample alone, measured against all good samples."""
    good = [studio.Photo(path, path.name) for path in SAMPLES if path.name < "09"]
    scores = {
        (photo.key, scenario.key): studio.likeness(make([photo], scenario.key).data, good) or 0.0
        for photo in good
        for scenario in SCENARIOS
    }
    worst = min(scores, key=scores.get)
    return [
        Row(f"Likeness, lowest of {len(scores)} ({worst[1]} of {worst[0]})", scores[worst], "", ">= 0.85"),
        Row(f"Likeness, mean of {len(scores)}", mean(scores.values()), ""),
    ]
