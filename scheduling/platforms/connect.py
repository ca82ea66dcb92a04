"""The contract of connecting an account by OAuth; one connector beside each platform, in its own file."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar


@dataclass(frozen=True)
class Tokens:
    """What a platform gave. A refresh token that is empty means: keep the one there is. Times are aware, in UTC."""

    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    access_expires_at: datetime | None = None
    refresh_expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """An account that the tokens may post to."""

    external_id: str
    handle: str
    name: str = ""
    avatar_url: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class App:
    """Our registration at the platform: keys of this installation."""

    client_id: str
    client_secret: str = field(repr=False)

    def __bool__(self) -> bool:
        return bool(self.client_id and self.client_secret)


class Connector(ABC):
    """How one platform connects. `steps`: what whoever runs the installation does to get keys, with addresses."""

    name: ClassVar[str]
    scopes: ClassVar[tuple[str, ...]]
    steps: ClassVar[tuple[str, ...]]
    pkce: ClassVar[bool] = False
    hosts: ClassVar[Mapping[str, str]]
    # When to renew: "extend" (the same token lives on), "rotate" (the old refresh token dies), "keep" (the refresh
    # token stays), "none" (only the user can, by connecting again).
    renewal: ClassVar[str] = "keep"

    def __init__(self, app: App, *, hosts: Mapping[str, str] | None = None, timeout: float = 30) -> None:
        self.app = app
        self.hosts_used = dict(hosts or self.hosts)
        self.timeout = timeout

    @abstractmethod
    def authorize_url(self, *, state: str, redirect_uri: str, challenge: str = "") -> str:
        """Where the user is sent. `challenge` is PKCE's S256, when `pkce`."""

    @abstractmethod
    def exchange(self, *, code: str, redirect_uri: str, verifier: str = "") -> Tokens:
        """Turn the code of the callback into tokens. Raises PlatformError."""

    @abstractmethod
    def refresh(self, tokens: Tokens) -> Tokens:
        """Renew. Raises PlatformError with kind "reconnect" when only the user can help."""

    @abstractmethod
    def accounts(self, tokens: Tokens) -> list[Found]:
        """The accounts these tokens may post to. Raises PlatformError."""

    def revoke(self, tokens: Tokens) -> None:  # noqa: B027 - not every platform has it
        """Tell the platform that we need them no more."""
