"""What a shoot's page shows, each in a fixed number of queries: results as they come, and the shoots of the past."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce

from content.engines import place_title
from content.models import ContentItem, Shoot
from inflio.accounts.models import Workspace
from inflio.generation.models import Job
from inflio.generation.queries import seconds_each
from inflio.media.models import Asset

PREVIEWS = 4  # pictures of a shoot in a list
LEFT_OUT = "The engine left this one out; it cost nothing."


@dataclass(frozen=True)
class ResultCard:
    """One picture of a shoot: what there is of it, and what is being made. `place` counts the jobs before its own."""

    item: ContentItem
    job: Job | None
    place: int = 0
    seconds_left: float | None = None

    @property
    def asset(self) -> Asset | None:
        return self.item.asset

    @property
    def is_open(self) -> bool:
        """Its job waits or runs."""
        return self.asset is None and self.job is not None and self.job.is_open

    @property
    def settled(self) -> bool:
        """Nothing is being made here, so what is shown stays as it is."""
        return not self.is_open

    @property
    def status(self) -> str:
        """The state to show."""
        if self.asset:
            return "done"
        if self.is_open:
            return self.job.state
        return "cancelled" if self.job and self.job.state == Job.State.CANCELLED else "failed"

    @property
    def reason(self) -> str:
        """Why there is no picture, in a sentence."""
        if self.asset or self.is_open:
            return ""
        if self.job is None:
            return "Its job is gone."
        if self.job.state != Job.State.DONE:
            return self.job.error_message or "This picture was not made; it cost nothing."
        return " ".join([LEFT_OUT, *self.job.findings.get("missing", {}).get("why", ())])

    @property
    def place_title(self) -> str:
        """Where the picture was taken, as the engine says; "" where it does not."""
        place = self.asset.provenance.get("place", "") if self.asset else ""
        return place_title(self.item.engine, self.item.look, place)

    @property
    def preview(self) -> int:
        """The number of the job's newest preview, 0 before there is one."""
        return self.job.findings.get("preview", 0) if self.is_open else 0

    @property
    def seconds(self) -> float | None:
        """How long it took."""
        return seconds_each(self.job) if self.job and self.asset else None

    @property
    def dom_id(self) -> str:
        """Changes with everything a settled card shows, so that the page may keep the element until then."""
        item = self.item
        parts = (item.pk, item.asset_id or 0, item.job_id or 0, self.status, int(item.saved), int(item.favourite))
        return "-".join(str(part) for part in ("result", *parts))


def result_cards(shoot: Shoot, *, now: datetime) -> list[ResultCard]:
    """The results of a shoot in their order, with the place in the queue of what waits; two queries."""
    items = list(shoot.items.select_related("asset", "job").order_by("position"))
    jobs = _newest_jobs([item.job_id for item in items if item.job_id])
    return [_card(item, jobs.get(item.job_id), now) for item in items]


def result_card(item: ContentItem, *, now: datetime) -> ResultCard:
    """One result by itself, as result_cards shows it among the others of its shoot."""
    jobs = {} if item.asset_id or item.job_id is None else _newest_jobs([item.job_id])
    return _card(item, jobs.get(item.job_id), now)


def shoot_page(*, workspace: Workspace, before: int | None = None, limit: int = 24, parts: bool = False) -> list[Shoot]:
    """A page of shoots, newest first, with persona, number `made` and the first few pictures in `shown`.

    parts: include those that belong to a batch.
    """
    rows = Shoot.objects.for_workspace(workspace)
    if not parts:
        rows = rows.filter(batch=None)
    if before:
        rows = rows.filter(pk__lt=before)
    made = ContentItem.objects.filter(shoot=OuterRef("pk"), asset__isnull=False).order_by().values("shoot")
    count = Coalesce(Subquery(made.annotate(count=Count("pk")).values("count")), 0)
    pictures = ContentItem.objects.finished().filter(position__lt=PREVIEWS).select_related("asset").order_by("position")
    rows = rows.select_related("persona").annotate(made=count)
    return list(rows.prefetch_related(Prefetch("items", pictures, to_attr="shown")).order_by("-pk")[:limit])


def newest_shoot(*, workspace: Workspace, by) -> Shoot | None:
    """The user's last shoot that was not part of a batch, with its persona."""
    rows = Shoot.objects.for_workspace(workspace).filter(created_by=by, batch=None)
    return rows.select_related("persona", "workspace").order_by("-pk").first()


def _newest_jobs(keys: list[int]) -> dict[int, Job]:
    """Each item's job, or the open one that tries it again (from the page of jobs), with how many are `ahead`.

    One that is done is not tried again as a whole: what it left out is made by jobs of their own.
    """
    before = Q(state=Job.State.RUNNING) | Q(priority__lt=OuterRef("priority"))
    before |= Q(priority=OuterRef("priority"), pk__lt=OuterRef("pk"))
    ahead = Job.objects.filter(before, state__in=Job.OPEN, cluster=OuterRef("cluster")).exclude(pk=OuterRef("pk"))
    count = ahead.order_by().values("cluster").annotate(count=Count("pk")).values("count")
    again = Q(retry_of__in=keys, state__in=Job.OPEN)
    jobs = Job.objects.filter(Q(pk__in=keys) | again).annotate(ahead=Coalesce(Subquery(count), 0)).order_by("pk")
    own = {job.pk: job for job in jobs}
    newer = {job.retry_of_id: job for job in jobs if job.is_open}
    return {key: newer.get(key, job) if job.can_retry else job for key, job in own.items()}


def _card(item: ContentItem, job: Job | None, now: datetime) -> ResultCard:
    if item.asset_id or job is None or not job.is_open:
        return ResultCard(item, job or item.job)
    if job.state == Job.State.QUEUED:
        return ResultCard(item, job, job.ahead, job.estimate_seconds * (job.ahead + 1))
    elapsed = (now - job.started_at).total_seconds() if job.started_at else 0.0
    by_progress = elapsed * (1 - job.progress) / job.progress if job.progress > 0.1 else 0.0
    return ResultCard(item, job, 0, max(by_progress, job.estimate_seconds * (1 - job.progress)))
