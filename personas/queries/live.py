"""What is being made for a persona right now, with each job's place in the queue, in one query."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from inflio.generation.models import Job
from personas.models import Persona


@dataclass(frozen=True)
class LiveJob:
    """An open job and when it will probably be over. `place` counts the jobs before it, 0 when it runs."""

    job: Job
    place: int
    seconds_left: float


def live_jobs(persona: Persona, *, now: datetime) -> list[LiveJob]:
    """The open jobs of a persona, oldest first."""
    before = Q(state=Job.State.RUNNING) | Q(priority__lt=OuterRef("priority"))
    before |= Q(priority=OuterRef("priority"), pk__lt=OuterRef("pk"))
    ahead = Job.objects.filter(before, state__in=Job.OPEN, cluster=OuterRef("cluster")).exclude(pk=OuterRef("pk"))
    count = ahead.order_by().values("cluster").annotate(count=Count("pk")).values("count")
    jobs = Job.objects.filter(subject=persona.reference, state__in=Job.OPEN).order_by("pk")
    return [_live(job, now) for job in jobs.annotate(ahead=Coalesce(Subquery(count), 0))]


def _live(job: Job, now: datetime) -> LiveJob:
    if job.state == Job.State.QUEUED:
        return LiveJob(job, job.ahead, job.estimate_seconds * (job.ahead + 1))
    elapsed = (now - job.started_at).total_seconds() if job.started_at else 0.0
    by_progress = elapsed * (1 - job.progress) / job.progress if job.progress > 0.1 else 0.0
    return LiveJob(job, 0, max(by_progress, job.estimate_seconds * (1 - job.progress)))
