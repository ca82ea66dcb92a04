"""Who: personas, the photos they are made from, the consent for the face, their portraits and what happened to them."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from inflio.common.models import TimeStamped, WorkspaceOwned, WorkspaceQuerySet
from inflio.generation.models import Job
from inflio.media.models import Asset
from inflio.queue.models import Leased
from personas.scenarios import scenario_choices


class PersonaQuerySet(WorkspaceQuerySet):
    """Filters over personas."""

    def active(self) -> "PersonaQuerySet":
        """Those in the gallery."""
        return self.filter(archived_at=None)

    def archived(self) -> "PersonaQuerySet":
        return self.exclude(archived_at=None)

    def locked(self, persona: "Persona") -> "Persona":
        """Read one persona afresh and keep others from changing it until this transaction ends."""
        return self.select_for_update(no_key=True).get(pk=persona.pk)


class Persona(WorkspaceOwned):
    """A face and a character that stay the same; `status` follows its photos and their analysis."""

    class Status(models.TextChoices):
        PENDING_UPLOAD = "pending_upload", "Waiting for photos"
        ANALYZING = "analyzing", "Looking at the photos"
        READY = "ready", "Ready"
        FAILED = "failed", "Needs other photos"

    class Look(models.TextChoices):
        PHOTOREAL = "photoreal", "Photoreal, from photos"
        ILLUSTRATED = "illustrated", "Illustrated, from a description"

    class Grade(models.TextChoices):
        EXCELLENT = "excellent", "Excellent"
        GOOD = "good", "Good"
        NEEDS_IMPROVEMENT = "needs_improvement", "Needs improvement"

    name = models.CharField(max_length=80)
    description = models.TextField(max_length=2000, blank=True)
    look = models.CharField(max_length=12, choices=Look, default=Look.PHOTOREAL)
    status = models.CharField(max_length=16, choices=Status, default=Status.PENDING_UPLOAD)
    status_reason = models.CharField(max_length=500, blank=True)
    grade = models.CharField(max_length=20, choices=Grade, blank=True)
    grade_advice = models.JSONField(default=list, blank=True)
    consistency_score = models.FloatField(null=True, blank=True, help_text="Mean likeness between the references, 0-1.")
    attributes = models.JSONField(default=dict, blank=True, help_text="Age, style, personality, tone and so on.")
    identity_threshold = models.FloatField(default=0.85, help_text="Portraits below this likeness are made again.")
    avatar = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.SET_NULL, related_name="avatar_of")
    analysis = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    archived_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    creation_key = models.CharField(max_length=40, blank=True, editable=False, help_text="Of the form it came from.")

    objects = PersonaQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["workspace", "-id"], name="persona_gallery")]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "creation_key"],
                condition=~models.Q(creation_key=""),
                name="persona_once_per_click",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("personas:persona", args=[self.pk])

    @property
    def reference(self) -> str:
        """The persona's name as the subject of jobs."""
        return f"persona:{self.pk}"

    @property
    def grade_label(self) -> str:
        """The grade in words that stand alone."""
        return f"Photos: {self.get_grade_display().lower()}"


class Consent(TimeStamped):
    """The recorded declaration that a face may be used; kept after withdrawal, without any biometric data."""

    class Face(models.TextChoices):
        OWN = "own", "It is my own face"
        PERMITTED = "permitted", "It is somebody else's, and I have their written permission"
        SAMPLE = "sample", "It is the public-domain sample that comes with Inflio"

    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="consents")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="consents")
    face = models.CharField(max_length=10, choices=Face)
    person_name = models.CharField(max_length=120, blank=True, help_text="Whose face, when it is not the user's own.")
    text_version = models.CharField(max_length=20)
    text = models.TextField()
    declared_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    outside_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when other companies may get the photos; empty: they may not."
    )
    outside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    outside_providers = models.JSONField(default=list, blank=True, help_text="The companies that were named.")
    outside_text_version = models.CharField(max_length=20, blank=True)
    outside_text = models.TextField(blank=True, help_text="What was agreed to; kept after it was stopped.")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["persona"], condition=models.Q(withdrawn_at=None), name="consent_one_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.persona}: {self.get_face_display()} ({self.text_version})"


