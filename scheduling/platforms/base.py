"""The contract between our publishing and a platform's API: frozen data in and out, one effect per call.

The caller commits after each step, so that a kill between two steps repeats at most a harmless one. `publish` is the
one call that makes something public: it is sent once, with no retry of its own, and every doubt about it is a `Doubt`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO, ClassVar, Literal

from inflio.common.errors import ProviderError


class PlatformError(ProviderError):
    """A platform said no, for sure: nothing became public by this call.

    `kind` says what helps: "invalid" (change the post), "reconnect" (log in again), "container" (make a new one),
    "limit" (wait until `retry_after`), "later" (try again), "blocked" (the account itself: its owner must act on the
    platform), "setup" (whoever runs this installation must act). `fix` is one sentence for the user.
    """

    code = "platform"
    Kind = Literal["invalid", "reconnect", "container", "limit", "later", "blocked", "setup"]

    def __init__(
        self,
        message: str,
        *,
        kind: Kind,
        code: str,
        fix: str = "",
        status: int | None = None,
        retry_after: float | None = None,
        answer: str = "",
    ) -> None:
        super().__init__(message, retryable=kind in ("container", "limit", "later"), retry_after=retry_after)
        self.kind, self.code, self.fix = kind, code, fix
        self.http_status, self.answer = status, answer


class Doubt(Exception):
    """Nobody can tell whether the call had its effect: a timeout, a reset, a 5xx, an answer that makes no sense."""

    def __init__(self, message: str, *, status: int | None = None, answer: str = "") -> None:
        super().__init__(message)
        self.message, self.http_status, self.answer = message, status, answer


@dataclass(frozen=True)
class Ratio:
    """Width divided by height, from lowest to highest."""

    lowest: float
    highest: float


@dataclass(frozen=True)
class Rules:
    """What a platform takes for one format; 0 or None: no limit. Forms, checks and previews read it."""

    least: int = 1  # files
    most: int = 1
    kinds: tuple[str, ...] = ("image",)  # "image", "video"
    mimes: tuple[str, ...] = ("image/jpeg",)
    most_bytes: int = 0
    ratio: Ratio | None = None
    widest: int = 0  # pixels
    shortest_seconds: float = 0
    longest_seconds: float = 0
    preset: str = ""  # of content.exports.presets, for pictures
    caption: int = 2200  # in `count_in`
    count_in: Literal["characters", "utf16", "bytes"] = "characters"
    caption_needed: bool = False
    title: int = 0  # longest title; 0: it has none
    hashtags: int = 0  # most
    mentions: int = 0
    alt_text: int = 0  # longest; 0: not supported
    first_comment: bool = False
    cover: bool = False


@dataclass(frozen=True)
class Capabilities:
    """What a platform can do, as data. `ai_flag` and `paid_flag`: formats for which it has a field of its own."""

    formats: Mapping[str, Rules]  # "image", "carousel", "video", "story"
    ai_flag: frozenset[str] = frozenset()
    paid_flag: frozenset[str] = frozenset()
    metrics: tuple[str, ...] = ()  # names it can measure for a post
    account_metrics: tuple[str, ...] = ()
    can_be_looked_up: bool = True  # whether a doubtful publish can be settled by reading
    needs_public_media: bool = False  # it fetches the files from an address of ours


@dataclass(frozen=True)
class Media:
    """One file. `url` is public for a while; `open` reads it here. `seconds` for videos only."""

    kind: Literal["image", "video"]
    mime: str
    size: int  # bytes
    width: int
    height: int
    url: str
    open: Callable[[], BinaryIO] = field(repr=False, compare=False)
    seconds: float | None = None
    alt_text: str = ""


@dataclass(frozen=True)
class Outgoing:
    """One post as one platform gets it, frozen before the first step. `caption` is complete, with hashtags and labels.

    options: what only this platform asks (privacy ...). flags: labels of AI and partnership, in the platform's own
    names. key: the same in all attempts of one publication.
    """

    key: str
    format: str
    caption: str
    title: str
    media: tuple[Media, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    flags: Mapping[str, Any] = field(default_factory=dict)
    cover_ms: int | None = None
    first_comment: str = ""


@dataclass(frozen=True)
class Account:
    """Whose account it is and the token that may use it now."""

    external_id: str
    access_token: str = field(repr=False)
    handle: str = ""
    scopes: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """The answer of one preparing step. `progress` replaces what was saved; `ready`: publish may be called next."""

    progress: Mapping[str, Any]
    stage: str
    ready: bool = False
    wait: float = 0  # seconds until the next step makes sense
    container_id: str = ""


@dataclass(frozen=True)
class Sent:
    """The platform took it. `final`: it is public now; else it works on it and `look` tells how it ended."""

    remote_id: str = ""
    url: str = ""
    final: bool = True
    progress: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Look:
    """What reading the platform told of a publish that was sent.

    "published": it is there. "absent": proved not to be there, and the same `progress` may be published again.
    "gone": absent, and a new container is needed. "working": it is being processed. "refused": it ended without being
    public. "unclear": the platform does not tell. `alike_since`: it was only found by its words, among all that is
    public since then, and may be another post of ours with the same words.
    """

    outcome: Literal["published", "absent", "gone", "working", "refused", "unclear"]
    remote_id: str = ""
    url: str = ""
    reason: str = ""
    fix: str = ""
    wait: float = 0
    evidence: Mapping[str, Any] = field(default_factory=dict)
    alike_since: datetime | None = None


@dataclass(frozen=True)
class Facts:
    """What the platform says of an account now. `left`: posts that may still go out in this window, if it tells."""

    handle: str
    name: str = ""
    avatar_url: str = ""
    left: int | None = None
    resets_at: datetime | None = None
    options: Mapping[str, Any] = field(default_factory=dict)  # what the composer must offer, such as privacy levels
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Measured:
    """Figures by name; a figure the platform does not give is absent. `posts` by remote id."""

    account: Mapping[str, int] = field(default_factory=dict)
    posts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, without any token: what the evidence keeps."""

    method: str
    url: str
    sent: Mapping[str, Any]
    status: int | None
    answer: str


