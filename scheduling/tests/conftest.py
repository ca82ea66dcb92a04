"""What the tests of scheduling share: a persona that is ready, and the sandbox with its four platforms."""

from collections.abc import Iterator

import pytest

from personas.models import Persona
from personas.services import create_persona
from personas.tests.makers import analysed, persona_with_photos
from scheduling.sandbox import faults
from scheduling.sandbox.server import Sandbox


@pytest.fixture
def ready(workspace, alice) -> Persona:
    """Alice's persona Ada with five references and a consent."""
    return analysed(persona_with_photos(workspace, alice))


@pytest.fixture(scope="session")
def _sandbox(tmp_path_factory) -> Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
def networks(_sandbox, settings) -> Iterator[Sandbox]:
    """The sandbox that sandbox accounts live on; one for all tests, without faults and on time at the end of each."""
    settings.SANDBOX_URL, settings.PLATFORM_TIMEOUT = _sandbox.url, 2
    _sandbox.world.change(hang_seconds=0.2)
    yield _sandbox
    faults.clear(_sandbox.world)
    _sandbox.world.shift(0)


@pytest.fixture
def ada(workspace, alice) -> Persona:
    """Alice's persona without photos: enough to plan posts with, and quick to make."""
    return create_persona(workspace=workspace, name="Ada", by=alice)
