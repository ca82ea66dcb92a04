"""Which platforms there are, with which keys and at which addresses: the real ones, or the sandbox in the box."""

from collections.abc import Callable
from importlib import import_module

from django.conf import settings

from scheduling.platforms.base import Account, Exchange, Platform
from scheduling.platforms.connect import App, Connector

NAMES = ("instagram", "tiktok", "youtube", "linkedin")
SANDBOX_APP = App("inflio-sandbox", "inflio-sandbox-secret")
_PLATFORMS = {"instagram": "Instagram", "tiktok": "TikTok", "youtube": "YouTube", "linkedin": "LinkedIn"}


def platform_class(name: str) -> type[Platform]:
    """The adapter of a platform; raises KeyError."""
    return getattr(import_module(f"scheduling.platforms.{name}.adapter"), _PLATFORMS[name])


def connector_class(name: str) -> type[Connector]:
    """How a platform connects; raises KeyError."""
    return getattr(import_module(f"scheduling.platforms.{name}.connect"), f"{_PLATFORMS[name]}Connector")


def app_of(name: str, *, sandbox: bool) -> App:
    """Our registration there; it is false when this installation has no keys for it."""
    return SANDBOX_APP if sandbox else App(*settings.PLATFORM_APPS[name])


def sandbox_hosts(name: str, hosts: dict[str, str]) -> dict[str, str]:
    """The same hosts on the sandbox: <SANDBOX_URL>/<platform>/<host's name>."""
    return {host: f"{settings.SANDBOX_URL}/{name}/{host}" for host in hosts}


def connector_of(name: str, *, sandbox: bool) -> Connector:
    """A connector that is ready to use."""
    kind = connector_class(name)
    hosts = sandbox_hosts(name, dict(kind.hosts)) if sandbox else dict(kind.hosts)
    return kind(app_of(name, sandbox=sandbox), hosts=hosts, timeout=settings.PLATFORM_TIMEOUT)


def adapter_of(
    name: str, account: Account, *, sandbox: bool, record: Callable[[Exchange], None] = lambda exchange: None
) -> Platform:
    """An adapter for one account."""
    kind = platform_class(name)
    hosts = sandbox_hosts(name, dict(kind.hosts)) if sandbox else dict(kind.hosts)
    return kind(
        account,
        hosts=hosts,
        options=settings.PLATFORM_OPTIONS.get(name, {}),
        record=record,
        timeout=settings.PLATFORM_TIMEOUT,
    )
