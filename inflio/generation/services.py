"""Jobs as their users see them: create, cancel, retry. Running one is in runner.py."""

import uuid
from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, QuerySet
from django.utils.module_loading import import_string

from inflio.accounts.models import User, Workspace
from inflio.billing import services as billing
from inflio.billing.models import CreditAccount
from inflio.common.errors import Conflict, EngineRefused
from inflio.generation.engines import get_engine
from inflio.generation.finish import end_job
from inflio.generation.keys import key_for
from inflio.generation.models import Job, ProviderCall
from inflio.generation.queries import usual_seconds
from inflio.generation.usage import NO_PICTURES, refuse_over_day_limit
from inflio.queue.leases import db_now
from inflio.queue.wake import wake

# Kinds whose own page checks again whether they may be made.
OWN_RETRY = {"training": "Start the training again on the persona's page, under Trained model."}


@transaction.atomic
def create_job(
    *,
    workspace: Workspace,
    kind: str,
    engine: str,
    title: str,
    subject: str,
    params: dict,
    count: int = 1,
    pictures: list | tuple = (),
    threshold: float | None = None,
    on_done: str = "",
    idempotency_key: str = "",
    priority: int = 0,
    by: User | None = None,
    retry_of: Job | None = None,
) -> Job:
    """Reserve the credits and queue the work for `count` outputs, or return the job that the same key already made.

    Raises what settings.JOB_GUARDS raise, EngineRefused, NeedsKey, Conflict (code DAY_LIMIT) when these would be more
    pictures than the plan makes in a day, NotEnoughCredits when the balance is too low; nothing is spent then.
    """
    key = idempotency_key or uuid.uuid4().hex
    existing = Job.objects.filter(workspace=workspace, idempotency_key=key)
    if job := existing.first():
        return job
    if on_done and on_done not in settings.JOB_CALLBACKS:
        raise ValueError(f"{on_done} is not one of settings.JOB_CALLBACKS")
    maker = get_engine(engine)
    for guard in settings.JOB_GUARDS:
        import_string(guard)(workspace=workspace, subject=subject, kind=kind, engine=engine)
    if reason := maker.refusal(kind, params, len(pictures)):
        raise EngineRefused(reason)
    capability = maker.capabilities[kind]
    if not 1 <= count <= capability.max_outputs:
        raise EngineRefused(f"{maker.title} makes 1 to {capability.max_outputs} at a time, not {count}.")
    if maker.provider:
        key_for(workspace=workspace, provider=maker.provider)
    CreditAccount.objects.select_for_update(no_key=True).get(workspace=workspace)  # one click after the other from here
    if job := existing.first():  # the other click of a double click was first
        return job
    if kind not in NO_PICTURES:
        refuse_over_day_limit(workspace=workspace, count=count)
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
        count=count,
        cost=capability.credits * count,
        priority=priority,
        created_by=by,
        retry_of=retry_of,
        estimate_seconds=usual_seconds(kind=kind, engine=engine, count=count),
    )
    through = Job.pictures.through  # in this order: an edit works on the first one
    through.objects.bulk_create(through(job=job, asset=asset) for asset in dict.fromkeys(pictures))
    if job.cost:
        billing.reserve_credits(workspace=workspace, amount=job.cost, reference=job.reference, reason=title, by=by)
    wake("job", job.pk)
    return job


@transaction.atomic
def cancel_job(*, job: Job) -> Job:
    """Stop a job: at once when it waits in line, at its next step when it runs. One that is over stays as it is.

    A job that waits for a provider gets a worker at once, to stop the paid call.
    """
    open_calls = ProviderCall.objects.filter(job=job, state__in=ProviderCall.OPEN)
    in_line = Job.objects.filter(~Exists(open_calls), pk=job.pk, state=Job.State.QUEUED, lease_token="")
    if in_line.update(cancel_requested=True):
        end_job(
            job=Job.objects.get(pk=job.pk), token="", state=Job.State.CANCELLED, message="Cancelled before it began."
        )
    else:
        Job.objects.filter(pk=job.pk, state__in=Job.OPEN).update(cancel_requested=True)
        if Job.objects.filter(pk=job.pk, state__in=Job.OPEN, lease_token="").update(available_at=db_now()):
            wake("job", job.pk)
    job.refresh_from_db()
    return job


@transaction.atomic
def retry_job(*, job: Job, by: User | None = None) -> Job:
    """Queue the same work again with a new reservation; a second click returns the retry that the first one made."""
    job = Job.objects.get(pk=job.pk)
    if job.kind in OWN_RETRY:
        raise Conflict(OWN_RETRY[job.kind])
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
        count=job.count,
        pictures=job.input_pictures(),
        threshold=job.threshold,
        on_done=job.on_done,
        idempotency_key=f"retry:{job.pk}",
        priority=job.priority,
        by=by,
        retry_of=job,
    )


def cancel_jobs_of(*, subject: str, engines: Collection[str] | None = None) -> int:
    """Cancel every open job of a subject, or only those of these engines; returns how many."""
    rows = Job.objects.filter(subject=subject)
    return cancel_jobs(jobs=rows if engines is None else rows.filter(engine__in=engines))


@transaction.atomic
def cancel_jobs(*, jobs: QuerySet[Job]) -> int:
    """Cancel those of these jobs that are open; returns how many.

    All of them are locked before the first refund: a worker that ends a job holds its row and then wants the account.
    """
    rows = Job.objects.select_for_update(no_key=True).filter(pk__in=jobs.values("pk"), state__in=Job.OPEN)
    chosen = list(rows.order_by("pk"))
    for job in chosen:
        cancel_job(job=job)
    return len(chosen)
