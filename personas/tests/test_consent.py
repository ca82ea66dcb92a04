"""Consent: what is recorded, and what withdrawing it ends."""

import pytest

from inflio.billing.models import CreditAccount
from inflio.common.errors import Conflict, InvalidInput
from inflio.generation.models import Job
from personas import consent_text, queries, services
from personas.models import Consent, Persona

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty(workspace, alice):
    return services.create_persona(workspace=workspace, name="Ada", by=alice)


def test_declaration_records_words_version_time_and_user(empty, alice):
    face = Consent.Face.PERMITTED
    consent = services.declare_consent(persona=empty, by=alice, face=face, person_name=" Mae  Jemison ")
    assert (consent.user, consent.person_name) == (alice, "Mae Jemison")
    assert consent.text_version == consent_text.VERSION
    assert consent.text == consent_text.permitted_text("Mae Jemison")
    assert "18 or older" in consent.text
    assert consent.declared_at is not None
    assert empty.activity.first().text == "Consent declared: the face of Mae Jemison, with written permission"


def test_own_face_needs_no_name(empty, alice):
    consent = services.declare_consent(persona=empty, by=alice, face=Consent.Face.OWN, person_name="ignored")
    assert (consent.person_name, consent.text) == ("", consent_text.own_text())


@pytest.mark.parametrize(
    ("face", "sentence"), [("permitted", "Write the name"), ("", "Say whose face"), ("stolen", "Say whose face")]
)
def test_incomplete_declaration_is_refused(empty, alice, face, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        services.declare_consent(persona=empty, by=alice, face=face)
    assert queries.consent_in_force(empty) is None


def test_second_declaration_keeps_the_first(empty, alice):
    first = services.declare_consent(persona=empty, by=alice, face=Consent.Face.OWN)
    assert services.declare_consent(persona=empty, by=alice, face=Consent.Face.OWN) == first
    assert empty.consents.count() == 1


def test_withdrawal_deletes_measurements_and_cancels_work(finished, alice, workspace):
    services.regenerate_portrait(portrait=finished.portraits.first(), by=alice)
    before = CreditAccount.objects.get(workspace=workspace).available
    services.withdraw_consent(persona=finished, by=alice)
    finished.refresh_from_db()
    assert not Job.objects.filter(state__in=Job.OPEN).exists()
    assert CreditAccount.objects.get(workspace=workspace).available == before + 1
    assert not finished.photos.exclude(embedding=None).exists()
    assert set(finished.photos.values_list("verdict", "rank", "overall")) == {("waiting", None, None)}
    assert (finished.status, finished.grade, finished.consistency_score) == (Persona.Status.PENDING_UPLOAD, "", None)
    assert "withdrawn" in finished.status_reason
    assert finished.portraits.filter(asset__isnull=False).count() == 5


def test_nothing_is_made_after_a_withdrawal(finished, alice):
    services.withdraw_consent(persona=finished, by=alice)
    with pytest.raises(Conflict, match="no consent"):
        services.request_portraits(persona=finished, by=alice)
    with pytest.raises(Conflict, match="no consent"):
        services.regenerate_portrait(portrait=finished.portraits.first(), by=alice)
    with pytest.raises(Conflict, match="First declare"):
        services.start_analysis(persona=finished, by=alice)


def test_withdrawal_while_the_analysis_runs_keeps_no_result(persona, alice):
    job = services.start_analysis(persona=persona, by=alice)
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, lease_token="w")
    services.withdraw_consent(persona=persona, by=alice)
    assert Job.objects.get(pk=job.pk).cancel_requested
    persona.refresh_from_db()
    assert persona.status == Persona.Status.PENDING_UPLOAD


def test_withdrawal_needs_a_consent(empty, alice):
    with pytest.raises(Conflict, match="no consent in force"):
        services.withdraw_consent(persona=empty, by=alice)


def test_consent_can_be_declared_again(ready, alice):
    services.withdraw_consent(persona=ready, by=alice)
    services.declare_consent(persona=ready, by=alice, face=Consent.Face.OWN)
    ready.refresh_from_db()
    assert ready.status_reason == ""
    assert services.start_analysis(persona=ready, by=alice).is_open
    assert ready.consents.count() == 2
