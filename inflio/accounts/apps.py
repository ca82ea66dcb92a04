"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "inflio.accounts"
    label = "accounts"

    def ready(self) -> None:
        import_module("inflio.accounts.checks")  # registers them