class ReferencePhoto(TimeStamped):
    """One uploaded photo, what the analysis found in it, and whether it is one of the references."""

    class Verdict(models.TextChoices):
        WAITING = "waiting", "Not analysed yet"
        ACCEPTED = "accepted", "Good"
        REJECTED = "rejected", "Not used"

    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="photos")
    asset = models.ForeignKey(Asset, on_delete=models.RESTRICT, related_name="photo_of")
    original_name = models.CharField(max_length=120, blank=True)
    upload_sha256 = models.CharField(max_length=64, help_text="Of the file as it came, to notice the same photo twice.")
    verdict = models.CharField(max_length=10, choices=Verdict, default=Verdict.WAITING)
    problem = models.CharField(max_length=30, blank=True)
    message = models.CharField(max_length=300, blank=True)
    advice = models.JSONField(default=list, blank=True)
    lighting = models.FloatField(null=True, blank=True)
    clarity = models.FloatField(null=True, blank=True)
    angle = models.FloatField(null=True, blank=True)
    overall = models.FloatField(null=True, blank=True)
    body = models.CharField(max_length=10, blank=True, help_text="How much of the person it shows: face to full.")
    rank = models.PositiveSmallIntegerField(null=True, blank=True, help_text="1-6 among the references, else empty.")
    embedding = models.BinaryField(null=True, blank=True, editable=False, help_text="128 float32; only with consent.")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["persona", "upload_sha256"], name="photo_once_per_persona")]

    def __str__(self) -> str:
        return self.original_name or f"photo {self.pk}"

    @property
    def is_reference(self) -> bool:
        return self.rank is not None


class Portrait(TimeStamped):
    """One of the five scenarios of a persona: the picture it has now and the job that makes the next."""

    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="portraits")
    scenario = models.CharField(max_length=30, choices=scenario_choices)
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.SET_NULL, related_name="portrait_of")
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="portraits")
    variation = models.PositiveIntegerField(default=0, help_text="Counts the pictures asked for; each has a seed.")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["persona", "scenario"], name="portrait_once_per_scenario")]

    def __str__(self) -> str:
        return f"{self.persona}: {self.get_scenario_display()}"

    def get_absolute_url(self) -> str:
        return reverse("personas:portrait", args=[self.persona_id, self.scenario])

    @property
    def title(self) -> str:
        return self.get_scenario_display()

    @property
    def in_progress(self) -> bool:
        return self.job is not None and self.job.is_open

    @property
    def failed(self) -> bool:
        return self.job is not None and self.job.can_retry


class ActivityEntry(models.Model):
    """One line of a persona's log: who did what, and when."""

    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="activity")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.CharField(max_length=300)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "activity entries"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.text


class TrainedModel(TimeStamped):
    """A training on a persona's photos at a provider, and the model that came of it; `job` says how it goes."""

    class Status(models.TextChoices):
        QUEUED = "queued", "Waiting"
        TRAINING = "training", "Training"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"
        DELETED = "deleted", "Deleted"

    OPEN = (Status.QUEUED, Status.TRAINING)

    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="trained_models")
    provider = models.CharField(max_length=20)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    trigger_word = models.CharField(max_length=40, unique=True, help_text="Stands for the person in a prompt.")
    model_name = models.CharField(max_length=60, help_text="Of the private model at the provider; one for a persona.")
    owner = models.CharField(max_length=60, blank=True, help_text="The account at the provider.")
    version = models.CharField(max_length=200, blank=True, help_text="What pictures are made with.")
    weights_url = models.CharField(max_length=500, blank=True)
    steps = models.PositiveIntegerField()
    photo_count = models.PositiveSmallIntegerField()
    usd = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True, help_text="Paid to the provider.")
    counts = models.BooleanField(default=True, help_text="Counts against the plan: it ran, or may have.")
    reason = models.CharField(max_length=500, blank=True, help_text="Why there is no model.")
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="trained_model")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["persona"],
                condition=models.Q(status__in=("queued", "training")),
                name="training_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.persona}: {self.trigger_word}"

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def can_retry(self) -> bool:
        return self.status in {self.Status.FAILED, self.Status.CANCELLED}

    @property
    def shown_status(self) -> str:
        """The status as it is now: an open one is training once its job has begun."""
        begun = self.is_open and self.job is not None and self.job.started_at is not None
        return self.Status.TRAINING if begun else self.status

    @property
    def shown_label(self) -> str:
        return self.Status(self.shown_status).label


class ProviderErasure(Leased):
    """The duty to delete a person's model at a provider; outlives persona and workspace, and ends only when done."""

    class State(models.TextChoices):
        QUEUED = "queued", "To be done"
        DONE = "done", "Done"

    OPEN = (State.QUEUED,)
    cluster = "default"

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    provider = models.CharField(max_length=20)
    owner = models.CharField(max_length=60, blank=True)
    model_name = models.CharField(max_length=60)
    sealed_key = models.TextField(blank=True, editable=False, help_text="The key it was made with, until it is done.")
    why = models.CharField(max_length=120)
    receipts = models.JSONField(default=list, help_text="What was tried and answered, with times.")
    created_at = models.DateTimeField(auto_now_add=True)
    gone_at = models.DateTimeField(null=True, blank=True, help_text="When it was first seen to be gone.")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta(Leased.Meta):
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.provider}: {self.owner or '?'}/{self.model_name} ({self.get_state_display().lower()})"
