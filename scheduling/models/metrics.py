"""Figures that platforms give of accounts and posts; what they do not give has no row."""

from django.db import models

from scheduling.models.channels import Channel
from scheduling.models.publications import Publication


class Metric(models.Model):
    """One figure of one account or post on one day; a later reading of the same day replaces it."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="metrics")
    publication = models.ForeignKey(
        Publication, null=True, blank=True, on_delete=models.CASCADE, related_name="metrics"
    )
    name = models.CharField(max_length=40, help_text="views, likes, followers ...")
    day = models.DateField()
    value = models.BigIntegerField()
    measured_at = models.DateTimeField()

    class Meta:
        ordering = ["-day", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "name", "day"],
                condition=models.Q(publication=None),
                name="metric_of_account_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["publication", "name", "day"],
                condition=~models.Q(publication=None),
                name="metric_of_post_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.day}: {self.value}"
