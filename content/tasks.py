"""What jobs call when they end; each hands over to one service."""

from content.services import shoots, thread_jobs
from inflio.generation.finish import Ending
from inflio.generation.models import Job


def picture_ended(job: Job, ending: Ending) -> None:
    """A picture is there, or not."""
    shoots.finish_picture(job=job, ending=ending)


def thumbnail_ended(job: Job, ending: Ending) -> None:
    """An edit of a thumbnail is there, or not."""
    thread_jobs.finish_message(job=job, ending=ending)
