"""The photo step: consent first, every file judged by itself, the analysis live."""

import pytest

from inflio.generation.models import Job
from personas import services
from personas.tests.makers import findings, persona_with_photos, upload
from personas.tests.pages import HTMX, address

pytestmark = pytest.mark.django_db


def test_consent_comes_first_and_is_recorded(alice_client, workspace, alice):
    persona = persona_with_photos(workspace, alice, consent=False)
    page = alice_client.get(address("photos", persona)).content.decode()
    assert "Consent comes first" in page
    assert "Without consent no photo is analysed" in page
    wrong = alice_client.post(address("declare_consent", persona), {"face": "permitted", "declared": "on"})
    assert wrong.status_code == 422
    assert "Write the name of the person" in wrong.content.decode()
    assert "You need this person&#x27;s written permission." in wrong.content.decode()
    right = {"face": "permitted", "person_name": "Mae Jemison", "permission": "on", "declared": "on"}
    assert alice_client.post(address("declare_consent", persona), right)["Location"] == address("photos", persona)
    assert persona.consents.get().person_name == "Mae Jemison"
    assert "Consent comes first" not in alice_client.get(address("photos", persona)).content.decode()


def test_wrong_declaration_comes_back_as_a_fragment(alice_client, workspace, alice):
    persona = persona_with_photos(workspace, alice, consent=False)
    url = address("declare_consent", persona)
    response = alice_client.post(url, {"face": "own"}, **HTMX, HTTP_HX_TARGET="declaration")
    assert response.status_code == 422
    assert response.content.decode().lstrip().startswith('<section id="declaration"')
    assert "Tick this to declare it" in response.content.decode()


def test_sample_consent_cannot_be_declared_by_hand(alice_client, workspace, alice):
    persona = persona_with_photos(workspace, alice, consent=False)
    response = alice_client.post(address("declare_consent", persona), {"face": "sample", "declared": "on"})
    assert response.status_code == 422


def test_every_file_of_an_upload_is_judged_by_itself(alice_client, workspace, alice):
    persona = services.create_persona(workspace=workspace, name="Ada", by=alice)
    bad = upload(3, "broken.jpg")
    bad.file.truncate(500)
    bad.size = 500
    files = [upload(1), bad, upload(1, "again.jpg"), upload(2)]
    response = alice_client.post(address("add_photos", persona), {"photos": files})
    page = response.content.decode()
    assert response.status_code == 422
    assert persona.photos.count() == 2
    assert page.count("data-photo-refused") == 2
    assert "This photo is damaged" in page
    assert "already here as photo-1.jpg" in page


def test_upload_without_a_problem_goes_back_to_the_page(alice_client, workspace, alice):
    persona = services.create_persona(workspace=workspace, name="Ada", by=alice)
    response = alice_client.post(address("add_photos", persona), {"photos": [upload(1), upload(2)]})
    assert response["Location"] == address("photos", persona)
    page = alice_client.get(response["Location"]).content.decode()
    assert "2 of 5-20 photos" in page
    assert "Add 3 more photos" in page or "First declare" in page


def test_upload_of_one_file_by_script_answers_the_fragment(alice_client, workspace, alice):
    persona = services.create_persona(workspace=workspace, name="Ada", by=alice)
    url = address("add_photos", persona)
    response = alice_client.post(url, {"photos": upload(1)}, **HTMX, HTTP_HX_TARGET="photo-set")
    assert response.content.decode().lstrip().startswith('<section id="photo-set"')
    assert "photo-1.jpg" in response.content.decode()
    none = alice_client.post(url, {}, **HTMX, HTTP_HX_TARGET="photo-set").content.decode()
    assert "Choose at least one photo first" in none


def test_twenty_one_files_keep_twenty(alice_client, workspace, alice):
    persona = services.create_persona(workspace=workspace, name="Ada", by=alice)
    response = alice_client.post(address("add_photos", persona), {"photos": [upload(n) for n in range(1, 22)]})
    assert persona.photos.count() == 20
    assert response.content.decode().count("There are 20 photos already") == 1


def test_photo_of_another_persona_cannot_be_removed(alice_client, persona, workspace, alice):
    other = services.create_persona(workspace=workspace, name="Eve", by=alice)
    photo = persona.photos.first()
    assert alice_client.post(address("remove_photo", other, photo.pk)).status_code == 404
    assert alice_client.post(address("remove_photo", persona, photo.pk))["Location"] == address("photos", persona)
    assert persona.photos.count() == 4


def test_analysis_is_shown_live_and_its_double_click_makes_one(alice_client, persona):
    data = {"portraits": "1", "key": "click"}
    assert alice_client.post(address("analyse", persona), data)["Location"] == address("persona", persona)
    assert alice_client.post(address("analyse", persona), data)["Location"] == address("persona", persona)
    job = Job.objects.get()
    facts = findings(persona, rejected=1)["photos"]
    Job.objects.filter(pk=job.pk).update(state="running", progress=0.4, stage="Looked at 5 of 5 photos", findings=facts)
    for page, target in (("persona", "portraits"), ("photos", "photo-set")):
        fragment = alice_client.get(address(page, persona), **HTMX, HTTP_HX_TARGET=target).content.decode()
        assert 'hx-trigger="every 1s"' in fragment
        assert "Looked at 5 of 5 photos" in fragment
        assert "No face was found." in fragment
        assert 'hx-swap-oob="true"' in fragment
        assert "<html" not in fragment
    page = alice_client.get(address("persona", persona)).content.decode()
    assert "hx-swap-oob" not in page
