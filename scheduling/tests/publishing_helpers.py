"""What the tests of publishing share: running what is due, letting time pass without waiting, and what came of it."""

from datetime import timedelta

from django.db.models import F

from scheduling.models import Publication, PublishAttempt
from scheduling.services.publishing.phases import run_publication

MOMENTS = ("due_at", "available_at", "publish_started_at", "accepted_at", "unknown_since", "lease_until")


def pass_time(publication: Publication, seconds: float) -> None:
    """Make everything of a publication that much older."""
    past = timedelta(seconds=seconds)
    Publication.objects.filter(pk=publication.pk).update(**{name: F(name) - past for name in MOMENTS})
    PublishAttempt.objects.filter(publication=publication).update(
        started_at=F("started_at") - past, ended_at=F("ended_at") - past
    )


def run(publication: Publication, after: float = 0) -> Publication:
    """Run it once, `after` so many seconds, and return it as it is then."""
    if after:
        pass_time(publication, after)
    run_publication(publication.pk)
    publication.refresh_from_db()
    return publication


def run_until_over(publication: Publication, step: float = 30, times: int = 200) -> Publication:
    """Run it again and again, letting time pass, until it is no longer open."""
    for _ in range(times):
        run(publication, after=step)
        if not publication.is_open:
            return publication
    raise AssertionError(f"still {publication.state}: {publication.reason}")


def outcomes(publication: Publication, phase: str) -> list[str]:
    """How its attempts at one phase ended, oldest first."""
    return list(publication.attempts.filter(phase=phase).order_by("pk").values_list("outcome", flat=True))
