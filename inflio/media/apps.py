"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "inflio.media"
    label = "media"

    def ready(self) -> None:
        import_module("inflio.media.checks")
