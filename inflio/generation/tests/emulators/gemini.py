"""Gemini's generateContent and list of models on loopback, for Google's client."""

import base64
import hashlib
import io
from typing import Any

from PIL import Image

from inflio.generation.tests.emulators.base import Emulator, Reply, Request

KEY = "AIza-emulator"
# Answers without a usable picture, all of them 200.
RESULT_FAULTS = ("blocked", "filtered", "words", "half")


def picture(seed: str) -> bytes:
    """A PNG of one colour that depends on the seed."""
    out = io.BytesIO()
    Image.new("RGB", (64, 80), tuple(hashlib.sha256(seed.encode()).digest()[:3])).save(out, "PNG")
    return out.getvalue()


class GeminiEmulator(Emulator):
    """Kinds of orders: "submit" (the call itself) and "result" (what the answer is)."""

    def answer(self, request: Request) -> Reply:
        if request.headers.get("x-goog-api-key") != KEY:
            error = {"code": 400, "status": "INVALID_ARGUMENT", "message": "API key not valid."}
            return Reply({"error": error}, 400)
        if request.method == "GET" and request.path.endswith("/models"):
            return Reply({"models": [{"name": "models/gemini-2.5-flash-image"}]})
        if not request.path.endswith(":generateContent"):
            return Reply({"error": {"code": 404, "status": "NOT_FOUND", "message": "no such model"}}, 404)
        return self.play("submit", lambda: self._draw(request))

    def _draw(self, request: Request) -> Reply:
        wish = request.json
        parts = wish["contents"][0]["parts"]
        prompt = next(part["text"] for part in parts if "text" in part)
        pk = f"g{len(self.effects):05d}"
        self.effect(pk, f"{prompt}|{wish['generationConfig'].get('seed')}", wish)
        return Reply(self._answer(pk, prompt, self.next_fault("result")))

    @staticmethod
    def _answer(pk: str, prompt: str, fault: str | None) -> dict[str, Any]:
        usage = {"promptTokenCount": 560, "candidatesTokenCount": 1290, "totalTokenCount": 1850}
        answer: dict[str, Any] = {"responseId": pk, "usageMetadata": usage, "modelVersion": "m"}
        if fault == "blocked":
            return answer | {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}
        if fault == "filtered":
            return answer | {"candidates": [{"content": None, "finishReason": "IMAGE_SAFETY"}]}
        data = picture(prompt)
        if fault == "half":
            data = data[: len(data) // 2]
        parts: list[dict[str, Any]] = [{"text": "Here it is."}]
        if fault != "words":
            parts.append({"inlineData": {"mimeType": "image/png", "data": base64.b64encode(data).decode()}})
        return answer | {"candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}]}
