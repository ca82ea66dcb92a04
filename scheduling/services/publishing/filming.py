"""Films get their mark before anything is frozen: that takes long, so it is begun early, and one at a time."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db.models import F

from inflio.common.errors import InvalidInput
from inflio.queue.leases import db_now
from scheduling.models import Publication
from scheduling.services.preparing import film_work, prepare_media
from scheduling.services.publishing.ends import wait
from scheduling.services.publishing.runs import Run
from scheduling.services.publishing.trial import strike
from scheduling.services.timing.waiting import begins

log = logging.getLogger(__name__)
WORDS = "The visible “AI” is being put on the video."
LEFT = "It waits for a worker that puts the visible “AI” on the video."
LEFT_FIX = "If this stays so, whoever runs this installation must start its workers."
TURN_SECONDS = 5  # until it is asked again whether no other film is being marked


def films_are_marked(run: Run) -> bool:
    """Whether the marked copies of its films are there and it may be frozen; if not, it waits.

    One worker of all marks films, so that the others go on publishing; no web request does. Raises what prepare_media
    does once its time has come; before that, what is wrong is said and can be mended.
    """
    reason = ""
    if film_work(run.publication):
        if run.until is not None:
            wait(run, db_now(), reason=LEFT, fix=LEFT_FIX)
            return False
        if not _takes_its_turn(run):
            wait(run, run.later(TURN_SECONDS), reason=WORDS)
            return False
        reason = _mark(run)
    if _is_near(run):
        return True
    wait(run, begins(run.publication.due_at), reason=reason)
    return False


def _is_near(run: Run) -> bool:
    return db_now() >= begins(run.publication.due_at)


def _takes_its_turn(run: Run) -> bool:
    """Whether no other publication's film is being marked now; of two that begin together the older one is."""
    now = db_now()
    soon = now + Publication.LONGEST_WORK + timedelta(seconds=settings.PUBLISH_AHEAD_SECONDS)
    rows = Publication.objects.filter(state=Publication.State.SCHEDULED, due_at__lte=soon)
    others = rows.filter(filming_token=F("lease_token"), lease_until__gte=now).exclude(pk=run.publication.pk)
    if others.exists():
        return False
    run.save(filming_token=run.token, reason=WORDS, fix="")
    return not others.filter(pk__lt=run.publication.pk).exists()


def _mark(run: Run) -> str:
    """Make the copies; returns what is wrong while there is time to mend it."""
    try:
        with run.heartbeat() as heartbeat:

            def on_frame() -> None:
                heartbeat.progress()
                strike("filming")

            prepare_media(publication=run.publication, on_frame=on_frame)
            strike("filmed")
    except Exception as error:
        if _is_near(run):
            raise
        log.info("publication %s: its film got no mark: %s", run.publication.pk, error)
        return error.message if isinstance(error, InvalidInput) else "The mark could not be put on the video."
    return ""
