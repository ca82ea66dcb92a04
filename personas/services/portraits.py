"""The five portraits: ask for them, make one again, choose among those made, and the avatar."""

import uuid

from django.db import transaction

from inflio.accounts.models import User
from inflio.billing.models import CreditAccount
from inflio.common.errors import Conflict, InvalidInput, NotEnoughCredits
from inflio.generation import services as generation
from inflio.generation.finish import Ending
from inflio.generation.models import Job
from inflio.generation.usage import refuse_over_day_limit
from inflio.media.models import Asset
from personas import queries
from personas.engines import credits_of, engine_for
from personas.limits import PORTRAIT_HEIGHT, PORTRAIT_WIDTH
from personas.models import Persona, Portrait
from personas.scenarios import SCENARIOS
from personas.seeds import portrait_seed
from personas.services.activity import log_activity
from personas.services.outside import refuse_outside
from personas.services.personas import refuse_archived

IDENTITY_TOO_LOW = "identity_too_low"


@transaction.atomic
def request_portraits(*, persona: Persona, by: User | None, key: str = "") -> list[Job]:
    """Queue every portrait that is missing, or all five when none is; all of them or, on any error, none.

    The same `key` (a form's own) gives the same jobs. Raises Conflict when they are being made already, the persona
    is not ready or the day's limit is reached, NotEnoughCredits when they cannot be paid.
    """
    persona = Persona.objects.locked(persona)
    key = key or uuid.uuid4().hex
    if made := queries.jobs_of_click(persona, f"portrait:{key}:"):
        return made
    refuse_unready(persona)
    portraits = [_portrait_for(persona, scenario.key) for scenario in SCENARIOS]
    wanted = queries.portraits_to_make(portraits, queries.open_scenarios(persona))
    if not wanted:
        raise Conflict("The portraits are being made already.", code="portraits_open")
    refuse_over_day_limit(workspace=persona.workspace, count=len(wanted))
    refuse_unpayable(persona, count=len(wanted), kind=kind_of(persona))
    jobs = [_queue(persona, portrait, by, key=f"portrait:{key}:{portrait.scenario}") for portrait in wanted]
    count = "Five portraits" if len(jobs) == len(SCENARIOS) else f"{len(jobs)} of the five portraits"
    log_activity(persona=persona, text=f"{count} asked for", by=by)
    return jobs


@transaction.atomic
def regenerate_portrait(*, portrait: Portrait, by: User | None, key: str = "") -> Job:
    """Queue another variation; the picture it has stays until the new one is there."""
    persona = Persona.objects.locked(portrait.persona)
    if key and (job := queries.job_of_click(persona, f"portrait:{key}")):
        return job
    refuse_unready(persona)
    portrait = Portrait.objects.get(pk=portrait.pk)
    if portrait.scenario in queries.open_scenarios(persona):
        raise Conflict("This portrait is being made already.", code="portrait_open")
    job = _queue(persona, portrait, by, key=f"portrait:{key}" if key else "")
    log_activity(persona=persona, text=f"{portrait.title}: another variation asked for", by=by)
    return job


@transaction.atomic
def retry_portrait(*, portrait: Portrait, by: User | None) -> Job:
    """Queue a failed or cancelled portrait again, with the references of today; a second click changes nothing.

    The seed stays, unless it was the likeness that failed.
    """
    persona = Persona.objects.locked(portrait.persona)
    refuse_unready(persona)
    portrait = Portrait.objects.select_related("job").get(pk=portrait.pk)
    if portrait.in_progress:
        return portrait.job
    if not portrait.failed:
        raise Conflict("This portrait has not failed. Ask for another variation instead.")
    failed = portrait.job
    same_seed = failed.error_code != IDENTITY_TOO_LOW
    job = _queue(persona, portrait, by, key=f"retry:{failed.pk}", retry_of=failed, same_seed=same_seed)
    log_activity(persona=persona, text=f"{portrait.title}: tried again", by=by)
    return job


@transaction.atomic
def cancel_portrait(*, portrait: Portrait, by: User | None) -> None:
    """Stop the job of a portrait; its credit comes back. One that is over stays as it is."""
    job = queries.newest_job(portrait)
    if job is None or not job.is_open:
        return
    log_activity(persona=portrait.persona, text=f"{portrait.title}: cancelled", by=by)
    generation.cancel_job(job=job)


