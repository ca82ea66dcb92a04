"""App configuration: makes every process that a supervised cluster forks die with its parent."""

from importlib import import_module

from django.apps import AppConfig

from inflio.queue.process import forks_die_with_parent


class QueueConfig(AppConfig):
    name = "inflio.queue"
    label = "queue"

    def ready(self) -> None:
        import_module("inflio.queue.checks")  # registers them; it needs the models, so not before they are loaded
        forks_die_with_parent()
