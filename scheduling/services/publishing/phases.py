"""Publishing: a worker claims what is due and takes it from phase to phase, committing each before the next.

The one call that makes a post public is in sending.py; what follows a doubt about it is in reconcile.py.
"""

import logging
import time
from contextlib import nullcontext

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from inflio.common.errors import InvalidInput
from inflio.queue.clock import ClockGuard
from inflio.queue.leases import LostLease, claim, db_now
from inflio.queue.pulse import beat
from scheduling.models import Post, Publication, PublishAttempt
from scheduling.platforms.base import Doubt, PlatformError
from scheduling.queries.publications import Turns
from scheduling.services.publishing.aftercare import look_after_next
from scheduling.services.publishing.attempts import outcome_of
from scheduling.services.publishing.budget import Full, take_room
from scheduling.services.publishing.ends import end_failed, end_published, wait
from scheduling.services.publishing.filming import films_are_marked
from scheduling.services.publishing.making import picture_is_there
from scheduling.services.publishing.outgoing import Unfit, freeze
from scheduling.services.publishing.reconcile import look
from scheduling.services.publishing.refusals import TRIES, take_doubt, take_refusal, try_later, wait_for_room
from scheduling.services.publishing.runs import Run
from scheduling.services.publishing.sending import doubt_left_behind, publish
from scheduling.services.publishing.standing import is_its_time, may_go_on
from scheduling.services.publishing.trial import strike

log = logging.getLogger(__name__)
State = Publication.State
Phase, Outcome = PublishAttempt.Phase, PublishAttempt.Outcome
DRAIN_SECONDS = 2.0  # of one wake-up; then other kinds of work get the worker
CHECKED_SECONDS = 1.0  # before a harmless step, what was asked so recently is not asked again
_clock = ClockGuard(db_now)  # of this worker's process
LARGE = 8_000_000  # bytes of files from which on a step may take long, so that a heartbeat keeps its lease


def drain(clock: ClockGuard | None = None, *, turns: Turns | None = None, until: float | None = None) -> int:
    """Publish what is due, one after the other, for a while; returns how many were taken.

    Nothing is due while the clock cannot be trusted: one that jumped ahead is the only way to publish too early.
    until: when (monotonic) the web request ends that calls this, several times with the same turns.
    """
    if not (clock or _clock).is_steady():
        return 0
    turns, end, taken = turns or Turns(), time.monotonic() + DRAIN_SECONDS, 0
    end = end if until is None else min(end, until)
    while time.monotonic() < end:
        beat()
        if not run_next(turns, until) and not look_after_next():
            break
        taken += 1
    return taken


def run_next(turns: Turns | None = None, until: float | None = None) -> bool:
    """Claim the best due publication and take it as far as it goes now; False when there was none."""
    turns = turns or Turns()
    for _ in range(20):  # another worker may be faster each time; the ticker wakes us again anyway
        pk = turns.next()
        if pk is None:
            return False
        if run_publication(pk, until):
            return True
    return False


def run_publication(pk: int, until: float | None = None) -> bool:
    """Take one publication as far as it goes now; False when somebody else holds it, or it is not due.

    until: when (monotonic) the web request ends that does so; it begins no step later, and leaves films to workers.
    """
    renewed = time.monotonic()
    token = claim(Publication, pk, settings.PUBLISH_LEASE_SECONDS)
    if not token:
        return False
    try:
        run = Run(pk, token, until)
        run.renewed(renewed)
        _run(run)
    except LostLease:
        log.warning("publication %s: the lease was lost; another worker goes on", pk)
    return True


def _run(run: Run) -> None:
    """One phase after another; each says whether the next may begin."""
    if run.publication.state in (State.SCHEDULED, State.PENDING, State.CONTAINER) and run.publication.attempt > TRIES:
        log.error("publication %s: given up after %s attempts", run.publication.pk, TRIES)
        reason = run.publication.reason or "This post stopped our worker several times, so we gave up."
        end_failed(run, code="crashed", reason=reason, fix="Try other files, or write to us.")
        return
    phases = {
        State.SCHEDULED: _begin,
        State.PENDING: _prepare,
        State.CONTAINER: publish,
        State.PUBLISHING: doubt_left_behind,
        State.UNKNOWN: look,
    }
    while phases[run.publication.state](run):
        if run.has_worked_long():
            wait(run, db_now())
            return


