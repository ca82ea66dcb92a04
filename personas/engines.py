"""Which engine makes what for personas, and what it costs; read from the engines' own capabilities."""

from django.conf import settings

from inflio.generation.engines import ENGINES, get_engine


def engine_for(kind: str) -> str:
    """Name of the engine that does this kind of work: the chosen default, or the embedded one where it cannot."""
    return settings.DEFAULT_ENGINE if kind in get_engine(settings.DEFAULT_ENGINE).capabilities else "embedded"


def engine_title(name: str) -> str:
    """What an engine calls itself; its bare name where this installation no longer has it."""
    return get_engine(name).title if name in ENGINES else name


def credits_of(kind: str) -> int:
    """Price of one piece of this kind of work."""
    return get_engine(engine_for(kind)).capabilities[kind].credits
