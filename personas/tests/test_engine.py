"""Personas with the real embedded engine: photos judged, portraits alike, drawings from words."""

import pytest
from django.conf import settings
from django.core.files import File

from inflio.generation.models import Job
from inflio.generation.runner import run_job
from inflio.media import storage
from personas import services
from personas.models import Consent, Persona
from personas.tests.makers import upload

pytestmark = pytest.mark.django_db
PHOTOS = settings.BASE_DIR / "demo" / "photos"


def add(persona: Persona, *numbers: int) -> None:
    for number in numbers:
        path = next(PHOTOS.glob(f"{number:02}_*.jpg"))
        with path.open("rb") as handle:
            services.add_photo(persona=persona, file=File(handle, name=path.name), by=persona.created_by)


@pytest.fixture
def eileen(workspace, alice):
    persona = services.create_persona(workspace=workspace, name="Eileen", by=alice)
    services.declare_consent(persona=persona, by=alice, face=Consent.Face.SAMPLE)
    return persona


def test_photos_become_references_and_a_portrait_that_is_alike(eileen, alice):
    add(eileen, 1, 2, 4, 9, 10)
    services.add_photo(persona=eileen, file=upload(7, "no-face.jpg"), by=alice)
    assert run_job(services.start_analysis(persona=eileen, by=alice).pk)
    eileen.refresh_from_db()
    verdicts = dict(eileen.photos.values_list("original_name", "problem"))
    assert eileen.status == Persona.Status.READY
    assert [verdicts[name] for name in ("01_front.jpg", "02_close.jpg", "04_tilt_right_warm.jpg")] == ["", "", ""]
    assert all(verdicts[name] for name in ("09_dark.jpg", "10_blurred.jpg", "no-face.jpg"))
    assert all(eileen.photos.exclude(problem="").values_list("message", flat=True))
    measured = eileen.photos.exclude(embedding=None)
    assert [len(photo.embedding) for photo in measured] == [512, 512, 512]
    assert 0.5 < eileen.consistency_score <= 1

    jobs = services.request_portraits(persona=eileen, by=alice)
    assert run_job(jobs[0].pk)
    portrait = eileen.portraits.get(scenario=jobs[0].params["scenario"])
    assert portrait.asset.identity_score >= 0.85
    assert (portrait.asset.width, portrait.asset.height) == (1024, 1280)
    assert portrait.asset.provenance["seed"] == jobs[0].params["seed"]
    assert portrait.asset.provenance["ai_made"] is True
    assert storage.read(portrait.asset.name).startswith(b"\xff\xd8")


def test_likeness_that_cannot_be_reached_fails_with_the_number_and_gives_the_credit_back(eileen, alice, settings):
    settings.MAX_REMAKES = 0
    add(eileen, 1, 2, 4, 5, 8)
    run_job(services.start_analysis(persona=eileen, by=alice).pk)
    Persona.objects.filter(pk=eileen.pk).update(identity_threshold=0.999)
    job = services.request_portraits(persona=eileen, by=alice)[0]
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code) == (Job.State.FAILED, "identity_too_low")
    assert "1.00 is needed" in job.error_message
    assert eileen.workspace.credits.available == 96


def test_words_alone_are_drawn_and_say_so(workspace, alice):
    persona = services.draw_persona(workspace=workspace, name="Ada", description="Red hair, green coat", by=alice)
    assert run_job(Job.objects.earliest("pk").pk)
    asset = persona.portraits.get(scenario="professional_headshot").asset
    assert asset.identity_score is None
    assert asset.provenance["method"] == "illustration"
