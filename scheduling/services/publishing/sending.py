"""The one call that makes a post public: the intent is committed before it, and it is never repeated on doubt.

Whatever is no clear answer makes the publication `unknown`; reconcile.py then looks it up on the platform.
"""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from inflio.queue.leases import db_now, fenced
from scheduling.models import Post, Publication, PublishAttempt
from scheduling.platforms.base import Doubt, PlatformError, Sent
from scheduling.services.connecting.channels import note_failure, note_success
from scheduling.services.publishing.attempts import outcome_of
from scheduling.services.publishing.ends import end_answered, end_failed, wait
from scheduling.services.publishing.outgoing import Unfit
from scheduling.services.publishing.reconcile import first_look_at, was_answered
from scheduling.services.publishing.refusals import take_refusal
from scheduling.services.publishing.runs import Run
from scheduling.services.publishing.standing import is_its_time, may_go_on
from scheduling.services.publishing.trial import strike

log = logging.getLogger(__name__)
State = Publication.State
Phase, Outcome = PublishAttempt.Phase, PublishAttempt.Outcome


def publish(run: Run) -> bool:
    """Commit the intent, then make the one call; whatever is not a clear answer is doubt."""
    run.read_again()
    if not may_go_on(run) or not is_its_time(run):
        return False
    if run.was_edited:
        run.save(state=State.SCHEDULED, payload={}, progress={}, container_id="")
        return True
    try:
        adapter, post = run.adapter, run.outgoing
    except Unfit as unfit:
        end_failed(run, code=unfit.code, reason=unfit.message, fix="Edit the post, then try again.")
        return False
    except PlatformError as error:  # of the token: nothing was sent
        take_refusal(run, error)
        return False
    if not _commit_intent(run):
        run.read_again()  # cancelled, edited or moved in this very moment: the next look at it says so
        return True
    if not run.has_time_for_call():
        run.evidence.end(Outcome.LATER, text="This worker was held up, so nothing was sent.")
        wait(run, db_now(), state=State.CONTAINER)
        return False
    strike("before_call")
    try:
        sent = adapter.publish(post, run.publication.progress)
    except PlatformError as error:
        run.evidence.end(outcome_of(error), text=error.message, status=error.http_status, answer=error.answer)
        take_refusal(run, error, state=State.CONTAINER)
        return False
    except Doubt as doubt:
        run.evidence.end(Outcome.DOUBT, text=doubt.message, status=doubt.http_status, answer=doubt.answer)
        _to_unknown(run, doubt.message)
        note_failure(run.publication.channel, doubt)
        return False
    except Exception as error:
        log.exception("publication %s: the call ended without an answer", run.publication.pk)
        run.evidence.end(Outcome.DOUBT, text=f"The call ended without an answer ({type(error).__name__}).")
        _to_unknown(run, "The call ended without an answer.")
        return False
    strike("after_call")
    _take_answer(run, sent)
    return False


def _commit_intent(run: Run) -> bool:
    """Write, before anything is sent, that it is being sent now.

    False when its post was cancelled, edited, moved or taken off the channel since it was read: to get the token may
    have taken a while.
    """
    started, mark = db_now(), time.monotonic()
    lease = started + timedelta(seconds=settings.PUBLISH_LEASE_SECONDS)
    publication = run.publication
    as_frozen = {"state": Post.State.SCHEDULED, "content_version": publication.payload["content_version"]}
    same_time = ~Q(rrule="") | Q(starts_local=publication.occurrence_local)
    other_rule = ~Q(rule_version=publication.rule_version)  # what an older one promised stays, as in standing.py
    as_frozen["targets__channel"] = publication.channel_id
    wanted = Post.objects.filter(same_time | other_rule, pk=publication.post_id, **as_frozen)
    rows = Publication.objects.filter(pk=publication.pk, lease_token=run.token, state=State.CONTAINER, post__in=wanted)
    intent = {"state": State.PUBLISHING, "publish_started_at": started, "lease_until": lease}
    with transaction.atomic(durable=True):  # on disk before the first byte goes out
        if not rows.update(**intent, accepted_at=None):
            fenced(Publication, publication.pk, run.token, attempt=F("attempt"))  # or the lease is lost
            return False
        run.evidence.begin_and_save(Phase.PUBLISH, started)
    run.take_over(**intent)
    run.renewed(mark)
    return True


def _take_answer(run: Run, sent: Sent) -> None:
    """Write down that it is public, or what the platform knows it by while it works on it."""
    now, progress = db_now(), dict(sent.progress) or run.publication.progress
    if sent.final:  # the evidence first: should this worker end now, the next one finds the answer there
        run.evidence.end(Outcome.DONE, text="It is public.", remote_id=sent.remote_id, details={"url": sent.url})
        strike("answered")
        end_answered(run, remote_id=sent.remote_id, url=sent.url, at=now, progress=progress)
    else:
        changes = {"state": State.UNKNOWN, "progress": progress, "accepted_at": now, "unknown_since": now}
        try:  # first what it can be asked by
            wait(run, first_look_at(run, accepted=now), **changes, looks=0, absences=0)
        finally:
            run.evidence.end(Outcome.DONE, text="The platform took it and works on it.")
    note_success(run.publication.channel)


def doubt_left_behind(run: Run) -> bool:
    """It was being published when its worker ended: unless its answer was written down, nobody knows how it went."""
    if was_answered(run):
        return False
    attempt = run.publication.attempts.filter(phase=Phase.PUBLISH, outcome=Outcome.STARTED).last()
    if attempt:
        attempt.outcome, attempt.ended_at = Outcome.DOUBT, db_now()
        attempt.text = "The worker ended before the answer was written down."
        attempt.save(update_fields=["outcome", "ended_at", "text"])
    _to_unknown(run, "Our worker ended in the middle of publishing.")
    return False


def _to_unknown(run: Run, reason: str) -> None:
    """From here on only reading helps; the first look comes when no late answer can be on its way any more."""
    changes = {"state": State.UNKNOWN, "unknown_since": db_now(), "looks": 0, "absences": 0}
    fix = "We look on the platform whether it is there. You need not do anything."
    wait(run, first_look_at(run), reason=reason, fix=fix, **changes)
