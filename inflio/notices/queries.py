"""What the bell, the page of notices and the mails read."""

from dataclasses import dataclass

from django.db.models import QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from inflio.accounts.models import Membership, User, Workspace
from inflio.notices.models import Notice, NoticeSeen

MOST_COUNTED = 99
MAILED_LEVELS = {
    NoticeSeen.Mail.ALL: frozenset(Notice.Level.values),
    NoticeSeen.Mail.PROBLEMS: frozenset({Notice.Level.WARN, Notice.Level.BAD}),
    NoticeSeen.Mail.NONE: frozenset(),
}


@dataclass(frozen=True)
class Reader:
    """A member of a workspace, how far they have read, and the levels that are mailed to them."""

    user: User
    last_seen: int
    levels: frozenset[str]

    def wants(self, notice: Notice) -> bool:
        """Whether a notice is mailed to them: asked for, and not read in the app already."""
        return notice.level in self.levels and notice.pk > self.last_seen


def unread_count(*, user: User, workspace: Workspace) -> int:
    """How many notices the user has not seen, at most one more than MOST_COUNTED; one query."""
    seen = NoticeSeen.objects.filter(user=user, workspace=workspace).values("last_seen")[:1]
    unread = Notice.objects.for_workspace(workspace).filter(pk__gt=Coalesce(Subquery(seen), Value(0)))
    return unread[: MOST_COUNTED + 1].count()


def list_notices(*, workspace: Workspace, before: int | None = None, limit: int = 30) -> list[Notice]:
    """The newest notices, or those older than the one with the key `before`."""
    rows = Notice.objects.for_workspace(workspace)
    return list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[:limit])


def seen_of(*, user: User, workspace: Workspace) -> NoticeSeen:
    """How far the user has read and what is mailed; a new row that is not saved when there is none."""
    return NoticeSeen.objects.filter(user=user, workspace=workspace).first() or NoticeSeen(
        user=user, workspace=workspace
    )


def unmailed(limit: int) -> QuerySet[Notice]:
    """Notices that no mailer has taken, oldest first."""
    return Notice.objects.filter(mailed_at=None).select_related("workspace").order_by("pk")[:limit]


def readers_of(workspace_ids: set[int]) -> dict[int, list[Reader]]:
    """The active members of these workspaces by workspace; two queries."""
    seen = {(row.workspace_id, row.user_id): row for row in NoticeSeen.objects.filter(workspace__in=workspace_ids)}
    readers: dict[int, list[Reader]] = {key: [] for key in workspace_ids}
    members = Membership.objects.filter(workspace__in=workspace_ids, user__is_active=True).select_related("user")
    for member in members.order_by("pk"):
        row = seen.get((member.workspace_id, member.user_id)) or NoticeSeen()
        readers[member.workspace_id].append(Reader(member.user, row.last_seen, MAILED_LEVELS[row.mail]))
    return readers
