"""Where platforms call: signed by them, answered without a session; and the proof of a deletion for who asked."""

import ipaddress
import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from inflio.common.params import read_key
from inflio.queue.leases import db_now
from scheduling.models import DataDeletion
from scheduling.platforms.instagram.connect import signed_request
from scheduling.platforms.tiktok.webhook import Event, read_webhook, verify_webhook
from scheduling.registry import app_of
from scheduling.services.connecting import platform_calls as services

log = logging.getLogger(__name__)
MAX_BYTES = 100_000
REMOVED = "authorization.removed"


@csrf_exempt
@require_POST
def instagram_deauthorised(request: HttpRequest) -> HttpResponse:
    """Meta says that a user removed our access."""
    found = _signed_request(request)
    if found is None:
        return HttpResponse(status=403)
    account, sandbox = found
    services.take_deauthorisation(platform="instagram", account=account, sandbox=sandbox)
    return HttpResponse(status=200)


@csrf_exempt
@require_POST
def instagram_deletion(request: HttpRequest) -> HttpResponse:
    """Meta says that a user wants their data deleted: done at once, with an address where that can be seen."""
    found = _signed_request(request)
    if found is None:
        return HttpResponse(status=403)
    account, sandbox = found
    proof = services.take_data_deletion(platform="instagram", account=account, sandbox=sandbox)
    url = settings.SITE_URL + reverse("scheduling:data_deletion", args=[proof.code])
    return JsonResponse({"url": url, "confirmation_code": proof.code})


@require_safe
def data_deletion(request: HttpRequest, code: str) -> HttpResponse:
    """What became of a deletion, for the person whom the platform gave the code."""
    proof = get_object_or_404(DataDeletion, code=code)
    return render(request, "scheduling/data_deletion.html", {"proof": proof})


@csrf_exempt
@require_POST
def tiktok_event(request: HttpRequest) -> HttpResponse:
    """TikTok tells of a post or of an access that was removed; whatever is not answered with 200 comes again."""
    if _too_long(request):
        return HttpResponse(status=413)
    header = request.headers.get("TikTok-Signature", "")
    sandbox = next((box for box in _boxes(request) if _is_tiktoks(request, header, box)), None)
    if sandbox is None:
        log.warning("A TikTok webhook was refused: its signature is wrong or old.")
        return HttpResponse(status=403)
    try:
        _take_event(read_webhook(request.body), sandbox)
    except ValueError as error:
        log.warning("A TikTok webhook could not be read: %s", error)
        return HttpResponse(status=400)
    return HttpResponse(status=200)


def _take_event(event: Event, sandbox: bool) -> None:
    if event.name == REMOVED:
        services.take_deauthorisation(platform="tiktok", account=event.open_id, sandbox=sandbox)
    elif event.name.startswith("post."):
        services.take_post_news(
            platform="tiktok",
            account=event.open_id,
            sandbox=sandbox,
            publish_id=event.publish_id,
            post_id=event.post_id,
        )


def _is_tiktoks(request: HttpRequest, header: str, sandbox: bool) -> bool:
    return verify_webhook(request.body, header, app_of("tiktok", sandbox=sandbox).client_secret, db_now())


def _signed_request(request: HttpRequest) -> tuple[str, bool] | None:
    """The account that Meta names, and whether it is one of the sandbox; None for what is not signed."""
    if _too_long(request):
        return None
    for sandbox in _boxes(request):
        try:
            found = signed_request(
                request.POST.get("signed_request", ""), app_of("instagram", sandbox=sandbox).client_secret
            )
        except ValueError as error:
            log.info("A signed request was refused: %s", error)
        else:
            account = str(found.get("user_id") or "")
            return (account, sandbox) if account else None
    return None


def _boxes(request: HttpRequest) -> list[bool]:
    """Whose signatures count: the real platform's, and the sandbox's where it runs beside us.

    The sandbox's secret is in the source, so that only calls from this machine may use it.
    """
    beside = settings.SANDBOX and _is_loopback(urlsplit(settings.SANDBOX_URL).hostname or "")
    here = _is_loopback(request.META.get("REMOTE_ADDR", "")) and "X-Forwarded-For" not in request.headers
    return [False, True] if beside and here else [False]


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _too_long(request: HttpRequest) -> bool:
    length = read_key(request.headers.get("Content-Length") or "0")
    return length is None or length > MAX_BYTES