def _begin(run: Run) -> bool:
    """Freeze what goes out; a public page of ours is written at once."""
    if not may_go_on(run) or not picture_is_there(run):
        return False
    try:
        if not films_are_marked(run):
            return False
        payload = freeze(run.publication)
    except LostLease:
        raise
    except Unfit as unfit:
        end_failed(run, code=unfit.code, reason=unfit.message, fix="Edit the post, then try again.")
        return False
    except InvalidInput as error:  # a file is broken, missing, or does not fit
        if error.code == "unsigned":
            try_later(run, error.message, None)
        else:
            end_failed(run, code=error.code, reason=error.message, fix="Edit the post, then try again.")
        return False
    except Exception:
        log.exception("publication %s: its files were not made ready", run.publication.pk)
        try_later(run, "The files could not be made ready.", None)
        return False
    if run.publication.channel.is_site:
        return is_its_time(run) and _publish_here(run, payload)
    run.save(state=State.PENDING, payload=payload, progress={}, container_id="", reason="", fix="")
    return True


def _publish_here(run: Run, payload: dict) -> bool:
    """A page of ours shows every publication that is published: this write is the publishing."""
    now, publication = db_now(), run.publication
    url = settings.SITE_URL + reverse("scheduling:page_entry", args=[publication.channel.handle, publication.pk])
    with transaction.atomic():
        wanted = Post.objects.select_for_update(no_key=True).filter(pk=publication.post_id, state=Post.State.SCHEDULED)
        if not wanted.exists():  # cancelled in this very moment: the next look at it says so
            run.read_again()
            return True
        end_published(
            run,
            remote_id=f"page-{publication.pk}",
            url=url,
            at=now,
            text=f"Published on {publication.channel}.",
            payload=payload,
            publish_started_at=now,
            readback_at=now,
        )
    return False


def _prepare(run: Run) -> bool:
    """One harmless step at the platform: a container, a chunk, or the question whether it is processed."""
    if time.monotonic() - run.checked > CHECKED_SECONDS and not may_go_on(run):
        return False
    if run.was_edited:
        run.save(state=State.SCHEDULED, payload={}, progress={}, container_id="")
        return True
    run.renew()
    run.evidence.begin(Phase.PREPARE)
    try:
        post = run.outgoing
        adapter = run.adapter
        if not run.publication.progress:
            take_room(run.publication, adapter)
        with run.heartbeat() if sum(file.size for file in post.media) > LARGE else nullcontext():
            step = adapter.prepare(post, run.publication.progress)
    except Full as full:
        wait_for_room(run, full)
        return False
    except Unfit as unfit:
        end_failed(run, code=unfit.code, reason=unfit.message, fix="Edit the post, then try again.")
        return False
    except PlatformError as error:
        run.evidence.end(outcome_of(error), text=error.message, status=error.http_status, answer=error.answer)
        take_refusal(run, error)
        return False
    except Doubt as doubt:
        run.evidence.end(Outcome.DOUBT, text=doubt.message, status=doubt.http_status, answer=doubt.answer)
        take_doubt(run, doubt)
        return False
    except Exception as error:
        log.exception("publication %s: a step failed", run.publication.pk)
        run.evidence.end(Outcome.DOUBT, text=f"The step failed ({type(error).__name__}).")
        take_doubt(run, error)
        return False
    strike("prepared")
    state = State.CONTAINER if step.ready else State.PENDING
    saved = {"state": state, "progress": dict(step.progress), "container_id": step.container_id[:200]}
    if step.wait and not step.ready:
        run.evidence.end(Outcome.DONE, text=_in_words(step.stage))
        wait(run, run.later(step.wait), **saved)
        return False
    run.save(**saved, attempt=1)  # it moves on: tries are counted anew
    run.evidence.end(Outcome.DONE, text=_in_words(step.stage))
    return True


STAGES = {
    "container": "Handed over.",
    "part": "A part is ready.",
    "processing": "Being processed there.",
    "session": "Upload opened.",
    "announced": "Upload announced.",
    "uploading": "Being uploaded.",
    "ready": "Ready to be published.",
}


def _in_words(stage: str) -> str:
    return STAGES.get(stage, f"{stage[:1].upper()}{stage[1:]}.".replace("..", "."))
