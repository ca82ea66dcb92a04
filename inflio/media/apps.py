"""App configuration."""

from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "inflio.media"
    label = "media"
