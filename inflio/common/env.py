"""Typed reads of environment variables: a bad value stops the start with a sentence that names the variable."""

import os


class BadSetting(Exception):
    """An environment variable holds a value that cannot be used."""


def text(name: str, default: str = "") -> str:
    """Return the variable, or the content of the file that NAME_FILE points to (for mounted secrets)."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            with open(path, encoding="utf-8") as handle:
                return handle.read().strip()
        except OSError as error:
            raise BadSetting(f"{name}_FILE: cannot read {path}: {error.strerror}") from error
    return os.environ.get(name, default)


def flag(name: str, default: bool) -> bool:
    """Return a yes/no variable."""
    value = text(name, "1" if default else "0").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise BadSetting(f"{name}={value!r}: use 1 or 0")


def number(name: str, default: float, *, minimum: float = 0) -> float:
    """Return a numeric variable that is at least `minimum`."""
    value = text(name, str(default))
    try:
        parsed = float(value)
    except ValueError:
        raise BadSetting(f"{name}={value!r}: use a number") from None
    if parsed < minimum:
        raise BadSetting(f"{name}={value!r}: must be {minimum} or more")
    return parsed


def whole(name: str, default: int, *, minimum: int = 0) -> int:
    """Return a whole-number variable that is at least `minimum`."""
    parsed = number(name, default, minimum=minimum)
    if parsed != int(parsed):
        raise BadSetting(f"{name}={parsed}: use a whole number")
    return int(parsed)


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated variable as a list without blanks."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]
