"""Refusal: what was not made or not taken, why, and what a person decided about it later."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from inflio.accounts.models import Workspace
from inflio.common.errors import InflioError
from inflio.common.models import TimeStamped

EVIDENCE_LENGTH = 500
REVIEW = {"decision", "note", "reviewed_by", "reviewed_at", "updated_at"}


class Refusal(TimeStamped):
    """One refused prompt, upload or output. Only the review's fields ever change.

    It outlives its user and workspace: deleting an account must not delete the evidence of abuse.
    """

    class Stage(models.TextChoices):
        PROMPT = "prompt", "Words"
        UPLOAD = "upload", "Uploaded photo"
        OUTPUT = "output", "Picture from an engine"

    class Category(models.TextChoices):
        SEXUAL = "sexual", "Sexual"
        MINOR = "minor", "Looks or is described as under 18"
        SEXUAL_MINOR = "sexual_minor", "Sexual, about somebody under 18"
        OTHER = "other", "Other"

    class Decision(models.TextChoices):
        OPEN = "", "Not reviewed"
        UPHELD = "upheld", "Upheld"
        OVERTURNED = "overturned", "Overturned"

    workspace = models.ForeignKey(Workspace, null=True, on_delete=models.SET_NULL, related_name="refusals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="refusals")
    stage = models.CharField(max_length=10, choices=Stage)
    category = models.CharField(max_length=15, choices=Category)
    reason = models.CharField(max_length=500, help_text="The sentence the user was shown.")
    evidence = models.CharField(max_length=EVIDENCE_LENGTH, blank=True, help_text="The words; never a picture.")
    sha256 = models.CharField(max_length=64, db_index=True, help_text="Of the words or of the file.")
    scores = models.JSONField(default=dict, blank=True, help_text="What was measured, by check.")
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.OPEN, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(max_length=500, blank=True, help_text="Of the reviewer.")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["decision", "-id"], name="refusal_to_review")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="") | Q(reviewed_at__isnull=False), name="refusal_decision_has_time"
            )
        ]

    def save(self, *, update_fields=None, **options) -> None:
        """Add the row, or change fields of its review; raises InflioError for anything else."""
        if not self._state.adding and not set(update_fields or ["all"]) <= REVIEW:
            raise InflioError("A refusal is kept as it was; only its review can change.")
        super().save(update_fields=update_fields, **options)

    def delete(self, *args, **options) -> None:
        """Never: raises InflioError."""
        raise InflioError("A refusal is kept; overturn it instead.")

    def __str__(self) -> str:
        return f"{self.get_stage_display()}: {self.get_category_display().lower()}"
