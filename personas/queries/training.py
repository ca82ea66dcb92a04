"""Reads about trained models: the one in use, the one under way, the photos for the next, and the plan's count."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from inflio.accounts.models import Workspace
from inflio.billing.models import CreditAccount
from inflio.billing.plans import PLANS
from inflio.billing.usage import Meter
from inflio.generation.engines import engine_class
from inflio.generation.models import Job
from inflio.queue.leases import db_now
from personas.models import Persona, ReferencePhoto, TrainedModel
from personas.queries.live import LiveJob, live_jobs

ENGINE = "flux_training"
TRAINING_WINDOW = timedelta(hours=24)


def trained_model(persona: Persona) -> TrainedModel | None:
    """The newest model that pictures can be made with."""
    return persona.trained_models.filter(status=TrainedModel.Status.READY).order_by("-pk").first()


def model_params(persona: Persona) -> dict:
    """What a job of an engine with `needs_model` carries: {"trained_model": {...}}, empty when there is none."""
    row = trained_model(persona)
    return {"trained_model": {"version": row.version, "trigger_word": row.trigger_word}} if row else {}


def open_training(persona: Persona) -> TrainedModel | None:
    """The training that is under way."""
    return persona.trained_models.filter(status__in=TrainedModel.OPEN).select_related("job").first()


def photos_to_train(persona: Persona) -> list[ReferencePhoto]:
    """The photos that were found good, best first."""
    good = persona.photos.filter(verdict=ReferencePhoto.Verdict.ACCEPTED).select_related("asset")
    return sorted(good, key=lambda photo: (-(photo.overall or 0.0), photo.pk))


def trainings_counted(workspace_id: int) -> list[TrainedModel]:
    """The workspace's trainings of the last 24 hours that count against its plan, oldest first."""
    since = db_now() - TRAINING_WINDOW
    rows = TrainedModel.objects.filter(persona__workspace=workspace_id, created_at__gt=since, counts=True)
    return list(rows.order_by("created_at"))


def trainings_meter(workspace: Workspace) -> Meter:
    """The plan's trainings, for a page."""
    plan = PLANS[CreditAccount.objects.get(workspace=workspace).plan]
    rows = trainings_counted(workspace.pk)
    resets = rows[0].created_at + TRAINING_WINDOW if rows else None
    return Meter("Trainings in 24 hours", len(rows), plan.trainings_per_day, resets)


@dataclass(frozen=True)
class TrainingPage:
    """What the page of the trained model shows, read in a fixed number of queries."""

    ready: TrainedModel | None
    current: TrainedModel | None
    live: LiveJob | None
    history: list[TrainedModel]
    good_photos: int
    credits: int
    typical_seconds: float

    @property
    def step(self) -> int | None:
        return self.live.job.findings.get("step") if self.live else None


def training_page(persona: Persona, *, now: datetime) -> TrainingPage:
    """The trained model of a persona, what is under way, and what was."""
    rows = list(persona.trained_models.select_related("job", "created_by"))
    current = next((row for row in rows if row.is_open), None)
    live = [item for item in live_jobs(persona, now=now) if item.job.kind == "training"] if current else []
    can = engine_class(ENGINE).capabilities["training"]
    return TrainingPage(
        ready=next((row for row in rows if row.status == TrainedModel.Status.READY), None),
        current=current,
        live=live[0] if live else None,
        history=[row for row in rows if not row.is_open],
        good_photos=persona.photos.filter(verdict=ReferencePhoto.Verdict.ACCEPTED).count(),
        credits=can.credits,
        typical_seconds=can.typical_seconds,
    )


def trainings_of_job(job: Job) -> TrainedModel | None:
    """The training a job is for."""
    return TrainedModel.objects.filter(job=job).first()
