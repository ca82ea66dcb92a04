"""Where providers tell what became of a call: signed by them, at an address that only this call has."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from inflio.common.errors import InflioError
from inflio.common.params import read_key
from inflio.generation.calls import take_notice
from inflio.generation.engines.base import BadSignature
from inflio.generation.keys import provider_of
from inflio.generation.models import ProviderCall

log = logging.getLogger(__name__)
MAX_BYTES = 1_000_000


@csrf_exempt
@require_POST
def receive(request: HttpRequest, provider: str, token: str) -> HttpResponse:
    """Take a provider's webhook: 204 when it counts, 403 when it is not theirs, 503 when it should come again."""
    row = get_object_or_404(ProviderCall.objects.select_related("workspace"), provider=provider, token=token)
    length = read_key(request.headers.get("Content-Length") or "0")
    if length is None or length > MAX_BYTES:
        return HttpResponse(status=413)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        take_notice(row, provider_of(workspace=row.workspace, name=provider).read_notice(headers, request.body))
    except BadSignature as error:
        log.warning("call %s: a webhook was refused: %s", row.pk, error)
        return HttpResponse(status=403)
    except InflioError as error:
        log.warning("call %s: a webhook could not be read: %s", row.pk, error.message)
        return HttpResponse(status=503)
    return HttpResponse(status=204)
