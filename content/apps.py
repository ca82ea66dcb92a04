"""The content studio as an app."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ContentConfig(AppConfig):
    name = "content"
    verbose_name = "Content"

    def ready(self) -> None:
        # Imported here: they need the models, which are not loaded before.
        import_module("content.checks")
        post_migrate.connect(import_module("content.queries.search").ensure_index, sender=self)
