"""Which engine makes what for personas, and what it costs; read from the engines' own capabilities."""

from django.conf import settings

from inflio.generation.engines import get_engine


def engine_for(kind: str) -> str:
    """Name of the engine that does this kind of work: the chosen default, or the embedded one where it cannot."""
    return settings.DEFAULT_ENGINE if kind in get_engine(settings.DEFAULT_ENGINE).capabilities else "embedded"


def credits_of(kind: str) -> int:
    """Price of one piece of this kind of work."""
    return get_engine(engine_for(kind)).capabilities[kind].credits
