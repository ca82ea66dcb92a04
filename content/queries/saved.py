"""How many images a workspace keeps, and how many its plan allows."""

from content.models import ContentItem
from inflio.billing.models import CreditAccount
from inflio.billing.plans import PLANS


def most_saved(account: CreditAccount) -> int | None:
    """Saved images that the plan allows; None for any number."""
    return PLANS[account.plan].saved_images


def saved_count(workspace, limit: int) -> int:
    """Saved images of a workspace, counted no further than `limit`, so that it costs the same for any gallery."""
    rows = ContentItem.objects.filter(workspace=workspace, saved__in=[True]).order_by("-pk")
    return rows.values("pk")[:limit].count()
