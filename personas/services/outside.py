"""Whether a persona's photos may be sent to the engines of other companies: allowed, stopped, and refused."""

from django.db import transaction
from django.utils import timezone

from inflio.accounts.models import User
from inflio.common.errors import Conflict
from inflio.generation import services as generation
from inflio.generation.engines import ENGINES, PROVIDERS, engine_class
from personas import consent_text, queries
from personas.models import Consent, Persona
from personas.services.activity import log_activity
from personas.services.erasure import erase_trained_models


@transaction.atomic
def allow_outside_engines(*, persona: Persona, by: User) -> Consent:
    """Let the photos be sent to the companies of this installation's engines; a second click changes nothing.

    Raises Conflict when no consent is in force, for the sample, and for anybody but the user who declared it.
    """
    persona = Persona.objects.locked(persona)
    consent = _declared(persona)
    if consent.user_id != by.pk:
        raise Conflict(
            f"{consent.user or 'A user who has left'} declared this consent, so nobody else can widen it.",
            code="not_declarer",
        )
    if not set(PROVIDERS) <= queries.companies_allowed(persona):
        write_outside(consent, by=by)
        consent.save()
        log_outside(persona, by=by)
    return consent


@transaction.atomic
def stop_outside_engines(*, persona: Persona, by: User | None) -> Consent:
    """Send no photo to another company any more: open work there is cancelled, trained models are deleted there.

    A second click changes nothing. Raises Conflict when no consent is in force, and for the sample.
    """
    outside = [name for name in ENGINES if engine_class(name).provider]
    generation.cancel_jobs_of(subject=persona.reference, engines=outside)  # before the lock, as withdraw_consent does
    persona = Persona.objects.locked(persona)
    generation.cancel_jobs_of(subject=persona.reference, engines=outside)  # asked for in between; now none can be
    consent = _declared(persona)
    if consent.outside_at is None:
        return consent
    consent.outside_at = None
    consent.save(update_fields=["outside_at", "updated_at"])
    models = erase_trained_models(persona=persona, why="Photos may no longer be sent to other companies.")
    also = "; the trained model is being deleted at its provider" if models else ""
    log_activity(persona=persona, text=f"Photos no longer sent to other companies{also}", by=by)
    return consent


def refuse_outside(persona: Persona, engine: str) -> None:
    """Raise Conflict when `engine` belongs to another company that may not get this persona's photos."""
    provider = engine_class(engine).provider
    if provider and provider not in queries.companies_allowed(persona):
        raise Conflict(queries.outside_refusal(persona, provider), code="no_outside_consent")


def write_outside(consent: Consent, *, by: User) -> None:
    """Put the permission, with its words and the companies it names, into `consent`, unsaved."""
    consent.outside_at, consent.outside_by = timezone.now(), by
    consent.outside_providers = list(PROVIDERS)
    consent.outside_text_version = consent_text.OUTSIDE_VERSION
    consent.outside_text = consent_text.outside_text(queries.company_titles())


def log_outside(persona: Persona, *, by: User) -> None:
    """Add the line that says to whom the photos may be sent."""
    names = ", ".join(queries.company_titles())
    log_activity(persona=persona, text=f"Photos may be sent to engines of other companies: {names}", by=by)


def _declared(persona: Persona) -> Consent:
    consent = queries.consent_in_force(persona)
    if consent is None:
        raise Conflict("First declare whose face this is and that you may use it.", code="no_consent")
    if consent.face == Consent.Face.SAMPLE:
        raise Conflict("The sample is in the public domain: every engine may be used with it.", code="sample")
    return consent
