"""Whole portraits: the same person, the same bytes for the same seed, a clear refusal where none is possible."""

from pathlib import Path

import numpy as np
import pytest

from gpu_worker.compositor.errors import PortraitRefused
from gpu_worker.compositor.portrait import agree_on_look, rank_photos, render_portrait
from gpu_worker.compositor.scenarios import BY_KEY, SCENARIOS
from gpu_worker.compositor.subject import Subject, prepare_subject
from gpu_worker.identity import embed_face, find_faces, score_identity
from gpu_worker.pictures import read_picture

PHOTOS = sorted((Path(__file__).resolve().parents[2] / "demo" / "photos").glob("0[1-8]*.jpg"))
KEYS = [scenario.key for scenario in SCENARIOS]
LIKENESS = 0.85


@pytest.fixture(scope="module")
def subjects() -> list[Subject]:
    return [prepare_subject(read_picture(path)) for path in PHOTOS]


@pytest.fixture(scope="module")
def references() -> list[np.ndarray]:
    pictures = [read_picture(path) for path in PHOTOS]
    return [embed_face(picture, find_faces(picture)[0]) for picture in pictures]


@pytest.mark.parametrize("scenario", KEYS)
def test_portrait_is_the_same_person_in_every_scenario(subjects, references, scenario: str) -> None:
    portrait = render_portrait(subjects, scenario, 1)
    assert portrait.rgb.shape == (1280, 1024, 3)
    assert portrait.rgb.dtype == np.uint8
    assert score_identity(portrait.rgb, references) >= LIKENESS
    assert len(find_faces(portrait.rgb)) == 1


@pytest.mark.parametrize("scenario", KEYS)
def test_seed_decides_every_byte(subjects, scenario: str) -> None:
    first = render_portrait(subjects, scenario, 5, 256, 320)
    again = render_portrait(subjects, scenario, 5, 256, 320)
    other = render_portrait(subjects, scenario, 6, 256, 320)
    assert np.array_equal(first.rgb, again.rgb)
    assert first.photo_index == again.photo_index
    assert np.abs(first.rgb.astype(int) - other.rgb).mean() > 4


@pytest.mark.parametrize("photo", range(8))
def test_every_sample_photo_alone_makes_a_close_portrait(subjects, references, photo: int) -> None:
    portrait = render_portrait([subjects[photo]], "professional_headshot", 2, 512, 640)
    assert score_identity(portrait.rgb, references) >= LIKENESS


def test_five_portraits_do_not_share_one_photo(subjects) -> None:
    assert len({render_portrait(subjects, key, 3, 160, 200).photo_index for key in KEYS}) >= 3


def test_skipped_photos_are_never_used(subjects) -> None:
    used = render_portrait(subjects, KEYS[0], 1, 160, 200).photo_index
    assert render_portrait(subjects, KEYS[0], 1, 160, 200, skip_photos={used}).photo_index != used
    with pytest.raises(PortraitRefused):
        render_portrait(subjects, KEYS[0], 1, 160, 200, skip_photos=range(8))


def test_cut_hair_and_wrong_exposure_rank_last_for_a_headshot(subjects) -> None:
    order = [index for _, index in rank_photos(subjects, BY_KEY["professional_headshot"])]
    assert set(order[-2:]) == {1, 2}
    assert sorted(order) == list(range(8))


def test_photos_agree_on_a_skin_colour_that_one_warm_photo_does_not_move(subjects) -> None:
    cool = agree_on_look([subjects[index] for index in (0, 1, 6)])
    mixed = agree_on_look([subjects[index] for index in (0, 1, 6, 3)])
    assert np.abs(mixed.skin / cool.skin - 1).max() < 0.1


def test_portrait_without_a_usable_photo_is_refused(subjects) -> None:
    with pytest.raises(PortraitRefused, match="larger one of head and shoulders"):
        render_portrait([], KEYS[0], 1)
    face_only = prepare_subject(read_picture(PHOTOS[0])[150:450, 430:690])
    with pytest.raises(PortraitRefused):
        render_portrait([face_only], KEYS[0], 1)
    with pytest.raises(KeyError):
        render_portrait(subjects, "no_such_scenario", 1)
