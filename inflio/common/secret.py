"""The installation's own secret key: made once, kept in a private file, unless the environment gives one."""

import os
import secrets
from pathlib import Path

from inflio.common.env import BadSetting


def secret_key(path: Path) -> str:
    """Return the key stored at `path`, made at the first start; BadSetting where its folder cannot be used."""
    try:
        return _read_or_make(path)
    except OSError as error:
        raise BadSetting(f"INFLIO_VAR: cannot use the folder {path.parent} ({error.strerror})") from error


def _read_or_make(path: Path) -> str:
    """Read the key; create it (readable by its owner only) where there is none."""
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as handle:
        handle.write(secrets.token_urlsafe(50))
    try:
        os.link(draft, path)  # fails when another process was first: then its key is the key
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii").strip()
