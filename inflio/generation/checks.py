"""System check: every function that may refuse or end a job exists."""

from django.core.checks import CheckMessage, register

from inflio.common.checks import missing_functions


@register
def check_job_callbacks(app_configs, **kwargs) -> list[CheckMessage]:
    """Return one error for each name in JOB_CALLBACKS and JOB_GUARDS that leads to no function."""
    names = ("JOB_CALLBACKS", "JOB_GUARDS")
    return [error for name in names for error in missing_functions(name, id="generation.E001")]
