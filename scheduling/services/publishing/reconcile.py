"""After a doubtful call: read what became of it, and never send again before it is proved absent."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError

from inflio.queue.leases import db_now
from scheduling.models import Publication, PublishAttempt
from scheduling.platforms.base import Doubt, Look, PlatformError
from scheduling.services.connecting.channels import note_failure, note_success
from scheduling.services.publishing.attempts import absent_since, answer_of
from scheduling.services.publishing.ends import (
    end_answered,
    end_failed,
    end_missed,
    end_published,
    need_attention,
    wait,
)
from scheduling.services.publishing.outgoing import Unfit
from scheduling.services.publishing.refusals import CONTAINERS
from scheduling.services.publishing.runs import Run
from scheduling.services.publishing.trial import strike

log = logging.getLogger(__name__)
State = Publication.State
Phase, Outcome = PublishAttempt.Phase, PublishAttempt.Outcome
LONGEST_WAIT = 1800  # seconds between looks
UNCLEAR_LOOKS = 6
DAY_OF_GRACES = 600  # after so many graces without an outcome its user is asked
GUESSES = 2  # calls for one publication whose absence only lists proved, not its own container
CALLS = 6


def first_look_at(run: Run, *, accepted: datetime | None = None) -> datetime:
    """When a look makes sense: soon, if the platform took it; after the grace, if nobody knows."""
    if accepted:
        return accepted + timedelta(seconds=min(settings.PUBLISH_GRACE_SECONDS, 3))
    return max(db_now(), run.publication.publish_started_at + timedelta(seconds=settings.PUBLISH_GRACE_SECONDS))


def was_answered(run: Run) -> bool:
    """Whether our evidence holds the platform's yes, whose worker could do no more than write it down; then it ends."""
    answer = answer_of(run.publication)
    if answer is None:
        return False
    end_answered(run, remote_id=answer.remote_id, url=answer.sent.get("url", ""), at=answer.ended_at)
    return True


def look(run: Run) -> bool:
    """Look once; True when it was proved absent and may go on at once."""
    if was_answered(run):
        return False
    publication = run.publication
    run.evidence.begin(Phase.LOOK)
    try:
        adapter = run.adapter
        run.renew()
        found = adapter.look(run.outgoing, publication.progress, publication.publish_started_at)
    except PlatformError as error:
        note_failure(publication.channel, error)
        run.evidence.end(Outcome.LATER, text=error.message, status=error.http_status, answer=error.answer)
        return _no_answer(run, error.message, error.fix, error.retry_after)
    except Doubt as doubt:
        run.evidence.end(Outcome.LATER, text=doubt.message, status=doubt.http_status, answer=doubt.answer)
        return _no_answer(run, doubt.message)
    except Unfit as unfit:
        run.evidence.end(Outcome.LATER, text=unfit.message)
        return _no_answer(run, unfit.message)
    except Exception as error:
        log.exception("publication %s: the look failed", publication.pk)
        run.evidence.end(Outcome.LATER, text=f"The look failed ({type(error).__name__}).")
        return _no_answer(run, "We could not look whether it is there.")
    strike("looked")
    run.evidence.end(
        Outcome.DONE,
        text=found.reason or WORDS[found.outcome],
        remote_id=found.remote_id if found.outcome == "published" else "",
        details={"look": found.outcome, "evidence": dict(found.evidence)},
    )
    return _ANSWERS[found.outcome](run, found)


WORDS = {
    "published": "It is public.",
    "absent": "It is not there.",
    "gone": "It is not there, and what was prepared is gone.",
    "working": "The platform still works on it.",
    "refused": "The platform did not take it.",
    "unclear": "The platform does not tell.",
}


def _published(run: Run, found: Look) -> bool:
    publication = run.publication
    remote_id, url = found.remote_id, found.url
    if _belongs_to_another(run, found):
        if found.evidence.get("status_code") != "PUBLISHED":
            return _unclear(run, found)
        remote_id = url = ""  # its own container says that it is public; which of several alike it is, nobody can tell
    was_sure = publication.accepted_at is not None
    text = (
        f"Published on {publication.channel}." if was_sure else f"It turned out to be public on {publication.channel}."
    )
    try:
        end_published(
            run, remote_id=remote_id, url=url, at=publication.accepted_at or publication.publish_started_at,
            text=text,
        )  # fmt: skip
    except IntegrityError:  # another publication has just claimed the same post as its own
        return _unclear(run, found)
    note_success(publication.channel)
    return False


