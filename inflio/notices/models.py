"""What the members of a workspace should know: once in the app, once by e-mail."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from inflio.common.models import WorkspaceOwned


class Notice(WorkspaceOwned):
    """One thing that happened, told once: `key` makes a second one of the same impossible."""

    class Level(models.TextChoices):
        INFO = "info", "For your information"
        WARN = "warn", "Needs you soon"
        BAD = "bad", "Needs you now"

    level = models.CharField(max_length=5, choices=Level, default=Level.INFO)
    kind = models.CharField(max_length=40, help_text="Such as post_failed; users choose by kind what is mailed.")
    title = models.CharField(max_length=200)
    text = models.TextField(max_length=2000, blank=True)
    url = models.CharField(max_length=300, blank=True, help_text="Path on this site where it can be mended.")
    key = models.CharField(max_length=200, blank=True, editable=False)
    mailed_at = models.DateTimeField(null=True, blank=True)
    mail_error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["workspace", "-id"], name="notice_by_workspace"),
            models.Index(fields=["id"], name="notice_unmailed", condition=Q(mailed_at=None)),
        ]
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], condition=~Q(key=""), name="notice_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def link(self) -> str:
        """Where it can be mended: a path on this site, or nothing."""
        return self.url if self.url.startswith("/") and not self.url.startswith("//") else ""

    @property
    def tone(self) -> str:
        """The tone it is shown in."""
        return {self.Level.BAD: "bad", self.Level.WARN: "warn"}.get(self.level, "note")


class NoticeSeen(models.Model):
    """How far a user has read a workspace's notices, and what is mailed to them."""

    class Mail(models.TextChoices):
        ALL = "all", "Everything"
        PROBLEMS = "problems", "Only what needs me"
        NONE = "none", "Nothing"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    last_seen = models.BigIntegerField(default=0, help_text="Key of the newest notice that was seen.")
    mail = models.CharField(max_length=10, choices=Mail, default=Mail.PROBLEMS)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "workspace"], name="notice_seen_once")]

    def __str__(self) -> str:
        return f"{self.user} up to {self.last_seen}"
