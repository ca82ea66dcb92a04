"""How many queries each page takes, whatever it shows; those of the page's frame are counted where it is tested."""

import pytest

from personas import services
from personas.tests.makers import end, persona_with_photos
from personas.tests.pages import address, own_queries

pytestmark = pytest.mark.django_db
GALLERY = 1
PAGES = {"persona": 4, "photos": 5, "settings": 2, "consent": 3, "activity": 3}
PORTRAIT = 4


def test_gallery_takes_the_same_queries_for_one_and_three(alice_client, finished, alice):
    assert own_queries(alice_client, "/personas/") == GALLERY
    for _ in range(2):
        services.duplicate_persona(persona=finished, by=alice)
    assert own_queries(alice_client, "/personas/") == GALLERY


@pytest.mark.parametrize("page", PAGES)
def test_page_takes_the_same_queries_for_one_and_five_photos(alice_client, workspace, alice, page):
    for count in (1, 5):
        persona = persona_with_photos(workspace, alice, count=count)
        assert own_queries(alice_client, address(page, persona)) == PAGES[page]


def test_photos_take_the_same_queries_while_they_are_looked_at(alice_client, persona, alice):
    services.start_analysis(persona=persona, by=alice)
    assert own_queries(alice_client, address("photos", persona)) == PAGES["photos"]


def test_portraits_take_the_same_queries_for_one_and_five_open_jobs(alice_client, ready, alice):
    jobs = services.request_portraits(persona=ready, by=alice)
    assert own_queries(alice_client, address("persona", ready)) == PAGES["persona"]
    for job in jobs[1:]:
        end(job, score=0.9)
    assert own_queries(alice_client, address("persona", ready)) == PAGES["persona"]


def test_portrait_takes_the_same_queries_for_one_and_three_pictures(alice_client, finished, alice):
    portrait = finished.portraits.first()
    assert own_queries(alice_client, portrait.get_absolute_url()) == PORTRAIT
    for _ in range(2):
        end(services.regenerate_portrait(portrait=portrait, by=alice), score=0.9)
    assert own_queries(alice_client, portrait.get_absolute_url()) == PORTRAIT


def test_log_takes_the_same_queries_for_one_and_many_lines(alice_client, workspace, alice):
    persona = services.create_persona(workspace=workspace, name="Ada", by=alice)
    assert own_queries(alice_client, address("activity", persona)) == PAGES["activity"]
    services.update_persona(persona=persona, by=alice, name="Grace", description="new")
    assert own_queries(alice_client, address("activity", persona)) == PAGES["activity"]
