"""Reads about jobs: place in the queue, usual times, and what a worker should take next."""

from collections import defaultdict
from statistics import median

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from inflio.generation.engines import ENGINES, engine_class
from inflio.generation.models import Job
from inflio.queue.leases import unclaimed

TIMING_SAMPLE = 30
MEASURED_JOBS = 1000  # the newest of all engines, so that looking costs the same in a large installation


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


def measured_seconds() -> dict[tuple[str, str], float]:
    """Median running times of the newest jobs by engine and kind; one query, nothing for what was not done lately."""
    done = Job.objects.filter(state=Job.State.DONE, started_at__isnull=False, finished_at__isnull=False)
    rows = done.order_by("-pk").values_list("engine", "kind", "started_at", "finished_at")
    times = defaultdict(list)
    for engine, kind, start, end in rows[:MEASURED_JOBS]:
        times[engine, kind].append((end - start).total_seconds())
    return {key: median(seconds[:TIMING_SAMPLE]) for key, seconds in times.items()}


def seconds_each(job: Job) -> float | None:
    """How long one output of a job took, None while it is open.

    Our machine makes outputs one after the other, so one is its share; a provider makes them side by side.
    """
    taken = job.seconds_taken
    in_turn = job.engine in ENGINES and not engine_class(job.engine).provider
    return taken / max(1, job.count) if taken is not None and in_turn else taken


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


def before_new(*, cluster: str, priority: int = 0) -> QuerySet[Job]:
    """The open jobs of a cluster that come before one asked for now: those that run, and no less urgent ones."""
    ahead = Q(state=Job.State.RUNNING) | Q(priority__lte=priority)
    return Job.objects.filter(ahead, state__in=Job.OPEN, cluster=cluster)


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
