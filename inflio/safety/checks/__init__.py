"""The registry of picture checks: dotted names from the settings to checks, made once per process. No Django."""

from functools import cache
from importlib import import_module

from inflio.safety.checks.base import Check, Finding

__all__ = ["BadCheck", "Check", "Finding", "inspect_picture", "load_checks"]


class BadCheck(Exception):
    """A name leads to no check."""


@cache
def load_checks(names: tuple[str, ...]) -> tuple[Check, ...]:
    """The checks with these dotted names; raises BadCheck."""
    return tuple(_load(name) for name in names)


def inspect_picture(data: bytes, names: tuple[str, ...]) -> Finding | None:
    """What the first check objects to in an encoded picture, or None; later checks are then not asked."""
    for check in load_checks(names):
        if finding := check.look(data):
            return finding
    return None


def _load(name: str) -> Check:
    module, _, attribute = name.rpartition(".")
    try:
        made = getattr(import_module(module), attribute)()
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise BadCheck(f"{name!r} leads to no check ({error})") from error
    if not isinstance(made, Check):
        raise BadCheck(f"{name!r} is no subclass of inflio.safety.checks.Check")
    return made
