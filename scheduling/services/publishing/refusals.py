"""What a platform's no means for a publication: wait, begin anew, or end with the reason and what to do."""

from django.utils import timezone

from scheduling.models import Publication
from scheduling.platforms.base import Doubt, PlatformError
from scheduling.services.connecting.channels import note_failure
from scheduling.services.connecting.tokens import RENEWING
from scheduling.services.publishing.budget import Full
from scheduling.services.publishing.ends import end_failed, end_missed, wait
from scheduling.services.publishing.runs import Run

State = Publication.State
TRIES = 6  # in a row, without any step that worked
BACKOFF = (5, 15, 60, 180, 600)  # seconds
CONTAINERS = 3
RECONNECT_CHECK = 60  # seconds between looks at a channel that waits for its owner


def take_refusal(run: Run, error: PlatformError, **changes) -> None:
    """End or park a publication whose call was surely without effect; `changes` go into the same write."""
    kind = error.kind
    note_failure(run.publication.channel, error)
    if kind == "reconnect":
        until = run.later(RECONNECT_CHECK)
        wait(run, until, reason=error.message, fix=error.fix or "Connect the account again.", **changes)
    elif kind == "limit":
        wait_for_room(run, Full(error.message, run.later(error.retry_after or RECONNECT_CHECK)), **changes)
    elif error.code == RENEWING:
        wait(run, run.later(error.retry_after), reason=error.message, **changes)
    elif kind == "later":
        try_later(run, error.message, error.retry_after, **changes)
    elif kind == "container":
        begin_anew(run, error.message)
    else:
        end_failed(run, code=error.code, reason=error.message, fix=error.fix)


def take_doubt(run: Run, doubt: Doubt | Exception) -> None:
    """A harmless step without a sure answer is simply done again."""
    message = doubt.message if isinstance(doubt, Doubt) else "Something went wrong on our side."
    if isinstance(doubt, Doubt):
        note_failure(run.publication.channel, doubt)
    try_later(run, message, None)


def try_later(run: Run, reason: str, seconds: float | None, **changes) -> None:
    """Count a real try; after the last one it failed."""
    attempt = run.publication.attempt
    if attempt >= TRIES:
        end_failed(run, code="gave_up", reason=f"{reason} We tried {attempt} times.", fix="Try again later.")
        return
    seconds = seconds or BACKOFF[min(max(attempt, 1), len(BACKOFF)) - 1]
    wait(run, run.later(seconds), reason=reason, is_try=True, **changes)


def wait_for_room(run: Run, full: Full, **changes) -> None:
    """Wait for a limit to start anew; what would be too late by then is missed at once, so that its user can act."""
    if full.until > run.deadline:
        when = f"{timezone.localtime(full.until):%d %b, %H:%M} UTC"
        end_missed(run, code="limit", reason=full.reason, fix=f"Choose a time after {when}.")
    else:
        wait(run, full.until, reason=full.reason, **changes)


def begin_anew(run: Run, reason: str) -> None:
    """The container is of no use any more: make another one, a few times at most."""
    tries = run.publication.prepare_tries
    if tries >= CONTAINERS:
        end_failed(run, code="container", reason=f"{reason} We tried {tries + 1} times.", fix="Check the files.")
        return
    clean = {"state": State.PENDING, "progress": {}, "container_id": "", "prepare_tries": tries + 1}
    wait(run, run.later(BACKOFF[0] if tries else 0), reason=reason, **clean)
