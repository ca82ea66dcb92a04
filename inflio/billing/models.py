"""Credits: one balance per workspace and the append-only ledger it must always equal."""

from django.conf import settings
from django.db import models

from inflio.billing.plans import plan_choices
from inflio.common.errors import InflioError


class CreditAccount(models.Model):
    """A workspace's plan and the credits it can still spend; `available` is the sum of its entries."""

    workspace = models.OneToOneField("accounts.Workspace", on_delete=models.CASCADE, related_name="credits")
    plan = models.CharField(max_length=20, choices=plan_choices, default="free")
    available = models.IntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(available__gte=0), name="credits_not_negative")]

    def __str__(self) -> str:
        return f"{self.workspace}: {self.available} credits"


class AppendOnlyQuerySet(models.QuerySet):
    """Rows that are only ever added."""

    def update(self, **changes):
        raise InflioError("The ledger is append-only: add an entry that corrects instead.")

    def delete(self):
        raise InflioError("The ledger is append-only: add an entry that corrects instead.")


class CreditEntry(models.Model):
    """One line of the ledger. For each reference (such as "job:7"): one reserve, then one capture or one refund."""

    class Kind(models.TextChoices):
        GRANT = "grant", "Granted"
        RESERVE = "reserve", "Set aside"
        CAPTURE = "capture", "Spent, from what was set aside"
        REFUND = "refund", "Given back"

    account = models.ForeignKey(CreditAccount, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind)
    amount = models.IntegerField(help_text="Change of the available credits; a capture gives back what was not used.")
    reference = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "credit entries"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reference", "kind"], condition=~models.Q(reference=""), name="credit_once_per_kind"
            ),
            models.UniqueConstraint(
                fields=["reference"], condition=models.Q(kind__in=("capture", "refund")), name="credit_settled_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="grant", amount__gt=0)
                | models.Q(kind="reserve", amount__lte=0)
                | models.Q(kind="capture", amount__gte=0)
                | models.Q(kind="refund", amount__gte=0),
                name="credit_sign",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount:+d}: {self.reason}"

    def save(self, *args, **kwargs):
        if self.pk:
            raise InflioError("The ledger is append-only: add an entry that corrects instead.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise InflioError("The ledger is append-only: add an entry that corrects instead.")
