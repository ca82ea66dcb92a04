"""How much of the person the photos show: kept per photo, and the most of the references for a persona."""

import pytest

from inflio.generation.engines.embedded import EXTENTS
from personas import queries, services
from personas.queries.facts import BODY_EXTENTS
from personas.tests.makers import end, findings, persona_with_photos

pytestmark = pytest.mark.django_db


def analyse(persona, extents: list[str], *, rejected: int = 0) -> None:
    """End an analysis that saw these extents, photo by photo."""
    job = services.start_analysis(persona=persona, by=persona.created_by)
    data = findings(persona, rejected=rejected)
    for facts, extent in zip(data["photos"].values(), extents, strict=True):
        facts["body"] = extent
    end(job, data=data)


def test_nothing_is_known_before_an_analysis(workspace, alice):
    assert queries.body_shown(persona_with_photos(workspace, alice)) == ""


def test_the_widest_of_the_references_counts(workspace, alice):
    persona = persona_with_photos(workspace, alice)
    analyse(persona, ["shoulders", "chest", "knees", "face", "waist"])
    assert queries.body_shown(persona) == "knees"
    assert sorted(persona.photos.values_list("body", flat=True)) == ["chest", "face", "knees", "shoulders", "waist"]


def test_a_photo_that_is_not_used_does_not_count(workspace, alice):
    persona = persona_with_photos(workspace, alice, count=6)
    analyse(persona, ["chest"] * 5 + ["full"], rejected=1)
    assert queries.body_shown(persona) == "chest"


def test_an_analysis_that_does_not_say_it_leaves_it_unknown(workspace, alice):
    persona = persona_with_photos(workspace, alice)
    end(services.start_analysis(persona=persona, by=alice), data=findings(persona))
    assert queries.body_shown(persona) == ""


def test_the_words_are_those_of_the_engine():
    assert BODY_EXTENTS == EXTENTS


def test_it_takes_one_query(workspace, alice, django_assert_num_queries):
    persona = persona_with_photos(workspace, alice)
    with django_assert_num_queries(1):
        queries.body_shown(persona)