class Platform(ABC):
    """One account on one platform. Built for each use: Platform(account, hosts=..., version=..., record=...).

    `hosts` are the platform's base addresses by name (its own, or the sandbox's). `record` gets each Exchange.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    hosts: ClassVar[Mapping[str, str]]  # of the real platform

    def __init__(
        self,
        account: Account,
        *,
        hosts: Mapping[str, str] | None = None,
        options: Mapping[str, Any] | None = None,
        record: Callable[[Exchange], None] = lambda exchange: None,
        timeout: float = 30,
    ) -> None:
        self.account = account
        self.hosts_used = dict(hosts or self.hosts)
        self.options = dict(options or {})  # of the installation: API version, upload way
        self.record = record
        self.timeout = timeout

    @abstractmethod
    def prepare(self, post: Outgoing, progress: Mapping[str, Any]) -> Step:
        """Do the next harmless step: at most one request with an effect. Raises PlatformError or Doubt (repeatable)."""

    @abstractmethod
    def publish(self, post: Outgoing, progress: Mapping[str, Any]) -> Sent:
        """Make it public, by one request without retries. Raises PlatformError (surely not public) or Doubt."""

    @abstractmethod
    def look(self, post: Outgoing, progress: Mapping[str, Any], since: datetime) -> Look:
        """Find out, by reading only, what became of a publish that was sent after `since`. Raises PlatformError."""

    @abstractmethod
    def read_back(self, remote_id: str) -> Mapping[str, Any]:
        """Read a published post: its address as `url`, and the labels it carries, in the platform's names."""

    @abstractmethod
    def inspect(self) -> Facts:
        """Read the account: its name, what may be posted and how many more. Raises PlatformError."""

    @abstractmethod
    def measure(self, remote_ids: list[str]) -> Measured:
        """Read the figures of the account and of these posts."""

    def is_post_id(self, remote_id: str) -> bool:
        """Whether this is a public post's own id, not what stands in for it while the platform keeps that back."""
        return bool(remote_id)

    def comment(self, post: Outgoing, remote_id: str) -> str:
        """Write the first comment and return its id; only where Rules.first_comment."""
        raise PlatformError(f"{self.title} takes no first comment.", kind="invalid", code="no_comments")
