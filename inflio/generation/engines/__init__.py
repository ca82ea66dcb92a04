"""The registry: names from the settings to engines and the companies behind them, imported at first use."""

from functools import cache
from importlib import import_module

from inflio.common.errors import EngineRefused
from inflio.generation.engines.base import Engine, Provider

FOLDER = "inflio.generation.engines"
ENGINES = {
    "embedded": f"{FOLDER}.embedded.EmbeddedEngine",
    "trial": f"{FOLDER}.trial.TrialEngine",
    "fal_nano_banana_pro": f"{FOLDER}.fal.engine.fal_nano_banana_pro",
    "fal_nano_banana_2": f"{FOLDER}.fal.engine.fal_nano_banana_2",
    "fal_nano_banana_2_1": f"{FOLDER}.fal.engine.fal_nano_banana_2_1",
    "fal_gpt_image_1_5": f"{FOLDER}.fal.engine.fal_gpt_image_1_5",
    "flux_lora": f"{FOLDER}.replicate.pictures.FluxLora",
    "flux_training": f"{FOLDER}.replicate.training.FluxTraining",
    "gemini": f"{FOLDER}.gemini.engine.gemini",
    "gemini_3_1": f"{FOLDER}.gemini.engine.gemini_3_1",
}
PROVIDERS: dict[str, str] = {
    "fal": f"{FOLDER}.fal.provider.Fal",
    "replicate": f"{FOLDER}.replicate.provider.Replicate",
    "gemini": f"{FOLDER}.gemini.provider.Gemini",
}
HIDDEN = {"trial"}  # never offered to a user


def engine_class(name: str) -> type[Engine]:
    """The class called `name`: what forms and services read; raises EngineRefused for one that does not exist here."""
    try:
        return _load(ENGINES[name])
    except KeyError:
        raise EngineRefused(f"There is no engine called {name!r} on this installation.") from None


@cache
def get_engine(name: str) -> Engine:
    """The engine called `name`, without a key: it knows what it can do; a paid one cannot run. Raises EngineRefused."""
    return engine_class(name)()


def engine_title(name: str) -> str:
    """What an engine calls itself; its bare name where this installation no longer has it."""
    return get_engine(name).title if name in ENGINES else name


def engine_for_run(name: str, key: str = "") -> Engine:
    """The engine called `name` as a worker needs it, with its provider's key."""
    cls = engine_class(name)
    return cls(key) if cls.provider else get_engine(name)


def provider_class(name: str) -> type[Provider]:
    """The company called `name`; raises EngineRefused for one that is not known."""
    try:
        return _load(PROVIDERS[name])
    except KeyError:
        raise EngineRefused(f"There is no provider called {name!r} on this installation.") from None


@cache
def _load(path: str):
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)
