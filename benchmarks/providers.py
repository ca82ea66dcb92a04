"""What our side adds to a call of Replicate and Gemini: emulators on this machine answer at once, the rest is ours."""

import base64
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter

import httpx

from benchmarks.cloud import CALLS, Record
from benchmarks.table import Row
from inflio.generation.engines.base import Engine, EngineRequest, Waiting
from inflio.generation.engines.gemini.engine import ENGINES as GEMINI
from inflio.generation.engines.replicate.pictures import FluxLora
from inflio.generation.tests.emulators import gemini, replicate

TARGET = "under 20 ms"
MODEL = {"version": replicate.VERSION, "trigger_word": "user_12345_trigger"}


def measure() -> list[Row]:
    """Time whole calls and, as what no adapter can avoid, the same requests with a plain open client."""
    return [*_flux(), *_gemini()]


def _flux() -> Iterator[Row]:
    with replicate.ReplicateEmulator() as emulator, _address("INFLIO_REPLICATE_URL", emulator.url):
        emulator.polls_needed = 1
        params = {"prompt": "a person", "aspect": "4:5", "seed": 1, "trained_model": MODEL}
        whole = _median(lambda: _call(FluxLora(replicate.KEY), params))
        with httpx.Client(headers={"Authorization": f"Bearer {replicate.KEY}"}) as client:
            bare = _median(lambda: _bare_flux(emulator.url, client))
    yield Row("Cloud call: Replicate adapter's part, three requests", (whole - bare) * 1000, "ms", TARGET)


def _gemini() -> Iterator[Row]:
    with gemini.GeminiEmulator() as emulator, _address("INFLIO_GEMINI_URL", emulator.url):
        params = {"prompt": "a person", "aspect": "4:5", "seed": 1}
        whole = _median(lambda: _call(GEMINI["gemini"](gemini.KEY), params))
        with httpx.Client(headers={"x-goog-api-key": gemini.KEY}) as client:
            bare = _median(lambda: _bare_gemini(emulator.url, client))
    yield Row("Cloud call: Gemini adapter's part, one request", (whole - bare) * 1000, "ms", TARGET)


def _median(act: Callable[[], None]) -> float:
    """Seconds of one turn, after one that loads the client."""
    act()
    times = []
    for _ in range(CALLS):
        begin = perf_counter()
        act()
        times.append(perf_counter() - begin)
    return median(times)


def _call(engine: Engine, params: dict) -> None:
    request = EngineRequest("picture", params, calls=Record())
    while True:
        try:
            result = engine.run(request, lambda *args, **kwargs: None)
        except Waiting:
            continue
        assert len(result.outputs) == 1
        return


def _bare_flux(url: str, client: httpx.Client) -> None:
    wish = {"version": "a" * 64, "input": {"prompt": "p", "num_outputs": 1, "prompt_strength": 0.5}}
    pk = client.post(f"{url}/v1/predictions", json=wish).json()["id"]
    client.get(client.get(f"{url}/v1/predictions/{pk}").json()["output"][0]).read()


def _bare_gemini(url: str, client: httpx.Client) -> None:
    wish = {"contents": [{"parts": [{"text": "p"}]}], "generationConfig": {}}
    answer = client.post(f"{url}/v1/models/m:generateContent", json=wish).json()
    base64.b64decode(answer["candidates"][0]["content"]["parts"][1]["inlineData"]["data"])


@contextmanager
def _address(name: str, url: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = url
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
