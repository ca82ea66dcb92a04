"""Who has to agree before a post goes out: decisions, and links for clients without an account."""

from django.conf import settings
from django.db import models

from inflio.common.models import WorkspaceOwned
from scheduling.models.posts import Post


class ReviewLink(WorkspaceOwned):
    """Lets one client see and decide some posts without an account. Only the hash of its address is kept."""

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    name = models.CharField(max_length=120, help_text="Of the client")
    email = models.EmailField(blank=True)
    posts = models.ManyToManyField(Post, related_name="review_links")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.name} until {self.expires_at:%Y-%m-%d}"


class Review(models.Model):
    """One decision about one version of a post."""

    class Decision(models.TextChoices):
        APPROVED = "approved", "Approved"
        CHANGES = "changes", "Changes asked for"

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reviews")
    decision = models.CharField(max_length=10, choices=Decision)
    note = models.CharField(max_length=1000, blank=True)
    content_version = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    link = models.ForeignKey(ReviewLink, null=True, blank=True, on_delete=models.SET_NULL, related_name="reviews")
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["link", "post", "content_version"], name="review_once_per_link_and_version")
        ]

    def __str__(self) -> str:
        return f"{self.post}: {self.get_decision_display()}"
