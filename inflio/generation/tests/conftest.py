"""Fixtures of the generation tests: fal on loopback."""

import fal_client.client as library
import pytest

from inflio.generation.engines.fal import api, provider
from inflio.generation.tests.emulators.fal import KEY, FalEmulator


@pytest.fixture
def fal(monkeypatch, settings):
    """An emulator of fal that the official client talks to, with short patience and a key of the installation."""
    for name in ("RUN_URL_FORMAT", "QUEUE_URL_FORMAT", "REST_URL", "CDN_URL"):
        monkeypatch.setattr(library, name, getattr(library, name))  # put back after the test
    for name in ("SUBMIT_SECONDS", "READ_SECONDS", "STREAM_SECONDS"):
        monkeypatch.setattr(api, name, 0.35)
    monkeypatch.setattr(provider, "_keys", {})
    settings.PROVIDER_KEYS = {"fal": KEY}
    with FalEmulator() as emulator:
        api.use_base(emulator.url)
        monkeypatch.setenv("INFLIO_FAL_JWKS_URL", f"{emulator.url}/jwks.json")
        yield emulator
        api.close_clients()
