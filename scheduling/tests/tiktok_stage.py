"""What the tests of TikTok share: a sandbox, adapters for new accounts on it, posts, and TikTok's contracts."""

import io
import json
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path

import av
import jsonschema
import numpy as np
import pytest
from PIL import Image

from scheduling.platforms.base import Account, Doubt, Media, Outgoing, PlatformError
from scheduling.platforms.tiktok.adapter import TikTok
from scheduling.sandbox import faults
from scheduling.sandbox.server import Sandbox

CONTRACTS = {path.stem: json.loads(path.read_text()) for path in (Path(__file__).parent / "contracts/tiktok").glob("*")}
BY_PATH = {one["path"]: one for one in CONTRACTS.values() if "path" in one}
VECTORS = CONTRACTS["vectors"]
OPTIONS = {"privacy_level": "PUBLIC_TO_EVERYONE", "allow_comment": True, "consent": True}
_numbers = count(1)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """One sandbox for all tests of this file; each test has an account of its own."""
    with Sandbox(tmp_path_factory.mktemp("tiktok"), platforms=("tiktok",)) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(world):
    """The sandbox, well-behaved again after the test."""
    yield world
    faults.clear(world.world)
    world.world.change(**dict.fromkeys(world.world.all("setting")))
    world.world.shift(0)


@pytest.fixture
def tiktok(sandbox):
    """Makes adapters: each for a new account, with a list of what it recorded in `exchanges`."""
    return lambda **options: adapter(sandbox, **options)


def adapter(sandbox, *, upload="file", timeout=20.0, scopes=()) -> TikTok:
    name = f"tt{next(_numbers)}"
    token = sandbox.connect("tiktok", name, name, token=f"secret-token-of-{name}", scopes=scopes)
    exchanges = []
    made = TikTok(
        Account(name, token, handle=name, scopes=scopes),
        hosts={host: f"{sandbox.url}/tiktok/{host}" for host in TikTok.hosts},
        options={"upload": upload},
        record=exchanges.append,
        timeout=timeout,
    )
    made.exchanges = exchanges
    return made


@cache
def mp4(width=360, height=640, fps=24) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for shade in range(fps + fps // 4):
            picture = np.full((height, width, 3), shade * 4 % 255, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return file.getvalue()


@cache
def jpeg(size=(1080, 1350), kind="JPEG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (40, 90, 60)).save(file, kind)
    return file.getvalue()


def media(sandbox, data: bytes, kind="video") -> Media:
    """A file that the sandbox can fetch and that can be read here."""
    mime = "video/mp4" if kind == "video" else "image/jpeg"
    url = f"{sandbox.url}/_sandbox/files/{sandbox.world.store(data, mime)}"
    return Media(kind, mime, len(data), 360, 640, url, lambda: io.BytesIO(data), seconds=1.25)


def video(sandbox, caption="Morning walk #ada", **changes) -> Outgoing:
    values = {"flags": {"is_aigc": True}, "options": OPTIONS, "media": (media(sandbox, mp4()),)} | changes
    return Outgoing("key", "video", caption, "", **values)


def photos(sandbox, caption="Out early. AI-generated.", number=2, **changes) -> Outgoing:
    values = {"options": OPTIONS, "media": (media(sandbox, jpeg(), "image"),) * number} | changes
    return Outgoing("key", "carousel", caption, "Morning", **values)


def prepared(adapter, post, progress=None):
    """Prepare a post to its end, with another try for what may be tried again."""
    for _ in range(9):
        try:
            step = adapter.prepare(post, progress or {})
        except Doubt:
            continue
        except PlatformError as error:
            if not error.retryable:
                raise
            continue
        progress = json.loads(json.dumps(step.progress))  # as a row would keep it
        if step.ready:
            return progress
    raise AssertionError("It is never ready.")


def settled(adapter, post, progress, since):
    """Look until it is settled; a look that failed is tried again."""
    for _ in range(6):
        try:
            found = adapter.look(post, progress, since)
        except PlatformError as error:
            if not error.retryable:
                raise
            continue
        if found.outcome != "working":
            return found
    raise AssertionError("It works for ever.")


def deliver(adapter, post):
    """As the publishing engine does it: publish once, and never again before it is proved absent. The last Look."""
    progress, since = prepared(adapter, post), datetime.now(UTC)
    for _ in range(5):
        try:
            progress = adapter.publish(post, progress).progress
        except Doubt:
            pass
        except PlatformError as error:
            if not error.retryable:
                raise
            progress = prepared(adapter, post)
            continue
        found = settled(adapter, post, progress, since)
        if found.outcome == "gone":
            progress = prepared(adapter, post)
        elif found.outcome != "absent":
            return found
    raise AssertionError("It never ends.")


def public(sandbox, adapter) -> list[dict]:
    return sandbox.world.posts("tiktok", adapter.account.external_id)


def check_contracts(exchanges) -> set[str]:
    """Each recorded exchange against its contract; the paths that were checked."""
    for one in exchanges:
        path = "/" + one.url.partition("/api/")[2]
        if contract := BY_PATH.get(path):
            if "request" in contract:
                fits(one.sent["json"], contract["request"])
            if one.status == 200:
                fits(json.loads(one.answer), contract["answer"])
    return {"/" + one.url.partition("/api/")[2] for one in exchanges} & set(BY_PATH)


def fits(value, schema) -> None:
    """Raise ValidationError unless a value is as its contract says; the schemas themselves have a test of their own."""
    jsonschema.Draft202012Validator(schema).validate(value)
