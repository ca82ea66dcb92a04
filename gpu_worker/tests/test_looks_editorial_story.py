"""Places of editorial, portrait and story: enough of them, complete at any shape, repeatable, varied, and like her."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gpu_worker.compositor.errors import PortraitRefused
from gpu_worker.compositor.looks import LOOKS
from gpu_worker.compositor.looks.editorial import EDITORIAL
from gpu_worker.compositor.looks.portrait import PORTRAIT
from gpu_worker.compositor.looks.story import STORY
from gpu_worker.compositor.motion import pan
from gpu_worker.compositor.picture import render_picture
from gpu_worker.compositor.scenes import SCENES, render_scene
from gpu_worker.compositor.scenes.sets import SETS
from gpu_worker.compositor.subject import prepare_subject
from gpu_worker.identity import analyse_photo, score_identity
from gpu_worker.pictures import read_picture

FRONT = Path(__file__).parents[2] / "demo" / "photos" / "01_front.jpg"
TALL, WIDE = (64, 160), (160, 24)  # narrow pictures are quick: a scene is drawn only where it shows
OURS = (*EDITORIAL, *PORTRAIT, *STORY)


@pytest.fixture(scope="module")
def front():
    return read_picture(FRONT, 1280)


@pytest.fixture(scope="module")
def subject(front):
    return prepare_subject(front)


@pytest.fixture(scope="module")
def scenes():
    """Every set once, upright."""
    return {name: render_scene(name, 3, *TALL) for name in SETS}


def test_every_subcategory_offers_three_places_that_can_be_told_apart():
    assert {look.key.split(".")[0] for look in OURS} == {"editorial", "portrait", "story"}
    assert len(OURS) == 9
    assert len(LOOKS) == 17
    for look in OURS:
        assert len(look.places) >= 3
        assert len({place.title for place in look.places}) == len({place.key for place in look.places})
        for place in look.places:
            assert place.scene in SCENES
            assert 10 < len(place.description) < 70


def test_a_cover_leaves_the_top_free_for_its_title():
    cover = LOOKS["editorial.magazine_cover"].places[0].framing
    assert cover.headroom > 2 * LOOKS["portrait.headshot"].places[0].framing.headroom


@pytest.mark.parametrize("name", SETS)
def test_a_plate_is_complete_at_both_shapes(scenes, name):
    for scene, (width, height) in ((scenes[name], TALL), (render_scene(name, 4, *WIDE), WIDE)):
        assert scene.plate.shape == (height, width, 3)
        assert np.isfinite(scene.plate).all()
        assert 0 <= scene.plate.min() <= scene.plate.max() <= 1
        assert 0.004 < scene.plate.mean() < 0.95
        assert scene.key.intensity > 0.5
        assert scene.plate[::8, ::8].max(axis=2).min() > 0.0002  # no hole


@pytest.mark.parametrize("name", SETS)
def test_a_seed_repeats_and_another_varies(scenes, name):
    again, other = render_scene(name, 3, *TALL), render_scene(name, 5, *TALL)
    assert again.plate.tobytes() == scenes[name].plate.tobytes()
    assert again.key == scenes[name].key
    assert np.abs(other.plate - scenes[name].plate).mean() > 0.002


@pytest.mark.parametrize("look", [look.key for look in OURS])
def test_a_picture_of_each_look_shows_the_same_person(front, subject, look):
    reference = analyse_photo(front).embedding
    made = render_picture([subject], look, 7, 384, 480)
    assert made.rgb.shape == (480, 384, 3)
    assert score_identity(made.rgb, [reference]) >= 0.85


def test_the_same_wish_gives_the_same_bytes(subject):
    wish = {
        "look": "editorial.fashion",
        "seed": 2,
        "width": 256,
        "height": 320,
        "style": "bold",
        "content_type": "action",
    }
    assert render_picture([subject], **wish).rgb.tobytes() == render_picture([subject], **wish).rgb.tobytes()


def test_an_action_picture_shows_more_of_her_and_smears_the_place(subject):
    still = render_picture([subject], "editorial.fashion", 2, 512, 640, place="concrete_wall").rgb
    moved = render_picture(
        [subject], "editorial.fashion", 2, 512, 640, place="concrete_wall", content_type="action"
    ).rgb
    assert _skin_rows(moved) < 0.9 * _skin_rows(still)


def test_panning_smears_along_the_way_only():
    scene = render_scene("library", 2, 320, 320)
    moved = pan(scene, 0.06, np.random.default_rng(1))
    across, down = (np.abs(np.diff(scene.plate, axis=axis)).mean() for axis in (1, 0))
    across_after, down_after = (np.abs(np.diff(moved.plate, axis=axis)).mean() for axis in (1, 0))
    assert across_after < 0.45 * across
    assert down_after > 2 * across_after
    assert abs(moved.plate.mean() - scene.plate.mean()) < 0.01


def test_without_enough_body_nothing_is_made_up(front):
    head = prepare_subject(front[:700])
    with pytest.raises(PortraitRefused, match="waist"):
        render_picture([head], "editorial.fashion", 1, 256, 320, content_type="action")
    with pytest.raises(PortraitRefused, match="head to feet"):
        prepare_subject(front, whole=True)


def test_the_web_process_may_read_looks_and_styles_without_loading_pixels():
    script = (
        "import sys; from gpu_worker.compositor.looks import LOOKS; from gpu_worker.compositor.styles import STYLES; "
        "from gpu_worker.compositor.content_types import CONTENT_TYPES; "
        "assert len(LOOKS) == 17 and STYLES and CONTENT_TYPES; print('numpy' in sys.modules, 'cv2' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout == b"False False\n"


def _skin_rows(rgb: np.ndarray) -> float:
    """Height of the face that the detector finds."""
    return analyse_photo(rgb).face.box[3]
