"""Who may see and do what on the pages of personas."""

import pytest

from inflio.accounts.models import Level
from inflio.generation.models import Job
from personas.models import Persona
from personas.tests.pages import address

pytestmark = pytest.mark.django_db
PAGES = ("persona", "photos", "settings", "consent", "activity")
VERBS = (
    "add_photos",
    "analyse",
    "cancel_analysis",
    "declare_consent",
    "withdraw_consent",
    "allow_outside_engines",
    "stop_outside_engines",
    "request_portraits",
    "duplicate",
    "archive",
    "restore",
    "delete",
)
PORTRAIT_VERBS = ("regenerate", "retry", "cancel", "make_avatar")


@pytest.mark.parametrize("page", PAGES)
def test_page_is_shown_to_members_and_hidden_from_strangers(client, finished, alice, bob, charlie, page):
    url = address(page, finished)
    assert client.get(url).status_code == 302
    for user in (alice, bob):
        client.force_login(user)
        assert client.get(url).status_code == 200
    client.force_login(charlie)
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("verb", VERBS)
def test_stranger_can_do_nothing(client, finished, charlie, verb):
    client.force_login(charlie)
    assert client.post(address(verb, finished)).status_code == 404
    assert client.get(address(verb, finished)).status_code == 405


@pytest.mark.parametrize("verb", VERBS)
def test_viewer_can_change_nothing(client, finished, bob, verb, set_level):
    set_level(bob, Level.VIEWER)
    client.force_login(bob)
    assert client.post(address(verb, finished)).status_code == 403


@pytest.mark.parametrize("verb", PORTRAIT_VERBS)
def test_portrait_verbs_are_for_editors_of_the_workspace(client, finished, bob, charlie, verb, set_level):
    url = address(verb, finished, "casual_friendly")
    client.force_login(charlie)
    assert client.post(url).status_code == 404
    set_level(bob, Level.VIEWER)
    client.force_login(bob)
    assert client.post(url).status_code == 403
    assert not Job.objects.filter(state__in=Job.OPEN).exists()


def test_editor_withdraws_but_only_a_manager_deletes(client, finished, bob, set_level):
    set_level(bob, Level.EDITOR)
    client.force_login(bob)
    assert client.post(address("delete", finished)).status_code == 403
    assert client.post(address("withdraw_consent", finished)).status_code == 302
    assert finished.consents.get().withdrawn_by == bob
    set_level(bob, Level.MANAGER)
    assert client.post(address("delete", finished)).status_code == 302
    assert not Persona.objects.exists()


def test_viewer_sees_no_button_that_changes_something(client, finished, bob, set_level):
    set_level(bob, Level.VIEWER)
    client.force_login(bob)
    for page in PAGES:
        text = client.get(address(page, finished)).content.decode()
        main = text[text.index("<main") : text.index("</main>")]
        assert 'type="submit"' not in main


def test_new_is_for_editors(client, bob, set_level):
    set_level(bob, Level.VIEWER)
    client.force_login(bob)
    assert client.get("/personas/new/").status_code == 403


def test_settings_are_saved_by_editors_only(client, persona, bob, set_level):
    set_level(bob, Level.VIEWER)
    client.force_login(bob)
    assert client.post(address("settings", persona), {"name": "Grace"}).status_code == 403
    persona.refresh_from_db()
    assert persona.name == "Ada"


def test_customers_address_leads_to_the_persona(alice_client, persona, client, charlie):
    assert alice_client.get(f"/influencer/{persona.pk}")["Location"] == persona.get_absolute_url()
    client.force_login(charlie)
    assert client.get(f"/influencer/{persona.pk}").status_code == 404
