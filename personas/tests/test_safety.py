"""Personas: words that ask for something sexual or for a child are refused, and so are photos."""

from types import SimpleNamespace

import pytest
from django.core.files import File
from django.urls import reverse

from inflio.generation.engines import embedded
from inflio.generation.runner import run_job
from inflio.media import storage
from inflio.safety.checks import Check, Finding
from inflio.safety.models import Refusal
from inflio.safety.services import Unsafe, keep_refusals, review_refusal
from personas import services
from personas.models import Consent, Persona


@pytest.mark.django_db(transaction=True)
def test_a_page_that_refuses_keeps_the_refusal_and_makes_nothing(alice_client, workspace, alice):
    form = {"look": "illustrated", "name": "Mia", "description": "nackte Frau"}
    page = alice_client.post(reverse("personas:new"), form)
    assert page.status_code == 422
    assert "nackte" in page.content.decode()
    assert not Persona.objects.exists()
    refusal = Refusal.objects.get()
    assert (refusal.workspace, refusal.user, refusal.evidence) == (workspace, alice, "Mia. nackte Frau")


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Nude Nora"},
        {"description": "a schoolgirl"},
        {"attributes": {"age": 16}},
        {"attributes": {"style": "p0rn"}},
    ],
)
def test_no_edit_makes_a_persona_unsafe(workspace, alice, change):
    persona = services.create_persona(workspace=workspace, name="Mia", by=alice, description="A woman of 30")
    with keep_refusals(), pytest.raises(Unsafe):
        services.update_persona(persona=persona, by=alice, **change)
    persona.refresh_from_db()
    assert (persona.name, persona.description, persona.attributes) == ("Mia", "A woman of 30", {})
    assert Refusal.objects.count() == 1


class NotThisPhoto(Check):
    """Objects to one file."""

    name = "test"
    refused = b""

    def look(self, data: bytes) -> Finding | None:
        return Finding("sexual", "This one is refused.", {"test": 0.9}) if data == self.refused else None


def test_a_refused_photo_is_no_reference_is_logged_and_may_be_allowed_by_a_person(workspace, alice, settings):
    settings.SAFETY_CHECKS = [f"{__name__}.NotThisPhoto"]
    persona = services.create_persona(workspace=workspace, name="Eileen", by=alice)
    services.declare_consent(persona=persona, by=alice, face=Consent.Face.SAMPLE)
    for path in sorted((settings.BASE_DIR / "demo" / "photos").glob("*.jpg"))[:5]:
        with path.open("rb") as handle:
            services.add_photo(persona=persona, file=File(handle, name=path.name), by=alice)
    photo = persona.photos.select_related("asset").first()
    NotThisPhoto.refused = storage.read(photo.asset.name)

    assert run_job(services.start_analysis(persona=persona, by=alice).pk)
    photo.refresh_from_db()
    assert (photo.verdict, photo.problem, photo.message) == ("rejected", "unsafe", "This one is refused.")
    assert (photo.rank, photo.embedding) == (None, None)
    refusal = Refusal.objects.get()
    assert (refusal.stage, refusal.category, refusal.sha256) == ("upload", "sexual", photo.asset.sha256)
    assert (refusal.user, refusal.scores, refusal.evidence) == (alice, {"test": 0.9}, "")
    persona.refresh_from_db()
    assert persona.photos.exclude(rank=None).count() == 4

    review_refusal(refusal=refusal, by=alice, decision="overturned")
    again = services.start_analysis(persona=persona, by=alice)
    assert again.params["cleared"] == [photo.asset.sha256]
    assert embedded._inspector(again.params)(SimpleNamespace(path=None, key=photo.asset.sha256)) is None
