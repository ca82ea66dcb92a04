"""The only way credits move: grant, reserve, capture, refund. Each is safe to repeat."""

from django.db import IntegrityError, transaction
from django.db.models import F, Sum

from inflio.accounts.models import Workspace
from inflio.billing.models import CreditAccount, CreditEntry
from inflio.billing.plans import PLANS
from inflio.common.errors import Conflict, NotEnoughCredits

Kind = CreditEntry.Kind


@transaction.atomic
def open_account(*, workspace: Workspace) -> CreditAccount:
    """Give a workspace its account and the plan's sign-up credits, once."""
    account, created = CreditAccount.objects.get_or_create(workspace=workspace)
    if created:
        plan = PLANS[account.plan]
        grant_credits(
            workspace=workspace,
            amount=plan.signup_credits,
            reason=f"Welcome: credits of the {plan.name} plan",
            reference=f"signup:{workspace.pk}",
        )
        account.refresh_from_db()
    return account


@transaction.atomic
def grant_credits(*, workspace: Workspace, amount: int, reason: str, reference: str = "", by=None) -> CreditEntry:
    """Add credits with a reason; a repeated reference raises Conflict."""
    account = CreditAccount.objects.get(workspace=workspace)
    CreditAccount.objects.filter(pk=account.pk).update(available=F("available") + amount)
    return _append(account, Kind.GRANT, amount, reference, reason, by)


@transaction.atomic
def reserve_credits(*, workspace: Workspace, amount: int, reference: str, reason: str, by=None) -> CreditEntry:
    """Set credits aside for one piece of work; raises NotEnoughCredits and changes nothing if there are too few."""
    account = CreditAccount.objects.get(workspace=workspace)
    taken = CreditAccount.objects.filter(pk=account.pk, available__gte=amount).update(available=F("available") - amount)
    if not taken:
        raise NotEnoughCredits(
            f"This costs {_credits(amount)} and {_credits(account.available)} are left. "
            "Work that fails or is cancelled gives its credits back."
        )
    return _append(account, Kind.RESERVE, -amount, reference, reason, by)


@transaction.atomic
def capture_credits(*, reference: str, reason: str, used: int | None = None) -> CreditEntry:
    """Settle a reservation as spent: all of it, or the `used` credits of it; the rest is given back in the same entry.

    Raises ValueError when `used` is not between 0 and what was set aside.
    """
    reserve = CreditEntry.objects.select_related("account").get(reference=reference, kind=Kind.RESERVE)
    aside = -reserve.amount
    if used is None:
        used = aside
    if not 0 <= used <= aside:
        raise ValueError(f"{reference}: {used} credits cannot be spent of the {aside} that were set aside")
    if back := aside - used:
        CreditAccount.objects.filter(pk=reserve.account_id).update(available=F("available") + back)
        reason = f"{reason[:140]}: {_credits(used)} spent, {back} given back"
    return _append(reserve.account, Kind.CAPTURE, back, reference, reason, None)


@transaction.atomic
def refund_credits(*, reference: str, reason: str) -> CreditEntry:
    """Settle a reservation by giving all of it back."""
    reserve = CreditEntry.objects.select_related("account").get(reference=reference, kind=Kind.RESERVE)
    CreditAccount.objects.filter(pk=reserve.account_id).update(available=F("available") - reserve.amount)
    return _append(reserve.account, Kind.REFUND, -reserve.amount, reference, reason, None)


def _append(account: CreditAccount, kind: str, amount: int, reference: str, reason: str, by) -> CreditEntry:
    try:
        with transaction.atomic():
            return CreditEntry.objects.create(
                account=account, kind=kind, amount=amount, reference=reference, reason=reason[:200], created_by=by
            )
    except IntegrityError as error:  # the caller's transaction takes the balance back with it
        raise Conflict(f"{reference or account}: already settled or entered ({kind}).") from error


def _credits(amount: int) -> str:
    return "1 credit" if amount == 1 else f"{amount} credits"


def ledger_faults() -> list[str]:
    """Every account whose balance is not the sum of its entries, one sentence each; empty when all is exact."""
    rows = CreditAccount.objects.annotate(total=Sum("entries__amount", default=0)).exclude(available=F("total"))
    return [f"account {row.pk}: available {row.available}, entries sum to {row.total}" for row in rows]
