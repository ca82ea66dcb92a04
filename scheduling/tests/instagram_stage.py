"""What the tests of Instagram share: a sandbox, a stage with a new account on it, a picture and a video."""

from datetime import UTC, datetime

import pytest

from scheduling.platforms.instagram.adapter import Instagram
from scheduling.sandbox.server import Sandbox
from scheduling.tests.clips import short_clip
from scheduling.tests.platforms import Stage, hosted, jpeg

NOW = datetime.now(UTC)
LABEL = {"is_ai_generated": True}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with Sandbox(tmp_path_factory.mktemp("sandbox"), platforms=("instagram",)) as sandbox:
        sandbox.world.change(hang_seconds=0.05)
        yield sandbox


@pytest.fixture
def stage(sandbox):
    yield Stage(sandbox, Instagram, version="v26.0")
    sandbox.world.shift(0)
    for fault in sandbox.world.all("fault"):
        sandbox.world.drop("fault", fault)


@pytest.fixture(scope="module")
def picture(sandbox):
    return hosted(sandbox, jpeg(), alt_text="Ada on a bridge")


@pytest.fixture(scope="module")
def video(sandbox):
    return hosted(sandbox, short_clip())
