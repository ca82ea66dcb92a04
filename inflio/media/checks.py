"""System check: the configured certificate can sign pictures."""

from django.core.checks import CheckMessage, Error, register

from inflio.media.credentials.certificate import BadCertificate
from inflio.media.credentials.context import borrow_tools


@register
def check_certificate(app_configs, **kwargs) -> list[CheckMessage]:
    """Return an error that names the file when pictures could not be signed."""
    try:
        borrow_tools()
    except BadCertificate as error:
        return [Error(str(error), id="media.E001", hint="See “Content credentials” in .env.example.")]
    return []
