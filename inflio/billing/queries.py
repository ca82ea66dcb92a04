"""Reads about credits: the history with the balance after each line."""

from dataclasses import dataclass

from django.db.models import Sum

from inflio.billing.models import CreditAccount, CreditEntry


@dataclass(frozen=True)
class Line:
    """One entry and the credits that were available after it."""

    entry: CreditEntry
    balance: int
    job_id: int | None


def credit_history(*, account: CreditAccount, before: int | None = None, limit: int = 30) -> list[Line]:
    """A page of the ledger, newest first, by key."""
    rows = account.entries.select_related("created_by")
    balance = account.available
    if before:
        balance -= rows.filter(pk__gte=before).aggregate(total=Sum("amount", default=0))["total"]
        rows = rows.filter(pk__lt=before)
    lines = []
    for entry in rows.order_by("-pk")[:limit]:
        lines.append(Line(entry, balance, _job_id(entry.reference)))
        balance -= entry.amount
    return lines


def reserved_now(*, account: CreditAccount) -> int:
    """Credits set aside for work that is not settled yet."""
    settled = account.entries.filter(kind__in=("capture", "refund")).values("reference")
    open_reserves = account.entries.filter(kind="reserve").exclude(reference__in=settled)
    return -open_reserves.aggregate(total=Sum("amount", default=0))["total"]


def _job_id(reference: str) -> int | None:
    kind, _, key = reference.partition(":")
    return int(key) if kind == "job" and key.isdigit() else None
