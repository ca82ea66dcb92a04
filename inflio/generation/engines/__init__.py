"""The engine registry: names from the settings to engines, imported at first use."""

from functools import cache
from importlib import import_module

from inflio.common.errors import EngineRefused
from inflio.generation.engines.base import Engine

ENGINES = {
    "embedded": "inflio.generation.engines.embedded.EmbeddedEngine",
    "trial": "inflio.generation.engines.trial.TrialEngine",
}


@cache
def get_engine(name: str) -> Engine:
    """Return the engine called `name`; raises EngineRefused for one that does not exist here."""
    try:
        module, _, cls = ENGINES[name].rpartition(".")
    except KeyError:
        raise EngineRefused(f"There is no engine called {name!r} on this installation.") from None
    return getattr(import_module(module), cls)()
