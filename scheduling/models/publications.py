"""What really goes out: one row for each time and channel, and one for each attempt."""

import uuid
from datetime import timedelta

from django.db import models
from django.urls import reverse

from content.models import ContentItem, Shoot
from inflio.common.models import WorkspaceOwned
from inflio.queue.models import Leased
from scheduling.models.channels import Channel
from scheduling.models.fields import LocalDateTimeField
from scheduling.models.posts import Post


class Publication(Leased, WorkspaceOwned):
    """One post at one time on one channel: goes out once, or says why not.

    `publishing` is committed before the call that makes it public. Any doubt about that call is `unknown`, and an
    unknown one is never sent again before it is proved absent.
    """

    class State(models.TextChoices):
        SCHEDULED = "scheduled", "Scheduled"
        PENDING = "pending", "Preparing"
        CONTAINER = "container", "Prepared"
        PUBLISHING = "publishing", "Publishing"
        UNKNOWN = "unknown", "Checking"
        PUBLISHED = "published", "Published"
        FAILED = "failed", "Failed"
        MISSED = "missed", "Missed"
        ATTENTION = "attention", "Needs you"
        CANCELLED = "cancelled", "Cancelled"

    OPEN = (State.SCHEDULED, State.PENDING, State.CONTAINER, State.PUBLISHING, State.UNKNOWN)
    UNSENT = (State.SCHEDULED, State.PENDING, State.CONTAINER)  # nothing of it can be public yet
    SENT = (State.PUBLISHING, State.UNKNOWN, State.PUBLISHED, State.ATTENTION)  # it may be public already
    LONGEST_WORK = timedelta(hours=2)  # before its time from which its files may be made ready
    cluster = "default"

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="publications")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="publications")
    occurrence_local = LocalDateTimeField(help_text="Wall time in the post's zone: the key of this occurrence.")
    due_at = models.DateTimeField()
    rule_version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.SCHEDULED)
    key = models.UUIDField(
        default=uuid.uuid4, editable=False, help_text="The same in all attempts, where one is taken."
    )

    # What is sent, frozen at the first attempt: caption, files, options, disclosure.
    payload = models.JSONField(default=dict, blank=True, editable=False)
    # What the platform gave us so far: containers, upload addresses, offsets. Saved before the next step.
    progress = models.JSONField(default=dict, blank=True, editable=False)
    container_id = models.CharField(max_length=200, blank=True, editable=False)
    filming_token = models.CharField(
        max_length=32, blank=True, editable=False, help_text="The lease under which its film gets its mark."
    )
    prepare_tries = models.PositiveSmallIntegerField(default=0, editable=False)
    publish_started_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True, help_text="The platform took it and works on it.")
    unknown_since = models.DateTimeField(null=True, blank=True)
    absences = models.PositiveSmallIntegerField(default=0, help_text="How often the platform proved it absent.")
    looks = models.PositiveIntegerField(default=0, help_text="How often we looked after a doubtful call.")
    published_at = models.DateTimeField(null=True, blank=True)
    remote_id = models.CharField(max_length=200, blank=True)
    remote_url = models.URLField(max_length=500, blank=True)
    readback = models.JSONField(default=dict, blank=True, help_text="What the platform shows of it: its labels.")
    readback_at = models.DateTimeField(null=True, blank=True)
    comment_state = models.CharField(
        max_length=10, blank=True, help_text="Of the first comment: sent, failed, unknown."
    )

    code = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=500, blank=True, help_text="Why it is not published.")
    fix = models.CharField(max_length=300, blank=True, help_text="What the user can do.")
    problems = models.JSONField(default=list, blank=True, help_text="Found before its time: [{code, text, url}].")
    checked_for = models.CharField(max_length=10, blank=True, help_text="The last check before its time: 24h or 1h.")

    shoot = models.ForeignKey(Shoot, null=True, blank=True, on_delete=models.SET_NULL, related_name="publications")
    generated = models.ForeignKey(
        ContentItem, null=True, blank=True, on_delete=models.SET_NULL, related_name="publications"
    )

    class Meta(Leased.Meta):
        ordering = ["due_at", "pk"]
        indexes = [
            *Leased.Meta.indexes,
            models.Index(fields=["workspace", "due_at"], name="publication_calendar"),
            models.Index(fields=["channel", "state", "due_at"], name="publication_by_channel"),
            models.Index(fields=["state", "due_at"], name="publication_by_due"),
            models.Index(
                fields=["available_at"],
                condition=models.Q(published_at__isnull=False, readback_at__isnull=True),
                name="publication_to_read_back",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "remote_id"], condition=~models.Q(remote_id=""), name="publication_once_per_remote"
            ),
            models.UniqueConstraint(
                fields=["post", "channel", "occurrence_local"], name="publication_once_per_time_and_channel"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} on {self.channel}, {self.occurrence_local:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("scheduling:publication", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def lateness(self) -> float | None:
        """Seconds between its time and the call that made it public; None when there was none."""
        return (self.publish_started_at - self.due_at).total_seconds() if self.publish_started_at else None


class PublishAttempt(models.Model):
    """One thing that was done for a publication at its platform, with what was sent and answered: the evidence."""

    class Phase(models.TextChoices):
        PREPARE = "prepare", "Prepared"
        PUBLISH = "publish", "Published"
        LOOK = "look", "Looked"
        READ_BACK = "read_back", "Read back"
        COMMENT = "comment", "Commented"

    class Outcome(models.TextChoices):
        STARTED = "started", "Began"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"
        DOUBT = "doubt", "No sure answer"
        LATER = "later", "To be tried later"

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="attempts")
    token = models.CharField(max_length=32, help_text="Of the lease that it ran under.")
    phase = models.CharField(max_length=10, choices=Phase)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.STARTED)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="HTTP")
    sent = models.JSONField(default=dict, blank=True, help_text="Without any token.")
    answer = models.TextField(blank=True, help_text="Its first 4,000 characters.")
    text = models.CharField(max_length=500, blank=True)
    remote_id = models.CharField(
        max_length=200, blank=True, help_text="Of a post that this showed to be public; two of them are one too many."
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_phase_display()}: {self.get_outcome_display()}"
