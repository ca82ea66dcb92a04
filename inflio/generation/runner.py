"""Runs one job: claim, engine, final transaction; safe to run twice, to be killed, and to wait for a provider."""

import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from inflio.common.errors import Cancelled, InflioError, ProviderError
from inflio.generation.calls import open_calls, stop_calls
from inflio.generation.engines import engine_class
from inflio.generation.engines.base import Waiting
from inflio.generation.finish import end_job
from inflio.generation.making import Kept, make_outputs
from inflio.generation.models import Job
from inflio.generation.previews import write_preview
from inflio.generation.queries import claimable
from inflio.queue.leases import Heartbeat, LostLease, claim, db_now, fenced, release
from inflio.queue.wake import wake

log = logging.getLogger(__name__)
PROGRESS_EVERY = 0.25  # seconds between writes of the progress
RETRY_SECONDS = (2, 10, 30)
CRASHED = "This work stopped our worker several times, so we gave up. Try another photo, or write to us."
OUR_FAULT = "Something went wrong on our side. Your credits are back; please try again."


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
    began = db_now()
    if not job.cancel_requested and job.attempt > settings.MAX_ATTEMPTS:
        log.error("job %s: given up after %s attempts", job.pk, settings.MAX_ATTEMPTS)
        _give_up(job, token, "crashed", CRASHED)
        return
    with Heartbeat(Job, job.pk, token) as beat:
        if job.cancel_requested:
            _cancel(job, token)
            return
        if job.waiting:
            fenced(Job, job.pk, token, waiting=False)
        else:
            fresh = {"state": Job.State.RUNNING, "started_at": began, "progress": 0, "stage": "Starting"}
            fenced(Job, job.pk, token, **fresh, findings={})
            job.started_at, job.findings = began, {}
        report = Reporter(job, token, beat)
        try:
            kept, result = make_outputs(job, token, report)
        except LostLease:
            raise
        except Waiting as waiting:
            _wait(job, token, waiting, report.findings, began)
        except Cancelled:
            _cancel(job, token)
        except ProviderError as error:
            _try_again_or_give_up(job, token, error, error.retryable, error.retry_after)
        except InflioError as error:
            _give_up(job, token, error.code, error.message)
        except Exception as error:
            log.exception("job %s failed", job.pk)
            _try_again_or_give_up(job, token, error, True, None)
        else:
            _done(job, token, kept, report.findings, dict(result.data))


def _done(job: Job, token: str, kept: Kept, findings: dict, data: dict) -> None:
    if kept.made and (missing := job.count - len(kept.made)):
        findings = findings | {"missing": {"count": missing, "why": kept.why(job)}}
    made = tuple(kept.made)
    end_job(job=job, token=token, state=Job.State.DONE, made=made, data=data, findings=findings)


def _cancel(job: Job, token: str) -> None:
    """Stop what a provider still does for the job, then end it."""
    stop_calls(job, reason="Cancelled by the user.")
    message = "Cancelled while it ran." if job.started_at else "Cancelled before it began."
    end_job(job=job, token=token, state=Job.State.CANCELLED, message=message)


def _wait(job: Job, token: str, waiting: Waiting, findings: dict, began: datetime) -> None:
    """Let the job go until the provider may be asked again, or until the deadline has passed."""
    calls = open_calls(job)
    age = calls[0].age if calls else (db_now() - job.started_at).total_seconds()
    deadline = engine_class(job.engine).deadline_seconds
    if age > deadline:
        stop_calls(job, reason=f"Not finished within {deadline:.0f} s.")
        words = f"{deadline / 60:.0f} minutes" if deadline >= 120 else f"{deadline:.0f} seconds"
        message = f"The provider did not finish within {words}, so we gave up. Your credits are back; please try again."
        _give_up(job, token, "deadline", message)
        return
    changes = {
        "waiting": True,
        "attempt": F("attempt") - 1,  # asking is no attempt
        "progress": min(max(waiting.fraction, 0.0), 0.99),
        "stage": waiting.stage[:120],
        "findings": findings,
    }
    release(Job, job.pk, token, available_at=db_now() + timedelta(seconds=waiting.seconds), **changes)
    told = job.calls.filter(noticed_at__gte=began).exists()
    if told or Job.objects.filter(pk=job.pk, cancel_requested=True).exists():  # it came while we held the row
        Job.objects.filter(pk=job.pk, lease_token="").update(available_at=db_now())
        wake("job", job.pk)


def _try_again_or_give_up(job: Job, token: str, error: Exception, retryable: bool, retry_after: float | None) -> None:
    if retryable and job.attempt < settings.MAX_ATTEMPTS:
        wait = retry_after or RETRY_SECONDS[min(job.attempt, len(RETRY_SECONDS)) - 1]
        later = db_now() + timedelta(seconds=wait)
        release(Job, job.pk, token, state=Job.State.QUEUED, available_at=later, stage=f"Trying again in {wait:.0f} s")
        return
    _give_up(job, token, getattr(error, "code", "internal"), getattr(error, "message", "") or OUR_FAULT)


def _give_up(job: Job, token: str, code: str, message: str) -> None:
    """End a job that cannot go on: done with the outputs it has already, failed when it has none."""
    kept = Kept.of(job)
    if kept.made:
        kept.reasons.append(message)
        _done(job, token, kept, job.findings, {})
    else:
        end_job(job=job, token=token, state=Job.State.FAILED, code=code, message=message)


class Reporter:
    """The progress callback an engine gets: writes to the row, keeps the lease alive, and passes a cancel on."""

    def __init__(self, job: Job, token: str, beat: Heartbeat) -> None:
        self.job, self.token, self.beat = job, token, beat
        self.findings: dict = dict(job.findings)
        self.written_at = 0.0
        self.stage = ""

    def __call__(self, fraction: float, stage: str, finding: dict | None = None, preview: bytes | None = None) -> None:
        """See engines.base.Progress. `findings["preview"]` counts the previews, so that a page knows a new one."""
        self.beat.progress()
        if preview is not None:
            write_preview(self.job, preview)
            finding = (finding or {}) | {"preview": self.findings.get("preview", 0) + 1}
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
