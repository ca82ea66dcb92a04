"""The cut-out: a matte solved on drawn pictures whose truth is known, and the sample portraits."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from gpu_worker.compositor.errors import PortraitRefused
from gpu_worker.compositor.mask import Outline
from gpu_worker.compositor.matte import own_colours, solve_alpha
from gpu_worker.compositor.subject import Subject, prepare_subject
from gpu_worker.pictures import linear_to_srgb, read_picture, srgb_to_linear

PHOTOS = Path(__file__).resolve().parents[2] / "demo" / "photos"
FACE = (200.0, 170.0, 100.0, 140.0)
SKIN, WALL = np.float32([0.5, 0.16, 0.06]), np.float32([0.1, 0.3, 0.6])


@pytest.fixture(scope="module")
def drawn() -> tuple[np.ndarray, np.ndarray]:
    """(alpha, linear picture) of a soft orange disc with three thin hairs before a blue wall."""
    alpha = np.zeros((480, 500), np.float32)
    cv2.circle(alpha, (250, 240), 120, 1.0, -1, cv2.LINE_AA)
    for x in (190, 250, 310):
        cv2.line(alpha, (x, 160), (x + 4, 114), 1.0, 2, cv2.LINE_AA)
    alpha = cv2.GaussianBlur(alpha, (0, 0), 1.2)
    texture = 1 + 0.15 * np.random.default_rng(3).standard_normal((480, 500, 1)).astype(np.float32)
    return alpha, alpha[..., None] * SKIN * cv2.blur(texture, (5, 5))[..., None] + (1 - alpha[..., None]) * WALL


@pytest.fixture(scope="module")
def solved(drawn: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """(alpha, own colours) found from a crude guess that knows nothing of the hairs and is 4 pixels off."""
    _, linear = drawn
    person = np.zeros(linear.shape[:2], np.float32)
    cv2.circle(person, (254, 240), 119, 1.0, -1)
    person = cv2.GaussianBlur(person, (0, 0), 4)
    rgb = linear_to_srgb(linear)
    outline = Outline(person, person > 0.5, np.zeros_like(person))
    alpha = solve_alpha(rgb, srgb_to_linear(rgb), outline, FACE)
    return alpha, own_colours(srgb_to_linear(rgb), alpha, FACE)


@pytest.fixture(scope="module")
def front() -> Subject:
    return prepare_subject(read_picture(PHOTOS / "01_front.jpg"))


def test_alpha_of_a_drawn_disc_is_nearer_the_truth_than_the_guess(drawn, solved) -> None:
    truth, found = drawn[0], solved[0]
    assert found.min() >= 0
    assert found.max() <= 1
    assert np.abs(found - truth).mean() < 0.01
    assert found[240, 250] == 1
    assert found[5, 5] == 0


def test_thin_hair_outside_the_guess_is_found(drawn, solved) -> None:
    hair = (drawn[0] > 0.4) & (np.arange(480)[:, None] < 119) & (np.abs(np.arange(500) - 253) < 5)
    assert hair.sum() > 5
    assert solved[0][hair].mean() > 0.15


def test_own_colours_keep_nothing_of_the_old_wall(drawn, solved) -> None:
    alpha, own = solved
    edge = (alpha > 0.1) & (alpha < 0.9)
    assert edge.sum() > 200
    # Mixed pixels of the photo are up to half as blue as the wall; the own colour is orange.
    assert own[edge][:, 2].mean() < 0.12
    assert drawn[1][edge][:, 2].mean() > 0.2


def test_flat_picture_does_not_upset_the_solver() -> None:
    flat = np.full((300, 300, 3), 120, np.uint8)
    person = np.zeros((300, 300), np.float32)
    person[60:, 80:220] = 1
    outline = Outline(cv2.GaussianBlur(person, (0, 0), 5), person > 0.5, np.zeros_like(person))
    alpha = solve_alpha(flat, srgb_to_linear(flat), outline, (100.0, 80.0, 90.0, 120.0))
    assert np.isfinite(alpha).all()
    assert np.abs(alpha - person).mean() < 0.05


def test_sample_portrait_is_one_opaque_body_without_its_background(front: Subject) -> None:
    x, y, w, h = (round(value) for value in front.face)
    assert front.alpha[y : y + h - h // 8, x + w // 4 : x + w - w // 4].min() > 250
    assert front.alpha[:200, :200].max() == 0
    assert front.alpha[:500, -300:].max() == 0
    sizes = cv2.connectedComponentsWithStats((front.alpha > 127).astype(np.uint8))[2][1:, cv2.CC_STAT_AREA]
    assert sizes.max() / sizes.sum() > 0.995


def test_subject_is_frozen_and_small(front: Subject) -> None:
    arrays = [value for value in vars(front).values() if isinstance(value, np.ndarray)]
    assert sum(array.nbytes for array in arrays) < 30_000_000
    with pytest.raises(AttributeError):
        front.roll = 0.0


def test_large_photo_is_reduced_to_what_a_portrait_needs() -> None:
    photo = cv2.resize(read_picture(PHOTOS / "07_three_quarter_crop.jpg"), (2400, 3000))
    subject = prepare_subject(photo)
    assert max(subject.alpha.shape) <= 1600
    assert subject.face[3] <= 520


def test_photos_that_cannot_be_cut_out_are_refused() -> None:
    photo = read_picture(PHOTOS / "01_front.jpg")
    with pytest.raises(PortraitRefused, match="No face"):
        prepare_subject(np.full((600, 600, 3), 128, np.uint8))
    with pytest.raises(PortraitRefused, match="too small"):
        prepare_subject(cv2.resize(photo, (400, 400), interpolation=cv2.INTER_AREA))
    with pytest.raises(PortraitRefused, match="Several people"):
        prepare_subject(np.hstack([photo, photo]))
