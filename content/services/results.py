"""Results that nobody saved: they stay for some weeks and are then deleted with their files."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from content.models import ContentItem
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
            while deleted < MOST_A_RUN and (count := _delete_some(rows, workspace)):
                deleted += count
        except Conflict as error:  # one workspace's trouble is not the others'
            log.warning("Old results of workspace %s stay: %s", workspace, error)
    return deleted


@transaction.atomic
def _delete_some(rows, workspace: int) -> int:
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace)  # nobody saves one of them meanwhile
    return delete_items(items=list(rows.filter(workspace=workspace).order_by("pk")[:AT_ONCE]))
