"""What our side adds to a call of a cloud engine: a fal emulator on this machine answers at once, the rest is ours."""

import io
import random
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import httpx
from PIL import Image

from benchmarks.table import Row
from inflio.generation.engines.base import EngineRequest, Picture, Waiting
from inflio.generation.engines.fal import api
from inflio.generation.engines.fal.engine import ENGINES
from inflio.generation.tests.emulators.fal import KEY, FalEmulator

CALLS = 40
PHOTO = (3024, 4032)  # pixels of a telephone's photo


class Record:
    """One call and its record, kept in memory: the database's part is not the adapter's."""

    def __init__(self) -> None:
        self.state, self.token, self.request_id, self.reason, self.age = "new", "t", "", "", 0.0
        self.answer: Mapping[str, Any] = {}
        self.details: Mapping[str, Any] = {}

    def open(self, slot: str, *, endpoint: str, usd: float | None = None) -> "Record":
        return self

    def webhook_url(self, call: "Record", provider: str) -> None:
        return None

    def sent(self, request_id: str, *, usd: float | None = None, details: Mapping[str, Any] | None = None) -> None:
        self.state, self.request_id, self.details = "sent", request_id, details or {}

    def answered(self, answer: Mapping[str, Any], *, usd: float | None = None) -> None:
        self.state, self.answer = "answered", answer

    def failed(self, reason: str, *, charged: bool) -> None:
        self.state, self.reason = "failed", reason


def measure() -> list[Row]:
    """Time whole calls (submit, ask, result, picture) and, as what no adapter can avoid, the same requests bare."""
    with TemporaryDirectory() as folder, FalEmulator() as fal:
        fal.polls_needed = 0
        api.use_base(fal.url)
        path = Path(folder, "photo.jpg")
        path.write_bytes(_photo())
        picture = Picture(path, "0" * 64)
        with_photo = median(_call((picture,)) for _ in range(8))
        adapter = median(_call(()) for _ in range(CALLS))
        with httpx.Client(headers={"Authorization": f"Key {KEY}"}) as client:
            bare = median(_bare(fal, client) for _ in range(CALLS))
        api.close_clients()
    target = "under 20 ms"
    return [
        Row("Cloud call: our adapter's part, four requests", (adapter - bare) * 1000, "ms", target),
        Row("Cloud call: whole, the provider answering at once", adapter * 1000, "ms", unavoidable=bare * 1000),
        Row("Cloud call: a telephone's photo made small for it", (with_photo - adapter) * 1000, "ms"),
    ]


def _call(pictures: tuple[Picture, ...]) -> float:
    engine, record = ENGINES["fal_nano_banana_pro"](KEY), Record()
    request = EngineRequest("picture", {"prompt": "a person", "aspect": "4:5", "seed": 1}, pictures, calls=record)
    begin = perf_counter()
    while True:
        try:
            result = engine.run(request, lambda *args, **kwargs: None)
        except Waiting:
            continue
        assert len(result.outputs) == 1
        return perf_counter() - begin


def _bare(fal: FalEmulator, client: httpx.Client) -> float:
    """The same requests with a plain client whose connection is open."""
    begin = perf_counter()
    answer = client.post(f"{fal.url}/fal-ai/x/edit", json={"prompt": "p", "num_images": 1}).json()
    client.get(answer["status_url"]).json()
    images = client.get(answer["response_url"]).json()["images"]
    client.get(images[0]["url"]).read()
    return perf_counter() - begin


def _photo() -> bytes:
    out = io.BytesIO()
    noise = Image.frombytes("RGB", (64, 64), random.Random(1).randbytes(64 * 64 * 3))
    noise.resize(PHOTO, Image.Resampling.BICUBIC).save(out, "JPEG", quality=90)
    return out.getvalue()
