"""What a workspace may ask for now: the plan's images of the day, and the credits to pay them."""

from inflio.accounts.models import Workspace
from inflio.billing.models import CreditAccount
from inflio.common.errors import NotEnoughCredits
from inflio.generation.usage import DAY_LIMIT, refuse_over_day_limit

__all__ = ["DAY_LIMIT", "refuse_over_limits"]


def refuse_over_limits(*, workspace: Workspace, count: int, price: int) -> None:
    """Raise Conflict (code DAY_LIMIT) or NotEnoughCredits when `count` pictures for `price` credits are too many.

    Call it in the transaction that makes the jobs: it locks the account, so two tabs cannot pass a limit together.
    """
    refuse_over_day_limit(workspace=workspace, count=count)
    available = CreditAccount.objects.get(workspace=workspace).available
    if available < price:
        pictures = "One picture costs" if count == 1 else f"{count} pictures cost"
        unit = "credit" if price == 1 else "credits"
        raise NotEnoughCredits(f"{pictures} {price} {unit} and {available} are left.")
