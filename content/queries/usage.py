"""The gallery's share of a plan, for the usage meter."""

from content.queries.saved import most_saved, saved_count
from inflio.accounts.models import Workspace
from inflio.billing.models import CreditAccount
from inflio.billing.usage import Meter


def saved_meter(workspace: Workspace) -> Meter:
    """Saved images; without a limit they are not counted, so that it costs the same for any gallery."""
    limit = most_saved(CreditAccount.objects.get(workspace=workspace))
    return Meter("Saved images", saved_count(workspace, limit) if limit is not None else 0, limit)
