"""The declared right to use a face: without it nothing is measured, and withdrawing it deletes what was."""

from django.db import transaction
from django.utils import timezone

from inflio.accounts.models import User
from inflio.common.errors import Conflict, InvalidInput
from inflio.generation import services as generation
from personas import consent_text
from personas.models import Consent, Persona, ReferencePhoto
from personas.queries import consent_in_force
from personas.services.activity import log_activity
from personas.services.erasure import erase_trained_models
from personas.services.outside import log_outside, write_outside

WITHDRAWN = "The consent was withdrawn, so nothing new is made. Declare it again and analyse the photos to go on."


@transaction.atomic
def declare_consent(*, persona: Persona, by: User, face: str, person_name: str = "", outside: bool = False) -> Consent:
    """Record that the user may use this face; the one in force is returned, as it is, when there is one already.

    outside: the photos may be sent to the engines of other companies too. The sample needs no such permission.

    Raises InvalidInput when it is somebody else's face and the name is missing.
    """
    persona = Persona.objects.locked(persona)
    if existing := consent_in_force(persona):
        return existing
    person_name = " ".join(person_name.split())
    if face == Consent.Face.OWN:
        text, person_name = consent_text.own_text(), ""
    elif face == Consent.Face.SAMPLE:
        text = consent_text.sample_text()
    elif face != Consent.Face.PERMITTED:
        raise InvalidInput("Say whose face it is: your own, or somebody's who permitted it.", code="face_missing")
    elif not person_name:
        raise InvalidInput("Write the name of the person who gave you the permission.", code="name_missing")
    else:
        text = consent_text.permitted_text(person_name)
    consent = Consent(
        persona=persona,
        user=by,
        face=face,
        person_name=person_name,
        text_version=consent_text.VERSION,
        text=text,
        declared_at=timezone.now(),
    )
    outside = outside and face != Consent.Face.SAMPLE
    if outside:
        write_outside(consent, by=by)
    consent.save()
    if persona.status_reason == WITHDRAWN:
        Persona.objects.filter(pk=persona.pk).update(status_reason="")
    log_activity(persona=persona, text=f"Consent declared: {_whose(consent)}", by=by)
    if outside:
        log_outside(persona, by=by)
    return consent


@transaction.atomic
def withdraw_consent(*, persona: Persona, by: User | None) -> Consent:
    """Stop every use of the face: open jobs are cancelled, all measurements and trained models deleted.

    Finished pictures stay. Raises Conflict when no consent is in force.
    """
    generation.cancel_jobs_of(subject=persona.reference)  # before the lock: a job that ends locks in this order
    persona = Persona.objects.locked(persona)
    generation.cancel_jobs_of(subject=persona.reference)  # those asked for in between; from here on none can be
    consent = consent_in_force(persona)
    if consent is None:
        raise Conflict("There is no consent in force that could be withdrawn.", code="no_consent")
    consent.withdrawn_at, consent.withdrawn_by, consent.outside_at = timezone.now(), by, None
    consent.save(update_fields=["withdrawn_at", "withdrawn_by", "outside_at", "updated_at"])
    forget_analysis(persona=persona)
    models = erase_trained_models(persona=persona, why="The consent was withdrawn.")
    if persona.look == Persona.Look.PHOTOREAL:
        persona.status, persona.status_reason = Persona.Status.PENDING_UPLOAD, WITHDRAWN
    persona.save()
    also = "; the trained model is being deleted at its provider" if models else ""
    log_activity(persona=persona, text=f"Consent withdrawn; all measurements of the face deleted{also}", by=by)
    return consent


def _whose(consent: Consent) -> str:
    if consent.face == Consent.Face.OWN:
        return "their own face"
    if consent.face == Consent.Face.SAMPLE:
        return "the public-domain sample"
    return f"the face of {consent.person_name}, with written permission"


def forget_analysis(*, persona: Persona) -> None:
    """Delete every measurement of the face, on the photos and (unsaved) on `persona`."""
    persona.photos.update(
        verdict=ReferencePhoto.Verdict.WAITING,
        problem="",
        message="",
        advice=[],
        lighting=None,
        clarity=None,
        angle=None,
        overall=None,
        rank=None,
        embedding=None,
    )
    persona.grade, persona.grade_advice, persona.consistency_score = "", [], None
