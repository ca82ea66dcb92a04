"""Photos judged one by one and together: the sample set, and everything that can be wrong with a set."""

import threading
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from gpu_worker.identity import PhotoAnalysis, analyse_files, analyse_photo, analyse_set
from gpu_worker.identity.advice import MESSAGES
from gpu_worker.identity.quality import Scores
from gpu_worker.identity.sets import choose_references, find_strangers, measure_consistency
from gpu_worker.pictures import encode_jpeg, encode_png, fit_within, read_picture

PHOTOS = sorted((Path(__file__).resolve().parents[2] / "demo" / "photos").glob("*.jpg"))


@pytest.fixture(scope="module")
def sample() -> list[PhotoAnalysis]:
    return analyse_files(PHOTOS)


@pytest.fixture(scope="module")
def front() -> np.ndarray:
    return read_picture(PHOTOS[0])


def person(seed: int, spread: float = 0.35, of: int = 0) -> np.ndarray:
    """An embedding of somebody (`of`) on some day (`seed`): two of one person have a cosine near 1 - spread²."""
    base = np.random.default_rng(1000 + of).normal(size=128)
    day = np.random.default_rng(seed).normal(size=128)
    vector = base / np.linalg.norm(base) + spread * day / np.linalg.norm(day)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def vary(photo: PhotoAnalysis, seed: int, *, of: int = 0, overall: float = 0.9, yaw: float = 0.0) -> PhotoAnalysis:
    """A usable photo of another day: own embedding, picture and quality."""
    return replace(
        photo,
        embedding=person(seed, of=of),
        fingerprint=np.random.default_rng(seed).integers(0, 255, (16, 16), np.uint8),
        scores=Scores(overall, overall, overall, overall),
        measures=replace(photo.measures, yaw=yaw),
    )


def test_good_sample_photos_are_accepted_with_sensible_scores(sample):
    for photo in sample[:8]:
        assert photo.problem is None
        assert photo.face_count == 1
        assert photo.message == "A very good photo."
        assert min(photo.scores.lighting, photo.scores.clarity, photo.scores.angle) > 0.7
        assert photo.embedding.shape == (128,)


def test_dark_and_blurred_sample_photos_are_rejected_for_their_own_reason(sample):
    dark, blurred = sample[8:]
    assert (dark.problem, dark.message) == ("too_dark", MESSAGES["too_dark"])
    assert (blurred.problem, blurred.message) == ("blurred", MESSAGES["blurred"])
    assert dark.scores.lighting < 0.2 < dark.scores.clarity
    assert blurred.scores.clarity < 0.2 < blurred.scores.lighting
    assert dark.embedding is None
    assert blurred.embedding is None


def test_sample_set_finds_one_consistent_person(sample):
    together = analyse_set(sample)
    assert [photo.problem for photo in together.photos] == [None] * 8 + ["too_dark", "blurred"]
    assert len(set(together.references)) == 6
    assert set(together.references) <= set(range(8))
    assert together.consistency > 0.9
    assert together.grade == "good"
    assert together.reasons[0] == "8 of 10 photos can be used."
    assert "Add photos from other angles, in other light or on other days." in together.advice
    assert [vector.shape for vector in together.embeddings] == [(128,)] * 6


def test_photo_without_a_face():
    plain = analyse_photo(np.full((400, 300, 3), 140, np.uint8))
    assert (plain.problem, plain.face_count, plain.face) == ("no_face", 0, None)


def test_black_photo_is_called_dark_rather_than_empty():
    assert analyse_photo(np.full((400, 300, 3), 6, np.uint8)).problem == "too_dark"


def test_two_people_side_by_side_are_several(front):
    pair = analyse_photo(np.hstack([front, front[:, ::-1]]))
    assert (pair.problem, pair.face_count, pair.embedding) == ("several_people", 2, None)


def test_small_passer_by_is_tolerated(front):
    crowd = front.copy()
    crowd[900:1220, 20:340] = fit_within(front, 320)
    seen = analyse_photo(crowd)
    assert (seen.problem, seen.face_count) == (None, 1)


def test_face_too_small(front):
    far = np.full((1280, 1280, 3), 150, np.uint8)
    far[400:800, 400:800] = fit_within(front, 400)
    assert analyse_photo(far).problem == "face_too_small"


def test_overexposed_photo(front):
    white = np.clip(front.astype(np.float32) * 2.2, 0, 255).astype(np.uint8)
    assert analyse_photo(white).problem == "too_bright"


def test_analyse_files_reports_each_in_the_callers_thread_and_keeps_the_order(sample):
    calls = []
    analyses = analyse_files(PHOTOS[:4], on_photo=lambda i, photo: calls.append((i, photo, threading.get_ident())))
    assert sorted(index for index, _, _ in calls) == [0, 1, 2, 3]
    assert {thread for _, _, thread in calls} == {threading.get_ident()}
    for index, photo, _ in calls:
        assert analyses[index] is photo
        assert photo.scores == sample[index].scores


