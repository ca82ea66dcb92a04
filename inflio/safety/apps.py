"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "inflio.safety"
    label = "safety"

    def ready(self) -> None:
        import_module("inflio.safety.startup")
