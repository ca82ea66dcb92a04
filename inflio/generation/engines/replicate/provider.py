"""Replicate as a company: the check of its key, its signed webhooks, its way to cancel."""

import json
import time
from collections.abc import Mapping
from hashlib import sha256
from typing import ClassVar

from inflio.common import env
from inflio.common.errors import ProviderError
from inflio.generation.engines.base import BadSignature, Notice, Provider
from inflio.generation.engines.replicate.flow import notice_of
from inflio.generation.engines.replicate.terms import Busy

TOLERANCE = 300  # seconds that a webhook may be old; the client's default is no limit at all
ASK_AGAIN = 300  # seconds before a secret that a signature does not fit is fetched anew: it may have been changed
SILENT = "Replicate does not answer at the moment. Try again in a minute."


class Replicate(Provider):
    """Runs FLUX with models trained on one person."""

    name = "replicate"
    title = "Replicate"
    key_page = "https://replicate.com/account/api-tokens"
    key_hint = "r8_..."
    _secrets: ClassVar[dict[str, tuple[str, float]]] = {}  # by the key's hash: secret, when it was fetched

    def _api(self):
        from inflio.generation.engines.replicate.api import ReplicateApi  # noqa: PLC0415 - loads the client: only to call

        return ReplicateApi(self._key)

    def check_key(self) -> str:
        try:
            return f"The key works: account {self._api().account()}."
        except Busy as error:
            raise ProviderError(SILENT, retryable=True) from error

    def cancel(self, endpoint: str, request_id: str) -> bool:
        try:
            return self._api().cancel(endpoint, request_id)
        except Busy as error:
            raise ProviderError(SILENT, retryable=True, retry_after=error.seconds) from error

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        text = body.decode("utf-8", "replace")
        if not self._signed(headers, text, self._secret()) and not self._signed(
            headers, text, self._secret(fresh=True)
        ):
            raise BadSignature("the signature does not fit")
        try:
            row = json.loads(text)
            notice = notice_of(row)
        except (ValueError, AttributeError, TypeError) as error:
            raise BadSignature("the body is not a prediction") from error
        if not notice.request_id:
            raise BadSignature("the body names no request")
        return notice

    @staticmethod
    def _signed(headers: Mapping[str, str], text: str, secret: str) -> bool:
        from replicate.webhook import Webhooks, WebhookSigningSecret  # noqa: PLC0415 - loads the client

        try:
            Webhooks.validate(
                headers=dict(headers), body=text, secret=WebhookSigningSecret(key=secret), tolerance=TOLERANCE
            )
        except ValueError:  # all of the client's validation errors, and what cannot be decoded
            return False
        return True

    def _secret(self, *, fresh: bool = False) -> str:
        """The account's signing secret: from the settings, else asked for once and kept; `fresh`: not kept for long."""
        if given := env.text("INFLIO_REPLICATE_WEBHOOK_SECRET"):
            return given
        name, now = sha256(self._key.encode()).hexdigest(), time.monotonic()
        kept = self._secrets.get(name)
        if kept is None or (fresh and now - kept[1] > ASK_AGAIN):
            try:
                kept = (self._api().webhook_secret().key, now)
            except Busy as error:
                raise ProviderError(SILENT, retryable=True) from error
            self._secrets[name] = kept
        return kept[0]
