"""Base classes of Inflio's tables: time stamps and the workspace that owns a row."""

from django.db import models


class TimeStamped(models.Model):
    """A row that knows when it was made and last changed."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class WorkspaceQuerySet(models.QuerySet):
    """Queries over rows that belong to a workspace."""

    def for_workspace(self, workspace) -> "WorkspaceQuerySet":
        """Keep only the rows of one workspace."""
        return self.filter(workspace=workspace)


class WorkspaceOwned(TimeStamped):
    """A row that belongs to exactly one workspace: the tenant."""

    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="%(class)ss")

    objects = WorkspaceQuerySet.as_manager()

    class Meta:
        abstract = True
