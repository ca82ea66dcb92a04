"""Replicate's models, files, trainings, predictions and webhooks on loopback, for its official client."""

import base64
import hashlib
import hmac
import io
import json
import time
from datetime import UTC, datetime
from typing import Any

from PIL import Image

from inflio.generation.tests.emulators.base import Emulator, Reply, Request

KEY = "r8_emulator"
OWNER = "inflio"
VERSION = "inflio/persona-1-abc:" + "a" * 64
# Faults that only Replicate has: of an ended piece of work, of a webhook, of a picture's file.
RESULT_FAULTS = ("failed", "nsfw", "fewer", "canceled")
WEBHOOK_FAULTS = ("lost", "duplicate", "forged", "late")
FILE_FAULTS = ("busy", "drop", "truncated", "broken")


def picture(seed: str) -> bytes:
    """A WebP of one colour that depends on the seed."""
    out = io.BytesIO()
    Image.new("RGB", (64, 80), tuple(hashlib.sha256(seed.encode()).digest()[:3])).save(out, "WEBP")
    return out.getvalue()


class ReplicateEmulator(Emulator):
    """Kinds of orders: "submit", "poll", "list", "result", "file", "webhook", "model", "upload", "erase".

    Work is over after `polls_needed` reads, or when a webhook was asked for at once. outbox: webhooks to be delivered.
    """

    def __init__(self, *, seed: int = 1) -> None:
        super().__init__(seed=seed)
        self.secret = "whsec_" + base64.b64encode(hashlib.sha256(str(seed).encode()).digest()).decode()
        self.polls_needed = 2
        self.steps = 1000
        self.work: dict[str, dict[str, Any]] = {}  # predictions and trainings, oldest first
        self.models: dict[str, list[str]] = {}  # owner/name -> version ids
        self.files: dict[str, str] = {}  # id -> name
        self.outbox: list[tuple[str, dict[str, str], bytes]] = []
        self.late: list[tuple[str, dict[str, str], bytes]] = []

    def answer(self, request: Request) -> Reply:
        path = request.path.removeprefix("/v1/")
        if request.path.startswith("/delivery/"):
            return self.play("file", lambda: Reply(picture(path), headers={"Content-Type": "image/webp"}))
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return Reply({"title": "Unauthenticated", "detail": "Invalid token", "status": 401}, 401)
        head = path.split("/")[0]
        if head in {"predictions", "trainings"}:
            return self._of_work(request, path)
        if path.endswith("/trainings"):
            return self.play("submit", lambda: self._train(request, path))
        if head == "models":
            return self.play("erase" if request.method == "DELETE" else "model", lambda: self._of_model(request, path))
        if head == "files":
            return self.play("erase" if request.method == "DELETE" else "upload", lambda: self._of_file(request, path))
        if path == "account":
            return Reply({"type": "organization", "username": OWNER, "name": "Inflio", "github_url": None})
        if path == "webhooks/default/secret":
            return Reply({"key": self.secret})
        return self._missing()

    def _of_work(self, request: Request, path: str) -> Reply:
        kind, _, rest = path.partition("/")
        pk, _, what = rest.partition("/")
        if not pk and request.method == "POST":
            return self.play("submit", lambda: self._predict(request))
        if not pk:
            return self.play("list", lambda: self._listed(kind))
        if pk not in self.work:
            return self._missing()
        if what == "cancel":
            row = self.work[pk]
            if row["status"] not in {"succeeded", "failed", "canceled"}:
                row["status"] = "canceled"
            return Reply(self._shown(row))
        return self.play("poll", lambda: self._polled(pk))

    def _predict(self, request: Request) -> Reply:
        wish = request.json
        assert "extra" not in wish["input"]
        row = self._begin("predictions", wish, mark=str(wish["input"]["prompt_strength"]))
        row |= {"model": "inflio/persona", "version": wish["version"]}
        return self._begun(row)

    def _train(self, request: Request, path: str) -> Reply:
        wish, parts = request.json, path.split("/")
        if wish["destination"] not in self.models:
            return Reply({"title": "Invalid", "detail": "The destination does not exist", "status": 422}, 422)
        row = self._begin("trainings", wish, mark=wish["input"]["input_images"])
        row |= {"model": "/".join(parts[1:3]), "version": parts[4], "destination": wish["destination"]}
        return self._begun(row)

    def _begin(self, kind: str, wish: dict, *, mark: str) -> dict[str, Any]:
        with self.lock:
            pk = f"{kind[0]}{len(self.work):05d}"
            self.effect(pk, mark, wish["input"])
            now = datetime.now(UTC).isoformat()
            row = {"id": pk, "status": "starting", "input": wish["input"], "output": None, "logs": "", "error": None}
            row |= {
                "created_at": now,
                "started_at": None,
                "completed_at": None,
                "metrics": None,
                "kind": kind,
                "polls": 0,
            }
            row |= {"fault": self.next_fault("result"), "webhook": wish.get("webhook")}
            self.work[pk] = row
            return row

    def _begun(self, row: dict[str, Any]) -> Reply:
        reply = Reply(self._shown(row), 201)
        if row["webhook"]:
            self._tell(row)
        return reply

    def _polled(self, pk: str) -> Reply:
        row = self.work[pk]
        row["polls"] += 1
        if row["status"] not in {"succeeded", "failed", "canceled"}:
            if row["polls"] >= self.polls_needed:
                self.finish(pk)
            else:
                step = self.steps * row["polls"] // self.polls_needed
                row |= {"status": "processing", "started_at": row["created_at"]}
                row["logs"] += (
                    f"flux: {step * 100 // self.steps:3d}%|#2  | {step}/{self.steps} [01:00<07:20, 2.0it/s]\n"
                )
        return Reply(self._shown(row))

    def finish(self, pk: str) -> None:
        """Let a piece of work end now, as its fault says."""
        row = self.work[pk]
        row |= {"started_at": row["created_at"], "completed_at": datetime.now(UTC).isoformat()}
        row["metrics"] = {"predict_time": 20.0}
        fault = row["fault"]
        if fault in {"failed", "nsfw"}:
            error = "NSFW content detected" if fault == "nsfw" else "CUDA out of memory"
            row |= {"status": "failed", "error": error}
        elif fault == "canceled":
            row["status"] = "canceled"
        elif row["kind"] == "trainings":
            version = hashlib.sha256(pk.encode()).hexdigest()
            self.models[row["destination"]].append(version)
            weights = f"{self.url}/delivery/{pk}/weights.tar"
            row |= {"status": "succeeded", "output": {"version": f"{row['destination']}:{version}", "weights": weights}}
        else:
            count = row["input"].get("num_outputs", 1) - (fault == "fewer")
            row |= {"status": "succeeded", "output": [f"{self.url}/delivery/{pk}/{n}.webp" for n in range(count)]}

    def _listed(self, kind: str) -> Reply:
        with self.lock:
            rows = [self._shown(row) for row in reversed(self.work.values()) if row["kind"] == kind]
        return Reply({"previous": None, "next": None, "results": rows[:100]})

    def _shown(self, row: dict[str, Any]) -> dict[str, Any]:
        hidden = {"kind", "polls", "fault", "webhook"}
        link = f"{self.url}/v1/{row['kind']}/{row['id']}"
        shown = {name: value for name, value in row.items() if name not in hidden}
        if row["kind"] == "trainings":
            shown.pop("metrics")
        return shown | {"urls": {"get": link, "cancel": f"{link}/cancel"}}

    def _of_model(self, request: Request, path: str) -> Reply:
        if request.method == "POST":
            wish = request.json
            name = f"{wish['owner']}/{wish['name']}"
            if name in self.models:
                return Reply({"title": "Conflict", "detail": "It exists", "status": 409}, 409)
            assert wish["visibility"] == "private"
            self.models[name] = []
            return Reply(self._model(name), 201)
        _, owner, name, *rest = path.split("/")
        full = f"{owner}/{name}"
        if full not in self.models:
            return self._missing()
        if request.method == "DELETE" and rest:
            self.models[full].remove(rest[1])
            return Reply(b"", 204)
        if request.method == "DELETE":
            if self.models[full]:
                return Reply({"title": "Invalid", "detail": "It has versions", "status": 400}, 400)
            del self.models[full]
            return Reply(b"", 204)
        if rest:
            rows = [
                {"id": pk, "created_at": "2026-11-21T00:00:00Z", "cog_version": "0.9", "openapi_schema": {}}
                for pk in self.models[full]
            ]
            return Reply({"previous": None, "next": None, "results": rows})
        return Reply(self._model(full))

    @staticmethod
    def _model(full: str) -> dict[str, Any]:
        owner, name = full.split("/")
        return {
            "url": f"https://replicate.com/{full}",
            "owner": owner,
            "name": name,
            "description": "",
            "visibility": "private",
            "run_count": 0,
            "created_at": "2026-11-21T00:00:00Z",
        }

    def _of_file(self, request: Request, path: str) -> Reply:
        if request.method == "POST":
            name = request.body.partition(b'filename="')[2].partition(b'"')[0].decode()
            with self.lock:
                pk = f"f{len(self.files):05d}"
                self.files[pk] = name
            return Reply(self._file(pk), 201)
        if request.method == "DELETE":
            return Reply(b"", 204) if self.files.pop(path.split("/")[1], None) else self._missing()
        return Reply({"previous": None, "next": None, "results": [self._file(pk) for pk in self.files]})

    def _file(self, pk: str) -> dict[str, Any]:
        now = "2026-11-21T00:00:00Z"
        return {
            "id": pk,
            "name": self.files[pk],
            "content_type": "application/zip",
            "size": 3,
            "etag": "e",
            "checksums": {"sha256": "x"},
            "metadata": {},
            "created_at": now,
            "expires_at": now,
            "urls": {"get": f"{self.url}/v1/files/{pk}"},
        }

    @staticmethod
    def _missing() -> Reply:
        return Reply({"title": "Not found", "detail": "Not found", "status": 404}, 404)

    def signed(self, body: bytes, *, at: float | None = None, pk: str = "msg_1") -> dict[str, str]:
        """The headers of a webhook as Replicate sends them."""
        stamp = str(int(time.time() if at is None else at))
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        digest = hmac.new(key, f"{pk}.{stamp}.".encode() + body, hashlib.sha256).digest()
        sign = "v1,AAAA v1," + base64.b64encode(digest).decode()
        return {"Webhook-Id": pk, "Webhook-Timestamp": stamp, "Webhook-Signature": sign}

    def notice(self, pk: str) -> bytes:
        """The body of a webhook: the work as it is now."""
        return json.dumps(self._shown(self.work[pk])).encode()

    def _tell(self, row: dict[str, Any]) -> None:
        fault = self.next_fault("webhook")
        if fault == "lost":
            return
        self.finish(row["id"])
        body = self.notice(row["id"])
        message = (row["webhook"], self.signed(body), body)
        with self.lock:
            if fault == "late":
                self.late.append(message)
            elif fault == "forged":
                self.outbox.append((row["webhook"], self.signed(body) | {"Webhook-Signature": "v1,AAAA"}, body))
                self.outbox.append((row["webhook"], self.signed(body), body.replace(b"succeeded", b"failed")))
            else:
                self.outbox += [message] * (2 if fault == "duplicate" else 1)

    def take_outbox(self) -> list[tuple[str, dict[str, str], bytes]]:
        """The webhooks that are due, which are then gone."""
        with self.lock:
            due, self.outbox = self.outbox, []
            return due

    def play_own(self, fault: str, act) -> Reply:
        if fault == "empty":  # the list does not show what began a moment ago
            return Reply({"previous": None, "next": None, "results": []})
        reply = act()
        if fault == "truncated":  # the connection closes in the middle of the file
            return Reply(iter([reply.body[:20]]), headers={"X-Whole": "no"})
        if fault == "broken":
            return Reply(reply.body[: len(reply.body) // 2], headers={"Content-Type": "image/webp"})
        return super().play_own(fault, act)
