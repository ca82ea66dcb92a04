"""Runs one job: claim, engine, measured identity, files, final transaction; safe to run twice or to be killed."""

import logging
import time
from contextlib import ExitStack
from datetime import timedelta

from django.conf import settings

from inflio.common.errors import Cancelled, InflioError, ProviderError
from inflio.generation.engines import get_engine
from inflio.generation.engines.base import EngineRequest, Output, Picture, Result
from inflio.generation.finish import Made, end_job
from inflio.generation.models import Job
from inflio.generation.queries import claimable
from inflio.media import services as media
from inflio.media import storage
from inflio.queue.leases import Heartbeat, LostLease, claim, db_now, fenced, release

log = logging.getLogger(__name__)
PROGRESS_EVERY = 0.25  # seconds between writes of the progress
RETRY_SECONDS = (2, 10, 30)


def run_next(cluster: str) -> bool:
    """Claim the best waiting job of a cluster and run it; False when there was none."""
    for _ in range(20):  # another worker may be faster each time; the ticker wakes us again anyway
        pk = claimable(cluster=cluster, now=db_now()).values_list("pk", flat=True).first()
        if pk is None:
            return False
        if run_job(pk):
            return True
    return False


def run_job(pk: int) -> bool:
    """Run one job if it is free; False when somebody else holds it or it is over."""
    token = claim(Job, pk)
    if not token:
        return False
    job = Job.objects.select_related("workspace").get(pk=pk)
    try:
        _run(job, token)
    except LostLease:
        log.warning("job %s: the lease was lost; another worker goes on", pk)
    return True


def _run(job: Job, token: str) -> None:
    if job.cancel_requested:
        end_job(job=job, token=token, state=Job.State.CANCELLED, message="Cancelled before it began.")
        return
    if job.attempt > settings.MAX_ATTEMPTS:
        log.error("job %s: given up after %s attempts", job.pk, settings.MAX_ATTEMPTS)
        message = "This work stopped our worker several times, so we gave up. Try another photo, or write to us."
        end_job(job=job, token=token, state=Job.State.FAILED, code="crashed", message=message)
        return
    fenced(Job, job.pk, token, state=Job.State.RUNNING, started_at=db_now(), progress=0, stage="Starting", findings={})
    with Heartbeat(Job, job.pk, token) as beat:
        try:
            made, result = _make(job, _Reporter(job, token, beat))
        except LostLease:
            raise
        except Cancelled:
            end_job(job=job, token=token, state=Job.State.CANCELLED, message="Cancelled while it ran.")
        except ProviderError as error:
            _try_again_or_fail(job, token, error, error.retryable, error.retry_after)
        except InflioError as error:
            end_job(job=job, token=token, state=Job.State.FAILED, code=error.code, message=error.message)
        except Exception as error:
            log.exception("job %s failed", job.pk)
            _try_again_or_fail(job, token, error, True, None)
        else:
            end_job(job=job, token=token, state=Job.State.DONE, made=made, data=dict(result.data))


def _make(job: Job, report: "_Reporter") -> tuple[tuple[Made, ...], Result]:
    """Run the engine until the result is like the person, then store its files."""
    engine = get_engine(job.engine)
    scored = engine.capabilities[job.kind].scored and job.threshold is not None
    with ExitStack() as stack:
        pictures = tuple(
            Picture(stack.enter_context(storage.local_path(asset.name)), asset.sha256)
            for asset in job.pictures.order_by("pk")
        )
        for remake in range(settings.MAX_REMAKES + 1):
            result = engine.run(EngineRequest(job.kind, job.params, pictures, remake), report)
            job.remakes = remake
            if not scored:
                return tuple(_store(job, output, None) for output in result.outputs), result
            scores = [engine.score(output, pictures) for output in result.outputs]
            if all(score is not None and score >= job.threshold for score in scores):
                pairs = zip(result.outputs, scores, strict=True)
                return tuple(_store(job, output, score) for output, score in pairs), result
            report(0.1, "Not close enough to the person, making it again")
    best = max((score for score in scores if score is not None), default=0.0)
    raise InflioError(
        f"The likeness reached {best:.2f} and {job.threshold:.2f} is needed. "
        "Add sharper photos that look straight at the camera, then try again.",
        code="identity_too_low",
    )


def _store(job: Job, output: Output, score: float | None) -> Made:
    file = media.store_file(
        workspace_id=job.workspace_id,
        data=output.data,
        mime=output.mime,
        extension=output.extension,
        width=output.width,
        height=output.height,
    )
    provenance = {"title": job.title, "engine": job.engine, "kind": job.kind, "ai_made": True, **output.facts}
    return Made(file, score, provenance)


def _try_again_or_fail(job: Job, token: str, error: Exception, retryable: bool, retry_after: float | None) -> None:
    if retryable and job.attempt < settings.MAX_ATTEMPTS:
        wait = retry_after or RETRY_SECONDS[min(job.attempt, len(RETRY_SECONDS)) - 1]
        later = db_now() + timedelta(seconds=wait)
        release(Job, job.pk, token, state=Job.State.QUEUED, available_at=later, stage=f"Trying again in {wait:.0f} s")
        return
    message = (
        getattr(error, "message", "") or "Something went wrong on our side. Your credits are back; please try again."
    )
    end_job(job=job, token=token, state=Job.State.FAILED, code=getattr(error, "code", "internal"), message=message)


class _Reporter:
    """The progress callback an engine gets: writes to the row, keeps the lease alive, and passes a cancel on."""

    def __init__(self, job: Job, token: str, beat: Heartbeat) -> None:
        self.job, self.token, self.beat = job, token, beat
        self.findings: dict = {}
        self.written_at = 0.0
        self.stage = ""

    def __call__(self, fraction: float, stage: str, finding: dict | None = None) -> None:
        self.beat.progress()
        if finding:
            self.findings |= finding
        now = time.monotonic()
        if stage == self.stage and not finding and now - self.written_at < PROGRESS_EVERY:
            return
        self.written_at, self.stage = now, stage
        fraction = min(max(fraction, 0.0), 0.99)
        fenced(Job, self.job.pk, self.token, progress=fraction, stage=stage[:120], findings=self.findings)
        if Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
            raise Cancelled("Cancelled.")
