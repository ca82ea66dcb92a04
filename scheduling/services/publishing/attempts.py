"""The evidence of publishing: each thing done at a platform is a row with what was sent and answered, no tokens."""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from inflio.queue.leases import db_now
from scheduling.models import Publication, PublishAttempt
from scheduling.platforms.base import Exchange, PlatformError

ANSWER_KEPT = 4000  # characters
EXCHANGES_KEPT = 20  # of one attempt; a long upload has many alike
LOOKS_READ = 50
HIDDEN = "(hidden)"
_SECRETS = re.compile(
    r"""(?ix) ( ["']? (?:access_token|refresh_token|client_secret|appsecret_proof|authorization) ["']?
    (?:\s*[:=]\s*|\s+) ["']? (?:Bearer\s+)? ) [^\s"'&,;}]+"""
)


class Evidence:
    """Collects the exchanges of one phase and writes them as one PublishAttempt.

    Rows are written whoever holds the lease by then: what was really sent and answered is a fact.
    """

    def __init__(self, publication: Publication, token: str) -> None:
        self._publication, self._token = publication, token
        self._secrets: tuple[str, ...] = ()
        self._row: PublishAttempt | None = None
        self.exchanges: list[Exchange] = []

    def hide(self, secrets: Iterable[str]) -> None:
        """Never write these, wherever they turn up."""
        self._secrets = tuple(secret for secret in secrets if len(secret) > 5)

    def record(self, exchange: Exchange) -> None:
        """What an adapter calls after each request."""
        self.exchanges.append(exchange)

    def begin(self, phase: str) -> None:
        """Start a phase; nothing is written before its end."""
        self.exchanges = []
        self._row = PublishAttempt(publication=self._publication, token=self._token, phase=phase, started_at=db_now())

    def begin_and_save(self, phase: str, started_at: datetime) -> None:
        """Start a phase that is written down before its call: its effect cannot be taken back."""
        self.begin(phase)
        self._row.started_at = started_at
        self._row.save()

    def end(
        self,
        outcome: str,
        *,
        text: str = "",
        status: int | None = None,
        answer: str = "",
        remote_id: str = "",
        details: dict[str, Any] | None = None,
    ) -> None:
        """Write the phase's end; `details` goes beside the exchanges."""
        row, last = self._row, self.exchanges[-1] if self.exchanges else None
        row.outcome, row.ended_at = outcome, db_now()
        row.status = status if status is not None else last.status if last else None
        row.answer = self._clean(answer or (last.answer if last else ""))[:ANSWER_KEPT]
        row.text, row.remote_id = self._clean(text)[:500], remote_id[:200]
        kept = self.exchanges[-EXCHANGES_KEPT:]
        row.sent = {"exchanges": [self._plain(exchange) for exchange in kept], **self._json(details or {})}
        if len(self.exchanges) > len(kept):
            row.sent["left_out"] = len(self.exchanges) - len(kept)
        row.save()

    def _plain(self, exchange: Exchange) -> dict[str, Any]:
        return {
            "method": exchange.method,
            "url": self._clean(exchange.url),
            "sent": self._json(exchange.sent),
            "status": exchange.status,
            "answer": self._clean(exchange.answer)[:ANSWER_KEPT],
        }

    def _json(self, value: Any) -> Any:
        return json.loads(self._clean(json.dumps(value, default=str)))

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return _SECRETS.sub(rf"\1{HIDDEN}", text).replace("\x00", "")


def absent_since(publication: Publication) -> datetime | None:
    """When the unbroken row of looks began that all showed it absent, the newest included; None when there is none."""
    looks = publication.attempts.filter(phase=PublishAttempt.Phase.LOOK, outcome=PublishAttempt.Outcome.DONE)
    began = None
    for row in looks.filter(started_at__gte=publication.publish_started_at).order_by("-pk")[:LOOKS_READ]:
        if row.sent.get("look") not in ("absent", "gone"):
            break
        began = row.started_at
    return began


def answer_of(publication: Publication) -> PublishAttempt | None:
    """The clear yes to the last call that published it; None when none was written down."""
    calls = publication.attempts.filter(phase=PublishAttempt.Phase.PUBLISH, outcome=PublishAttempt.Outcome.DONE)
    return calls.filter(started_at=publication.publish_started_at).exclude(remote_id="").last()


def outcome_of(error: PlatformError) -> str:
    """How an attempt ended that the platform refused for sure."""
    return PublishAttempt.Outcome.LATER if error.retryable else PublishAttempt.Outcome.REFUSED
