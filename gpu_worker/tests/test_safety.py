"""Age and nudity estimates: plausible on photos of an adult, on drawn bodies, and without any face."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from gpu_worker.identity.faces import find_faces
from gpu_worker.pictures import read_picture
from gpu_worker.safety import estimate_age, estimate_nudity, youngest_face

PHOTOS = sorted((Path(__file__).resolve().parents[2] / "demo" / "photos").glob("*.jpg"))


def draw_body(ground: tuple, skin: tuple) -> np.ndarray:
    """A bare upper body of shaded ellipses: crude, but enough for the network; RGB uint8 640 x 512."""
    rows, columns = np.mgrid[:640, :512].astype(np.float32)
    picture = np.full((640, 512, 3), ground, np.float32)
    nipple = (170, 100, 90)
    parts = [(256, 360, 150, 330, skin), (90, 380, 60, 260, skin), (422, 380, 60, 260, skin)]
    parts += [
        (185, 300, 75, 80, skin),
        (327, 300, 75, 80, skin),
        (190, 318, 16, 15, nipple),
        (322, 318, 16, 15, nipple),
    ]
    for x, y, wide, high, colour in parts:
        across, down = (columns - x) / wide, (rows - y) / high
        inside = np.clip((1 - across**2 - down**2) / 0.15, 0, 1)[..., None]
        shade = (1 - 0.35 * np.clip((across + 0.3) ** 2 + (down + 0.2) ** 2, 0, 1))[..., None]
        picture = picture * (1 - inside) + np.float32(colour) * shade * inside
    return cv2.GaussianBlur(np.clip(picture, 0, 255).astype(np.uint8), (0, 0), 1.5)


@pytest.mark.parametrize("path", PHOTOS, ids=lambda path: path.stem)
def test_an_adult_looks_like_one_in_every_light(path):
    rgb = read_picture(path, 1600)
    assert 22 < youngest_face(rgb) < 60
    assert estimate_nudity(rgb) < 0.2


def test_the_estimate_does_not_depend_on_size_or_turn():
    rgb = read_picture(PHOTOS[1], 1600)
    ages = [estimate_age(rgb, find_faces(rgb)[0])]
    for picture in (cv2.resize(rgb, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), rgb[:, ::-1].copy()):
        ages.append(estimate_age(picture, find_faces(picture)[0]))
    matrix = cv2.getRotationMatrix2D((rgb.shape[1] / 2, rgb.shape[0] / 2), 20, 1)
    turned = cv2.warpAffine(rgb, matrix, rgb.shape[1::-1])
    ages.append(estimate_age(turned, find_faces(turned)[0]))
    assert max(ages) - min(ages) < 6


@pytest.mark.parametrize(
    ("ground", "skin"),
    [((210, 200, 190), (225, 180, 150)), ((120, 60, 60), (200, 150, 120)), ((180, 40, 50), (150, 100, 75))],
)
def test_bare_bodies_of_every_skin_are_seen(ground, skin):
    assert estimate_nudity(draw_body(ground, skin)) > 0.8


def test_no_face_has_no_age_and_an_empty_picture_is_harmless():
    grey = np.full((480, 640, 3), 128, np.uint8)
    assert youngest_face(grey) is None
    assert estimate_nudity(grey) < 0.5
