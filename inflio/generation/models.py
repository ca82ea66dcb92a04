"""Job: one row for every engine call, from the click to the file; the row is the truth."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from inflio.common.models import WorkspaceOwned
from inflio.media.models import Asset
from inflio.queue.models import Leased


class Job(WorkspaceOwned, Leased):
    """queued -> running -> done | failed | cancelled; a retry of a failed job is a new job."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    OPEN = (State.QUEUED, State.RUNNING)

    kind = models.CharField(max_length=30)
    engine = models.CharField(max_length=30)
    cluster = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    subject = models.CharField(
        max_length=64, blank=True, db_index=True, help_text='What it is for, such as "persona:3".'
    )
    params = models.JSONField(default=dict)
    pictures = models.ManyToManyField(Asset, blank=True, related_name="input_of")
    assets = models.ManyToManyField(Asset, blank=True, related_name="made_by")
    threshold = models.FloatField(null=True, blank=True, help_text="Lowest identity score that is accepted.")
    on_done = models.CharField(max_length=120, blank=True, help_text="Dotted function called in the final transaction.")
    idempotency_key = models.CharField(max_length=80)
    cost = models.PositiveIntegerField(default=0, help_text="Credits")
    priority = models.SmallIntegerField(default=0, help_text="Lower runs first.")
    retry_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="retries")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    progress = models.FloatField(default=0, help_text="0 to 1")
    stage = models.CharField(max_length=120, blank=True)
    findings = models.JSONField(default=dict, blank=True, help_text="What is known before the end, for the page.")
    estimate_seconds = models.FloatField(default=0, help_text="Usual running time, from past jobs of this kind.")
    remakes = models.PositiveSmallIntegerField(default=0, help_text="Results under the threshold that were made again.")
    cancel_requested = models.BooleanField(default=False)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(Leased.Meta):
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "idempotency_key"], name="job_once_per_click"),
        ]
        indexes = [
            *Leased.Meta.indexes,
            models.Index(fields=["workspace", "-id"], name="job_history"),
            models.Index(fields=["kind", "engine", "-finished_at"], name="job_timing"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_state_display().lower()})"

    def get_absolute_url(self) -> str:
        return reverse("generation:job", args=[self.pk])

    @property
    def reference(self) -> str:
        """The job's name in the credit ledger and on its assets."""
        return f"job:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def can_retry(self) -> bool:
        return self.state in {self.State.FAILED, self.State.CANCELLED}

    @property
    def seconds_taken(self) -> float | None:
        """Wall seconds from start to end, None while open."""
        if self.started_at and self.finished_at:
            return (self.finished_at - self.started_at).total_seconds()
        return None
