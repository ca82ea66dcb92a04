"""System check: every function that may refuse or end a job exists."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string


@register
def check_job_callbacks(app_configs, **kwargs) -> list[CheckMessage]:
    """Return one error for each name in JOB_CALLBACKS and JOB_GUARDS that leads to no function."""
    return [
        Error(f"{name}: {path!r} is not a function of ours", id="generation.E001")
        for name in ("JOB_CALLBACKS", "JOB_GUARDS")
        for path in getattr(settings, name)
        if not _leads_to_a_function(path)
    ]


def _leads_to_a_function(path: str) -> bool:
    try:
        return callable(import_string(path))
    except ImportError:
        return False
