"""What the tests of scheduling share: Ada with an account and posts, and the sandbox with its four platforms."""

from collections.abc import Iterator

import pytest

from personas.models import Persona
from personas.services import create_persona
from personas.tests.makers import analysed, persona_with_photos
from scheduling.models import Channel, Post, Publication
from scheduling.sandbox import faults
from scheduling.sandbox.server import Sandbox
from scheduling.services.timing import times
from scheduling.tests import makers
from scheduling.tests.timing_helpers import DAILY, NOW, ONCE, fresh
from scheduling.tests.trial_platform import World, install


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
    settings.SANDBOX_URL, settings.PLATFORM_TIMEOUT = _sandbox.url, 20
    _sandbox.world.change(hang_seconds=0.2)
    yield _sandbox
    faults.clear(_sandbox.world)
    _sandbox.world.shift(0)


@pytest.fixture
def ada(workspace, alice) -> Persona:
    """Alice's persona without photos: enough to plan posts with, and quick to make."""
    return create_persona(workspace=workspace, name="Ada", by=alice)


@pytest.fixture
def persona(ada) -> Persona:
    """Ada, as the tests of times call her."""
    return ada


@pytest.fixture
def channel(ada) -> Channel:
    return makers.channel(ada)


@pytest.fixture
def post(ada, channel) -> Post:
    return makers.post(ada, channel)


@pytest.fixture
def due(post, channel) -> Publication:
    return makers.publication(post, channel)


@pytest.fixture
def world(monkeypatch) -> World:
    """What the small platform in memory knows, which stands in for all others."""
    return install(monkeypatch)


@pytest.fixture
def daily(persona, channel) -> Post:
    """Every day at 09:30 in Paris since 1 November, planned at noon (UTC) of the 21st."""
    post = makers.post(persona, channel, pictures=0, **DAILY)
    times.materialise(post=post, now=NOW)
    return fresh(post)


@pytest.fixture
def once(persona, channel) -> Post:
    """Once, on 24 December at 18:00 in Paris."""
    post = makers.post(persona, channel, pictures=0, **ONCE)
    times.materialise(post=post, now=NOW)
    return fresh(post)
