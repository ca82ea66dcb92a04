"""Columns of a row that workers take on lease, with the index its ticker reads, and the record of periodic hooks."""

from typing import ClassVar

from django.db import models
from django.utils import timezone


class Leased(models.Model):
    """Abstract row of work: the row is the truth, a queue message only a hint to look at it.

    A subclass defines the char field `state`, lists its unfinished states in `OPEN`, has a `cluster` (a char field, or
    a string if all rows go to the same one), and inherits `class Meta(Leased.Meta)` so that the ticker's index comes
    with it (with own indexes: `indexes = [*Leased.Meta.indexes, ...]`).
    """

    OPEN: ClassVar[tuple[str, ...]] = ()

    lease_token = models.CharField(max_length=32, blank=True, default="", editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    dispatched_at = models.DateTimeField(null=True, blank=True, editable=False)
    available_at = models.DateTimeField(default=timezone.now, editable=False)
    attempt = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "available_at"], name="%(class)s_due"),
        ]


class PeriodicRun(models.Model):
    """When a hook of QUEUE_PERIODIC last ran, shared by all tickers, and what went wrong if it failed."""

    hook = models.CharField(max_length=200, unique=True)
    ran_at = models.DateTimeField()
    error = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.hook} at {self.ran_at:%Y-%m-%d %H:%M:%S}"
