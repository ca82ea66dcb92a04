"""App configuration."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "inflio.billing"
    label = "billing"
