"""Reads about jobs: place in the queue, usual times, and what a worker should take next."""

from statistics import median

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from inflio.generation.engines import engine_class
from inflio.generation.models import Job
from inflio.queue.leases import unclaimed

TIMING_SAMPLE = 30


def usual_seconds(*, kind: str, engine: str, count: int = 1) -> float:
    """Median running time of the last jobs of this kind and number of outputs; the engine's own figure before.

    Our machine makes outputs one after the other, a provider makes them side by side.
    """
    rows = (
        Job.objects.filter(kind=kind, engine=engine, count=count, state=Job.State.DONE, finished_at__isnull=False)
        .order_by("-finished_at")
        .values_list("started_at", "finished_at")[:TIMING_SAMPLE]
    )
    seconds = [(end - start).total_seconds() for start, end in rows if start]
    if seconds:
        return median(seconds)
    maker = engine_class(engine)
    return maker.capabilities[kind].typical_seconds * (1 if maker.provider else count)


def claimable(*, cluster: str, now) -> QuerySet[Job]:
    """Open jobs nobody holds, in the order to take them: priority, then the workspace served longest ago."""
    served = Job.objects.filter(workspace=OuterRef("workspace"), started_at__isnull=False).order_by("-started_at")
    return (
        unclaimed(Job.objects.filter(cluster=cluster), now)
        .annotate(served_at=Subquery(served.values("started_at")[:1]))
        .order_by("priority", F("served_at").asc(nulls_first=True), "pk")
    )


def place_in_queue(job: Job) -> int:
    """How many jobs of the same cluster are before this one, running ones included."""
    if job.state != Job.State.QUEUED:
        return 0
    ahead = Q(state=Job.State.RUNNING) | Q(priority__lt=job.priority) | Q(priority=job.priority, pk__lt=job.pk)
    return Job.objects.filter(ahead, state__in=Job.OPEN, cluster=job.cluster).exclude(pk=job.pk).count()


def seconds_left(job: Job, *, now) -> float | None:
    """Estimated seconds until the job ends, from its usual time and progress; None when it is over."""
    if job.state == Job.State.RUNNING and job.started_at:
        elapsed = (now - job.started_at).total_seconds()
        by_progress = elapsed * (1 - job.progress) / job.progress if job.progress > 0.1 else 0
        return max(by_progress, job.estimate_seconds * (1 - job.progress), 0.0)
    if job.state == Job.State.QUEUED:
        return job.estimate_seconds * (place_in_queue(job) + 1)
    return None


def job_history(*, workspace, before: int | None = None, limit: int = 30) -> list[Job]:
    """A page of the workspace's jobs, newest first, by key; each with its pictures."""
    rows = Job.objects.for_workspace(workspace).prefetch_related("assets")
    if before:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[:limit])


def open_jobs(*, workspace) -> int:
    """How many of the workspace's jobs wait or run."""
    return Job.objects.for_workspace(workspace).filter(state__in=Job.OPEN).count()
