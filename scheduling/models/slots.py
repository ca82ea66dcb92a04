"""A workspace's rules for posting, and the weekly times at which a persona posts."""

from django.db import models

from inflio.common.models import WorkspaceOwned
from personas.models import Persona


class SchedulingSettings(models.Model):
    """How a workspace posts; made on first use. Its row is also the lock under which free slots are given out."""

    class Approval(models.TextChoices):
        NONE = "none", "Nobody has to approve"
        TEAM = "team", "A manager approves"
        CLIENT = "client", "A manager, then the client"

    workspace = models.OneToOneField("accounts.Workspace", on_delete=models.CASCADE, related_name="scheduling")
    approval = models.CharField(max_length=10, choices=Approval, default=Approval.NONE)
    grace_minutes = models.PositiveIntegerField(default=60, help_text="Later than this, a post is missed, not sent.")

    def __str__(self) -> str:
        return f"Posting of {self.workspace}"


class Slot(WorkspaceOwned):
    """A weekly time at which a persona posts, in wall time."""

    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="slots")
    weekday = models.PositiveSmallIntegerField(help_text="0 is Monday.")
    time = models.TimeField()
    tzid = models.CharField(max_length=64, default="UTC")

    class Meta:
        ordering = ["weekday", "time"]
        constraints = [models.UniqueConstraint(fields=["persona", "weekday", "time"], name="slot_once")]

    def __str__(self) -> str:
        return f"{self.persona}: {self.weekday} {self.time:%H:%M}"
