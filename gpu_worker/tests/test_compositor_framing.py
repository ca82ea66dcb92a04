"""Framing: wherever a photo cut the person off, no portrait shows it."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from gpu_worker.compositor.framing import Placement, place
from gpu_worker.compositor.scenarios import BY_KEY, SCENARIOS
from gpu_worker.compositor.subject import Subject, prepare_subject
from gpu_worker.pictures import read_picture

PHOTO = Path(__file__).resolve().parents[2] / "demo" / "photos" / "01_front.jpg"
SIZES = ((1024, 1280), (1080, 1080), (900, 1600))


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    return read_picture(PHOTO)


@pytest.fixture(scope="module")
def whole(photo: np.ndarray) -> Subject:
    return prepare_subject(photo)


@pytest.fixture(scope="module", params=["left", "right", "both", "bottom"])
def cropped(request: pytest.FixtureRequest, photo: np.ndarray) -> Subject:
    """The sample with a shoulder, both or the chest cut off by the photo's border."""
    columns, rows = {
        "left": (slice(330, None), slice(None)),
        "right": (slice(None, 800), slice(None)),
        "both": (slice(300, 860), slice(0, 900)),
        "bottom": (slice(None), slice(0, 660)),
    }[request.param]
    return prepare_subject(photo[rows, columns])


def visible_border(subject: Subject, placement: Placement, width: int, height: int) -> float:
    """The strongest trace of the person inside the frame on the border of the photo."""
    rim = np.zeros(subject.alpha.shape, np.float32)
    rim[:2], rim[-2:], rim[:, :2], rim[:, -2:] = 1, 1, 1, 1
    rim *= subject.alpha / np.float32(255)
    return float(cv2.warpAffine(rim, placement.matrix, (width, height), flags=cv2.INTER_LINEAR).max())


@pytest.mark.parametrize("scenario", [scenario.key for scenario in SCENARIOS])
def test_no_cut_edge_inside_the_frame_for_cropped_photos(cropped: Subject, scenario: str) -> None:
    for seed in range(6):
        placement = place(cropped, BY_KEY[scenario].framing, 1024, 1280, np.random.default_rng(seed))
        assert placement is not None
        assert visible_border(cropped, placement, 1024, 1280) < 0.02


@pytest.mark.parametrize("scenario", [scenario.key for scenario in SCENARIOS])
def test_subject_reaches_the_lower_edge_of_every_format(whole: Subject, scenario: str) -> None:
    for width, height in SIZES:
        placement = place(whole, BY_KEY[scenario].framing, width, height)
        assert placement is not None
        alpha = cv2.warpAffine(whole.alpha, placement.matrix, (width, height))
        assert (alpha[-1] > 250).mean() > 0.3
        assert visible_border(whole, placement, width, height) < 0.02


def test_wishes_are_met_where_the_photo_allows_them(whole: Subject) -> None:
    wish = BY_KEY["professional_headshot"].framing
    placement = place(whole, wish, 1024, 1280)
    assert wish.face_height[0] <= placement.face_height <= wish.face_height[2]
    assert abs(placement.eyes_x - wish.eyes_x) < 0.05
    assert 0.02 < placement.headroom < 0.18
    eyes = placement.matrix[:, :2] @ whole.eyes + placement.matrix[:, 2]
    assert eyes == pytest.approx([placement.eyes_x * 1024, placement.eyes_y * 1280], abs=0.5)


def test_leaning_head_is_straightened_for_a_headshot(photo: np.ndarray) -> None:
    turned = cv2.warpAffine(photo, cv2.getRotationMatrix2D((590, 300), 10, 1), (1280, 1280), borderMode=1)
    subject = prepare_subject(turned)
    placement = place(subject, BY_KEY["professional_headshot"].framing, 1024, 1280)
    assert abs(subject.roll) > 0.08
    assert abs(subject.roll + placement.turn) < 0.06


def test_torso_that_ends_in_mid_air_stays_outside(photo: np.ndarray, whole: Subject) -> None:
    end = np.column_stack([np.arange(300, 900, 4), np.full(150, 800)]).astype(np.float32)
    hidden = replace(whole, cuts=np.vstack([whole.cuts, end]))
    placement = place(hidden, BY_KEY["environmental_portrait"].framing, 1024, 1280)
    lower = placement.matrix[1, :2] @ end.T + placement.matrix[1, 2]
    sideways = placement.matrix[0, :2] @ end.T + placement.matrix[0, 2]
    assert not ((lower < 1280) & (sideways > 0) & (sideways < 1024)).any()


def test_face_alone_has_no_placement(photo: np.ndarray) -> None:
    face_only = prepare_subject(photo[150:450, 430:690])
    assert all(place(face_only, scenario.framing, 1024, 1280) is None for scenario in SCENARIOS)
