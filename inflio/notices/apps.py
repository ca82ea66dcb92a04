"""Django's entry for notices."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """What users should know, in the app and by e-mail."""

    name = "inflio.notices"
    label = "notices"
