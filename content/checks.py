"""System check: everything that may keep a picture from being deleted can be asked."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string


@register
def check_item_guards(app_configs, **kwargs) -> list[CheckMessage]:
    """Return one error for each name in ITEM_GUARDS that leads to no function."""
    return [
        Error(f"ITEM_GUARDS: {path!r} is not a function of ours", id="content.E001")
        for path in settings.ITEM_GUARDS
        if not _leads_to_a_function(path)
    ]


def _leads_to_a_function(path: str) -> bool:
    try:
        return callable(import_string(path))
    except ImportError:
        return False