def test_analyse_files_stops_when_cancelled():
    finished = []
    analyses = analyse_files(PHOTOS, on_photo=lambda i, _: finished.append(i), is_cancelled=lambda: True)
    assert finished == [finished[0]]
    assert len(analyses) == 1


def test_analyse_files_stops_at_an_exception_of_the_callback():
    def give_up(index: int, photo: PhotoAnalysis) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        analyse_files(PHOTOS[:3], on_photo=give_up)


def test_analyse_files_gives_broken_files_their_own_sentence_and_keeps_the_others(tmp_path, front):
    empty, text, half = tmp_path / "a.jpg", tmp_path / "b.jpg", tmp_path / "c.jpg"
    empty.touch()
    text.write_text("not a photo")
    half.write_bytes(PHOTOS[0].read_bytes()[:40_000])
    analyses = analyse_files([empty, text, half, PHOTOS[0]])
    assert [photo.problem for photo in analyses] == ["empty", "unsupported", "damaged", None]
    assert len({photo.message for photo in analyses}) == 4
    assert analyse_set(analyses).references == (3,)


def test_analyse_files_of_a_twelve_megapixel_photo_agrees_with_the_small_one(tmp_path, front, sample):
    large = tmp_path / "large.jpg"
    large.write_bytes(encode_jpeg(cv2.resize(front, (3500, 3500), interpolation=cv2.INTER_CUBIC)))
    (seen,) = analyse_files([large])
    assert seen.problem is None
    assert float(seen.embedding @ sample[0].embedding) > 0.95


def test_same_photo_twice_is_a_duplicate_whatever_its_size_and_format(tmp_path, front):
    copies = {"small.jpg": encode_jpeg(fit_within(front, 700), 60), "copy.png": encode_png(front)}
    for name, content in copies.items():
        (tmp_path / name).write_bytes(content)
    together = analyse_set(analyse_files([PHOTOS[0], PHOTOS[1], *(tmp_path / name for name in copies)]))
    assert [photo.problem for photo in together.photos].count("duplicate") == 2
    assert together.photos[1].problem is None
    assert len(together.references) == 2


def test_set_with_one_stranger_names_that_photo(sample):
    photos = [vary(sample[0], seed) for seed in range(6)]
    photos[2] = vary(sample[0], 2, of=7)
    together = analyse_set(photos)
    assert [photo.problem for photo in together.photos] == [None, None, "another_person", None, None, None]
    assert together.photos[2].message == MESSAGES["another_person"]
    assert together.photos[2].embedding is None
    assert 2 not in together.references


def test_set_with_two_persons_keeps_the_one_with_more_photos(sample):
    photos = [vary(sample[0], seed, of=seed % 3 == 0) for seed in range(9)]
    assert find_strangers(photos) == {0, 3, 6}


def test_set_of_two_different_persons_keeps_the_better_photo(sample):
    photos = [vary(sample[0], 1, of=1, overall=0.6), vary(sample[0], 2, of=2, overall=0.9)]
    assert find_strangers(photos) == {0}


def test_varied_set_of_good_photos_is_excellent(sample):
    together = analyse_set([vary(sample[0], seed, yaw=6.0 * seed - 20) for seed in range(10)])
    assert together.grade == "excellent"
    assert together.advice == ()
    assert 0.8 < together.consistency < 0.96


def test_few_photos_need_improvement_and_say_how_many(sample):
    together = analyse_set([vary(sample[0], seed) for seed in range(4)])
    assert together.grade == "needs_improvement"
    assert together.advice[0] == "Add one more good photo: five are needed, ten are better."


def test_poor_photos_need_improvement(sample):
    together = analyse_set([vary(sample[0], seed, overall=0.4) for seed in range(8)])
    assert together.grade == "needs_improvement"
    assert "Replace the weakest photos by sharper, evenly lit ones." in together.advice


def test_set_without_a_usable_photo(sample):
    together = analyse_set(sample[8:])
    assert (together.references, together.consistency, together.grade) == ((), None, "needs_improvement")
    assert analyse_set([]).grade == "needs_improvement"


def test_references_are_the_best_and_then_the_most_different(sample):
    twins = [replace(vary(sample[0], 1), fingerprint=np.full((16, 16), tone, np.uint8)) for tone in (0, 90, 180)]
    other = vary(sample[0], 2, overall=0.8)
    poor = vary(sample[0], 3, overall=0.2)
    assert choose_references([*twins, other, poor], count=2) == [0, 3]
    assert choose_references([*twins, other, poor], count=6) == [0, 3, 1, 2, 4]
    assert choose_references([]) == []


def test_consistency_is_the_mean_over_pairs():
    x, y = np.eye(128, dtype=np.float32)[:2]
    assert measure_consistency([x]) is None
    assert measure_consistency([x, x]) == pytest.approx(1)
    assert measure_consistency([x, x, y]) == pytest.approx(1 / 3)
    assert measure_consistency([x, -x]) == 0
