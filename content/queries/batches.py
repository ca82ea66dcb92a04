"""What the batch screens show: lists by key, counts in a fixed number of queries, and measured estimates."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, Sum

from content.models import Batch, BatchCell, ContentItem
from inflio.accounts.models import Workspace
from inflio.common.errors import EngineRefused
from inflio.generation.engines import get_engine
from inflio.generation.models import Job
from inflio.generation.queries import usual_seconds
from personas.models import Persona

PAGE = 20
CELLS_PAGE = 24
KIND_OF_LOOK = {Persona.Look.PHOTOREAL: "picture", Persona.Look.ILLUSTRATED: "illustration"}


@dataclass(frozen=True)
class Estimate:
    """What a plan comes to: pictures, credits, and seconds of work when nothing else waits."""

    pictures: int
    credits: int
    seconds: float


@dataclass(frozen=True)
class Progress:
    """How far a batch is: shoots by state, pictures made of those asked for, credits spent and still set aside."""

    cells: int
    planned: int
    running: int
    done: int
    failed: int
    cancelled: int
    pictures: int
    wanted: int
    spent: int
    reserved: int
    seconds_left: float | None

    @property
    def of_wanted(self) -> str:
        return f"of {self.wanted}"

    @property
    def of_cells(self) -> str:
        return f"of {self.cells}"

    @property
    def fraction(self) -> float:
        """Share of the shoots that are over, 0-1."""
        return (self.done + self.failed + self.cancelled) / self.cells if self.cells else 1.0


def batch_page(*, workspace: Workspace, before: int | None = None) -> list[Batch]:
    """A page of batches, newest first, each with `cell_count`, `over` and the number of its `pictures`."""
    rows = Batch.objects.for_workspace(workspace)
    if before:
        rows = rows.filter(pk__lt=before)
    page = list(rows.order_by("-pk")[:PAGE])
    over = ~Q(state__in=(BatchCell.State.PLANNED, BatchCell.State.RUNNING))
    cells = BatchCell.objects.filter(batch__in=page).values("batch").order_by()
    counts = {row["batch"]: row for row in cells.annotate(all=Count("pk"), over=Count("pk", filter=over))}
    items = ContentItem.objects.filter(shoot__batch__in=page).values("shoot__batch").order_by()
    pictures = dict(items.annotate(made=Count("asset")).values_list("shoot__batch", "made"))
    for batch in page:
        found = counts.get(batch.pk, {"all": 0, "over": 0})
        batch.cell_count, batch.over, batch.pictures = found["all"], found["over"], pictures.get(batch.pk, 0)
        batch.fraction = batch.over / batch.cell_count if batch.cell_count else 1.0
    return page


def estimate(orders: Iterable[tuple[str, str, int]]) -> Estimate:
    """Estimate (engine, kind, pictures) orders from the engines' prices and the median of past jobs."""
    totals = Counter()
    for engine, kind, pictures in orders:
        totals[engine, kind] += pictures
    credits, seconds = 0, 0.0
    for (engine, kind), pictures in totals.items():
        try:
            credits += pictures * get_engine(engine).capabilities[kind].credits
        except (EngineRefused, KeyError):
            continue  # its shoots will say so and cost nothing
        seconds += pictures * usual_seconds(kind=kind, engine=engine)
    return Estimate(sum(totals.values()), credits, seconds)


def cells_estimate(batch: Batch) -> Estimate:
    """Estimate the shoots of a batch that are still planned."""
    planned = batch.cells.filter(state=BatchCell.State.PLANNED)
    rows = planned.order_by().values_list("order__engine", "order__count", "persona__look")
    return estimate((engine, KIND_OF_LOOK[look], count) for engine, count, look in rows)


def progress_of(batch: Batch) -> Progress:
    """How far a batch is, in a fixed number of queries."""
    states = dict(batch.cells.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n"))
    wanted = sum(batch.cells.order_by().values_list("order__count", flat=True))
    pictures = ContentItem.objects.filter(shoot__batch=batch).exclude(asset=None).count()
    jobs = Job.objects.filter(pk__in=ContentItem.objects.filter(shoot__batch=batch).values("job"))
    credits = jobs.aggregate(
        spent=Sum("cost", filter=Q(state=Job.State.DONE), default=0),
        reserved=Sum("cost", filter=Q(state__in=Job.OPEN), default=0),
        waiting=Sum("estimate_seconds", filter=Q(state__in=Job.OPEN), default=0.0),
    )
    left = credits["waiting"] + cells_estimate(batch).seconds if batch.state == Batch.State.RUNNING else None
    return Progress(
        cells=sum(states.values()),
        **{state: states.get(state, 0) for state in BatchCell.State.values},
        pictures=pictures,
        wanted=wanted,
        spent=credits["spent"],
        reserved=credits["reserved"],
        seconds_left=left,
    )


def cell_page(batch: Batch, *, after: int = -1) -> list[BatchCell]:
    """A page of a batch's shoots in their order, each with its items, their pictures and jobs."""
    items = ContentItem.objects.select_related("asset", "job").order_by("position")
    rows = batch.cells.select_related("persona", "shoot").prefetch_related(Prefetch("shoot__items", queryset=items))
    return list(rows.filter(position__gt=after)[:CELLS_PAGE])


def ready_personas(*, workspace: Workspace) -> list[Persona]:
    """Personas that pictures can be made of now, by name."""
    rows = Persona.objects.for_workspace(workspace).active().filter(status=Persona.Status.READY)
    return list(rows.select_related("avatar").order_by("name", "pk"))
