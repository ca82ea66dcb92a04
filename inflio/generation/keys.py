"""Keys of providers: a workspace's own one wins over the installation's; a key leaves this module only to be used."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from inflio.accounts.models import User, Workspace
from inflio.common.crypto import Unreadable, seal, unseal
from inflio.common.errors import InflioError, InvalidInput
from inflio.generation.engines import ENGINES, HIDDEN, PROVIDERS, engine_class, engine_for_run, provider_class
from inflio.generation.engines.base import Engine, Provider
from inflio.generation.models import ProviderKey
from inflio.queue.leases import db_now

PURPOSE = "provider key"
KEY_MAX = 500


class NeedsKey(InflioError):
    """The provider of an engine has no key here that can be read."""

    code = "needs_key"
    status = 422


def key_for(*, workspace: Workspace, provider: str) -> str:
    """The key to call `provider` with for this workspace; raises NeedsKey with a sentence where there is none."""
    row = ProviderKey.objects.filter(workspace=workspace, provider=provider).first()
    if row:
        try:
            return unseal(row.secret, purpose=PURPOSE)
        except Unreadable as error:
            raise NeedsKey(f"The {provider} key of this workspace can no longer be read. Add it again.") from error
    if key := settings.PROVIDER_KEYS.get(provider, ""):
        return key
    title = provider_class(provider).title
    raise NeedsKey(f"{title} needs a key. A manager can add one under Engines.")


def engine_of(*, workspace: Workspace, name: str) -> Engine:
    """The engine as a worker needs it, with the workspace's key; raises NeedsKey, EngineRefused."""
    provider = engine_class(name).provider
    return engine_for_run(name, key_for(workspace=workspace, provider=provider) if provider else "")


def provider_of(*, workspace: Workspace, name: str) -> Provider:
    """The company with the workspace's key; raises NeedsKey, EngineRefused."""
    return provider_class(name)(key_for(workspace=workspace, provider=name))


@transaction.atomic
def save_key(*, workspace: Workspace, provider: str, key: str, by: User) -> ProviderKey:
    """Add or replace the workspace's key of a provider; raises InvalidInput for what cannot be a key."""
    key = key.strip()
    if provider not in PROVIDERS:
        raise InvalidInput("There is no such provider.")
    if not key.isascii():
        raise InvalidInput("A key has only plain letters, digits and signs. Copy it again from its provider.")
    if not 8 <= len(key) <= KEY_MAX or any(not char.isprintable() or char.isspace() for char in key):
        raise InvalidInput("This is not a key: paste it whole, without spaces.")
    changes = {
        "secret": seal(key, purpose=PURPOSE),
        "last4": key[-4:],
        "added_by": by,
        "tested_at": None,
        "test_result": "",
        "works": None,
    }
    return ProviderKey.objects.update_or_create(workspace=workspace, provider=provider, defaults=changes)[0]


def remove_key(*, workspace: Workspace, provider: str) -> bool:
    """Delete the workspace's key of a provider; False when there was none."""
    return bool(ProviderKey.objects.filter(workspace=workspace, provider=provider).delete()[0])


def check_key(*, workspace: Workspace, provider: str) -> tuple[bool, str]:
    """Make a free authenticated call with the key in use; returns whether it works, and a sentence; records both."""
    try:
        works, words = True, provider_of(workspace=workspace, name=provider).check_key()
    except InflioError as error:
        works, words = False, error.message
    rows = ProviderKey.objects.filter(workspace=workspace, provider=provider)
    rows.update(tested_at=db_now(), test_result=words[:300], works=works)
    return works, words


@dataclass(frozen=True)
class EngineState:
    """An engine and whether this workspace can use it now; `why_not` is a sentence, empty when it can."""

    name: str
    engine: type[Engine]
    why_not: str

    @property
    def is_ready(self) -> bool:
        return not self.why_not


def available_engines(workspace: Workspace) -> list[EngineState]:
    """Every engine of this installation in the registry's order, each with why it cannot be used yet; one query."""
    own = set(ProviderKey.objects.filter(workspace=workspace).values_list("provider", flat=True))
    keyed = own | {name for name, key in settings.PROVIDER_KEYS.items() if key}
    states = []
    for name in ENGINES:
        if name not in HIDDEN:
            engine = engine_class(name)
            ready = not engine.provider or engine.provider in keyed
            why_not = "" if ready else f"Needs set-up: a key of {provider_class(engine.provider).title}."
            states.append(EngineState(name, engine, why_not))
    return states
