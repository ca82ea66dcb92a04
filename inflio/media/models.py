"""Every stored file: what it is, where it lies, how it was made, and how much it looks like its persona."""

from django.db import models
from django.urls import reverse

from inflio.common.models import WorkspaceOwned


class Asset(WorkspaceOwned):
    """One picture or video in storage, under a name made of its content."""

    class Source(models.TextChoices):
        UPLOAD = "upload", "Uploaded"
        ENGINE = "engine", "Made by an engine"
        DERIVED = "derived", "Made ready for a platform"

    source = models.CharField(max_length=10, choices=Source)
    name = models.CharField(max_length=200, help_text="Path in storage, made of the content's SHA-256.")
    sha256 = models.CharField(max_length=64, db_index=True)
    picture_sha256 = models.CharField(
        max_length=64, blank=True, db_index=True, editable=False, help_text="Of the picture without any metadata."
    )
    mime = models.CharField(max_length=50)
    size = models.PositiveBigIntegerField(help_text="Bytes")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    identity_score = models.FloatField(
        null=True, blank=True, help_text="SFace cosine against the references, measured."
    )
    provenance = models.JSONField(
        default=dict, blank=True, help_text="Engine, seed, scenario, source: how it was made."
    )
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.CASCADE,
        related_name="copies",
        help_text="What it is a copy of, when it was made ready for a platform; it goes with it.",
    )
    reference = models.CharField(max_length=64, blank=True, db_index=True, help_text='What made it, such as "job:7".')

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.width}x{self.height} ({self.sha256[:8]})"

    @property
    def extension(self) -> str:
        """File name ending without the dot."""
        return self.name.rsplit(".", 1)[-1]

    def thumbnail_url(self, width: int) -> str:
        """Address of a copy that is at most `width` pixels wide (one of thumbnails.WIDTHS)."""
        return reverse("media:thumbnail", args=[self.pk, width])

    @property
    def is_video(self) -> bool:
        return self.mime.startswith("video/")

    @property
    def original_url(self) -> str:
        """The file itself, for members: what a video player takes."""
        return reverse("media:original", args=[self.pk])

    @property
    def small_url(self) -> str:
        return self.thumbnail_url(320)

    @property
    def medium_url(self) -> str:
        return self.thumbnail_url(640)

    @property
    def large_url(self) -> str:
        return self.thumbnail_url(1280)

    @property
    def download_url(self) -> str:
        return reverse("media:download", args=[self.pk])
