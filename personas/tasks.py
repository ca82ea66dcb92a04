"""What jobs call before they begin and when they end; each hands over to one service."""

from inflio.accounts.models import Workspace
from inflio.generation.finish import Ending
from inflio.generation.models import Job
from personas import services


def refuse_job(*, workspace: Workspace, subject: str, kind: str, engine: str) -> None:
    """A job is about to be paid for and queued."""
    services.refuse_job(workspace=workspace, subject=subject, kind=kind, engine=engine)


def analysis_ended(job: Job, ending: Ending) -> None:
    """The photos have been looked at, or not."""
    services.finish_analysis(job=job, ending=ending)


def portrait_ended(job: Job, ending: Ending) -> None:
    """A portrait is there, or not."""
    services.finish_portrait(job=job, ending=ending)


def training_ended(job: Job, ending: Ending) -> None:
    """A trained model is there, or not."""
    services.finish_training(job=job, ending=ending)


def erase_at_provider(pk: int) -> None:
    """A model has to be deleted at its provider."""
    services.run_erasure(pk)
