"""Job: one row for every piece of work, from the click to the file; the paid calls it made; the keys they need."""

import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

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
    count = models.PositiveSmallIntegerField(default=1, help_text="Outputs that were asked for.")
    cost = models.PositiveIntegerField(default=0, help_text="Credits; those of the delivered outputs once it is done.")
    priority = models.SmallIntegerField(default=0, help_text="Lower runs first.")
    retry_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="retries")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    progress = models.FloatField(default=0, help_text="0 to 1")
    stage = models.CharField(max_length=120, blank=True)
    findings = models.JSONField(default=dict, blank=True, help_text="What is known before the end, for the page.")
    estimate_seconds = models.FloatField(default=0, help_text="Usual running time, from past jobs of this kind.")
    remakes = models.PositiveSmallIntegerField(default=0, help_text="Results under the threshold that were made again.")
    kept = models.JSONField(
        default=dict, blank=True, editable=False, help_text="Outputs accepted so far, and the turn."
    )
    waiting = models.BooleanField(default=False, editable=False, help_text="A provider works on it, no worker of ours.")
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
            models.Index(fields=["workspace", "created_at"], name="job_day"),
            models.Index(fields=["kind", "engine", "-finished_at"], name="job_timing"),
            models.Index(fields=["workspace", "-started_at"], name="job_served"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_state_display().lower()})"

    def get_absolute_url(self) -> str:
        return reverse("generation:job", args=[self.pk])

    @property
    def reference(self) -> str:
        """The job's name in the credit ledger and on its assets."""
        return f"job:{self.pk}"

    def input_pictures(self) -> list[Asset]:
        """The pictures it works from, in the order they were given."""
        rows = self.pictures.through.objects.filter(job=self).select_related("asset").order_by("pk")
        return [row.asset for row in rows]

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


def new_token() -> str:
    """An unguessable name of a call, for webhook addresses."""
    return secrets.token_urlsafe(24)


class ProviderCall(WorkspaceOwned):
    """One paid request to a provider: written down before it is sent, never sent twice.

    intended -> sent -> answered | failed; lost when its outcome was never learnt. Times are the database's.
    """

    class State(models.TextChoices):
        INTENDED = "intended", "About to be sent"
        SENT = "sent", "Accepted by the provider"
        ANSWERED = "answered", "Answered"
        FAILED = "failed", "Failed"
        LOST = "lost", "Outcome unknown"

    OPEN = (State.INTENDED, State.SENT)

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="calls")
    slot = models.CharField(max_length=40, help_text='Its place in the job, such as "picture:0"; one call for each.')
    provider = models.CharField(max_length=20)
    endpoint = models.CharField(max_length=120)
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    request_id = models.CharField(max_length=120, blank=True, help_text="The provider's name of the call.")
    state = models.CharField(max_length=10, choices=State, default=State.INTENDED)
    usd_expected = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    usd = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True, help_text="As the provider says.")
    answer = models.JSONField(default=dict, blank=True)
    details = models.JSONField(default=dict, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    charged = models.BooleanField(default=True, help_text="It has cost money, or may have.")
    intended_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    noticed_at = models.DateTimeField(null=True, blank=True, help_text="When its last webhook came.")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["job", "slot"], name="call_once_per_slot"),
            models.UniqueConstraint(
                fields=["provider", "request_id"], condition=~models.Q(request_id=""), name="call_once_per_request"
            ),
        ]
        indexes = [models.Index(fields=["workspace", "provider", "-id"], name="call_costs")]

    def __str__(self) -> str:
        return f"{self.endpoint} for job {self.job_id} ({self.get_state_display().lower()})"


class ProviderKey(WorkspaceOwned):
    """A workspace's own key of a provider, encrypted with the installation's secret; it is never shown again."""

    provider = models.CharField(max_length=20)
    secret = models.TextField(editable=False)
    last4 = models.CharField(max_length=4)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    tested_at = models.DateTimeField(null=True, blank=True)
    test_result = models.CharField(max_length=300, blank=True)
    works = models.BooleanField(null=True, help_text="What the last test said.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "provider"], name="key_once_per_provider")]

    def __str__(self) -> str:
        return f"{self.provider} key ending in {self.last4}"
