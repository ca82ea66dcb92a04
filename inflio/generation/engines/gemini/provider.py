"""Google as a company: the check of its key. It has no webhooks and nothing to cancel."""

from collections.abc import Mapping

from inflio.generation.engines.base import BadSignature, Notice, Provider


class Gemini(Provider):
    """Google's Gemini API."""

    name = "gemini"
    title = "Google Gemini"
    key_page = "https://aistudio.google.com/apikey"
    key_hint = "AIza..."

    def check_key(self) -> str:
        from inflio.generation.engines.gemini.api import GeminiApi  # noqa: PLC0415 - loads the client: only to call

        GeminiApi(self._key).check()
        return "Google accepts the key."

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        raise BadSignature("Google sends no webhooks")

    def cancel(self, endpoint: str, request_id: str) -> bool:
        return False
