"""System check: everything that may keep a picture from being deleted can be asked."""

from django.core.checks import CheckMessage, register

from inflio.common.checks import missing_functions


@register
def check_item_guards(app_configs, **kwargs) -> list[CheckMessage]:
    """Return one error for each name in ITEM_GUARDS that leads to no function."""
    return missing_functions("ITEM_GUARDS", id="content.E001")
