"""System check: the setting that prepares a new workspace must name a function."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string


@register
def check_workspace_created(app_configs, **kwargs) -> list[CheckMessage]:
    """One error when settings.WORKSPACE_CREATED leads nowhere: then nobody could sign up."""
    path = settings.WORKSPACE_CREATED
    try:
        found = import_string(path)
    except ImportError as error:
        return [Error(f"WORKSPACE_CREATED = {path!r} cannot be imported ({error})", id="accounts.E001")]
    if not callable(found):
        return [Error(f"WORKSPACE_CREATED = {path!r} is not a function", id="accounts.E002")]
    return []
