"""Settings, log, and what can be done with a persona as a whole."""

import pytest

from personas import services
from personas.models import Persona
from personas.tests.pages import address, said

pytestmark = pytest.mark.django_db


def test_error_of_a_plain_action_is_said_on_the_page(alice_client, persona):
    response = alice_client.post(address("request_portraits", persona))
    assert response["Location"] == address("persona", persona)
    assert "not ready" in said(response)


def test_settings_are_saved_or_come_back(alice_client, persona):
    url = address("settings", persona)
    good = {"name": "Grace", "age": "34", "tone": "warm", "identity_threshold": "0.8"}
    assert alice_client.post(url, good)["Location"] == url
    persona.refresh_from_db()
    assert (persona.name, persona.attributes) == ("Grace", {"age": 34, "tone": "warm"})
    assert persona.identity_threshold == 0.8
    bad = alice_client.post(url, {**good, "age": "12", "identity_threshold": "0.99"})
    assert bad.status_code == 422
    assert "greater than or equal to 18" in bad.content.decode()
    assert "less than or equal to 0.95" in bad.content.decode()


def test_activity_pages_by_key_and_names_who(alice_client, persona, alice):
    for number in range(40):
        services.update_persona(persona=persona, by=alice, name=f"Ada {number}")
    page = alice_client.get(address("activity", persona))
    assert "Renamed from Ada 38 to Ada 39" in page.content.decode()
    assert str(alice) in page.content.decode()
    older = alice_client.get(address("activity", persona), {"before": page.context["next_before"]})
    assert "Persona created" in older.content.decode()
    assert alice_client.get(address("activity", persona), {"before": "x"}).status_code == 200


def test_withdrawal_is_told_everywhere(alice_client, finished):
    alice_client.post(address("withdraw_consent", finished))
    assert "The consent was withdrawn" in alice_client.get(address("persona", finished)).content.decode()
    history = alice_client.get(address("consent", finished)).content.decode()
    assert "Everything declared" in history
    assert "Consent comes first" in history


def test_duplicate_archive_and_restore_lead_somewhere(alice_client, finished):
    assert alice_client.post(address("archive", finished))["Location"] == "/personas/"
    assert "In the archive" in alice_client.get(address("persona", finished)).content.decode()
    assert alice_client.post(address("restore", finished))["Location"] == finished.get_absolute_url()
    copy = alice_client.post(address("duplicate", finished))
    assert copy["Location"] == Persona.objects.first().get_absolute_url()
    assert "Ada (copy)" in alice_client.get(copy["Location"]).content.decode()
