"""Copy a persona: its character and photos, and what was measured only where the consent comes along."""

from django.db import transaction

from inflio.accounts.models import User
from inflio.media import services as media
from inflio.media.models import Asset
from personas import queries
from personas.models import Consent, Persona, Portrait
from personas.services.activity import log_activity
from personas.services.consent import forget_analysis
from personas.services.personas import NAME_LENGTH


@transaction.atomic
def duplicate_persona(*, persona: Persona, by: User) -> Persona:
    """Return a new persona with the same description, character, settings and photos.

    Whoever declared the consent may carry it over; for anybody else the copy waits for a consent of their own, with
    nothing measured and no portraits.
    """
    source = Persona.objects.locked(persona)
    consent = queries.consent_in_force(source)
    carried = consent if consent and consent.user_id == by.pk else None
    whole = carried is not None or source.look == Persona.Look.ILLUSTRATED
    copy = Persona.objects.create(
        workspace=source.workspace,
        name=f"{source.name[: NAME_LENGTH - 7]} (copy)",
        description=source.description,
        look=source.look,
        status=Persona.Status.PENDING_UPLOAD,
        attributes=source.attributes,
        identity_threshold=source.identity_threshold,
        created_by=by,
    )
    log_activity(persona=copy, text=f"Copied from {source.name}", by=by)
    if carried:
        _copy_consent(carried, copy)
    _copy_photos(source, copy)
    if whole:
        _copy_results(source, copy)
    else:
        forget_analysis(persona=copy)
        copy.save()
    log_activity(persona=source, text=f"Copied to {copy.name}", by=by)
    return copy


def _copy_consent(consent: Consent, copy: Persona) -> None:
    day = f"{consent.declared_at:%-d %B %Y}"
    consent.pk, consent.persona, consent._state.adding = None, copy, True
    consent.save()
    log_activity(persona=copy, text=f"Consent of {day} carried over: declared by the same user", by=consent.user)


def _copy_photos(source: Persona, copy: Persona) -> None:
    for photo in source.photos.select_related("asset").order_by("asset_id"):
        photo.asset = _copy_asset(photo.asset, copy)
        photo.pk, photo.persona, photo._state.adding = None, copy, True
        photo.save()


def _copy_results(source: Persona, copy: Persona) -> None:
    ready = source.look == Persona.Look.ILLUSTRATED or queries.has_references(copy)
    copy.status = Persona.Status.READY if ready else Persona.Status.PENDING_UPLOAD
    copy.grade, copy.grade_advice = source.grade, source.grade_advice
    copy.consistency_score = source.consistency_score
    for portrait in source.portraits.filter(asset__isnull=False).select_related("asset"):
        asset = _copy_asset(portrait.asset, copy, scenario=portrait.scenario)
        Portrait.objects.create(persona=copy, scenario=portrait.scenario, asset=asset)
        if portrait.asset_id == source.avatar_id:
            copy.avatar = asset
    copy.save()


def _copy_asset(asset: Asset, copy: Persona, **facts) -> Asset:
    """A row of its own for the same file: the file goes when the last row that names it goes."""
    file = media.StoredFile(asset.name, asset.sha256, asset.mime, asset.size, asset.width, asset.height)
    return media.create_asset(
        workspace=copy.workspace,
        file=file,
        source=asset.source,
        identity_score=asset.identity_score,
        provenance={**asset.provenance, **facts, "copied_from": f"asset:{asset.pk}"},
        reference=copy.reference,
    )
