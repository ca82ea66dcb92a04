"""Addresses from which a platform fetches exactly one file for a while, without logging in."""

import math
import time

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from inflio.media.models import Asset

HOUR = 3600
SALT = "inflio.media.public"


def public_url(asset: Asset, *, hours: float = 48) -> str:
    """A signed address without a log-in that ends in `hours`, rounded up to the next full hour.

    ASCII only, no redirect, and the same for every call within an hour. Whoever has it can see the file: give it to
    platforms, never to pages.
    """
    until = math.ceil((time.time() + hours * HOUR) / HOUR)
    return settings.SITE_URL + reverse("public_file", args=[_token(asset, until), file_name(asset)])


def file_name(asset: Asset) -> str:
    """The last part of its address: says nothing of whose it is or what it shows."""
    return f"{asset.sha256[:16]}.{asset.extension}"


def asset_behind(token: str, name: str) -> Asset | None:
    """The asset of a public address; None when it is forged, has ended, or the asset is gone or another one now."""
    try:
        pk, until, sha256 = _signer().unsign(token).split("-")
        key, end = int(pk, 36), int(until, 36) * HOUR
    except (BadSignature, ValueError):
        return None
    if end <= time.time():
        return None
    asset = Asset.objects.filter(pk=key, sha256__startswith=sha256).first()
    return asset if asset and file_name(asset) == name else None


def seconds_left(token: str) -> int:
    """How long a token that `asset_behind` took still works."""
    return max(0, int(token.split("-")[1], 36) * HOUR - int(time.time()))


def _token(asset: Asset, until: int) -> str:
    return _signer().sign(f"{_base36(asset.pk)}-{_base36(until)}-{asset.sha256[:16]}")


def _signer() -> Signer:
    return Signer(salt=SALT, sep=".")


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits or "0"
