"""How much of a person a photo shows, on real photos, on their crops, on masks and on a figure put together."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from gpu_worker import studio
from gpu_worker.compositor.mask import find_person
from gpu_worker.compositor.picture import render_picture
from gpu_worker.compositor.subject import prepare_subject
from gpu_worker.identity.body import EXTENTS, judge_extent, measure_body
from gpu_worker.identity.faces import find_faces
from gpu_worker.pictures import read_picture

PHOTOS = Path(__file__).parents[2] / "demo" / "photos"
BACK, SUIT, SHOE = (176, 180, 186), np.float32((205, 84, 48)), (38, 33, 30)


@pytest.fixture(scope="module")
def front():
    return read_picture(PHOTOS / "01_front.jpg", 1280)


@pytest.fixture(scope="module")
def figure(front):
    """The sample's upper body on legs drawn below it, before a plain wall: a stand-in for a photo from head to feet."""
    rgb = cv2.copyMakeBorder(front, 0, 0, 160, 160, cv2.BORDER_CONSTANT, value=BACK)
    x, y, wide, high = find_faces(rgb)[0].box
    chin, middle = y + high, x + wide / 2
    hip, feet = chin + 2.9 * high, chin + 8.4 * high
    height, width = round(feet + 0.6 * high), rgb.shape[1]
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    out = np.full((height, width, 3), BACK, np.float32)
    for side in (-1, 1):
        across = np.array((-0.02, 0.85, 0.92, 0.66, 0.6, 0.22, 0.16, 0.02)) * side * high + middle
        down = np.array(
            (hip - 260, hip - 260, hip + 0.3 * high, hip + 3 * high, feet - 60, feet - 60, hip + 3 * high, hip)
        )
        leg = cv2.fillPoly(np.zeros((height, width), np.uint8), [np.stack([across, down], 1).astype(np.int32)], 1)
        round_leg = np.clip(1.05 - 0.8 * ((columns - middle - side * 0.45 * high) / (0.5 * high)) ** 2, 0.25, 1.1)
        folds = 1 + 0.06 * np.sin(rows / 37 + side) + 0.04 * np.sin(rows / 11 + columns / 23)
        out = np.where(leg[..., None] > 0, SUIT * (round_leg * folds)[..., None], out).astype(np.float32)
        shoe = (round(middle + side * 0.45 * high), round(feet - 38))
        cv2.ellipse(out, shoe, (round(0.26 * high), 48), 0, 0, 360, SHOE, -1)
    body = cv2.GaussianBlur(find_person(rgb, (x, y, wide, high)).body.astype(np.float32), (0, 0), 2)
    body[round(chin + 2.0 * high) :, round(middle + 0.95 * high) :] = 0  # without the helmet on her knees
    upper = out[: len(rgb)]
    upper += body[..., None] * (rgb - upper)
    out += np.random.default_rng(1).normal(0, 3, out.shape)
    return np.clip(out, 0, 255).astype(np.uint8)


def extent(rgb: np.ndarray) -> str:
    return measure_body(rgb, find_faces(rgb)[0])


@pytest.mark.parametrize(("rows", "shown"), [(460, "face"), (560, "shoulders"), (800, "chest"), (1280, "waist")])
def test_a_photo_shows_what_its_lower_edge_leaves(front, rows, shown):
    assert extent(front[:rows]) == shown


@pytest.mark.parametrize(("rows", "shown"), [(1700, "waist"), (2300, "knees"), (None, "full")])
def test_a_whole_figure_is_told_from_one_cut_at_the_legs(figure, rows, shown):
    assert extent(figure[:rows]) == shown


def test_no_sample_is_taken_for_a_whole_figure():
    for path in sorted(PHOTOS.glob("0[1-8]*.jpg")):
        assert EXTENTS.index(extent(read_picture(path, 1280))) in (2, 3)


@pytest.mark.parametrize(
    ("last", "shown"),
    [(45, "face"), (70, "shoulders"), (100, "chest"), (160, "waist"), (280, "knees"), (340, "full"), (400, "knees")],
)
def test_a_mask_is_judged_by_face_heights_below_the_chin(last, shown):
    body = np.zeros((400, 200), bool)
    body[10:last, 70:130] = True  # the face is 40 high and its chin at row 50
    assert judge_extent(body, (85.0, 10.0, 30.0, 40.0)) == shown


def test_an_empty_mask_shows_only_the_face():
    assert judge_extent(np.zeros((100, 100), bool), (40.0, 10.0, 20.0, 25.0)) == "face"


def test_a_whole_figure_stands_in_the_frame_on_its_own_shadow(figure):
    subject = prepare_subject(figure, whole=True)
    rgb = render_picture([subject], "editorial.fashion", 3, 512, 640, content_type="full_body").rgb.astype(np.float32)
    suit = (rgb[..., 0] > 1.6 * rgb[..., 2]) & (rgb[..., 0] > 90)
    rows = np.nonzero(suit.sum(axis=1) > 8)[0]
    assert 0.7 < (rows[-1] - rows[0]) / 640 < 0.9
    feet, columns = rows[-1] + 8, np.nonzero(suit[rows[-1] - 20])[0]
    floor = rgb.mean(axis=2)
    between, aside = floor[feet + 8, columns[0] : columns[-1]].mean(), floor[feet + 8, :60].mean()
    assert between < 0.93 * aside


def test_the_analysis_says_it_for_usable_photos_only():
    names = ("02_close", "01_front", "10_blurred")
    photos = [studio.Photo(PHOTOS / f"{name}.jpg", name) for name in names]
    report = studio.analyse(photos, on_photo=lambda index, facts: None)
    assert [facts["body"] for facts in report.photos] == ["chest", "waist", ""]
