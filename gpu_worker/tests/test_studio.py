"""What the engine calls: the whole way from photos to a portrait with its measured likeness."""

from pathlib import Path

import numpy as np
import pytest

from gpu_worker import studio
from gpu_worker.pictures import read_picture

PHOTOS = Path(__file__).parents[2] / "demo" / "photos"


@pytest.fixture(scope="module")
def photos() -> list[studio.Photo]:
    return [studio.Photo(path, path.name) for path in sorted(PHOTOS.glob("0[1-6]*.jpg"))]


def make(photos, remake=0, seed=4) -> studio.Made:
    stages = []
    made = studio.portrait(
        photos,
        scenario="casual_friendly",
        seed=seed,
        width=512,
        height=640,
        remake=remake,
        on_stage=lambda fraction, words: stages.append(fraction),
    )
    assert stages == sorted(stages)
    return made


def test_analyse_reports_each_photo_and_ranks_the_references(photos):
    seen = {}
    report = studio.analyse(photos, on_photo=lambda index, facts: seen.update({index: facts}))
    assert sorted(seen) == list(range(6))
    assert sorted(facts["rank"] for facts in report.photos) == [1, 2, 3, 4, 5, 6]
    assert report.usable == 6
    assert all(vector.shape == (128,) and vector.dtype == np.float32 for vector in report.embeddings)


def test_prepare_keeps_what_the_portraits_need(photos):
    shares = []
    studio.prepare(photos[:2], lambda share, stage: shares.append(share))
    assert shares == [0, 0.5]
    assert {photos[0].key, photos[1].key} <= set(studio._subjects.items)


def test_portrait_is_like_the_person_and_says_how_it_was_made(photos):
    made = make(photos)
    assert read_picture(made.data).shape == (640, 512, 3)
    assert made.facts["method"] == "composite"
    assert studio.likeness(made.data, photos) >= 0.85


def test_portrait_of_the_same_seed_is_the_same_file(photos):
    assert make(photos).data == make(photos).data


def test_portrait_made_again_comes_from_another_photo(photos):
    used = {make(photos, remake=remake).facts["photo"] for remake in range(4)}
    assert len(used) > 1


def test_portrait_made_again_still_works_with_one_photo(photos):
    assert make(photos[:1], remake=3).width == 512


def test_likeness_without_any_usable_reference_is_unknown(photos):
    dark = [studio.Photo(PHOTOS / "09_dark.jpg", "dark")]
    assert studio.likeness(make(photos).data, dark) is None


def test_kept_results_are_forgotten_when_unused():
    kept = studio._Kept(lambda photo: photo.key, limit=2, seconds=0.05)
    kept.get(studio.Photo(Path("a"), "a"))
    kept.timer.join(5)
    assert not kept.items


def test_kept_results_are_bounded():
    kept = studio._Kept(lambda photo: photo.key, limit=2)
    for key in "abc":
        assert kept.get(studio.Photo(Path(key), key)) == key
    assert list(kept.items) == ["b", "c"]
