"""Telling the members of a workspace something, once, and noting what they have read."""

from django.db import transaction

from inflio.accounts.models import User, Workspace
from inflio.notices.models import Notice, NoticeSeen


@transaction.atomic
def notify(
    *,
    workspace: Workspace,
    kind: str,
    title: str,
    text: str = "",
    url: str = "",
    level: str = Notice.Level.INFO,
    key: str = "",
) -> Notice | None:
    """Write a notice in the caller's transaction; None when one with this key was written before."""
    values = {"level": level, "kind": kind, "title": title[:200], "text": text[:2000], "url": url}
    if not key:
        return Notice.objects.create(workspace=workspace, **values)
    notice, new = Notice.objects.get_or_create(workspace=workspace, key=key[:200], defaults=values)
    return notice if new else None


@transaction.atomic
def mark_read(*, user: User, workspace: Workspace, upto: int) -> None:
    """Note that the user has seen every notice of the workspace up to this key; never goes back."""
    newest = Notice.objects.for_workspace(workspace).filter(pk__lte=upto).order_by("-pk").values_list("pk", flat=True)
    last = newest.first() or 0
    row, _ = NoticeSeen.objects.get_or_create(user=user, workspace=workspace)
    NoticeSeen.objects.filter(pk=row.pk, last_seen__lt=last).update(last_seen=last)


@transaction.atomic
def choose_mail(*, user: User, workspace: Workspace, mail: str) -> NoticeSeen:
    """Set what is mailed to the user about this workspace."""
    row, _ = NoticeSeen.objects.update_or_create(user=user, workspace=workspace, defaults={"mail": mail})
    return row
