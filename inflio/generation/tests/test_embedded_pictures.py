"""What the embedded engine offers for content pictures, and what it refuses before any credit moves."""

import hashlib
from pathlib import Path

import pytest

from inflio.common.errors import EngineRefused
from inflio.generation.engines import get_engine
from inflio.generation.engines.base import EngineRequest, Picture

FRONT = Path(__file__).parents[3] / "demo" / "photos" / "01_front.jpg"
WISH = {"look": "portrait.headshot", "seed": 3, "width": 384, "height": 480}


@pytest.fixture(scope="module")
def engine():
    return get_engine("embedded")


def refusal(engine, **params) -> str | None:
    return engine.refusal("picture", WISH | params, 3)


def test_it_offers_places_styles_sizes_and_content_types(engine):
    assert engine.places("editorial.fashion")[0] == ("sunlit_wall", "Sunlit wall")
    assert engine.places("no.such") == ()
    assert engine.styles[0] == ("natural", "Natural")
    assert engine.sizes["4:5"] == (1024, 1280)
    for aspect, (width, height) in engine.sizes.items():
        across, down = map(int, aspect.split(":"))
        assert width * down == height * across
    assert engine.capabilities["picture"].content_types == ("portrait", "action", "full_body")


def test_a_plain_wish_is_accepted(engine):
    assert refusal(engine) is None
    assert refusal(engine, place="high_key", style="moody", content_type="portrait") is None
    assert "Add photos" in engine.refusal("picture", WISH, 0)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"look": "editorial.nothing"}, "category"),
        ({"place": "moon"}, "setting for Headshot"),
        ({"style": "loud"}, "style"),
        ({"content_type": "hologram"}, "content type"),
    ],
)
def test_unknown_names_are_refused_in_words(engine, wrong, said):
    assert said in refusal(engine, **wrong)
    with pytest.raises(EngineRefused, match=said):
        engine.run(EngineRequest("picture", WISH | wrong, (photo(),)), lambda *report: None)


def test_what_the_photos_do_not_show_is_refused_with_the_reason(engine):
    assert refusal(engine, content_type="full_body", body="shoulders") == (
        "Full body needs a photo that shows the person from head to feet; the photos show head and shoulders. "
        "Add one, or choose an engine that draws the body."
    )
    assert "down to the chest" in refusal(engine, content_type="action", body="chest")
    assert "from head to feet" in refusal(engine, content_type="full_body", body="knees")


@pytest.mark.parametrize("content_type", ["action", "full_body"])
def test_unknown_extent_is_refused_for_more_than_a_portrait(engine, content_type):
    assert "analyse the photos again" in refusal(engine, content_type=content_type)
    assert "analyse the photos again" in refusal(engine, content_type=content_type, body="")
    assert refusal(engine, content_type=content_type, body="full") is None


def test_a_picture_says_how_it_was_made(engine):
    params = WISH | {"place": "window_wall", "style": "vintage", "content_type": "action", "body": "waist"}
    (output,) = engine.run(EngineRequest("picture", params, (photo(),)), lambda *report: None).outputs
    assert (output.width, output.height) == (384, 480)
    assert output.facts["place"] == "window_wall"
    assert output.facts["style"] == "vintage"
    assert output.facts["content_type"] == "action"
    assert output.facts["method"] == "composite"


def photo() -> Picture:
    return Picture(FRONT, hashlib.sha256(FRONT.read_bytes()).hexdigest())
