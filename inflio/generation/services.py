"""Jobs as their users see them: create, cancel, retry. Running one is in runner.py."""

import uuid

from django.conf import settings
from django.db import IntegrityError, transaction

from inflio.accounts.models import User, Workspace
from inflio.billing import services as billing
from inflio.common.errors import Conflict, EngineRefused
from inflio.generation.engines import get_engine
from inflio.generation.finish import end_job
from inflio.generation.models import Job
from inflio.generation.queries import usual_seconds
from inflio.queue.wake import wake


@transaction.atomic
def create_job(
    *,
    workspace: Workspace,
    kind: str,
    engine: str,
    title: str,
    subject: str,
    params: dict,
    pictures: list | tuple = (),
    threshold: float | None = None,
    on_done: str = "",
    idempotency_key: str = "",
    priority: int = 0,
    by: User | None = None,
    retry_of: Job | None = None,
) -> Job:
    """Reserve the credits and queue the work, or return the job that the same key already made.

    Raises EngineRefused before anything is spent, NotEnoughCredits when the balance is too low.
    """
    key = idempotency_key or uuid.uuid4().hex
    existing = Job.objects.filter(workspace=workspace, idempotency_key=key).first()
    if existing:
        return existing
    if on_done and on_done not in settings.JOB_CALLBACKS:
        raise ValueError(f"{on_done} is not one of settings.JOB_CALLBACKS")
    maker = get_engine(engine)
    if reason := maker.refusal(kind, params, len(pictures)):
        raise EngineRefused(reason)
    capability = maker.capabilities[kind]
    try:
        with transaction.atomic():
            job = Job.objects.create(
                workspace=workspace,
                kind=kind,
                engine=engine,
                cluster=capability.cluster,
                title=title,
                subject=subject,
                params=params,
                threshold=threshold,
                on_done=on_done,
                idempotency_key=key,
                cost=capability.credits,
                priority=priority,
                created_by=by,
                retry_of=retry_of,
                estimate_seconds=usual_seconds(kind=kind, engine=engine),
            )
    except IntegrityError:  # the other click of a double click was first
        return Job.objects.get(workspace=workspace, idempotency_key=key)
    job.pictures.set(pictures)
    if job.cost:
        billing.reserve_credits(workspace=workspace, amount=job.cost, reference=job.reference, reason=title, by=by)
    wake("job", job.pk)
    return job


@transaction.atomic
def cancel_job(*, job: Job) -> Job:
    """Stop a job: at once when it waits, at its next step when it runs. One that is over stays as it is."""
    waiting = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED, lease_token="").update(cancel_requested=True)
    if waiting:
        end_job(
            job=Job.objects.get(pk=job.pk), token="", state=Job.State.CANCELLED, message="Cancelled before it began."
        )
    else:
        Job.objects.filter(pk=job.pk, state__in=Job.OPEN).update(cancel_requested=True)
    job.refresh_from_db()
    return job


@transaction.atomic
def retry_job(*, job: Job, by: User | None = None) -> Job:
    """Queue the same work again with a new reservation; a second click returns the retry that the first one made."""
    job = Job.objects.get(pk=job.pk)
    if not job.can_retry:
        raise Conflict(
            f"This job is {job.get_state_display().lower()}; only a failed or cancelled one can be tried again."
        )
    return create_job(
        workspace=job.workspace,
        kind=job.kind,
        engine=job.engine,
        title=job.title,
        subject=job.subject,
        params=job.params,
        pictures=list(job.pictures.all()),
        threshold=job.threshold,
        on_done=job.on_done,
        idempotency_key=f"retry:{job.pk}",
        priority=job.priority,
        by=by,
        retry_of=job,
    )


def cancel_jobs_of(*, subject: str) -> int:
    """Cancel every open job of a subject; returns how many."""
    rows = list(Job.objects.filter(subject=subject, state__in=Job.OPEN))
    for job in rows:
        cancel_job(job=job)
    return len(rows)
