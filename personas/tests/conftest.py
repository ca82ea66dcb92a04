"""Personas in the states that tests start from."""

import pytest

from personas import services
from personas.tests.makers import analysed, end, persona_with_photos


@pytest.fixture
def persona(workspace, alice):
    """Five photos and a consent, nothing looked at."""
    return persona_with_photos(workspace, alice)


@pytest.fixture
def ready(persona):
    """Looked at: five references."""
    return analysed(persona)


@pytest.fixture
def finished(ready, alice):
    """Five portraits, each with a likeness of 0.93."""
    for job in services.request_portraits(persona=ready, by=alice):
        end(job, score=0.93)
    ready.refresh_from_db()
    return ready
