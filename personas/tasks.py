"""What jobs call when they end; each hands over to one service."""

from inflio.generation.finish import Ending
from inflio.generation.models import Job
from personas import services


def analysis_ended(job: Job, ending: Ending) -> None:
    """The photos have been looked at, or not."""
    services.finish_analysis(job=job, ending=ending)


def portrait_ended(job: Job, ending: Ending) -> None:
    """A portrait is there, or not."""
    services.finish_portrait(job=job, ending=ending)
