"""The way of a paid request to Replicate: written down, sent once, looked for when its answer is lost, asked after."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from inflio.common.errors import ProviderError
from inflio.generation.engines.base import Call, Engine, Notice, Progress, Waiting
from inflio.generation.engines.replicate.terms import OVER, Busy, NotDone, Unclear

USD_A_SECOND = 0.001525  # of an H100 at Replicate, November 2026; what a private model costs while it works
STEP_LINE = re.compile(r"(\d+)/(\d+) \[")  # in the log, as tqdm writes it
LOST = (
    "The connection to Replicate broke, and it lists no such request. "
    "We do not send a paid request twice. Your credits are back; please try again."
)


@dataclass(frozen=True)
class Steps:
    """How a request is sent, looked for when its answer was lost, and asked after; each gives the provider's object."""

    send: Callable[[], Any]
    find: Callable[[], Any | None]
    look: Callable[[], Any]


class ReplicateEngine(Engine):
    """What FLUX pictures and trainings have in common."""

    provider = "replicate"
    lost_seconds: ClassVar[float] = 60  # until a request that the account's list does not show is given up
    poll_seconds: ClassVar[float] = 2
    poll_seconds_with_webhook: ClassVar[float] = 20  # in case a webhook gets lost

    @cached_property
    def api(self):
        """The account (ReplicateApi)."""
        from inflio.generation.engines.replicate.api import ReplicateApi  # noqa: PLC0415 - loads the client: only to call

        return ReplicateApi(self._key)

    def _follow(self, call: Call, steps: Steps, *, webhook: str | None, progress: Progress) -> Mapping[str, Any]:
        """Take the request as far as it goes now and return the answer, or raise Waiting or ProviderError."""
        if call.state == "new":
            self._begin(call, steps, progress)
        elif call.state == "intended":
            self._find_lost(call, steps, progress)
        if call.state == "sent":
            self._ask(call, steps, webhook, progress)
        if call.state == "failed":
            raise ProviderError(call.reason or LOST, retryable=False)
        return call.answer

    def _begin(self, call: Call, steps: Steps, progress: Progress) -> None:
        progress(0.03, "Sending it to Replicate")
        try:
            row = steps.send()
        except NotDone as error:
            call.failed(str(error), charged=False)
            raise ProviderError(str(error), retryable=not error.refusal, retry_after=error.after) from error
        except Unclear as error:
            raise Waiting(1, 0.03, "Finding out whether Replicate got it") from error
        call.sent(row.id)
        self._settle(call, row)

    def _find_lost(self, call: Call, steps: Steps, progress: Progress) -> None:
        progress(0.03, "Finding out whether Replicate got it")
        try:
            row = steps.find()
        except Busy as error:
            raise Waiting(error.seconds, 0.03, "Waiting for Replicate to answer") from error
        if row is not None:
            call.sent(row.id)
            self._settle(call, row)
        elif call.age > self.lost_seconds:
            call.lost(LOST)  # the list may come late: a webhook can still tell
        else:
            raise Waiting(min(5.0, self.lost_seconds / 4), 0.03, "Finding out whether Replicate got it")

    def _ask(self, call: Call, steps: Steps, webhook: str | None, progress: Progress) -> None:
        pause = self.poll_seconds_with_webhook if webhook else self.poll_seconds
        try:
            row = steps.look()
        except Busy as error:
            raise Waiting(max(error.seconds, pause), 0.1, "Waiting for Replicate to answer") from error
        self._settle(call, row)
        if call.state == "sent":
            fraction, stage, finding = self._standing(row)
            progress(fraction, stage, finding)
            raise Waiting(pause, fraction, stage)

    def _settle(self, call: Call, row: Any) -> None:
        notice = notice_of(row.dict())
        if notice.state == "answered":
            call.answered(notice.answer, usd=notice.usd)
        elif notice.state == "failed":
            call.failed(notice.reason, charged=notice.charged, usd=notice.usd)

    def _standing(self, row: Any) -> tuple[float, str, dict | None]:
        """Fraction, stage and finding while it works."""
        if row.status == "starting":
            return 0.05, "Replicate starts the machine", None
        done = STEP_LINE.findall(row.logs or "")
        if not done:
            return 0.1, "Replicate prepares", None
        step, steps = int(done[-1][0]), max(int(done[-1][1]), 1)
        return 0.1 + 0.85 * min(step / steps, 1), f"Step {step} of {steps}", {"step": step, "steps": steps}


def notice_of(row: Mapping[str, Any]) -> Notice:
    """What Replicate's JSON of a prediction or training says; the same for an answer and for a webhook."""
    pk, status = str(row.get("id") or ""), row.get("status")
    if status not in OVER:
        return Notice(pk, "working")
    usd = _usd(row)
    if status != "succeeded":
        return Notice(pk, "failed", reason=_words(status, row.get("error")), usd=usd)
    return Notice(pk, "answered", answer={"output": row.get("output")}, usd=usd)


def _usd(row: Mapping[str, Any]) -> float | None:
    """What the time it took costs; None where nothing says how long that was."""
    seconds = (row.get("metrics") or {}).get("predict_time")
    if not isinstance(seconds, int | float):
        try:
            seconds = (_time(row["completed_at"]) - _time(row["started_at"])).total_seconds()
        except (KeyError, TypeError, ValueError):
            return None
    return round(seconds * USD_A_SECOND, 4)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _words(status: str, error: object) -> str:
    text = str(error or "").strip()
    if status != "failed":
        return "It was stopped at Replicate. Your credits are back."
    if "nsfw" in text.lower() or "sensitive" in text.lower():
        return "Replicate's filter held the result back. Change the words or the seed, then try again."
    return f"Replicate could not finish it: {text[:300] or 'it gives no reason'}"
