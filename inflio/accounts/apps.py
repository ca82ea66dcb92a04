"""App configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "inflio.accounts"
    label = "accounts"
