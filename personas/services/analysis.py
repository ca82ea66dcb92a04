"""Have a persona's photos looked at: which show the face well, which do not and why, and how good the set is."""

import base64

from django.conf import settings
from django.db import transaction

from inflio.accounts.models import User
from inflio.common.errors import Conflict, InflioError, InvalidInput
from inflio.generation import services as generation
from inflio.generation.finish import Ending
from inflio.generation.models import Job
from inflio.safety.checks import Finding
from inflio.safety.services import cleared_hashes, log_upload_refusal
from personas import queries
from personas.engines import engine_for
from personas.limits import MAX_PHOTOS, MIN_PHOTOS, MIN_USABLE
from personas.models import Persona, ReferencePhoto
from personas.scenarios import SCENARIOS
from personas.services.activity import log_activity
from personas.services.personas import refuse_archived
from personas.services.portraits import refuse_unpayable, request_portraits

Status = Persona.Status


@transaction.atomic
def start_analysis(*, persona: Persona, by: User | None, with_portraits: bool = False, key: str = "") -> Job:
    """Queue the analysis of all photos, and of the five portraits after it when asked for.

    The same `key` (a form's own) gives the same job. Raises Conflict without a consent in force or while an analysis
    runs, InvalidInput for too few photos, NotEnoughCredits when the portraits asked for cannot be paid.
    """
    persona = Persona.objects.locked(persona)
    if key and (job := queries.job_of_click(persona, f"analysis:{key}")):
        return job
    refuse_archived(persona)
    if persona.status == Status.ANALYZING:
        raise Conflict("The photos are being looked at already.", code="analysis_open")
    refuse_without_consent(persona)
    photos = list(persona.photos.select_related("asset").order_by("asset_id"))
    refuse_wrong_count(len(photos))
    if with_portraits:
        missing = len(SCENARIOS) - persona.portraits.filter(asset__isnull=False).count()
        refuse_unpayable(persona, count=missing or len(SCENARIOS), kind="portrait")
    job = generation.create_job(
        workspace=persona.workspace,
        kind="analysis",
        engine=engine_for("analysis"),
        title=f"Photos of {persona.name}",
        subject=persona.reference,
        params={"photos": [photo.pk for photo in photos], "with_portraits": with_portraits} | _safety(persona, photos),
        pictures=[photo.asset for photo in photos],
        on_done="personas.tasks.analysis_ended",
        idempotency_key=f"analysis:{key}" if key else "",
        priority=-1,  # somebody is waiting for it, and it takes seconds
        by=by,
    )
    persona.analysis, persona.status, persona.status_reason = job, Status.ANALYZING, ""
    persona.save()
    then = ", then five portraits" if with_portraits else ""
    log_activity(persona=persona, text=f"Analysis of {len(photos)} photos started{then}", by=by)
    return job


@transaction.atomic
def cancel_analysis(*, persona: Persona, by: User | None) -> None:
    """Stop the running analysis; what was known before stays."""
    if persona.analysis is None or not persona.analysis.is_open:
        raise Conflict("No analysis is running.")
    log_activity(persona=persona, text="Analysis cancelled", by=by)
    generation.cancel_job(job=persona.analysis)


def finish_analysis(*, job: Job, ending: Ending) -> None:
    """Take over what an ended analysis found; called in the job's last transaction, whatever its end was."""
    row = queries.persona_of_job(job)
    if row is None:
        return
    persona = Persona.objects.locked(row)
    if persona.analysis_id and persona.analysis_id > job.pk:
        return  # a newer analysis has taken its place
    if job.state != Job.State.DONE or queries.consent_in_force(persona) is None:
        _leave_as_before(persona, job)
        return
    facts = ending.data["photos"]
    photos = list(persona.photos.filter(pk__in=[int(pk) for pk in facts]))
    good_enough = ending.data["usable"] >= MIN_USABLE
    for photo in photos:
        _take_over(photo, facts[str(photo.pk)], keep_measurement=good_enough)
        _log_refusal(photo, facts[str(photo.pk)].get("refusal"), job)
    persona.analysis = job
    persona.grade, persona.grade_advice = ending.data["grade"], list(ending.data["advice"])
    persona.consistency_score = ending.data["consistency"] if good_enough else None
    if good_enough:
        persona.status, persona.status_reason = Status.READY, ""
        persona.look = Persona.Look.PHOTOREAL
    else:
        persona.status, persona.status_reason = Status.FAILED, failure_reason(photos)
    persona.save()
    _log_result(persona, usable=ending.data["usable"], total=len(facts))
    if good_enough and job.params.get("with_portraits"):
        _request_portraits(persona, job)


