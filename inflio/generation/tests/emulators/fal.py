"""fal's queue, stream, storage token, public keys and webhooks on loopback, for its official client."""

import base64
import hashlib
import io
import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from inflio.generation.tests.emulators.base import Drop, Emulator, Reply, Request

KEY = "emulator:secret-of-the-emulator"
WIDTH, HEIGHT = 64, 80
# Faults of a result, of a webhook and of a stream that only fal has.
RESULT_FAULTS = ("filtered", "wrong", "refused")
WEBHOOK_FAULTS = ("lost", "duplicate", "forged", "late")
STREAM_FAULTS = ("missing", "broken", "endless", "plain")


def picture(seed: str, *, size: tuple[int, int] = (WIDTH, HEIGHT)) -> bytes:
    """A PNG of one colour that depends on the seed."""
    out = io.BytesIO()
    Image.new("RGB", size, tuple(hashlib.sha256(seed.encode()).digest()[:3])).save(out, "PNG")
    return out.getvalue()


class FalEmulator(Emulator):
    """Kinds of orders: "submit", "poll", "result", "file", "webhook", "stream"; each request is over after two polls.

    outbox: webhooks that wait to be delivered, (url, headers, body) each; `take_outbox()` empties it.
    """

    def __init__(self, *, seed: int = 1) -> None:
        super().__init__(seed=seed)
        self.signer = Ed25519PrivateKey.generate()
        self.outbox: list[tuple[str, dict[str, str], bytes]] = []
        self.late: list[tuple[str, dict[str, str], bytes]] = []
        self.cancelled: list[str] = []
        self.polls_needed = 2
        self.shows: bytes | None = None  # every result is this picture, in place of one of one colour
        self._jobs: dict[str, dict[str, Any]] = {}

    def answer(self, request: Request) -> Reply:
        path = request.path.strip("/")
        if path == "jwks.json":
            x = base64.urlsafe_b64encode(self.signer.public_key().public_bytes_raw()).rstrip(b"=").decode()
            return Reply({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x, "kid": "1"}]})
        if path.startswith("files/"):
            return self.play("file", lambda: Reply(self.shows or picture(path), headers={"Content-Type": "image/png"}))
        if request.headers.get("authorization") != f"Key {KEY}":
            return Reply({"detail": "Cannot access application"}, 401)
        if path == "storage/auth/token":
            token = {"token": "t", "token_type": "Bearer", "base_url": self.url}
            return Reply(token | {"expires_at": "2999-01-01T00:00:00+00:00"})
        if "/requests/" in path:
            return self._ask(request, *path.partition("/requests/")[::2])
        if path.endswith("/stream"):
            return self._stream(request)
        return self.play("submit", lambda: self._submit(request, path))

    def _begin(self, request: Request) -> str:
        pk, wish = str(uuid.uuid4()), request.json
        self.effect(pk, f"{wish['prompt']}|{wish.get('seed')}", wish)
        self._jobs[pk] = {"input": wish, "polls": 0, "fault": self.next_fault("result")}
        return pk

    def _submit(self, request: Request, path: str) -> Reply:
        pk = self._begin(request)
        base = f"{self.url}/{'/'.join(path.split('/')[:2])}/requests/{pk}"
        if url := (request.query.get("fal_webhook") or [""])[0]:
            self._tell(pk, url)
        urls = {"response_url": base, "status_url": f"{base}/status", "cancel_url": f"{base}/cancel"}
        return Reply({"request_id": pk, "queue_position": 0, **urls})

    def _ask(self, request: Request, app: str, rest: str) -> Reply:
        assert len(app.split("/")) == 2, "addresses of the queue carry only owner and alias"
        pk, _, what = rest.partition("/")
        job = self._jobs.get(pk)
        if job is None or job.get("streamed"):
            return Reply({"detail": "Request not found"}, 404)
        if what == "cancel":
            self.cancelled.append(pk)
            return Reply({"status": "CANCELLATION_REQUESTED"}, 202)
        return self.play("poll", lambda: self._status(job) if what == "status" else self._result(pk, job))

    def _status(self, job: dict[str, Any]) -> Reply:
        job["polls"] += 1
        if job["polls"] > self.polls_needed:
            return Reply({"status": "COMPLETED", "logs": [], "metrics": {"inference_time": 1.5}})
        if job["polls"] == 1:
            return Reply({"status": "IN_QUEUE", "queue_position": 2})
        return Reply({"status": "IN_PROGRESS", "logs": None})

    def _result(self, pk: str, job: dict[str, Any]) -> Reply:
        if job["fault"] == "refused":
            detail = [
                {"loc": ["body", "prompt"], "msg": "The content could not be processed", "type": "content_policy"}
            ]
            return Reply({"detail": detail}, 422, {"x-fal-request-id": pk})
        return Reply(self._payload(pk, job))

    def _payload(self, pk: str, job: dict[str, Any]) -> dict[str, Any]:
        if job["fault"] == "wrong":
            return {"description": "no pictures here"}
        count = job["input"]["num_images"] - (job["fault"] == "filtered")
        one = {"content_type": "image/png", "width": 9, "height": 9}  # a size that is not true: nobody may trust it
        return {"images": [{**one, "url": f"{self.url}/files/{pk}/{n}.png"} for n in range(count)], "description": ""}

    def _stream(self, request: Request) -> Reply:
        fault = self.next_fault("stream")
        if fault == "missing":
            return Reply({"detail": "Path /stream not found"}, 404)
        pk = self._begin(request)
        self._jobs[pk]["streamed"] = fault != "broken" or None
        if fault == "plain":
            return Reply({"images": []}, headers={"x-fal-request-id": pk})
        headers = {"Content-Type": "text/event-stream", "x-fal-request-id": pk}
        return Reply(self._events(pk, fault), headers=headers)

    def _events(self, pk: str, fault: str | None) -> Iterator[bytes]:
        for n in range(3):
            partial = base64.b64encode(picture(f"{pk}{n}")).decode()
            yield _event({"type": "image_edit.partial_image", "partial_image_index": n, "b64_json": partial})
            if fault == "broken" and n == 1:
                yield b'data: {"type": "image_edit.par'
                raise Drop
        if fault != "endless":
            yield b": a comment\n\n"
            yield _event({"images": [{"url": f"{self.url}/files/{pk}/0.png", "content_type": "image/png"}]})

    def signed(self, pk: str, body: bytes, *, at: float | None = None) -> dict[str, str]:
        """The headers of a webhook as fal sends them."""
        stamp = str(int(time.time() if at is None else at))
        message = "\n".join([pk, "user", stamp, hashlib.sha256(body).hexdigest()]).encode()
        names = {"Request-Id": pk, "User-Id": "user", "Timestamp": stamp, "Signature": self.signer.sign(message).hex()}
        return {f"X-Fal-Webhook-{name}": value for name, value in names.items()}

    def notice(self, pk: str) -> bytes:
        """The body of a webhook for a request that is over."""
        job = self._jobs[pk]
        told: dict[str, Any] = {"request_id": pk, "gateway_request_id": pk, "status": "OK", "error": None}
        if job["fault"] == "refused":
            payload: dict[str, Any] = {"detail": [{"msg": "The content could not be processed"}]}
            told |= {"status": "ERROR", "error": "Unprocessable", "payload": payload}
        else:
            told["payload"] = self._payload(pk, job)
        return json.dumps(told).encode()

    def _tell(self, pk: str, url: str) -> None:
        """Put the webhook into the outbox, or do with it what the next fault says."""
        fault, body = self.next_fault("webhook"), self.notice(pk)
        message = (url, self.signed(pk, body), body)
        if fault == "late":
            self.late.append(message)
        elif fault == "forged":
            self.outbox.append((url, self.signed(pk, body) | {"X-Fal-Webhook-Signature": "00" * 64}, body))
            self.outbox.append((url, self.signed(pk, body), body.replace(b"OK", b"ERROR")))
        elif fault != "lost":
            self.outbox += [message] * (2 if fault == "duplicate" else 1)

    def take_outbox(self) -> list[tuple[str, dict[str, str], bytes]]:
        """The webhooks that are due, which are then gone."""
        with self.lock:
            due, self.outbox = self.outbox, []
            return due


def _event(data: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(data).encode() + b"\n\n"
