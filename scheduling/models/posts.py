"""What is to be posted: a post, its pictures, its channels, its times, and everything that happened to it."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from content.models import ContentItem
from inflio.common.models import TimeStamped, WorkspaceOwned
from inflio.media.models import Asset
from personas.models import Persona
from scheduling.models.channels import Channel
from scheduling.models.fields import LocalDateTimeField


class Post(WorkspaceOwned):
    """One post or a whole series. Its times are wall time in `tzid`; each time and channel becomes a Publication."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        REVIEW = "review", "In review"
        CHANGES = "changes", "Changes asked for"
        APPROVED = "approved", "Approved"
        SCHEDULED = "scheduled", "Scheduled"
        CANCELLED = "cancelled", "Cancelled"

    class Format(models.TextChoices):
        IMAGE = "image", "Picture"
        CAROUSEL = "carousel", "Several pictures"
        VIDEO = "video", "Video"
        STORY = "story", "Story"

    class Partnership(models.TextChoices):
        NONE = "none", "No sponsor"
        THIRD_PARTY = "third_party", "Paid by another brand"
        OWN_BRAND = "own_brand", "My own brand"

    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="posts")
    title = models.CharField(max_length=120, help_text="For the calendar; platforms that show a title get it too.")
    format = models.CharField(max_length=10, choices=Format, default=Format.IMAGE)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    caption = models.TextField(max_length=5000, blank=True)
    hashtags = models.JSONField(default=list, blank=True, help_text="Without #")
    link = models.URLField(max_length=500, blank=True)

    # The plan behind it (S2); later also what scripts and videos are written from.
    context = models.TextField(max_length=2000, blank=True)
    script = models.TextField(max_length=8000, blank=True)
    action = models.TextField(max_length=1000, blank=True, help_text="What the person does.")
    direction = models.TextField(max_length=1000, blank=True)
    call_to_action = models.CharField(max_length=300, blank=True)
    partnership = models.CharField(max_length=12, choices=Partnership, default=Partnership.NONE)
    sponsor_name = models.CharField(max_length=120, blank=True)
    regions = models.JSONField(default=list, blank=True, help_text="Where its audience is: EU, US-NY ...; empty: all.")

    # When.
    starts_local = LocalDateTimeField(null=True, blank=True)
    tzid = models.CharField(max_length=64, default="UTC", help_text="IANA name, such as Europe/Paris")
    rrule = models.CharField(max_length=500, blank=True, help_text="RFC 5545, in wall time; empty: once.")
    rule_version = models.PositiveIntegerField(default=1)
    materialised_until = LocalDateTimeField(null=True, blank=True)

    # Made at its time: arguments of content's start_shoot, and how long before.
    recipe = models.JSONField(default=dict, blank=True)
    lead_minutes = models.PositiveIntegerField(default=60)

    content_version = models.PositiveIntegerField(default=1, help_text="An edit after approval asks for it again.")
    approved_version = models.PositiveIntegerField(null=True, blank=True)
    click_key = models.CharField(max_length=40, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["workspace", "state", "-id"], name="post_by_state"),
            models.Index(fields=["workspace", "starts_local"], name="post_by_start"),
            models.Index(fields=["state", "materialised_until"], name="post_to_materialise"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "click_key"], condition=~models.Q(click_key=""), name="post_once_per_click"
            )
        ]

    def __str__(self) -> str:
        return self.title or f"Post {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("scheduling:post", args=[self.pk])

    @property
    def is_series(self) -> bool:
        """It has more than one time."""
        return bool(self.rrule)


class PostMedia(models.Model):
    """A picture or video of a post, in its order."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="media")
    asset = models.ForeignKey(Asset, null=True, on_delete=models.SET_NULL, related_name="post_media")
    item = models.ForeignKey(ContentItem, null=True, blank=True, on_delete=models.SET_NULL, related_name="post_media")
    position = models.PositiveSmallIntegerField()
    alt_text = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["post", "position"], name="post_media_once_per_position")]

    def __str__(self) -> str:
        return f"{self.post} #{self.position + 1}"


class PostTarget(models.Model):
    """One channel of a post, with what differs there."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="targets")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="targets")
    caption = models.TextField(max_length=5000, blank=True, help_text="Instead of the post's; empty: the post's.")
    first_comment = models.CharField(max_length=2000, blank=True)
    crop = models.CharField(max_length=20, blank=True, help_text="A preset of content.exports; empty: the platform's.")
    cover_ms = models.PositiveIntegerField(null=True, blank=True, help_text="Which moment of a video is its cover.")
    options = models.JSONField(default=dict, blank=True, help_text="What only this platform asks, such as privacy.")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["post", "channel"], name="post_target_once")]

    def __str__(self) -> str:
        return f"{self.post} on {self.channel}"


class OccurrenceChange(TimeStamped):
    """What is different at one time of a series: skipped, moved, or with other words. It outlives every replanning."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="changes")
    occurrence_local = LocalDateTimeField(help_text="The time that the rule gives.")
    skipped = models.BooleanField(default=False)
    moved_local = LocalDateTimeField(null=True, blank=True)
    caption = models.TextField(max_length=5000, blank=True)

    class Meta:
        ordering = ["occurrence_local"]
        constraints = [models.UniqueConstraint(fields=["post", "occurrence_local"], name="occurrence_change_once")]

    def __str__(self) -> str:
        return f"{self.post} {self.occurrence_local:%Y-%m-%d %H:%M}"


class PostEvent(models.Model):
    """A line of a post's history; only ever added to."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="events")
    publication = models.ForeignKey(
        "Publication", null=True, blank=True, on_delete=models.SET_NULL, related_name="events"
    )
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=120, blank=True, help_text="A client without an account.")
    text = models.CharField(max_length=500)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.text
