"""Fixtures of the generation tests: fal on loopback."""

import fal_client.client as library
import pytest

from inflio.generation.engines.fal import api, provider
from inflio.generation.tests.emulators.fal import KEY, FalEmulator
from inflio.generation.tests.emulators.running import be_patient


@pytest.fixture
def fal(monkeypatch, settings):
    """An emulator of fal that the official client talks to, with a key of the installation."""
    for name in ("RUN_URL_FORMAT", "QUEUE_URL_FORMAT", "REST_URL", "CDN_URL"):
        monkeypatch.setattr(library, name, getattr(library, name))  # put back after the test
    be_patient(monkeypatch)
    monkeypatch.setattr(provider, "_keys", {})
    settings.PROVIDER_KEYS = {"fal": KEY}
    with FalEmulator() as emulator:
        api.use_base(emulator.url)
        monkeypatch.setenv("INFLIO_FAL_JWKS_URL", f"{emulator.url}/jwks.json")
        yield emulator
        api.close_clients()
