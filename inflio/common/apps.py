"""App configuration."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "inflio.common"
    label = "common"
