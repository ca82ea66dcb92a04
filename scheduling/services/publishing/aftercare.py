"""After publishing: the first comment, once, and what the platform really shows. Neither can publish again."""

import logging
import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import F

from inflio.notices.models import Notice
from inflio.notices.services import notify
from inflio.queue.leases import LostLease, db_now, release
from inflio.queue.wake import wake
from scheduling.models import Channel, Publication, PublishAttempt
from scheduling.platforms.base import Doubt, PlatformError
from scheduling.queries.publications import to_look_after
from scheduling.services.connecting.channels import note_failure
from scheduling.services.history import log_event
from scheduling.services.publishing.outgoing import Unfit
from scheduling.services.publishing.runs import Run

log = logging.getLogger(__name__)
Phase, Outcome = PublishAttempt.Phase, PublishAttempt.Outcome
READS = 5
AGAIN = (60, 300, 900, 3600)  # seconds between readings that failed
SENDING, SENT, FAILED, UNKNOWN = "sending", "sent", "failed", "unknown"  # of the first comment
NOBODY_KNOWS = "Whether the first comment was written is not known; it is not sent again."


def look_after_next() -> bool:
    """Finish one publication that is public; False when there is none."""
    now = db_now()
    for pk in to_look_after(now).values_list("pk", flat=True)[:3]:
        if token := _claim(pk):
            try:
                _look_after(Run(pk, token))
            except LostLease:
                log.warning("publication %s: the lease was lost after it was published", pk)
            return True
    return False


def wake_aftercare() -> None:
    """Wake a worker for what nobody has read back yet."""
    pk = to_look_after(db_now()).values_list("pk", flat=True).first()
    if pk is not None:
        wake("publication", pk)


def _claim(pk: int) -> str | None:
    now, token = db_now(), uuid.uuid4().hex
    until = now + timedelta(seconds=settings.PUBLISH_LEASE_SECONDS)
    taken = (
        to_look_after(now)
        .order_by()
        .filter(pk=pk)
        .update(lease_token=token, lease_until=until, attempt=F("attempt") + 1)
    )
    return token if taken else None


def _look_after(run: Run) -> None:
    publication = run.publication
    if publication.channel.status != Channel.Status.ACTIVE and publication.attempt < READS:
        release(Publication, publication.pk, run.token, available_at=run.later(AGAIN[-1]))
        return
    if publication.payload.get("first_comment") and publication.comment_state in ("", SENDING) and not _comment(run):
        return
    if not publication.remote_id:  # nothing by which it could be asked for, such as a private post of TikTok's
        release(Publication, publication.pk, run.token, readback_at=db_now(), attempt=0)
        return
    run.evidence.begin(Phase.READ_BACK)
    try:
        shown = dict(run.adapter.read_back(publication.remote_id))
    except (PlatformError, Doubt) as error:
        _not_read(run, error.message, status=error.http_status, answer=error.answer)
        return
    except Exception as error:
        log.exception("publication %s: it could not be read back", publication.pk)
        _not_read(run, f"The reading failed ({type(error).__name__}).")
        return
    run.evidence.end(Outcome.DONE, text="This is what the platform shows.", details={"shown": shown})
    changes: dict[str, Any] = {"readback": shown, "readback_at": db_now(), "attempt": 0}
    ours = f"{settings.SANDBOX_URL}/" if publication.channel.sandbox else "https://"
    if not publication.remote_url and (url := str(shown.get("url") or "")).startswith(ours):
        changes["remote_url"] = url[:500]
    known = str(shown.get("remote_id") or "")[:200]  # such as TikTok's, after its moderation
    if known and not Publication.objects.filter(channel=publication.channel_id, remote_id=known).exists():
        changes["remote_id"] = known
    release(Publication, publication.pk, run.token, **changes)
    _tell_missing_labels(publication, shown)


def _not_read(run: Run, message: str, **words) -> None:
    run.evidence.end(Outcome.LATER, text=message, **words)
    if run.publication.attempt >= READS:
        given_up = {"readback": {"problem": message[:300]}, "readback_at": db_now(), "attempt": 0}
        release(Publication, run.publication.pk, run.token, **given_up)
    else:
        _put_off(run)


def _put_off(run: Run) -> None:
    later = run.later(AGAIN[min(run.publication.attempt, len(AGAIN)) - 1])
    release(Publication, run.publication.pk, run.token, available_at=later)


def _comment(run: Run) -> bool:
    """Send the first comment at most once: a kill or a doubt around it leaves it unknown, never doubled.

    False when nothing could be sent yet and it is tried again later.
    """
    publication = run.publication
    if publication.comment_state == SENDING:
        _end_comment(run, UNKNOWN, NOBODY_KNOWS)
        return True
    if not publication.remote_id:
        reason = f"{publication.channel.get_platform_display()} did not tell which post is this one."
        _end_comment(run, FAILED, f"The first comment was not written: {reason}")
        return True
    try:
        adapter, post = run.adapter, run.outgoing
    except (PlatformError, Unfit) as error:
        if isinstance(error, PlatformError) and publication.attempt < READS:  # of the token
            _put_off(run)
            return False
        _end_comment(run, FAILED, f"The first comment was not written: {error.message}")
        return True
    run.evidence.begin(Phase.COMMENT)
    run.save(comment_state=SENDING)
    try:
        number = adapter.comment(post, publication.remote_id)
    except PlatformError as error:
        note_failure(publication.channel, error)
        run.evidence.end(Outcome.REFUSED, text=error.message, status=error.http_status, answer=error.answer)
        state, text = FAILED, f"The first comment was not written: {error.message}"
    except Exception as error:
        message = error.message if isinstance(error, Doubt) else f"The call failed ({type(error).__name__})."
        run.evidence.end(Outcome.DOUBT, text=message)
        state, text = UNKNOWN, NOBODY_KNOWS
    else:
        run.evidence.end(Outcome.DONE, text="Commented.", details={"comment": number})
        state, text = SENT, "The first comment was written."
    _end_comment(run, state, text)
    return True


def _end_comment(run: Run, state: str, text: str) -> None:
    run.save(comment_state=state)
    log_event(post=run.publication.post, text=text, publication=run.publication)


def _tell_missing_labels(publication: Publication, shown: dict[str, Any]) -> None:
    """A label that was sent and is not shown is its owner's to set by hand."""
    flags = publication.payload.get("flags", {})
    missing = [name for name, value in flags.items() if value and name in shown and not shown[name]]
    if missing:
        notify(
            workspace=publication.workspace,
            kind="label_missing",
            title=f"A label is missing on “{publication.post}”",
            text=f"{publication.channel} does not show {', '.join(missing)}, though we sent it. Set it there by hand.",
            url=publication.get_absolute_url(),
            level=Notice.Level.WARN,
            key=f"label_missing:{publication.pk}",
        )
