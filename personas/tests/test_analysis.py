"""The analysis: what it needs, what it leaves behind, and what a broken one leaves alone."""

import numpy as np
import pytest

from inflio.billing.models import CreditAccount
from inflio.common.errors import Conflict, InvalidInput, NotEnoughCredits
from inflio.generation.models import Job
from personas import queries, services
from personas.models import Persona
from personas.tests.makers import analysed, end, findings, persona_with_photos, upload

pytestmark = pytest.mark.django_db
Status = Persona.Status


def test_without_consent_nothing_is_analysed(workspace, alice):
    persona = persona_with_photos(workspace, alice, consent=False)
    with pytest.raises(Conflict, match="First declare whose face this is"):
        services.start_analysis(persona=persona, by=alice)
    assert not Job.objects.exists()


@pytest.mark.parametrize(("count", "sentence"), [(1, "There is 1 photo.*add 4 more"), (4, "4 photos.*add 1 more")])
def test_too_few_photos_are_said_with_their_number(workspace, alice, count, sentence):
    persona = persona_with_photos(workspace, alice, count=count)
    with pytest.raises(InvalidInput, match=sentence) as refused:
        services.start_analysis(persona=persona, by=alice)
    assert refused.value.code == "too_few"


def test_start_queues_the_photos_in_the_order_of_their_pictures(persona, alice):
    job = services.start_analysis(persona=persona, by=alice)
    persona.refresh_from_db()
    assert persona.status == Status.ANALYZING
    assert job.cost == 0
    pictures = list(job.pictures.order_by("pk").values_list("photo_of__pk", flat=True))
    assert job.params["photos"] == pictures


def test_double_click_makes_one_job(persona, alice):
    first = services.start_analysis(persona=persona, by=alice, key="click")
    assert services.start_analysis(persona=persona, by=alice, key="click") == first
    assert Job.objects.count() == 1


def test_second_analysis_conflicts_while_one_runs(persona, alice):
    services.start_analysis(persona=persona, by=alice)
    with pytest.raises(Conflict, match="already"):
        services.start_analysis(persona=persona, by=alice)


def test_portraits_that_cannot_be_paid_stop_everything_before_it_begins(persona, alice, workspace):
    CreditAccount.objects.filter(workspace=workspace).update(available=4)
    with pytest.raises(NotEnoughCredits, match="5 portraits cost 5 credits and 4 are left"):
        services.start_analysis(persona=persona, by=alice, with_portraits=True)
    persona.refresh_from_db()
    assert persona.status == Status.PENDING_UPLOAD
    assert not Job.objects.exists()


def test_result_is_taken_over(persona):
    analysed(persona, rejected=1)
    assert (persona.status, persona.grade, persona.consistency_score) == (Status.READY, "good", 0.91)
    photos = list(persona.photos.all())
    assert [photo.rank for photo in photos] == [1, 2, 3, 4, None]
    assert photos[-1].message == "No face was found."
    assert photos[-1].embedding is None
    assert np.frombuffer(photos[1].embedding, np.float32).tolist() == [2.0] * 128


def test_too_few_usable_photos_fail_with_what_to_do_and_keep_no_measurement(persona):
    analysed(persona, rejected=3)
    assert persona.status == Status.FAILED
    assert persona.status_reason.startswith("Only 2 of 5 photos can be used, and at least 3 are needed.")
    assert "photo-3.jpg: No face was found." in persona.status_reason
    assert not persona.photos.exclude(embedding=None).exists()
    assert not queries.has_references(persona)


def test_three_usable_photos_are_enough(persona):
    assert analysed(persona, rejected=2).status == Status.READY


def test_portraits_follow_when_asked_for(persona):
    analysed(persona, with_portraits=True)
    jobs = Job.objects.filter(kind="portrait")
    assert jobs.count() == 5
    assert persona.portraits.count() == 5
    assert {job.created_by for job in jobs} == {persona.created_by}


def test_credits_gone_meanwhile_keep_the_analysis(persona, alice, workspace):
    job = services.start_analysis(persona=persona, by=alice, with_portraits=True)
    CreditAccount.objects.filter(workspace=workspace).update(available=2)
    end(job, data=findings(persona))
    persona.refresh_from_db()
    assert persona.status == Status.READY
    assert not Job.objects.filter(kind="portrait").exists()
    assert "not started" in persona.activity.first().text


def test_failed_analysis_says_why(persona, alice):
    job = services.start_analysis(persona=persona, by=alice)
    end(job, state=Job.State.FAILED, message="The disk is full.")
    persona.refresh_from_db()
    assert (persona.status, persona.status_reason) == (Status.FAILED, "The disk is full.")


def test_failed_analysis_of_a_ready_persona_leaves_it_ready(ready, alice):
    services.add_photo(persona=ready, file=upload(9), by=alice)
    job = services.start_analysis(persona=ready, by=alice)
    end(job, state=Job.State.FAILED, message="The disk is full.")
    ready.refresh_from_db()
    assert ready.status == Status.READY


def test_cancelled_analysis_goes_back_to_waiting(persona, alice):
    services.start_analysis(persona=persona, by=alice)
    persona.refresh_from_db()
    services.cancel_analysis(persona=persona, by=alice)
    persona.refresh_from_db()
    assert (persona.status, persona.status_reason) == (Status.PENDING_UPLOAD, "The analysis was cancelled.")


def test_nothing_to_cancel_is_said(ready, alice):
    with pytest.raises(Conflict, match="No analysis is running"):
        services.cancel_analysis(persona=ready, by=alice)


def test_end_after_the_persona_is_gone_changes_nothing(persona, alice):
    job = services.start_analysis(persona=persona, by=alice)
    data = findings(persona)
    Persona.objects.filter(pk=persona.pk).delete()
    assert end(job, data=data).state == Job.State.DONE


def test_older_analysis_does_not_overwrite_a_newer_one(persona, alice):
    job = services.start_analysis(persona=persona, by=alice)
    newer = Job.objects.create(workspace=persona.workspace, kind="analysis", engine="embedded", idempotency_key="n")
    Persona.objects.filter(pk=persona.pk).update(analysis=newer, grade="excellent")
    end(job, data=findings(persona))
    persona.refresh_from_db()
    assert persona.grade == "excellent"


def test_photos_make_a_drawn_persona_photoreal(workspace, alice):
    persona = services.draw_persona(workspace=workspace, name="Ada", description="Red hair", by=alice)
    for number in range(5):
        services.add_photo(persona=persona, file=upload(number), by=alice)
    services.declare_consent(persona=persona, by=alice, face="own")
    assert analysed(persona).look == Persona.Look.PHOTOREAL
