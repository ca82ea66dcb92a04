"""Gemini through Google's client: one request, one answer, no repeats; what a block, a refusal and a loss look like.

The client (3.4.0) repeats nothing when it is given no retry options; a test proves that for every kind of failure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import httpx2
from google import genai
from google.genai import errors, types

from inflio.common import env
from inflio.common.errors import EngineRefused, ProviderError

SECONDS = 120.0  # a picture takes 5-40 s; nothing can be asked for later, so patience is cheaper than a loss
CHECK_SECONDS = 20.0
PAUSE_SECONDS = 10.0
ARGS = {"limits": httpx2.Limits(max_keepalive_connections=0)}  # minutes lie between two
NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)
FILTERED = {
    "SAFETY",
    "PROHIBITED_CONTENT",
    "BLOCKLIST",
    "RECITATION",
    "SPII",
    "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_RECITATION",
    "MODEL_ARMOR",
    "JAILBREAK",
}


class NotDone(Exception):
    """Proven: nothing was made and nothing is paid. `after`: seconds to wait where asking again makes sense."""

    def __init__(self, reason: str, *, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Unclear(Exception):
    """The answer is lost and cannot be asked for again: money may be spent."""


@dataclass(frozen=True)
class Drawn:
    """An answer: pictures as bytes, the model's words, and why there is no picture ("" where there is one)."""

    pictures: tuple[bytes, ...]
    words: str
    why_not: str
    response_id: str
    tokens: int


@lru_cache(maxsize=64)
def _client(key: str, base: str, seconds: float) -> genai.Client:
    """One client for each key and process: making one reads all root certificates, which takes longer than to call."""
    options = types.HttpOptions(base_url=base, timeout=round(seconds * 1000), retry_options=None, client_args=ARGS)
    return genai.Client(api_key=key, vertexai=False, http_options=options)


class GeminiApi:
    """One key."""

    def __init__(self, key: str) -> None:
        self._key = key

    @property
    def client(self) -> genai.Client:
        """Google's client, without repeats, at Google's address or that of a server in its place."""
        base = env.text("INFLIO_GEMINI_URL", "https://generativelanguage.googleapis.com").rstrip("/") + "/"
        return _client(self._key, base, SECONDS)

    def draw(
        self, *, model: str, prompt: str, references: Sequence[bytes], aspect: str | None, seed: int | None
    ) -> Drawn:
        """Make one picture; `references` are JPEGs. Raises NotDone, Unclear."""
        contents = [types.Part.from_bytes(data=data, mime_type="image/jpeg") for data in references] + [prompt]
        config = types.GenerateContentConfig(
            response_modalities=["IMAGE"],
            image_config=types.ImageConfig(aspect_ratio=aspect) if aspect else None,
            seed=seed,
        )
        try:
            answer = self.client.models.generate_content(model=model, contents=contents, config=config)
        except errors.APIError as error:
            raise _told_apart(error) from error
        except NOT_SENT as error:
            raise NotDone("Gemini cannot be reached.", after=PAUSE_SECONDS) from error
        except (httpx2.HTTPError, ValueError) as error:  # ValueError: an answer that is not what it should be
            raise Unclear(type(error).__name__) from error
        return _read(answer)

    def check(self) -> int:
        """List the models that the key may use, which is free; returns how many there are."""
        try:
            return len(self.client.models.list(config={"page_size": 50}).page)
        except errors.APIError as error:
            if error.code in {400, 401, 403}:
                raise EngineRefused("Google does not accept this key.", code="bad_key") from error
            raise ProviderError(f"Google says: {error.message}", retryable=True) from error
        except (httpx2.HTTPError, ValueError) as error:
            raise ProviderError(
                "Google does not answer at the moment. Try again in a minute.", retryable=True
            ) from error


def _told_apart(error: errors.APIError) -> Exception:
    """What an error says about a paid request: 4xx came before any work, after 5xx there may have been some."""
    if error.code == 429:
        return NotDone("The limit of the Google key is reached for the moment.", after=PAUSE_SECONDS)
    if error.code in {401, 403}:
        return NotDone("Google does not accept the key. Check it on the page Engines.")
    if error.code < 500 and error.code != 408:
        return NotDone(f"Gemini refused it: {error.message or error.status or error.code}")
    return Unclear(f"HTTP {error.code}")


def _read(answer: types.GenerateContentResponse) -> Drawn:
    pictures, words, why_not = [], [], ""
    for candidate in answer.candidates or ():
        for part in (candidate.content.parts if candidate.content else None) or ():
            if part.inline_data and part.inline_data.data and not part.thought:
                pictures.append(part.inline_data.data)
            elif part.text and not part.thought:
                words.append(part.text)
        reason = _name(candidate.finish_reason)
        if not pictures and reason not in {"", "STOP"}:
            why_not = _refusal(reason)
    if not answer.candidates:
        block = answer.prompt_feedback and answer.prompt_feedback.block_reason
        why_not = _refusal(_name(block))
    usage = answer.usage_metadata
    tokens = (usage.total_token_count or 0) if usage else 0
    why_not = "" if pictures else why_not or "Gemini answered in words and made no picture. Say it another way."
    return Drawn(tuple(pictures), " ".join(words)[:500], why_not, answer.response_id or "", tokens)


def _name(value: object) -> str:
    return str(getattr(value, "value", value) or "")


def _refusal(reason: str) -> str:
    if reason in FILTERED:
        words = reason.replace("_", " ").lower()
        return f"Google's filter refused this request ({words}). Change the words or the photos, then try again."
    return "Gemini made no picture this time. Try again, or say it another way."
