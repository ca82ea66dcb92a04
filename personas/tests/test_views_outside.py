"""The optional permission on the declaration, its card on the consent page, and the training page without it."""

import pytest

from inflio.accounts.models import Level
from personas import queries, services
from personas.models import Consent
from personas.tests.makers import analysed, persona_with_photos
from personas.tests.pages import HTMX, address, own_queries, said

pytestmark = pytest.mark.django_db
OWN = {"face": "own", "declared": "on"}


@pytest.fixture
def bare(workspace, alice):
    return persona_with_photos(workspace, alice, consent=False)


def test_box_is_there_and_not_ticked(alice_client, bare):
    page = alice_client.get(address("consent", bare)).content.decode()
    box = page.split('name="outside"')[1].split(">")[0]
    assert "checked" not in box
    assert "required" not in box
    assert "sets up (fal, Replicate, Google Gemini" in page


@pytest.mark.parametrize(("ticked", "allowed"), [({}, False), ({"outside": "on"}, True)])
def test_box_decides(alice_client, bare, ticked, allowed):
    assert alice_client.post(address("declare_consent", bare), OWN | ticked).status_code == 302
    assert (bare.consents.get().outside_at is not None) is allowed


def test_wrong_form_keeps_the_tick(alice_client, bare):
    answer = alice_client.post(address("declare_consent", bare), {"outside": "on"}, **HTMX)
    assert answer.status_code == 422
    assert "checked" in answer.content.decode().split('name="outside"')[1].split(">")[0]
    assert not Consent.objects.exists()


def test_card_allows_and_stops_and_a_double_click_does_it_once(alice_client, ready):
    page = alice_client.get(address("consent", ready)).content.decode()
    assert "The photos go to no other company" in page
    assert 'id="stop-outside"' not in page
    for _ in range(2):
        assert alice_client.post(address("allow_outside_engines", ready)).status_code == 302
    page = alice_client.get(address("consent", ready)).content.decode()
    assert 'id="stop-outside"' in page
    assert 'id="allow-outside"' not in page
    for _ in range(2):
        assert alice_client.post(address("stop_outside_engines", ready)).status_code == 302
    assert ready.activity.filter(text__contains="other companies").count() == 2
    assert "stopped" in alice_client.get(address("consent", ready)).content.decode().split("Everything declared")[1]


def test_other_editor_may_stop_but_not_allow(bob_client, ready, alice):
    page = bob_client.get(address("consent", ready)).content.decode()
    assert 'id="allow-outside"' not in page
    assert "who declared this consent, can allow it" in page
    answer = bob_client.post(address("allow_outside_engines", ready))
    assert (answer.status_code, answer.url) == (302, address("consent", ready))
    assert "declared this consent" in said(answer)
    services.allow_outside_engines(persona=ready, by=alice)
    bob_client.post(address("stop_outside_engines", ready))
    assert queries.companies_allowed(ready) == frozenset()


def test_viewer_reads_the_card_without_buttons(client, ready, alice, bob, set_level):
    services.allow_outside_engines(persona=ready, by=alice)
    set_level(bob, Level.VIEWER)
    client.force_login(bob)
    page = client.get(address("consent", ready)).content.decode()
    assert "Engines of other companies" in page
    assert 'id="stop-outside"' not in page


def test_sample_says_that_it_is_free(alice_client, bare, alice):
    services.declare_consent(persona=bare, by=alice, face=Consent.Face.SAMPLE)
    page = alice_client.get(address("consent", bare)).content.decode()
    assert "public domain" in page
    assert 'id="allow-outside"' not in page


def test_training_page_leads_to_the_consent(alice_client, workspace, alice, settings):
    settings.PROVIDER_KEYS = {"replicate": "a-key-for-tests"}
    persona = analysed(persona_with_photos(workspace, alice, count=12))
    page = alice_client.get(address("training", persona)).content.decode()
    assert "Replicate is another company" in page
    assert f'href="{address("consent", persona)}#outside"' in page
    assert "disabled" in page.split('id="train-model"')[1].split(">")[0]


def test_consent_page_takes_the_same_queries_with_and_without(alice_client, ready, alice):
    before = own_queries(alice_client, address("consent", ready))
    services.allow_outside_engines(persona=ready, by=alice)
    assert own_queries(alice_client, address("consent", ready)) == before
