"""Places of lifestyle and luxury: each subcategory has enough, all are complete at any shape, repeatable and varied."""

import numpy as np
import pytest

from gpu_worker.compositor.looks.lifestyle import LIFESTYLE
from gpu_worker.compositor.looks.luxury import LUXURY
from gpu_worker.compositor.scenes import SCENES, render_scene
from gpu_worker.compositor.scenes.daylight import BLUE, DAY, DUSK, GOLDEN, draw_day
from gpu_worker.compositor.scenes.houses import GRAND, OLD_TOWN, row
from gpu_worker.compositor.scenes.optics import Lens
from gpu_worker.compositor.scenes.places import PLACES
from gpu_worker.compositor.scenes.plate import Plate, View
from gpu_worker.compositor.scenes.sea import sea

LOOKS = (*LIFESTYLE, *LUXURY)
TALL, STRIP, BAND = (60, 160), (20, 256), (256, 24)  # narrow pictures are quick: a scene is drawn only where it shows
LUMA = np.array([0.2126, 0.7152, 0.0722])


@pytest.fixture(scope="module")
def tall():
    """Every place once, as a tall picture."""
    return {name: render_scene(name, 3, *TALL) for name in PLACES}


def test_every_subcategory_offers_three_places_that_can_be_told_apart():
    assert [look.key for look in LIFESTYLE] == [f"lifestyle.{name}" for name in ("working", "travel", "home", "social")]
    assert [look.key for look in LUXURY] == [f"luxury.{name}" for name in ("yacht", "villa", "shopping", "events")]
    for look in LOOKS:
        assert len(look.places) >= 3
        assert (
            len({place.key for place in look.places}) == len({place.title for place in look.places}) == len(look.places)
        )
        for place in look.places:
            assert place.scene in SCENES
            assert 10 < len(place.description) < 70
            least, best, most = place.framing.face_height
            assert least < best < most


def test_every_registered_place_is_used_by_a_look():
    assert set(PLACES) <= {place.scene for look in LOOKS for place in look.places}


@pytest.mark.parametrize("name", PLACES)
def test_plate_is_complete_linear_light(tall, name):
    plate = tall[name].plate
    assert plate.shape == (TALL[1], TALL[0], 3)
    assert plate.dtype == np.float32
    assert np.isfinite(plate).all()
    assert plate.min() >= 0
    assert plate.max() <= 1
    # No hole: every part of the picture shows something, and the whole is neither black nor washed out.
    assert plate[::3, ::3].max(axis=2).min() > 0.0005
    assert 0.02 < plate.mean() < 0.75
    assert plate.std() > 0.03


@pytest.mark.parametrize("name", PLACES)
def test_wide_picture_has_no_hole_at_its_sides(name):
    plate = render_scene(name, 4, *BAND).plate
    assert plate.shape == (BAND[1], BAND[0], 3)
    assert np.isfinite(plate).all()
    assert plate.max(axis=(0, 2)).min() > 0.002


@pytest.mark.parametrize("name", PLACES)
def test_seed_decides_the_picture(name):
    first, again, other = (render_scene(name, seed, *STRIP).plate for seed in (5, 5, 6))
    assert first.tobytes() == again.tobytes()
    assert np.abs(first - other).mean() > 0.01


@pytest.mark.parametrize("name", PLACES)
def test_subject_is_lit_from_the_front_and_edged_from_behind(tall, name):
    scene = tall[name]
    assert scene.rims
    for light in (scene.key, *scene.rims):
        assert np.linalg.norm(light.direction) == pytest.approx(1)
        assert max(light.colour) == pytest.approx(1)
        assert min(light.colour) >= 0
        assert 0 <= light.softness <= 1
        assert 0 < light.intensity < 2.5
    assert scene.key.direction[2] > 0
    assert all(rim.direction[2] < 0 for rim in scene.rims)
    assert 0.05 < float(np.asarray(scene.ambient) @ LUMA) < 0.7
    assert abs(scene.exposure) < 0.3


def test_sunset_is_darker_and_its_light_warmer_than_noon():
    rng = np.random.default_rng(1)
    golden, noon, night = (draw_day(rng, (hour,)) for hour in (GOLDEN, DAY, BLUE))
    warmth = {day: float(day.on_wall(0.8)[0] / day.on_wall(0.8)[2]) for day in (golden, noon)}
    assert warmth[golden] > 1.3 * warmth[noon]
    assert night.shade.mean() < 0.25 * noon.shade.mean()
    assert max(night.weather.leaves.sunlit) < 0.5 * max(noon.weather.leaves.sunlit)


def test_after_sunset_lamps_light_the_subject():
    dark = draw_day(np.random.default_rng(2), (DUSK, BLUE))
    seeds = [render_scene("rooftop_reception", seed, 16, 256) for seed in range(3)]
    assert dark.hour.fill < 0.2
    assert all(scene.exposure < 0 and len(scene.rims) == 2 for scene in seeds)
    assert all(scene.plate.mean() < 0.4 for scene in seeds)


def test_leaves_stay_green_where_autumn_is_not_wanted():
    tones = [draw_day(np.random.default_rng(seed), (DAY,), autumn=False).weather.leaves.sunlit for seed in range(40)]
    assert all(green > 0.9 * red for red, green, _ in tones)


@pytest.mark.parametrize("style", [OLD_TOWN, GRAND])
def test_house_fronts_stand_without_gaps(style):
    front = row(np.random.default_rng(4), 40.0, style)
    foot = front.albedo[-int(style.heights[0] * 12) + 12 :, :, 3]
    assert foot.min() == 1
    assert front.albedo[0, :, 3].max() == 0
    assert front.lit(np.float32((1, 1, 1)), 1.0).max() > front.lit(np.float32((1, 1, 1)), 0.0).max() * 0.99
    if style.shops:
        assert front.glow.max() > 0


def test_sea_begins_at_the_horizon_and_mirrors_more_light_far_out():
    rng = np.random.default_rng(6)
    day = draw_day(rng, (DAY,))
    plate = Plate(View(64, 80), Lens(horizon=0.4))
    sea(rng, plate, day, 4.0)
    covered = plate.pixels[..., 3].mean(axis=1)
    horizon = int(0.4 * plate.pixels.shape[0])
    assert covered[: horizon - 40].max() < 0.05
    assert covered[horizon + 30 :].min() > 0.99
    brightness = plate.rgb.mean(axis=(1, 2))
    assert brightness[horizon + 30 : horizon + 60].mean() > brightness[-60:].mean()
