"""Who uses Inflio: users, the workspaces they share, and what each member may do there."""

import hashlib
from datetime import timedelta

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils import timezone

from inflio.common.models import TimeStamped

INVITATION_DAYS = 14


class EmailUserManager(UserManager):
    """Creates users by e-mail address; there is no user name."""

    def _create_user(self, email, password, **extra):
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(self, email, password=None, **extra):
        extra.setdefault("is_staff", False)
        extra.setdefault("is_superuser", False)
        return self._create_user(email, password, **extra)

    def create_superuser(self, email, password=None, **extra):
        return self._create_user(email, password, **{"is_staff": True, "is_superuser": True, **extra})


class User(AbstractUser):
    """A person who logs in by e-mail. A consumer works alone, a business has members and many personas."""

    class Role(models.TextChoices):
        CONSUMER = "consumer", "Creator"
        BUSINESS = "business", "Business"

    username = None
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=10, choices=Role, default=Role.CONSUMER)
    time_zone = models.CharField(max_length=64, default="UTC", help_text="IANA name, such as Europe/Paris")

    objects = EmailUserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name or self.email


class Workspace(TimeStamped):
    """The tenant: everything that is made belongs to one workspace."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=User.Role, default=User.Role.CONSUMER)
    members = models.ManyToManyField(User, through="Membership", related_name="workspaces")

    def __str__(self) -> str:
        return self.name


class Level(models.IntegerChoices):
    """What a member may do; each level includes those below it."""

    VIEWER = 10, "Viewer"  # sees everything
    EDITOR = 20, "Editor"  # makes and changes personas and content, spends credits
    MANAGER = 30, "Manager"  # invites and removes members, deletes personas
    OWNER = 40, "Owner"  # plan and billing, deletes the workspace


class Membership(TimeStamped):
    """One user's level in one workspace."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.VIEWER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} in {self.workspace} ({self.get_level_display()})"


def invitation_end():
    """When an invitation made now stops working."""
    return timezone.now() + timedelta(days=INVITATION_DAYS)


def token_hash(token: str) -> str:
    """What is stored of an invitation's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


class Invitation(TimeStamped):
    """An offer to join a workspace, sent by e-mail; only a hash of its secret is kept."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.EDITOR)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="invitations_sent")
    expires_at = models.DateTimeField(default=invitation_end)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "email"], condition=models.Q(accepted_at=None), name="invitation_once_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.workspace}"

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.expires_at > timezone.now()


class ApiKey(TimeStamped):
    """Lets an app act as one member in one workspace; only a hash of it is kept, and its first letters to tell it."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="api_keys")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=60, help_text="What it is used in.")
    start = models.CharField(max_length=16, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"
