"""What several system checks ask: whether the dotted names in a setting lead to functions."""

from django.conf import settings
from django.core.checks import Error
from django.utils.module_loading import import_string


def missing_functions(setting: str, *, id: str) -> list[Error]:
    """One error for each name in a setting that leads to no function."""
    return [
        Error(f"{setting}: {path!r} is not a function of ours", id=id)
        for path in getattr(settings, setting)
        if not _leads_to_a_function(path)
    ]


def _leads_to_a_function(path: str) -> bool:
    try:
        return callable(import_string(path))
    except ImportError:
        return False
