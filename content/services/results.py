"""Results that nobody saved: they stay for some weeks and are then deleted with their files."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from content.models import ContentItem
from content.services.guards import uses_of
from content.services.items import delete_items
from inflio.accounts.models import Workspace
from inflio.common.errors import Conflict
from inflio.generation.models import Job

log = logging.getLogger(__name__)
KEPT_DAYS = 30
AT_ONCE = 200
MOST_A_RUN = 5000


def delete_old_results() -> int:
    """Delete unsaved items that nobody touched for KEPT_DAYS and whose job is over; returns how many.

    Works in small transactions, workspace by workspace, and leaves the rest of a large backlog to its next run.
    """
    old = timezone.now() - timedelta(days=KEPT_DAYS)
    rows = ContentItem.objects.filter(saved__in=[False], updated_at__lt=old).exclude(job__state__in=Job.OPEN)
    deleted = 0
    for workspace in rows.order_by().values_list("workspace", flat=True).distinct():
        try:
            after: int | None = 0
            while deleted < MOST_A_RUN and after is not None:
                count, after = _delete_some(rows, workspace, after)
                deleted += count
        except Conflict as error:  # one workspace's trouble is not the others'
            log.warning("Old results of workspace %s stay: %s", workspace, error)
    return deleted


@transaction.atomic
def _delete_some(rows, workspace: int, after: int) -> tuple[int, int | None]:
    """Delete the next items but for those still in use; returns how many, and the key to go on after."""
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace)  # nobody saves one of them meanwhile
    items = list(rows.filter(workspace=workspace, pk__gt=after).order_by("pk")[:AT_ONCE])
    used = uses_of(item.pk for item in items)
    count = delete_items(items=[item for item in items if item.pk not in used])
    return count, items[-1].pk if items else None
