"""Emulators that the official clients talk to, with a key of the installation."""

from collections.abc import Iterator
from contextlib import contextmanager

from inflio.generation.engines.fal import api as fal_api
from inflio.generation.engines.gemini import api as gemini_api
from inflio.generation.engines.replicate import api as replicate_api
from inflio.generation.engines.replicate.flow import ReplicateEngine
from inflio.generation.engines.replicate.provider import Replicate
from inflio.generation.tests.emulators import gemini, replicate
from inflio.generation.tests.emulators.base import Emulator

PATIENCE = 10.0  # seconds that the clients wait: a busy machine is no fault of the provider
FAL_LIMITS = ("SUBMIT_SECONDS", "READ_SECONDS", "STREAM_SECONDS")
REPLICATE_LIMITS = ("READ_SECONDS", "UPLOAD_SECONDS")


def be_patient(monkeypatch, seconds: float = PATIENCE) -> None:
    """How long the clients of all providers wait for an answer."""
    for api, names in ((fal_api, FAL_LIMITS), (replicate_api, REPLICATE_LIMITS), (gemini_api, ["SECONDS"])):
        for name in names:
            monkeypatch.setattr(api, name, seconds)


def outlast(monkeypatch, emulator: Emulator) -> None:
    """Let the emulator keep silent for longer than the clients wait, so that it is they who give up."""
    be_patient(monkeypatch, 0.8)
    emulator.hang_seconds = 5


@contextmanager
def replicate_running(monkeypatch, settings, *, seed: int = 1) -> Iterator[replicate.ReplicateEmulator]:
    """Replicate on loopback; a request that the list does not show is given up at the first look."""
    be_patient(monkeypatch)
    monkeypatch.setattr(ReplicateEngine, "lost_seconds", 0)
    monkeypatch.setattr(Replicate, "_secrets", {})
    settings.PROVIDER_KEYS = {"replicate": replicate.KEY}
    with replicate.ReplicateEmulator(seed=seed) as emulator:
        monkeypatch.setenv("INFLIO_REPLICATE_URL", emulator.url)
        yield emulator


@contextmanager
def gemini_running(monkeypatch, settings, *, seed: int = 1) -> Iterator[gemini.GeminiEmulator]:
    """Gemini on loopback."""
    be_patient(monkeypatch)
    settings.PROVIDER_KEYS = {"gemini": gemini.KEY}
    with gemini.GeminiEmulator(seed=seed) as emulator:
        monkeypatch.setenv("INFLIO_GEMINI_URL", emulator.url)
        yield emulator
