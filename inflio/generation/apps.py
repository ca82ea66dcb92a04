"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class GenerationConfig(AppConfig):
    name = "inflio.generation"
    label = "generation"

    def ready(self) -> None:
        import_module("inflio.generation.checks")
