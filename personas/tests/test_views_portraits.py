"""The page of portraits and what can be done with each."""

import pytest

from inflio.generation.models import Job
from personas import services
from personas.tests.makers import end
from personas.tests.pages import HTMX, address

pytestmark = pytest.mark.django_db


def test_finished_persona_asks_no_more(alice_client, finished):
    page = alice_client.get(address("persona", finished)).content.decode()
    assert "every 1s" not in page
    assert page.count("0.93") == 5
    assert page.count('hx-preserve="true"') == 5


def test_waiting_portrait_shows_its_place_and_a_failed_one_its_reason(alice_client, ready, alice):
    jobs = services.request_portraits(persona=ready, by=alice)
    end(jobs[0], state="failed", message="The likeness reached 0.60.")
    page = alice_client.get(address("persona", ready)).content.decode()
    assert "The likeness reached 0.60." in page
    assert "Try again" in page
    assert "Number 3 in the queue" in page
    assert page.count("Cancel</span>") == 4


def test_price_is_shown_before_portraits_are_asked_for(alice_client, ready):
    page = alice_client.get(address("persona", ready)).content.decode()
    assert "Make five portraits" in page
    assert "5 credits" in page


def test_actions_on_portraits_answer_the_fragment_or_the_page(alice_client, finished):
    url = address("regenerate", finished, "casual_friendly")
    fragment = alice_client.post(url, {"key": "a"}, **HTMX, HTTP_HX_TARGET="portraits")
    assert fragment.content.decode().lstrip().startswith('<div id="portraits"')
    plain = alice_client.post(address("cancel", finished, "casual_friendly"))
    assert plain["Location"] == finished.get_absolute_url()
    retry = alice_client.post(address("retry", finished, "casual_friendly"))
    assert retry["Location"] == finished.get_absolute_url()
    assert Job.objects.filter(state="queued").count() == 1


def test_portrait_page_shows_all_its_pictures_and_chooses_one(alice_client, finished, alice):
    portrait = finished.portraits.get(scenario="casual_friendly")
    first = portrait.asset
    end(services.regenerate_portrait(portrait=portrait, by=alice), score=0.95)
    page = alice_client.get(portrait.get_absolute_url())
    assert len(page.context["pictures"]) == 2
    assert "0.95" in page.content.decode()
    alice_client.post(address("choose", finished, "casual_friendly", first.pk))
    portrait.refresh_from_db()
    assert portrait.asset == first
    alice_client.post(address("make_avatar", finished, "casual_friendly"))
    finished.refresh_from_db()
    assert finished.avatar == first


def test_portrait_without_a_picture_has_no_page(alice_client, ready, alice):
    services.request_portraits(persona=ready, by=alice)
    assert alice_client.get(address("portrait", ready, "casual_friendly")).status_code == 404
    assert alice_client.get(address("portrait", ready, "unheard_of")).status_code == 404
