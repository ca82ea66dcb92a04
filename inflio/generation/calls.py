"""The record of paid calls: a row is committed before anything is sent, and only who wrote it may send."""

import logging
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from inflio.common.errors import Cancelled, InflioError
from inflio.generation.engines import engine_class
from inflio.generation.engines.base import BadSignature, Notice
from inflio.generation.keys import provider_of
from inflio.generation.models import Job, ProviderCall
from inflio.queue.leases import db_now, renew
from inflio.queue.wake import wake

log = logging.getLogger(__name__)
State = ProviderCall.State


class JobCalls:
    """The calls of one job, for one run that holds its lease: engines.base.Calls."""

    def __init__(self, job: Job, lease: str) -> None:
        self._job, self._lease = job, lease

    def open(self, slot: str, *, endpoint: str, usd: float | None = None) -> "JobCall":
        """Return the call of a slot; raises Cancelled or LostLease rather than write one that must not be sent."""
        tries = list(self._job.calls.filter(Q(slot=slot) | Q(slot__startswith=f"{slot}~")).order_by("pk"))
        if tries and not _was_turned_away(tries[-1]):
            return JobCall(tries[-1])
        name = f"{slot}~{len(tries) + 1}" if tries else slot
        try:
            with transaction.atomic(durable=True):  # on disk before the first byte goes out
                renew(Job, self._job.pk, self._lease)
                if Job.objects.filter(pk=self._job.pk, cancel_requested=True).exists():
                    raise Cancelled("Cancelled.")
                row = ProviderCall.objects.create(
                    workspace_id=self._job.workspace_id,
                    job=self._job,
                    slot=name,
                    provider=engine_class(self._job.engine).provider,
                    endpoint=endpoint,
                    usd_expected=_usd(usd),
                    intended_at=db_now(),
                )
        except IntegrityError:  # another run wrote it down meanwhile: it sends, we look
            return JobCall(self._job.calls.get(slot=name))
        return JobCall(row, new=True)

    def webhook_url(self, call: "JobCall", provider: str) -> str | None:
        """Where the provider may tell the result: only an https address of ours can be reached and trusted."""
        if not settings.SITE_URL.startswith("https://"):
            return None
        return f"{settings.SITE_URL}/hooks/{provider}/{call.token}"


class JobCall:
    """One call: engines.base.Call. Its changes go one way only, so that a late or doubled one does no harm."""

    def __init__(self, row: ProviderCall, *, new: bool = False) -> None:
        self._row, self._new = row, new

    @property
    def state(self) -> str:
        if self._new:
            return "new"
        return "failed" if self._row.state == State.LOST else self._row.state

    @property
    def token(self) -> str:
        return self._row.token

    @property
    def request_id(self) -> str:
        return self._row.request_id

    @property
    def answer(self) -> Mapping[str, Any]:
        return self._row.answer

    @property
    def details(self) -> Mapping[str, Any]:
        return self._row.details

    @property
    def reason(self) -> str:
        return self._row.reason

    @property
    def age(self) -> float:
        return (db_now() - self._row.intended_at).total_seconds()

    def sent(self, request_id: str, *, usd: float | None = None, details: Mapping[str, Any] | None = None) -> None:
        """Commit the provider's request id. One that a webhook brought before stays, and a second one is an alarm."""
        changes: dict[str, Any] = {"request_id": request_id, "sent_at": db_now(), "details": dict(details or {})}
        if usd is not None:
            changes["usd_expected"] = _usd(usd)
        self._change((State.INTENDED,), state=State.SENT, **changes)
        if self._row.request_id != request_id:
            log.critical("call %s has two request ids: %s, %s", self._row.pk, self._row.request_id, request_id)

    def answered(self, answer: Mapping[str, Any], *, usd: float | None = None) -> None:
        """Commit the final answer. However late it comes, the provider did the work and is paid for it."""
        changes = {"answer": dict(answer), "ended_at": db_now(), "usd": _usd(usd), "charged": True, "reason": ""}
        self._change((*ProviderCall.OPEN, State.LOST, State.FAILED), state=State.ANSWERED, **changes)

    def failed(self, reason: str, *, charged: bool, usd: float | None = None) -> None:
        """Commit that it failed, and what that cost; it may come late, when the call was given up for lost."""
        changes = {"reason": reason[:500], "charged": charged, "usd": _usd(usd), "ended_at": db_now()}
        self._change((*ProviderCall.OPEN, State.LOST), state=State.FAILED, **changes)

    def lost(self, reason: str) -> None:
        """Commit that its outcome will not be learnt any more; it may have cost money."""
        self._change(ProviderCall.OPEN, state=State.LOST, reason=reason[:500], charged=True, ended_at=db_now())

    def _change(self, states, **changes) -> None:
        self._new = False
        ProviderCall.objects.filter(pk=self._row.pk, state__in=states).update(**changes)
        self._row.refresh_from_db()


def open_calls(job: Job) -> list[JobCall]:
    """The job's calls whose outcome is not known, oldest first."""
    return [JobCall(row) for row in job.calls.filter(state__in=ProviderCall.OPEN).order_by("intended_at", "pk")]


def stop_calls(job: Job, *, reason: str) -> None:
    """Ask the providers to stop a job's open calls and end their rows; what cannot be stopped may have cost money."""
    for row in job.calls.filter(state__in=ProviderCall.OPEN):
        call = JobCall(row)
        stopped = False
        if row.request_id:
            try:
                stopped = provider_of(workspace=job.workspace, name=row.provider).cancel(row.endpoint, row.request_id)
            except InflioError as error:
                log.warning("call %s was not stopped: %s", row.pk, error.message)
        if stopped:
            call.failed(reason, charged=False)
        else:
            call.lost(reason)


def take_notice(row: ProviderCall, notice: Notice) -> None:
    """Write down what a verified webhook says and make its job due; safe to repeat, in any order.

    It also finds a call whose answer was lost: the address it came to is ours alone, and it brings the request id.
    Raises BadSignature when it speaks of another request.
    """
    with transaction.atomic():
        mine = ProviderCall.objects.select_for_update().get(pk=row.pk)
        if mine.request_id and mine.request_id != notice.request_id:
            raise BadSignature(f"call {mine.pk} is {mine.request_id}, the notice is about {notice.request_id}")
        if ProviderCall.objects.filter(provider=mine.provider, request_id=notice.request_id).exclude(pk=mine.pk):
            raise BadSignature(f"the request {notice.request_id} is another call's")
        ProviderCall.objects.filter(pk=mine.pk).update(noticed_at=db_now(), request_id=notice.request_id)
        call = JobCall(mine)
        if mine.state == State.INTENDED:
            call.sent(notice.request_id)
        if notice.state == "answered":
            call.answered(notice.answer, usd=notice.usd)
        elif notice.state == "failed":
            call.failed(notice.reason, charged=notice.charged, usd=notice.usd)
        if Job.objects.filter(pk=mine.job_id, state__in=Job.OPEN).update(available_at=db_now()):
            wake("job", mine.job_id)


def _was_turned_away(row: ProviderCall) -> bool:
    """The provider never took it, so that asking again is no second request."""
    return row.state == State.FAILED and not row.charged and not row.request_id


def _usd(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(round(value, 4)))
