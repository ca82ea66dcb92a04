"""Where posts go: connected accounts, connections under way, and what of a platform's limits is used."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from inflio.common.models import TimeStamped, WorkspaceOwned
from personas.models import Persona


class Channel(WorkspaceOwned):
    """One account on one platform, or a persona's public page on this site; tokens are sealed (common.crypto)."""

    class Platform(models.TextChoices):
        INSTAGRAM = "instagram", "Instagram"
        TIKTOK = "tiktok", "TikTok"
        YOUTUBE = "youtube", "YouTube"
        LINKEDIN = "linkedin", "LinkedIn"
        SITE = "site", "Public page"

    class Status(models.TextChoices):
        ACTIVE = "active", "Connected"
        RECONNECT = "reconnect", "Reconnect"
        REVOKED = "revoked", "Disconnected"

    platform = models.CharField(max_length=10, choices=Platform)
    sandbox = models.BooleanField(default=False, help_text="On the sandbox in the box, not on the real platform.")
    external_id = models.CharField(max_length=120, help_text="The account's id on the platform; for a page, the slug.")
    handle = models.CharField(max_length=120, help_text="Without @")
    name = models.CharField(max_length=200, blank=True)
    avatar_url = models.URLField(max_length=1000, blank=True)
    persona = models.ForeignKey(Persona, null=True, blank=True, on_delete=models.SET_NULL, related_name="channels")
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    problem = models.CharField(max_length=500, blank=True, help_text="Why it cannot publish, and what to do.")
    scopes = models.JSONField(default=list, blank=True, help_text="What the user really granted.")
    access_token = models.TextField(blank=True, editable=False)
    refresh_token = models.TextField(blank=True, editable=False)
    access_expires_at = models.DateTimeField(null=True, blank=True)
    refresh_expires_at = models.DateTimeField(null=True, blank=True)
    token_version = models.PositiveIntegerField(default=0, editable=False, help_text="Counts each renewal.")
    refreshed_at = models.DateTimeField(null=True, blank=True)
    renew_at = models.DateTimeField(null=True, blank=True, help_text="When the token is due to be renewed.")
    renewing_until = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="A worker renews it now; in the past: one ended in doubt."
    )
    grant = models.CharField(
        max_length=64, blank=True, editable=False, help_text="The log-in it came from; others may share it."
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    facts = models.JSONField(
        default=dict, blank=True, help_text="What the platform said of the account and its limits."
    )
    facts_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text="In a row; too many pause the channel.")
    paused_until = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=300, blank=True)
    measure_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When its figures are read next; empty: at once."
    )
    measure_tries = models.PositiveSmallIntegerField(default=0, editable=False, help_text="That failed in a row.")
    connected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["platform", "handle"]
        indexes = [
            models.Index(fields=["status", "access_expires_at"], name="channel_expiry"),
            models.Index(fields=["status", "renew_at"], name="channel_to_renew"),
            models.Index(fields=["platform", "external_id"], name="channel_by_account"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "platform", "sandbox", "external_id"], name="channel_once_per_workspace"
            ),
            models.UniqueConstraint(
                fields=["handle"], condition=models.Q(platform="site"), name="channel_page_address_once"
            ),
            models.UniqueConstraint(
                fields=["persona"], condition=models.Q(platform="site"), name="channel_one_page_per_persona"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_platform_display()} {self.account}" + (" (sandbox)" if self.sandbox else "")

    def get_absolute_url(self) -> str:
        return reverse("scheduling:channel", args=[self.pk])

    @property
    def account(self) -> str:
        """Its handle as people write it; LinkedIn has names instead, and a page has an address."""
        if self.is_site:
            return f"/p/{self.handle}"
        return self.handle if " " in self.handle else f"@{self.handle}"

    @property
    def is_site(self) -> bool:
        """A public page of ours: publishing there is one write in our own database."""
        return self.platform == self.Platform.SITE


class ConnectState(TimeStamped):
    """One connection under way: what was sent to a platform as `state`; good once and for ten minutes."""

    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    persona = models.ForeignKey(Persona, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    channel = models.ForeignKey(
        Channel, null=True, blank=True, on_delete=models.CASCADE, related_name="+", help_text="To be reconnected."
    )
    platform = models.CharField(max_length=10, choices=Channel.Platform)
    sandbox = models.BooleanField(default=False)
    nonce = models.CharField(max_length=64, unique=True)
    verifier = models.TextField(blank=True, help_text="PKCE, sealed.")
    found = models.TextField(
        blank=True, editable=False, help_text="Tokens and accounts, sealed, until the user has picked."
    )
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.platform} for {self.workspace}"


class PageAddress(TimeStamped):
    """An address that a public page has or had: an old one leads to the page, and nobody else can take it."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="addresses")
    slug = models.SlugField(max_length=40, unique=True)

    class Meta:
        verbose_name_plural = "page addresses"

    def __str__(self) -> str:
        return f"/p/{self.slug}"


class DataDeletion(models.Model):
    """Proof that what a platform told us of an account was deleted because its owner asked there."""

    code = models.CharField(max_length=32, unique=True, help_text="What the owner can look it up with.")
    platform = models.CharField(max_length=10, choices=Channel.Platform)
    accounts = models.PositiveIntegerField(help_text="How many connections of that account there were here.")
    done_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.get_platform_display()} {self.code}"


class QuotaUse(models.Model):
    """How much of one of a platform's limits this installation has used in one window."""

    bucket = models.CharField(max_length=120, help_text="Such as youtube:uploads, or tiktok:init:<account>.")
    window = models.CharField(max_length=40, help_text="Where it begins, such as 2026-11-21 or 2026-11-21T09:30.")
    share = models.CharField(max_length=40, blank=True, help_text="The workspace, where a limit is shared; else empty.")
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bucket", "window", "share"], name="quota_once_per_window")]

    def __str__(self) -> str:
        return f"{self.bucket} {self.window}: {self.used}"