@transaction.atomic
def choose_picture(*, portrait: Portrait, asset: Asset, by: User | None) -> None:
    """Show an earlier picture of this scenario again; raises InvalidInput for a picture that is not one of its own."""
    if asset.pk not in {row.pk for row in queries.pictures_of(portrait)}:
        raise InvalidInput("This picture does not belong to this portrait.")
    persona = Persona.objects.locked(portrait.persona)
    Portrait.objects.filter(pk=portrait.pk).update(asset=asset)
    log_activity(persona=persona, text=f"{portrait.title}: an earlier picture chosen", by=by)


@transaction.atomic
def set_avatar(*, persona: Persona, asset: Asset, by: User | None) -> None:
    """Make a portrait's picture the face of the persona; raises InvalidInput for any other picture."""
    persona = Persona.objects.locked(persona)
    if not persona.portraits.filter(asset=asset).exists():
        raise InvalidInput("Only one of the persona's portraits can be its avatar.")
    persona.avatar = asset
    persona.save(update_fields=["avatar", "updated_at"])
    log_activity(persona=persona, text="Avatar changed", by=by)


def finish_portrait(*, job: Job, ending: Ending) -> None:
    """Show the picture of an ended job; called in the job's last transaction, whatever its end was."""
    persona = queries.persona_of_job(job)
    portrait = persona and persona.portraits.filter(scenario=job.params.get("scenario")).first()
    if portrait is None:
        return
    if job.state == Job.State.FAILED:
        log_activity(persona=persona, text=f"{portrait.title} failed: {job.error_message}")
    if job.state != Job.State.DONE or not ending.assets:
        return
    asset = ending.assets[0]
    if portrait.job_id is None or job.pk >= portrait.job_id:  # one started later has the last word
        Portrait.objects.filter(pk=portrait.pk).update(asset=asset, job=job)
    Persona.objects.filter(pk=persona.pk, avatar=None).update(avatar=asset)
    likeness = f", likeness {asset.identity_score:.2f}" if asset.identity_score is not None else ""
    log_activity(persona=persona, text=f"{portrait.title} finished{likeness}")


def refuse_unpayable(persona: Persona, *, count: int, kind: str) -> None:
    """Raise NotEnoughCredits when the workspace cannot pay `count` pictures now."""
    price = count * credits_of(kind)
    available = CreditAccount.objects.get(workspace=persona.workspace_id).available
    if available < price:
        pictures = "One portrait costs" if count == 1 else f"{count} portraits cost"
        raise NotEnoughCredits(f"{pictures} {price} credits and {available} are left. Looking at the photos is free.")


def kind_of(persona: Persona) -> str:
    """The kind of job that makes this persona's pictures."""
    return "portrait" if persona.look == Persona.Look.PHOTOREAL else "illustration"


def _queue(
    persona: Persona,
    portrait: Portrait,
    by: User | None,
    *,
    key: str,
    retry_of: Job | None = None,
    same_seed: bool = False,
) -> Job:
    if not same_seed:
        portrait.variation += 1
    kind, photoreal = kind_of(persona), persona.look == Persona.Look.PHOTOREAL
    seed = portrait_seed(persona_id=persona.pk, scenario=portrait.scenario, variation=portrait.variation)
    params = {"scenario": portrait.scenario, "seed": seed, "width": PORTRAIT_WIDTH, "height": PORTRAIT_HEIGHT}
    if not photoreal:
        params |= {"description": persona.description, "attributes": persona.attributes}
    portrait.job = generation.create_job(
        workspace=persona.workspace,
        kind=kind,
        engine=engine_for(kind),
        title=f"{persona.name}: {portrait.title}",
        subject=persona.reference,
        params=params,
        pictures=queries.reference_assets(persona) if photoreal else (),
        threshold=persona.identity_threshold if photoreal else None,
        on_done="personas.tasks.portrait_ended",
        idempotency_key=key,
        by=by,
        retry_of=retry_of,
    )
    portrait.save()
    return portrait.job


def _portrait_for(persona: Persona, scenario: str) -> Portrait:
    return Portrait.objects.select_related("job").get_or_create(persona=persona, scenario=scenario)[0]


def refuse_unready(persona: Persona, *, engine: str = "") -> None:
    """Raise Conflict when nothing may be made of this persona now, or not with this engine, and say what is missing."""
    refuse_archived(persona)
    if persona.look == Persona.Look.ILLUSTRATED:
        return
    if queries.consent_in_force(persona) is None:
        raise Conflict("There is no consent for this face any more. Declare it again to go on.", code="no_consent")
    if persona.status == Persona.Status.ANALYZING:
        raise Conflict("The photos are being looked at. Ask again in a moment.", code="analysis_open")
    if persona.status != Persona.Status.READY:
        raise Conflict("The persona is not ready: add photos and analyse them first.", code="not_ready")
    if engine:
        refuse_outside(persona, engine)
