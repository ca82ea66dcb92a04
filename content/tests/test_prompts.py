"""Prompts: nothing unfilled, realism always there, and templates that an operator may write."""

import re
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.categories import LOOKS
from content.models import PromptTemplate
from content.prompts import CONTENT_TYPE_WORDS, MAX_LENGTH, PLACEHOLDERS, REALISM, Recipe, build_prompt, template_faults
from content.queries.prompts import recipe_of
from content.styles import BY_KEY, STYLES

TEMPLATES = import_module("content.migrations.0003_prompt_templates").TEMPLATES
RECIPE = Recipe("A {content_type} of {persona}, {setting}. {pose}. {light}. {style}", "soft light", "calm", "a room")
words = st.text(max_size=200)


def test_every_look_has_a_template_without_faults():
    assert set(TEMPLATES) == set(LOOKS)
    assert [fault for text, *_ in TEMPLATES.values() for fault in template_faults(text)] == []


@pytest.mark.parametrize("look", LOOKS)
def test_each_look_makes_a_whole_prompt(look):
    prompt = build_prompt(Recipe(*TEMPLATES[look]), attributes={"age": 34})
    assert not re.search(r"[{}]|\.\.|,,|\s{2}| \.", prompt)
    assert "34 years old" in prompt
    assert prompt.endswith("photographed on film.")


@given(
    setting=words,
    details=words,
    description=words,
    style=st.sampled_from([*BY_KEY, "unheard of"]),
    content_type=st.sampled_from([*CONTENT_TYPE_WORDS, "odd"]),
    attributes=st.dictionaries(st.sampled_from(["age", "style", "personality", "tone"]), words),
)
def test_any_words_make_a_prompt_with_realism(setting, details, description, style, content_type, attributes):
    given_words = {"setting": setting, "details": details, "description": description, "attributes": attributes}
    prompt = build_prompt(RECIPE, style=style, content_type=content_type, **given_words)
    assert all(addition in prompt.lower() for addition in REALISM)
    assert not any(f"{{{name}}}" in prompt for name in PLACEHOLDERS if f"{{{name}}}" not in setting + details)
    assert len(prompt) <= MAX_LENGTH
    assert prompt.isprintable()


def test_realism_stays_when_the_details_are_too_long():
    prompt = build_prompt(RECIPE, details="words " * 1000)
    assert len(prompt) <= MAX_LENGTH
    assert prompt.lower().endswith(", ".join(REALISM) + ".")


def test_what_a_creator_writes_is_taken_literally():
    prompt = build_prompt(RECIPE, setting="{light} {0} {unknown.attr}", details="100% {persona")
    assert "{light} {0} {unknown.attr}" in prompt
    assert "100% {persona" in prompt


def test_empty_parts_leave_no_stray_punctuation():
    prompt = build_prompt(Recipe("{content_type} of {persona}, {setting}, {light}. {pose}. {style}", "", "", ""))
    assert not re.search(r"[,.;]\s*[,.;]", prompt)


def test_chosen_setting_replaces_the_usual_one():
    assert "a room" in build_prompt(RECIPE)
    assert "a room" not in build_prompt(RECIPE, setting="a boat")


def test_drawing_has_the_description_and_no_film():
    prompt = build_prompt(RECIPE, description="Red hair, green coat", drawn=True)
    assert "Red hair, green coat" in prompt
    assert "pores" not in prompt


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{persona} at {place}", "{place} is not a placeholder"),
        ("{persona.password}", "{persona.password} is not a placeholder"),
        ("{persona!r}", "is not a placeholder"),
        ("{persona:>99}", "is not a placeholder"),
        ("{persona} {", "alone"),
        ("A picture", "needs {persona}"),
        ("{} {persona}", "{} is not a placeholder"),
    ],
)
def test_template_fault_is_named(text, words):
    assert any(words in fault for fault in template_faults(text))
    with pytest.raises(ValueError, match="placeholder|alone|needs"):
        build_prompt(Recipe(text, "", ""))


def test_missing_or_broken_template_falls_back_and_is_logged(db, caplog):
    PromptTemplate.objects.filter(look="story.journey").delete()
    PromptTemplate.objects.filter(look="luxury.yacht").update(text="{nonsense}")
    for look in ("story.journey", "luxury.yacht"):
        assert LOOKS[look].title in build_prompt(recipe_of(look))
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]
    assert recipe_of("lifestyle.home").setting == TEMPLATES["lifestyle.home"][3]


def test_styles_are_those_of_the_compositor():
    engine_styles = import_module("gpu_worker.compositor.styles").STYLES
    assert [style.key for style in STYLES] == list(engine_styles)
