"""System check: every picture check in the settings exists, so that none is silently left out."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from inflio.safety.checks import BadCheck, load_checks


@register
def check_safety_checks(app_configs, **kwargs) -> list[CheckMessage]:
    """Return an error when INFLIO_SAFETY_CHECKS names something that is no check."""
    try:
        load_checks(tuple(settings.SAFETY_CHECKS))
    except BadCheck as error:
        return [Error(f"INFLIO_SAFETY_CHECKS: {error}", id="safety.E001")]
    return []