def _absent(run: Run, found: Look) -> bool:
    """Not there: for sure when what was to be published says so itself, else by two looks a grace apart."""
    publication = run.publication
    by_container = found.outcome == "absent" and found.evidence.get("proof") != "list"
    if not _late_enough(run) or not (by_container or _is_second_proof(publication)):
        wait(run, run.later(settings.PUBLISH_GRACE_SECONDS), reason="It is not there yet. We look once more.",
             absences=1, looks=publication.looks + 1)  # fmt: skip
        return False
    calls = publication.attempts.filter(phase=Phase.PUBLISH).exclude(outcome=Outcome.LATER).count()
    if calls >= (CALLS if by_container else GUESSES):
        need_attention(
            run, reason=f"We sent it {calls} times without a sure answer, and the platform does not show it."
        )
        return False
    if db_now() > run.deadline:
        end_missed(run, code="absent", reason="The platform did not take it, and it is too late now.")
        return False
    back = {"state": State.CONTAINER, "absences": publication.absences + 1, "reason": "", "fix": "", "attempt": 1}
    if found.outcome == "gone":
        if publication.prepare_tries >= CONTAINERS:
            end_failed(run, code="container", reason=found.reason or "The platform lost what was prepared.")
            return False
        again = {"state": State.PENDING, "progress": {}, "container_id": ""}
        back |= again | {"prepare_tries": publication.prepare_tries + 1}
    run.save(**back)
    return True


def _working(run: Run, found: Look) -> bool:
    if _waited_too_long(run):
        need_attention(run, reason="The platform took it and has been working on it ever since.")
        return False
    waited = (db_now() - run.publication.unknown_since).total_seconds()
    seconds = found.wait or min(max(waited / 4, 1), LONGEST_WAIT)
    wait(run, run.later(seconds), reason=found.reason, absences=0)
    return False


def _refused(run: Run, found: Look) -> bool:
    reason = found.reason or "The platform took it and then did not publish it."
    end_failed(run, code="refused", reason=reason, fix=found.fix or "Edit the post, then try again.")
    return False


def _unclear(run: Run, found: Look) -> bool:
    """Look again, less and less often; in the end only its user can look."""
    looks = run.publication.looks + 1
    reason = found.reason or "The platform does not tell whether it is there."
    if looks >= UNCLEAR_LOOKS or not run.adapter.capabilities.can_be_looked_up:
        need_attention(run, reason=reason)
    else:
        wait(run, run.later(max(found.wait, _backoff(looks))), reason=reason, fix=found.fix, looks=looks, absences=0)
    return False


def _no_answer(run: Run, reason: str, fix: str = "", seconds: float | None = None) -> bool:
    """The platform cannot be asked now: that proves nothing, so it is asked again for a day."""
    if _waited_too_long(run):
        need_attention(run, reason=reason)
    else:
        waited = (db_now() - run.publication.unknown_since).total_seconds() / settings.PUBLISH_GRACE_SECONDS
        wait(run, run.later(max(seconds or 0, _backoff(min(int(waited), 4)))), reason=reason, fix=fix)
    return False


def _waited_too_long(run: Run) -> bool:
    longest = timedelta(seconds=DAY_OF_GRACES * settings.PUBLISH_GRACE_SECONDS)
    return db_now() - run.publication.unknown_since > longest


def _backoff(looks: int) -> float:
    """Seconds: a grace, then twice as long each time."""
    return min(settings.PUBLISH_GRACE_SECONDS * 2 ** min(max(looks - 1, 0), 12), LONGEST_WAIT)


def _late_enough(run: Run) -> bool:
    """Nothing that was sent can still be on its way; a webhook may have woken us earlier."""
    grace = timedelta(seconds=settings.PUBLISH_GRACE_SECONDS)
    return db_now() >= run.publication.publish_started_at + grace


def _is_second_proof(publication: Publication) -> bool:
    """The same was seen a grace ago at least, which was as long after the call, and nothing else since."""
    grace = timedelta(seconds=settings.PUBLISH_GRACE_SECONDS)
    began = absent_since(publication)
    if began is None:
        return False
    return db_now() >= max(began, publication.publish_started_at + grace) + grace


def _belongs_to_another(run: Run, found: Look) -> bool:
    """Two posts with the same words: what was found is the other one, or may be, as that one's own id is not known."""
    others = Publication.objects.filter(channel=run.publication.channel_id).exclude(pk=run.publication.pk)
    if found.remote_id and others.filter(remote_id=found.remote_id).exists():
        return True
    if found.alike_since is None:
        return False
    near = others.filter(state__in=Publication.SENT, publish_started_at__gte=found.alike_since)
    return any(not run.adapter.is_post_id(remote_id) for remote_id in near.values_list("remote_id", flat=True))


_ANSWERS = {
    "published": _published,
    "absent": _absent,
    "gone": _absent,
    "working": _working,
    "refused": _refused,
    "unclear": _unclear,
}
