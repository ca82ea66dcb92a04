"""fal as a company: its key, its free check, its signed webhooks, its way to cancel."""

import base64
import hashlib
import json
import time
from collections.abc import Mapping
from typing import Any

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from inflio.common import env
from inflio.common.errors import ProviderError
from inflio.generation.engines.base import BadSignature, Notice, Provider
from inflio.generation.engines.fal.api import FalApi, words_of

JWKS_URL = "https://rest.alpha.fal.ai/.well-known/jwks.json"
JWKS_SECONDS = 24 * 3600.0  # how long fal's public keys are kept
JWKS_AGAIN = 60.0  # the soonest they are fetched again for a signature that none of them made
LEEWAY = 300  # seconds between the time a webhook was signed and now
NAMES = ("request-id", "user-id", "timestamp", "signature")
_keys: dict[str, tuple[float, list[bytes]]] = {}  # address -> when fetched, public keys


class Fal(Provider):
    """fal.ai."""

    name = "fal"
    title = "fal"
    key_page = "https://fal.ai/dashboard/keys"
    key_hint = "Two long words with a colon between them"

    def check_key(self) -> str:
        FalApi(self._key).check()
        return "fal accepts the key."

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        verify(headers, body)
        try:
            told = json.loads(body)
            request_id, status = str(told["request_id"]), told["status"]
        except (ValueError, KeyError, TypeError) as error:
            raise BadSignature("not a webhook of fal's queue") from error
        if request_id != headers["x-fal-webhook-request-id"]:
            raise BadSignature("signed for another request")
        payload = told.get("payload")
        if status == "OK" and isinstance(payload, dict) and not told.get("payload_error"):
            return Notice(request_id, "answered", answer=payload)
        if status == "ERROR":
            words = words_of(payload) if payload else words_of({"detail": told.get("error")})
            return Notice(request_id, "failed", reason=f"fal says: {words}", charged=False)
        return Notice(request_id, "working")  # it is over, and the answer has to be asked for

    def cancel(self, endpoint: str, request_id: str) -> bool:
        return FalApi(self._key).cancel(endpoint, request_id)


def verify(headers: Mapping[str, str], body: bytes, *, now: float | None = None) -> None:
    """Raise BadSignature unless fal signed this body within the last LEEWAY seconds (Ed25519, keys of its JWKS)."""
    try:
        request_id, user_id, stamp, signature = (headers[f"x-fal-webhook-{name}"] for name in NAMES)
        signed, seconds = bytes.fromhex(signature), int(stamp)
    except (KeyError, ValueError) as error:
        raise BadSignature("no signature of fal's") from error
    if abs((time.time() if now is None else now) - seconds) > LEEWAY:
        raise BadSignature("too old")
    message = "\n".join((request_id, user_id, stamp, hashlib.sha256(body).hexdigest())).encode()
    url = env.text("INFLIO_FAL_JWKS_URL", JWKS_URL)
    if _signed_by(_public_keys(url, JWKS_SECONDS), signed, message):
        return
    if not _signed_by(_public_keys(url, JWKS_AGAIN), signed, message):  # they may have changed their keys
        raise BadSignature("not signed by fal")


def _signed_by(keys: list[bytes], signature: bytes, message: bytes) -> bool:
    for key in keys:
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        except (InvalidSignature, ValueError):
            continue
        return True
    return False


def _public_keys(url: str, oldest: float) -> list[bytes]:
    """fal's public keys, at most `oldest` seconds old; when they cannot be had now, those from before."""
    fetched, keys = _keys.get(url, (float("-inf"), []))
    if time.monotonic() - fetched < oldest:
        return keys
    try:
        response = httpx.get(url, timeout=httpx.Timeout(5.0))
        response.raise_for_status()
        keys = [key for row in response.json()["keys"] if (key := _public_key(row))]
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        if not keys:
            raise ProviderError("fal's public keys cannot be had at the moment.", retryable=True) from error
    _keys[url] = (time.monotonic(), keys)
    return keys


def _public_key(row: Any) -> bytes | None:
    x = row.get("x") if isinstance(row, Mapping) else None
    try:
        return base64.urlsafe_b64decode(x + "=" * (-len(x) % 4)) if isinstance(x, str) else None
    except ValueError:
        return None