def failure_reason(photos: list[ReferencePhoto]) -> str:
    """Say which photos cannot be used and what to do, in at most 500 characters."""
    rejected = [photo for photo in photos if photo.verdict == ReferencePhoto.Verdict.REJECTED]
    usable = len(photos) - len(rejected)
    start = f"Only {usable} of {len(photos)} photos can be used" if usable else "None of the photos can be used"
    reason = f"{start}, and at least {MIN_USABLE} are needed. Add sharp, well-lit photos that show this one face."
    shown = 0
    for photo in rejected:
        part = f" {photo}: {photo.message}"
        if len(reason) + len(part) > 440:
            break
        reason, shown = reason + part, shown + 1
    if shown < len(rejected):
        reason += " The others say at the photo what is wrong."
    return reason


def refuse_without_consent(persona: Persona) -> None:
    """Raise Conflict when nobody declared that this face may be used."""
    if queries.consent_in_force(persona) is None:
        raise Conflict(
            "First declare whose face this is and that you may use it: without consent no photo is analysed.",
            code="no_consent",
        )


def refuse_wrong_count(count: int) -> None:
    """Raise InvalidInput when there are too few or too many photos."""
    if count < MIN_PHOTOS:
        missing = MIN_PHOTOS - count
        here = "There is 1 photo" if count == 1 else f"There are {count} photos"
        raise InvalidInput(f"{here} and at least {MIN_PHOTOS} are needed: add {missing} more.", code="too_few")
    if count > MAX_PHOTOS:
        raise InvalidInput(f"{MAX_PHOTOS} photos are the most: remove {count - MAX_PHOTOS} first.", code="too_many")


def _safety(persona: Persona, photos: list[ReferencePhoto]) -> dict:
    """Which checks the photos go through, and which of them a person has allowed after a refusal."""
    cleared = cleared_hashes(workspace=persona.workspace) & {photo.asset.sha256 for photo in photos}
    return {"safety_checks": list(settings.SAFETY_CHECKS), "cleared": sorted(cleared)}


def _log_refusal(photo: ReferencePhoto, refusal: dict | None, job: Job) -> None:
    if refusal:
        found = Finding(**refusal)
        log_upload_refusal(workspace=job.workspace, user=job.created_by, finding=found, sha256=photo.asset.sha256)


def _take_over(photo: ReferencePhoto, facts: dict, *, keep_measurement: bool) -> None:
    rejected = bool(facts["problem"])
    photo.verdict = ReferencePhoto.Verdict.REJECTED if rejected else ReferencePhoto.Verdict.ACCEPTED
    photo.problem, photo.message = facts["problem"] or "", (facts["message"] or "")[:300]
    photo.advice = list(facts["advice"])
    photo.lighting, photo.clarity = facts["lighting"], facts["clarity"]
    photo.angle, photo.overall = facts["angle"], facts["overall"]
    keep = keep_measurement and not rejected  # what is not used is not kept
    photo.body = facts.get("body", "")
    photo.rank = facts["rank"] if keep else None
    photo.embedding = base64.b64decode(facts["embedding"]) if keep and facts["embedding"] else None
    photo.save()


def _leave_as_before(persona: Persona, job: Job) -> None:
    if persona.status != Status.ANALYZING:
        return
    if queries.has_references(persona):
        persona.status, persona.status_reason = Status.READY, ""
    elif job.state == Job.State.FAILED:
        persona.status, persona.status_reason = Status.FAILED, job.error_message
    elif persona.look == Persona.Look.ILLUSTRATED:
        persona.status, persona.status_reason = Status.READY, ""
    else:
        persona.status, persona.status_reason = Status.PENDING_UPLOAD, "The analysis was cancelled."
    persona.save()
    if job.state == Job.State.FAILED:
        log_activity(persona=persona, text=f"Analysis failed: {job.error_message}")


def _log_result(persona: Persona, *, usable: int, total: int) -> None:
    grade = persona.get_grade_display().lower()
    log_activity(persona=persona, text=f"Analysis finished: {usable} of {total} photos can be used, set graded {grade}")


def _request_portraits(persona: Persona, job: Job) -> None:
    try:
        with transaction.atomic():
            request_portraits(persona=persona, by=job.created_by, key=job.reference)
    except InflioError as error:  # such as credits spent elsewhere meanwhile: the analysis still counts
        log_activity(persona=persona, text=f"Portraits were not started: {error.message}")
