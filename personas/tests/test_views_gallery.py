"""The gallery and the first step of a new persona."""

import pytest

from inflio.generation.models import Job
from personas import services
from personas.models import Persona
from personas.tests.pages import HTMX, address

pytestmark = pytest.mark.django_db


def test_gallery_shows_active_and_archived_apart(alice_client, finished, workspace, alice):
    other = services.create_persona(workspace=workspace, name="Grace", by=alice)
    services.archive_persona(persona=other, by=alice)
    active, archive = alice_client.get("/personas/"), alice_client.get("/personas/?archived=1")
    assert "Ada" in active.content.decode()
    assert "5 of 5 portraits" in active.content.decode()
    assert "Grace" not in active.content.decode()
    assert "Grace" in archive.content.decode()


def test_gallery_pages_by_key(alice_client, workspace, alice, charlie):
    for number in range(27):
        services.create_persona(workspace=workspace, name=f"P{number:02}", by=alice)
    services.create_persona(workspace=charlie.memberships.get().workspace, name="Hidden", by=charlie)
    first = alice_client.get("/personas/")
    assert [row.name for row in first.context["personas"]] == [f"P{n:02}" for n in range(26, 2, -1)]
    rest = alice_client.get(f"/personas/?before={first.context['next_before']}")
    assert [row.name for row in rest.context["personas"]] == ["P02", "P01", "P00"]
    assert "Hidden" not in (first.content + rest.content).decode()
    fragment = alice_client.get(
        f"/personas/?before={first.context['next_before']}", **HTMX, HTTP_HX_TARGET="more-personas"
    ).content.decode()
    assert "P00" in fragment
    assert "<html" not in fragment


def test_empty_gallery_says_what_to_do(alice_client):
    assert "starts with a few photos" in alice_client.get("/personas/").content.decode()
    assert "The archive is empty" in alice_client.get("/personas/?archived=1").content.decode()


def test_new_persona_from_photos_goes_on_to_the_photos(alice_client, workspace):
    data = {"look": "photoreal", "name": "Grace", "key": "k1"}
    response = alice_client.post("/personas/new/", data)
    persona = Persona.objects.get()
    assert (response.status_code, response["Location"]) == (302, address("photos", persona))
    assert alice_client.post("/personas/new/", data)["Location"] == response["Location"]
    assert Persona.objects.count() == 1


def test_new_persona_keeps_a_key_without_nul(alice_client):
    alice_client.post("/personas/new/", {"look": "photoreal", "name": "Grace", "key": "a\0b"})
    assert Persona.objects.get().creation_key == "ab"  # PostgreSQL refuses the other


def test_new_persona_from_a_description_is_drawn(alice_client):
    page = alice_client.get("/personas/new/?way=description").content.decode()
    assert "photoreal one needs photos" in page
    assert "5 credits" in page
    data = {"look": "illustrated", "name": "Grace", "description": "Grey hair, navy coat", "key": "k1"}
    response = alice_client.post("/personas/new/", data)
    persona = Persona.objects.get()
    assert response["Location"] == persona.get_absolute_url()
    assert Job.objects.filter(kind="illustration").count() == 5
    assert "Drawn from the description" in alice_client.get(response["Location"]).content.decode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"look": "photoreal", "name": ""}, "This field is required"),
        ({"look": "illustrated", "name": "Ada", "description": ""}, "This field is required"),
    ],
)
def test_new_persona_without_words_comes_back_with_them_marked(alice_client, data, sentence):
    response = alice_client.post("/personas/new/", data)
    assert response.status_code == 422
    assert sentence in response.content.decode()
