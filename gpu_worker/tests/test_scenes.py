"""Rendered scenes: complete, repeatable, varied, the same at every size, and lit as they look."""

import numpy as np
import pytest

from gpu_worker.compositor.scenes import SCENES, render_scene
from gpu_worker.compositor.scenes.optics import Lens, defocus
from gpu_worker.compositor.scenes.plate import roll_off

WIDTH, HEIGHT = 128, 160
NAMES = ("studio", "outdoors", "city_night", "dark_room", "workspace")


@pytest.fixture(scope="module")
def rendered():
    """Two seeds of every scene, rendered once."""
    return {(name, seed): render_scene(name, seed, WIDTH, HEIGHT) for name in NAMES for seed in (3, 4)}


def test_registry_has_every_scenario():
    assert set(SCENES) >= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_plate_is_linear_light_of_the_asked_size(rendered, name):
    plate = rendered[name, 3].plate
    assert plate.shape == (HEIGHT, WIDTH, 3)
    assert plate.dtype == np.float32
    assert np.isfinite(plate).all()
    assert plate.min() >= 0
    assert plate.max() <= 1


@pytest.mark.parametrize("name", NAMES)
def test_same_seed_gives_the_same_bytes(rendered, name):
    assert render_scene(name, 3, WIDTH, HEIGHT).plate.tobytes() == rendered[name, 3].plate.tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_another_seed_gives_another_picture(rendered, name):
    assert np.abs(rendered[name, 3].plate - rendered[name, 4].plate).mean() > 0.002


@pytest.mark.parametrize("name", NAMES)
def test_larger_picture_shows_the_same_composition(rendered, name):
    large = render_scene(name, 3, WIDTH * 3, HEIGHT * 3).plate
    small = large.reshape(HEIGHT, 3, WIDTH, 3, 3).mean((1, 3))
    difference = np.abs(small - rendered[name, 3].plate).mean()
    assert difference < 0.02 * max(small.mean(), 0.05)


@pytest.mark.parametrize(
    ("name", "width", "height"), [("outdoors", 90, 160), ("workspace", 160, 90), ("city_night", 128, 128)]
)
def test_other_shapes_are_filled(name, width, height):
    plate = render_scene(name, 5, width, height).plate
    assert plate.shape == (height, width, 3)
    assert np.isfinite(plate).all()
    assert plate.min(axis=(0, 2)).max() > 0.001


@pytest.mark.parametrize("name", NAMES)
def test_lights_have_unit_directions_and_normalised_colours(rendered, name):
    scene = rendered[name, 3]
    assert scene.rims
    for light in (scene.key, *scene.rims):
        assert np.linalg.norm(light.direction) == pytest.approx(1)
        assert max(light.colour) == pytest.approx(1)
        assert min(light.colour) >= 0
        assert 0 <= light.softness <= 1
        assert light.intensity > 0
    assert scene.key.direction[2] > 0
    assert all(rim.direction[2] < 0 for rim in scene.rims)


def test_foreground_is_premultiplied():
    pictures = (render_scene("outdoors", seed, 64, 80).foreground for seed in range(12))
    foreground = next(picture for picture in pictures if picture is not None)
    assert foreground.shape == (80, 64, 4)
    assert foreground.dtype == np.float32
    assert 0.2 < foreground[..., 3].max() <= 1
    assert (foreground[..., 3][20:48, 22:42] < 0.5).all()


def test_dark_room_is_dark_and_workspace_bright(rendered):
    level = {name: np.mean([rendered[name, seed].plate.mean() for seed in (3, 4)]) for name in NAMES}
    assert level["dark_room"] < 0.06
    assert level["city_night"] < level["workspace"]
    assert level["workspace"] > 0.2
    assert level["outdoors"] > 0.15
    assert max(rendered["dark_room", 3].ambient) < 0.3 * max(rendered["workspace", 3].ambient)


def test_key_comes_from_the_side_of_the_window():
    sides = []
    for seed in range(5):
        scene = render_scene("workspace", seed, 64, 80)
        left, right = scene.plate[:, :21].mean(), scene.plate[:, -21:].mean()
        sides.append((right > left) == (scene.key.direction[0] > 0))
    assert np.mean(sides) > 0.8


def test_unknown_scene_and_tiny_size_are_refused():
    with pytest.raises(KeyError):
        render_scene("moon", 1, WIDTH, HEIGHT)
    with pytest.raises(ValueError, match="at least 16 x 16"):
        render_scene("studio", 1, 8, 8)


def test_defocus_turns_a_point_into_a_disc_and_keeps_its_light():
    point = np.zeros((81, 81, 3), np.float32)
    point[40, 40] = 100.0
    disc = defocus(point, 10.0, Lens(), cat_eye=False)
    assert disc.sum() == pytest.approx(point.sum(), rel=1e-3)
    assert defocus(point, 10.0, Lens()).sum() == pytest.approx(point.sum(), rel=0.06)
    assert disc[40, 47].min() > 0.5 * disc.max()
    assert disc[40, 53].max() == pytest.approx(0, abs=1e-4)


def test_blur_grows_with_the_distance_from_the_focus():
    lens = Lens()
    blurs = [lens.blur(z) for z in (2.2, 3.0, 6.0, 30.0)]
    assert blurs[0] == pytest.approx(0)
    assert blurs == sorted(blurs)


def test_highlights_roll_off_in_order_below_white():
    ramp = np.linspace(0, 20, 200, dtype=np.float32)[:, None] * np.array((1.0, 0.6, 0.3), np.float32)
    rolled = roll_off(ramp)
    assert rolled.max() <= 1
    assert (np.diff(rolled @ np.array((0.2126, 0.7152, 0.0722))) >= -1e-5).all()
    assert rolled[5] == pytest.approx(ramp[5], abs=0.02)
