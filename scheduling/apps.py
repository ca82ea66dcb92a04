"""Django's entry for the scheduling app."""

from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    """When and where: channels, posts, the calendar, publishing."""

    name = "scheduling"
