"""Illustrated personas: words become options, options become pictures in which the person stays the same."""

import numpy as np
import pytest

from gpu_worker.illustrated import SCENARIOS, describe_look, render_illustration
from gpu_worker.illustrated.hair import BALD, HAIR_COLOURS, HAIR_TAGS
from gpu_worker.illustrated.look import EYE_COLOURS, SKIN_TONES
from gpu_worker.illustrated.style import PUPILS, load_style

ANNA = "A 28 year old yoga teacher, woman with long brown wavy hair, green eyes and olive skin"


def test_scenarios_are_the_five_portraits():
    assert set(SCENARIOS) == {
        "professional_headshot",
        "casual_friendly",
        "dynamic_action",
        "thoughtful_closeup",
        "environmental_portrait",
    }


def test_description_decides_what_it_names():
    look = describe_look(ANNA)
    assert look["presentation"] == "f"
    assert {"long", "wavy"} <= HAIR_TAGS[look["hairVariant"][0]]
    assert look["hairColor"] == [HAIR_COLOURS["brown"]]
    assert look["irisColor"] == [EYE_COLOURS["green"]]
    assert look["skinColor"][0] in SKIN_TONES[2:4]
    assert look["glassesProbability"] == look["beardProbability"] == 0


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("man with a beard and glasses", {"beardProbability": 100, "glassesProbability": 100}),
        ("man without a beard, no glasses", {"beardProbability": 0, "glassesProbability": 0}),
        ("a bearded sailor", {"presentation": "m", "beardProbability": 100}),
        ("woman with sunglasses", {"glassesProbability": 100, "glassesVariant": ["variant02"]}),
        ("she wears round glasses", {"glassesVariant": ["variant01"]}),
        ("freckled girl with earrings", {"frecklesProbability": 100, "earringsProbability": 100}),
        ("bald man, dark skin", {"hairVariant": [BALD]}),
        ("woman with black hair and blue eyes", {"hairColor": [HAIR_COLOURS["black"]]}),
        ("woman with blue eyes and black hair", {"irisColor": [EYE_COLOURS["blue"]]}),
        ("a black-haired German woman", {"presentation": "f", "hairColor": [HAIR_COLOURS["black"]]}),
        ("pink hair", {"hairColor": [HAIR_COLOURS["pink"]]}),
        ("grandmother of five", {"presentation": "f"}),
        ("retired fisherman", {"presentation": "m"}),
    ],
)
def test_words_become_options(description, expected):
    look = describe_look(description)
    assert {key: look[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("description", "tag"),
    [
        ("woman with a blonde bob", "bob"),
        ("girl, high ponytail", "ponytail"),
        ("man with a buzz cut", "buzz"),
        ("curly-haired man", "curly"),
        ("punk with a green mohawk", "mohawk"),
        ("she has her hair in a bun", "bun"),
    ],
)
def test_hair_styles_are_understood(description, tag):
    assert tag in HAIR_TAGS[describe_look(description)["hairVariant"][0]]


def test_nobody_gets_a_mohawk_unasked():
    drawn = {describe_look("a person", {"look_seed": seed})["hairVariant"][0] for seed in range(200)}
    assert len(drawn) > 8
    assert not any({"mohawk", "balding", "ponytail"} & HAIR_TAGS[variant] for variant in drawn)


def test_old_people_turn_grey_unless_said_otherwise():
    grey = {describe_look("man", {"age": 71, "look_seed": seed})["hairColor"][0] for seed in range(20)}
    assert len(grey) > 1
    assert all(max(bytes.fromhex(colour[1:])) - min(bytes.fromhex(colour[1:])) < 16 for colour in grey)
    assert describe_look("man with red hair", {"age": 71})["hairColor"] == [HAIR_COLOURS["red"]]


def test_attributes_count_only_where_they_tell_of_looks():
    assert describe_look("a chef", {"hair": "short red", "gender": "female"})["hairColor"] == [HAIR_COLOURS["red"]]
    assert describe_look("a chef", {"tone": "dark skin humour, red hair"}) == describe_look("a chef")


def test_one_more_word_changes_only_what_it_says():
    seeded = {"look_seed": "anna"}
    plain, spectacled = describe_look("a woman", seeded), describe_look("a woman with glasses", seeded)
    assert {key for key in plain if plain[key] != spectacled[key]} == {"glassesProbability"}


def test_same_words_give_the_same_person_and_a_seed_another():
    assert describe_look(ANNA) == describe_look(ANNA, {})
    assert describe_look("a woman", {"look_seed": "1"}) != describe_look("a woman", {"look_seed": "2"})


def test_every_look_can_be_drawn_with_eyes_that_have_an_iris():
    variants = load_style().components()["eyes"].variants()
    for seed in range(60):
        look = describe_look("a person", {"look_seed": seed})
        assert look["eyesVariant"][0] in PUPILS
        assert look["eyesVariant"][0] in variants


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_render_is_repeatable_and_varies_with_the_seed(scenario):
    first = render_illustration(ANNA, {}, scenario, 1, 205, 256)
    assert first.shape == (256, 205, 3)
    assert first.dtype == np.uint8
    assert np.array_equal(first, render_illustration(ANNA, {}, scenario, 1, 205, 256))
    assert np.abs(first.astype(int) - render_illustration(ANNA, {}, scenario, 2, 205, 256)).mean() > 2


def test_render_keeps_hair_and_skin_in_every_scenario():
    red = describe_look("woman with long red hair, pale skin")
    hair = np.array(list(bytes.fromhex(red["hairColor"][0][1:])), float)
    for scenario in ("professional_headshot", "casual_friendly", "environmental_portrait"):
        rgb = render_illustration("woman with long red hair, pale skin", {}, scenario, 4, 205, 256)
        near = np.abs(rgb.astype(float) - hair).max(axis=2) < 45
        assert near.mean() > 0.03


@pytest.mark.parametrize(("width", "height"), [(1024, 1280), (256, 256), (320, 180), (180, 320)])
def test_render_in_any_shape_shows_the_face(width, height):
    rgb = render_illustration("woman with dark skin and black hair", {}, "professional_headshot", 3, width, height)
    assert rgb.shape == (height, width, 3)
    skin = np.array(list(bytes.fromhex(describe_look("woman with dark skin and black hair")["skinColor"][0][1:])))
    middle = rgb[int(height * 0.40) : int(height * 0.46), int(width * 0.46) : int(width * 0.54)]
    assert np.abs(np.median(middle.reshape(-1, 3), axis=0) - skin).max() < 40


def test_render_of_an_unknown_scenario_says_which_there_are():
    with pytest.raises(ValueError, match="casual_friendly"):
        render_illustration(ANNA, {}, "passport", 1)


def test_description_with_markup_is_drawn_as_words():
    hostile = "</svg><script>alert(1)</script> woman & man \"'<>"
    assert render_illustration(hostile, {"hair": "<b>red</b>"}, "casual_friendly", 1, 100, 125).shape == (125, 100, 3)
