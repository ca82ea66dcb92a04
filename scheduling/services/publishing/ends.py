"""How a run ends: it waits, is over, or needs its user; each in one fenced transaction with its history."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from inflio.notices.models import Notice
from inflio.notices.services import notify
from inflio.queue.leases import db_now, release
from scheduling.models import Publication
from scheduling.services.history import log_event
from scheduling.services.publishing.runs import Run

State = Publication.State
SENT_AGAIN = "It was proved not to be public, and it is too late now."


def wait(run: Run, until: datetime, *, reason: str = "", fix: str = "", is_try: bool = False, **changes) -> None:
    """Let it go until then, or until it is missed; only a real try counts as an attempt."""
    if changes.get("state", run.publication.state) not in Publication.SENT:
        until = min(until, run.deadline + timedelta(seconds=1))
    if not is_try:
        changes["attempt"] = F("attempt") - 1
    words = {"reason": reason[:500], "fix": fix[:300]}
    release(Publication, run.publication.pk, run.token, available_at=until, **words, **changes)


def end_published(run: Run, *, remote_id: str, url: str, at: datetime, text: str, **changes) -> None:
    """It is public: read back and commented later, as nothing that follows may send it again."""
    clean = {"code": "", "reason": "", "fix": "", "problems": [], "attempt": 0}
    values = {"state": State.PUBLISHED, "remote_id": remote_id[:200], "remote_url": url[:500], "published_at": at}
    with transaction.atomic():
        release(Publication, run.publication.pk, run.token, available_at=db_now(), **clean, **values, **changes)
        _log(run, text)


def end_answered(run: Run, *, remote_id: str, url: str, at: datetime, **changes) -> None:
    """The platform said yes to its call, so it is public, even where a twin was taken for this very post before."""
    text = f"Published on {run.publication.channel}."
    try:
        end_published(run, remote_id=remote_id, url=url, at=at, text=text, **changes)
    except IntegrityError:
        end_published(run, remote_id="", url=url, at=at, text=text, **changes)


def end_failed(run: Run, *, code: str, reason: str, fix: str = "") -> None:
    """It will not go out before somebody changes something and tries again."""
    _end(run, State.FAILED, code, reason, fix, "post_failed", "was not published")


def end_missed(run: Run, *, code: str, reason: str, fix: str = "") -> None:
    """Its time is over: it is not sent late, so that nothing bursts out after a pause."""
    fix = fix or "Choose another time, or publish it now."
    _end(run, State.MISSED, code, reason, fix, "post_missed", "was missed")


def end_cancelled(run: Run) -> None:
    """Its post was cancelled before it went out."""
    with transaction.atomic():
        release(Publication, run.publication.pk, run.token, state=State.CANCELLED, reason="", fix="")
        _log(run, f"Cancelled on {run.publication.channel} before it went out.")


def need_attention(run: Run, *, reason: str) -> None:
    """Nobody can tell whether it is public: its user looks, and says so. It is never sent again on a guess."""
    fix = "Look on the platform whether it is there, then say so on its page."
    _end(run, State.ATTENTION, "unproved", reason, fix, "post_attention", "needs you")


def _end(run: Run, state: str, code: str, reason: str, fix: str, kind: str, what: str) -> None:
    publication = run.publication
    words = {"code": code[:60], "reason": reason[:500], "fix": fix[:300]}
    with transaction.atomic():
        release(Publication, publication.pk, run.token, state=state, **words)
        _log(run, f"{State(state).label} on {publication.channel}: {reason}")
        notify(
            workspace=publication.workspace,
            kind=kind,
            title=f"“{publication.post}” {what} on {publication.channel}",
            text=f"{reason} {fix}".strip(),
            url=publication.get_absolute_url(),
            level=Notice.Level.BAD,
            # An attempt anew after this end has another time, and tells its own end.
            key=f"{kind}:{publication.pk}:{publication.due_at.timestamp():.0f}",
        )
    run.take_over(state=state)


def _log(run: Run, text: str) -> None:
    log_event(post=run.publication.post, text=text, publication=run.publication)
