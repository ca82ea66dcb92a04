"""A small platform in memory for the tests of publishing: it keeps what is public and misbehaves as it is told."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

from scheduling.platforms.base import (
    Capabilities,
    Doubt,
    Exchange,
    Facts,
    Look,
    Measured,
    Outgoing,
    Platform,
    PlatformError,
    Rules,
    Sent,
    Step,
)
from scheduling.platforms.connect import Connector, Found, Tokens

SEVERAL = ("image/jpeg", "image/png", "image/webp")


class World:
    """What one test's platform knows. `orders`: by call, what its next calls shall do, in order.

    An order is an exception to raise before any effect, "late" for the effect and then no answer, or a value to return.
    """

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.comments: list[str] = []
        self.containers: dict[str, str] = {}
        self.orders: dict[str, list] = {}
        self.calls: list[str] = []
        self.left: int | None = None
        self.proof = "container"  # what a look at something absent rests on: "container" or "list"
        self.hook = lambda call: None  # told of each call before it is done

    def order(self, call: str, *orders) -> None:
        """Misbehave at the next calls of this name; None does what is right."""
        self.orders.setdefault(call, []).extend(orders)

    def take(self, call: str):
        self.calls.append(call)
        self.hook(call)
        orders = self.orders.get(call)
        order = orders.pop(0) if orders else None
        if isinstance(order, BaseException):
            raise order
        return order

    def count(self, call: str) -> int:
        return self.calls.count(call)


class TrialPlatform(Platform):
    """Containers like Instagram's: made, processed, published once; `world` belongs to the test."""

    name, title = "instagram", "Instagram"
    world: World
    hosts = {"api": "https://api.example.com"}
    capabilities = Capabilities(
        formats={
            "image": Rules(mimes=SEVERAL, first_comment=True, alt_text=1000),
            "carousel": Rules(least=2, most=10, mimes=SEVERAL),
            "video": Rules(kinds=("video",), mimes=("video/mp4",)),
        },
        ai_flag=frozenset({"image", "carousel", "video"}),
        paid_flag=frozenset({"image", "carousel", "video"}),
    )

    def prepare(self, post: Outgoing, progress: Mapping[str, Any]) -> Step:
        order = self.world.take("prepare")
        if isinstance(order, Step):
            return order
        if "container" not in progress:
            number = f"c{len(self.world.containers) + 1}"
            self.world.containers[number] = "FINISHED"
            self._record("POST", "media", {"caption": post.caption, "access_token": self.account.access_token}, number)
            return Step({"container": number}, "Container made", container_id=number)
        return Step(progress, "Processed", ready=True, container_id=progress["container"])

    def publish(self, post: Outgoing, progress: Mapping[str, Any]) -> Sent:
        order = self.world.take("publish")
        if isinstance(order, Sent):
            return order
        remote_id = f"m{len(self.world.posts) + 1}"
        self.world.posts.append({"id": remote_id, "key": post.key, "caption": post.caption, "flags": dict(post.flags)})
        self.world.containers[progress["container"]] = remote_id
        if order == "late":
            raise Doubt("No answer in time.")
        self._record("POST", "media_publish", {"creation_id": progress["container"]}, remote_id)
        return Sent(remote_id, f"https://example.com/{remote_id}")

    def look(self, post: Outgoing, progress: Mapping[str, Any], since) -> Look:
        order = self.world.take("look")
        if isinstance(order, Look):
            return order
        found = self.world.containers.get(progress["container"], "FINISHED")
        if found != "FINISHED":
            return Look("published", remote_id=found, url=f"https://example.com/{found}")
        return Look("absent", evidence={"proof": self.world.proof, "status_code": found})

    def read_back(self, remote_id: str) -> Mapping[str, Any]:
        order = self.world.take("read_back")
        return order or {"url": f"https://example.com/{remote_id}"}

    def inspect(self) -> Facts:
        self.world.take("inspect")
        return Facts(self.account.handle, left=self.world.left)

    def measure(self, remote_ids: list[str]) -> Measured:
        return Measured()

    def comment(self, post: Outgoing, remote_id: str) -> str:
        order = self.world.take("comment")
        self.world.comments.append(post.first_comment)
        if order == "late":
            raise Doubt("No answer in time.")
        return "comment-1"

    def _record(self, method: str, path: str, sent: Mapping[str, Any], answer: str) -> None:
        url = f"https://api.example.com/{path}?access_token={self.account.access_token}"
        self.record(Exchange(method, url, sent, 200, f'{{"id": "{answer}"}}'))


class TrialConnector(Connector):
    """Its accounts are connected by the tests' makers; who has a refresh token gets another one with each renewal."""

    name, scopes, steps, renewal, hosts = "instagram", (), (), "rotate", {}
    world: World

    def authorize_url(self, **kwargs) -> str:
        return ""

    def exchange(self, **kwargs) -> Tokens:
        return Tokens("")

    def refresh(self, tokens: Tokens) -> Tokens:
        self.world.take("refresh")
        return Tokens("token-fresh", "refresh-fresh", access_expires_at=datetime.now(UTC) + timedelta(days=30))

    def accounts(self, tokens: Tokens) -> list[Found]:
        return []


def install(monkeypatch, *names: str) -> World:
    """Let these platforms be this one for a test, and return what it knows."""
    world = World()
    titles = {"instagram": "Instagram", "tiktok": "TikTok", "youtube": "YouTube", "linkedin": "LinkedIn"}
    for name in names or titles:
        adapter = type(titles[name], (TrialPlatform,), {"name": name, "title": titles[name], "world": world})
        connector = type(f"{titles[name]}Connector", (TrialConnector,), {"name": name, "world": world})
        for module, member in (("adapter", adapter), ("connect", connector)):
            monkeypatch.setattr(import_module(f"scheduling.platforms.{name}.{module}"), member.__name__, member)
    return world


def refusal(kind: str, message: str = "No.", **more) -> PlatformError:
    """A sure no of the platform."""
    return PlatformError(message, kind=kind, code=f"trial_{kind}", **more)
