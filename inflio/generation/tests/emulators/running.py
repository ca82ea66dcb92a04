"""Emulators that the official clients talk to, with short patience and a key of the installation."""

from collections.abc import Iterator
from contextlib import contextmanager

from inflio.generation.engines.gemini import api as gemini_api
from inflio.generation.engines.replicate import api as replicate_api
from inflio.generation.engines.replicate.flow import ReplicateEngine
from inflio.generation.engines.replicate.provider import Replicate
from inflio.generation.tests.emulators import gemini, replicate

PATIENCE = 0.35  # seconds; an emulator that hangs takes longer


@contextmanager
def replicate_running(monkeypatch, settings, *, seed: int = 1) -> Iterator[replicate.ReplicateEmulator]:
    """Replicate on loopback; a request that the list does not show is given up at the first look."""
    for name in ("READ_SECONDS", "UPLOAD_SECONDS"):
        monkeypatch.setattr(replicate_api, name, PATIENCE)
    monkeypatch.setattr(ReplicateEngine, "lost_seconds", 0)
    monkeypatch.setattr(Replicate, "_secrets", {})
    settings.PROVIDER_KEYS = {"replicate": replicate.KEY}
    with replicate.ReplicateEmulator(seed=seed) as emulator:
        monkeypatch.setenv("INFLIO_REPLICATE_URL", emulator.url)
        yield emulator


@contextmanager
def gemini_running(monkeypatch, settings, *, seed: int = 1) -> Iterator[gemini.GeminiEmulator]:
    """Gemini on loopback."""
    monkeypatch.setattr(gemini_api, "SECONDS", PATIENCE)
    settings.PROVIDER_KEYS = {"gemini": gemini.KEY}
    with gemini.GeminiEmulator(seed=seed) as emulator:
        monkeypatch.setenv("INFLIO_GEMINI_URL", emulator.url)
        yield emulator
