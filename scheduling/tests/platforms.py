"""What the tests of the platforms share: small real files, and an account of the sandbox with its adapter."""

import io
import time
from collections.abc import Callable
from functools import cache
from itertools import count
from tempfile import NamedTemporaryFile
from typing import TypeVar

import av
import httpx
import numpy as np
from PIL import Image

from scheduling.platforms.base import Account, Exchange, Media, Outgoing, Platform
from scheduling.sandbox.server import Sandbox

_numbers = count(1)
T = TypeVar("T")


@cache
def jpeg(
    width: int = 540, height: int = 675, colour: tuple[int, int, int] = (90, 120, 200), kind: str = "JPEG"
) -> bytes:
    """A picture."""
    data = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(data, kind)
    return data.getvalue()


@cache
def mp4(seconds: float = 3.5, width: int = 90, height: int = 160, *, faststart: bool = True, fps: int = 24) -> bytes:
    """A video of one colour."""
    options = {"movflags": "+faststart"} if faststart else {}
    with NamedTemporaryFile(suffix=".mp4") as file, av.open(file.name, "w", options=options) as container:
        track = container.add_stream("libx264", rate=fps)
        track.width, track.height, track.pix_fmt = width, height, "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.full((height, width, 3), 120, np.uint8), format="rgb24")
        for number in range(int(seconds * fps)):
            frame.pts = number
            container.mux(track.encode(frame))
        container.mux(track.encode())
        container.close()  # it is read once more for that, by its name
        return file.read()


def eventually(condition: Callable[[], T]) -> T:
    """What the condition says as soon as it is true; what a thread does beside us comes when the machine has time."""
    end = time.monotonic() + 20
    while not (said := condition()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)
    return said


def hosted(sandbox: Sandbox, data: bytes, *, alt_text: str = "") -> Media:
    """A file at an address from which a platform can fetch it."""
    url = httpx.post(f"{sandbox.url}/_sandbox/files", content=data).json()["url"]
    if data[4:8] == b"ftyp":
        return Media("video", "video/mp4", len(data), 90, 160, url, lambda: io.BytesIO(data), seconds=3.5)
    with Image.open(io.BytesIO(data)) as image:
        return Media("image", Image.MIME[image.format], len(data), *image.size, url, lambda: io.BytesIO(data),
                     alt_text=alt_text)  # fmt: skip


class Stage:
    """A new account on one platform of a running sandbox, and its adapter; `exchanges` is the evidence."""

    def __init__(self, sandbox: Sandbox, kind: type[Platform], *, scopes: tuple[str, ...] = (), **options) -> None:
        self.sandbox, self.world = sandbox, sandbox.world
        self.id = str(90_000 + next(_numbers))
        self.token = sandbox.connect(kind.name, self.id, f"test{self.id}", scopes=scopes)
        self.exchanges: list[Exchange] = []
        self.hosts = {name: f"{sandbox.url}/{kind.name}/{name}" for name in kind.hosts}
        account = Account(self.id, self.token, f"test{self.id}")
        self.platform = kind(account, hosts=self.hosts, options=options, record=self.exchanges.append, timeout=20)

    def post(
        self, *media: Media, format: str = "image", caption: str = "Out before the city wakes.", **more
    ) -> Outgoing:
        """A post of these files."""
        return Outgoing(f"key-{next(_numbers)}", format, caption, "", media, **more)

    def prepared(self, post: Outgoing, *, steps: int = 20) -> dict:
        """Do step after step until it may be published; the progress then."""
        progress: dict = {}
        for _ in range(steps):
            step = self.platform.prepare(post, progress)
            progress = dict(step.progress)
            if step.ready:
                return progress
        raise AssertionError(f"not ready after {steps} steps: {progress}")

    def public(self) -> list[dict]:
        """What is public on this account, newest first."""
        return self.world.posts(self.platform.name, self.id)
