"""Light, clarity and angle: measured on the sample person, made worse step by step."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from gpu_worker.identity.advice import advise, find_problem, praise
from gpu_worker.identity.faces import Face, find_faces
from gpu_worker.identity.quality import (
    Measures,
    Scores,
    estimate_angles,
    measure_detail,
    measure_face,
    score_measures,
)
from gpu_worker.pictures import fit_within, linear_to_srgb, read_picture, srgb_to_linear

PHOTOS = Path(__file__).resolve().parents[2] / "demo" / "photos"
EVEN = Measures(
    middle=0.6, highlight=0.8, contrast=0.4, clipped=0.0, imbalance=0.05, behind=0.5, width=300.0, detail=220.0,
    yaw=0.0, pitch=0.0, roll=0.0, cut_off=0.0,
)  # fmt: skip


def vary(**changes: float) -> Measures:
    return Measures(**(EVEN.__dict__ | changes))


@pytest.fixture(scope="module")
def front() -> np.ndarray:
    return read_picture(PHOTOS / "01_front.jpg")


@pytest.fixture(scope="module")
def face(front) -> Face:
    return find_faces(front)[0]


def expose(rgb: np.ndarray, factor: float) -> np.ndarray:
    return linear_to_srgb(srgb_to_linear(rgb) * np.float32(factor))


def lighting(rgb: np.ndarray, face: Face) -> float:
    return score_measures(measure_face(rgb, face)).lighting


def test_lighting_falls_with_every_stop_of_darkness(front, face):
    scores = [lighting(expose(front, factor), face) for factor in (1.0, 0.35, 0.2, 0.05)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0.9
    assert scores[-1] < 0.05


def test_lighting_falls_with_overexposure(front, face):
    assert lighting(expose(front, 3.0), face) < 0.1 < lighting(expose(front, 1.5), face)


def test_lighting_falls_when_one_side_is_in_shadow(front, face):
    middle = round(face.box[0] + face.box[2] / 2)
    half_dark = front.copy()
    half_dark[:, middle:] = expose(front[:, middle:], 0.08)
    measures = measure_face(half_dark, face)
    assert measures.imbalance > 0.35
    assert score_measures(measures).lighting < 0.8
    assert "One side is in shadow: turn a little towards the light." in advise(measures)


def test_well_lit_dark_skin_is_not_called_dark():
    # Mean tone of deep skin in good light: dark in the middle, with clear highlights.
    assert find_problem(vary(middle=0.24, highlight=0.48)) is None
    assert find_problem(vary(middle=0.24, highlight=0.33)) == "too_dark"


@pytest.mark.parametrize("sigma", [1, 2, 3, 4, 6, 10])
def test_clarity_sees_blur(front, face, sigma):
    sharp, blurred = measure_face(front, face), measure_face(cv2.GaussianBlur(front, (0, 0), sigma), face)
    assert blurred.detail < sharp.detail - 10
    assert (find_problem(blurred) == "blurred") == (sigma >= 4)


def test_clarity_sees_that_a_photo_was_enlarged(front, face):
    tiny = cv2.resize(front, None, fx=0.12, fy=0.12, interpolation=cv2.INTER_AREA)
    enlarged = cv2.resize(tiny, front.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    detail = measure_face(enlarged, face).detail
    assert detail < 90
    assert detail > 0.12 * face.width


def test_clarity_is_not_fooled_by_noise(front, face):
    noise = np.random.default_rng(4).normal(0, 15, front.shape)
    noisy = np.clip(cv2.GaussianBlur(front, (0, 0), 8) + noise, 0, 255).astype(np.uint8)
    assert find_problem(measure_face(noisy, face)) == "blurred"
    assert measure_face(np.clip(front + noise, 0, 255).astype(np.uint8), face).detail > 100


def test_detail_is_never_more_than_the_pixels_there_are():
    sharp = np.random.default_rng(5).choice(np.uint8([0, 255]), (60, 50))
    assert measure_detail(cv2.resize(sharp, (50, 60)), 50.0) <= 50


def turn(yaw: float, pitch: float, roll: float) -> np.ndarray:
    """Landmarks of an average face in space, turned by degrees and seen from afar."""
    space = np.float64([[-0.5, 0, 0], [0.5, 0, 0], [0, 0.57, 0.55], [-0.42, 1, 0.1], [0.42, 1, 0.1]])
    y, p, r = np.radians([yaw, pitch, roll])
    about_y = np.float64([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_x = np.float64([[1, 0, 0], [0, np.cos(p), np.sin(p)], [0, -np.sin(p), np.cos(p)]])
    about_z = np.float64([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return (space @ (about_z @ about_y @ about_x).T)[:, :2].astype(np.float32) * 100 + 300


@pytest.mark.parametrize(
    ("yaw", "pitch", "roll"), [(0, 0, 0), (25, 0, 0), (-40, 0, 0), (0, 20, 0), (0, -20, 0), (0, 0, 30)]
)
def test_angles_of_a_turned_head_are_found(yaw, pitch, roll):
    assert estimate_angles(turn(yaw, pitch, roll)) == pytest.approx((yaw, pitch, roll), abs=10)


def test_angle_of_a_profile_is_refused():
    yaw, pitch, _ = estimate_angles(turn(65, 0, 0))
    assert find_problem(vary(yaw=yaw, pitch=pitch)) == "turned_away"


def test_angle_score_falls_where_the_face_is_cut_off(front, face):
    cut = measure_face(np.ascontiguousarray(front[:, round(face.box[0] + 0.25 * face.width) :]), shift(face))
    assert cut.cut_off == pytest.approx(0.25, abs=0.02)
    assert score_measures(cut).angle < 0.6
    assert "Your face is cut off: move it into the middle of the picture." in advise(cut)


def shift(face: Face) -> Face:
    dx = round(face.box[0] + 0.25 * face.width)
    return Face((face.box[0] - dx, *face.box[1:]), face.landmarks - (dx, 0), face.score)


def test_scores_of_a_perfect_and_of_a_hopeless_photo():
    assert score_measures(EVEN) == Scores(1.0, 1.0, 1.0, 1.0)
    hopeless = score_measures(vary(highlight=0.1, middle=0.05, detail=10, yaw=80, pitch=60))
    assert hopeless == Scores(0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"middle": 0.3, "behind": 0.9}, "The light is behind you"),
        ({"highlight": 0.5, "middle": 0.4}, "Add light"),
        ({"clipped": 0.3}, "Soften the light"),
        ({"contrast": 0.08}, "wipe the lens"),
        ({"detail": 80.0}, "Hold the phone still"),
        ({"detail": 80.0, "width": 85.0}, "Come closer"),
        ({"yaw": -40.0}, "towards the camera"),
        ({"pitch": 30.0}, "Lift your chin"),
        ({"pitch": -30.0}, "Lower your chin"),
        ({"roll": 40.0}, "Hold the phone upright"),
    ],
)
def test_advice_names_what_is_wrong(changes, hint):
    assert [hint in words for words in advise(vary(**changes))] == [True]


def test_advice_is_silent_about_a_good_photo():
    assert advise(EVEN) == ()
    assert praise(score_measures(EVEN)) == "A very good photo."


def test_small_picture_of_a_face_is_measured(front):
    small = fit_within(front, 500)
    measures = measure_face(small, find_faces(small)[0])
    assert 60 < measures.detail <= measures.width
