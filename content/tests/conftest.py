"""Personas that content can be made with."""

from importlib import import_module

import pytest
from django.apps import apps

from content.services import thread_starts
from content.tests import talks
from inflio.media.models import Asset
from personas.models import Persona, Portrait
from personas.services import allow_outside_engines
from personas.tests.makers import analysed, persona_with_photos


@pytest.fixture
def ready(workspace, alice) -> Persona:
    """Alice's persona Ada with five references and a consent."""
    return analysed(persona_with_photos(workspace, alice))


@pytest.fixture
def portrait(ready, alice):
    """One of Ada's portraits, 1024 x 1280, of a known place and seed."""
    asset = ready.photos.first().asset
    made = Asset.objects.create(
        workspace=ready.workspace,
        source=Asset.Source.ENGINE,
        name=asset.name,
        sha256=asset.sha256,
        mime=asset.mime,
        size=asset.size,
        width=1024,
        height=1280,
        provenance={"method": "composite", "scenario": "casual_friendly", "seed": 5, "photo": "abc"},
    )
    Portrait.objects.create(persona=ready, scenario="casual_friendly", asset=made)
    return made


@pytest.fixture
def thread(ready, portrait, alice):
    """A conversation with its first picture."""
    thread = thread_starts.start_thread(persona=ready, by=alice, asset=portrait)
    talks.finish(thread)
    return thread


@pytest.fixture
def prompt_templates(db) -> None:
    """The words of the looks as the migration brings them; a test with real transactions may have emptied the table."""
    import_module("content.migrations.0003_prompt_templates").add_templates(apps, None)


@pytest.fixture
def keys(settings) -> None:
    """The installation has a key of every company."""
    settings.PROVIDER_KEYS = dict.fromkeys(settings.PROVIDER_KEYS, "a-key-for-tests")


@pytest.fixture
def allowed(ready, alice) -> Persona:
    """Ada, whose photos may be sent to other companies."""
    allow_outside_engines(persona=ready, by=alice)
    return ready
