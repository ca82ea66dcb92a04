"""When the code was last changed, for a developer's restarts."""

from itertools import chain

from django.conf import settings

SUFFIXES = {".py", ".html", ".css", ".js"}


def newest_change() -> float:
    """Return the newest modification time of the code's files and folders, in seconds since 1970."""
    folders = [folder for folder in settings.BASE_DIR.iterdir() if is_code(folder)]
    files = chain.from_iterable(folder.rglob("*") for folder in folders)
    return max(path.stat().st_mtime for path in files if path.suffix in SUFFIXES)


def is_code(folder) -> bool:
    """Whether a top-level folder holds code, not what Inflio or the tools made."""
    return folder.is_dir() and not folder.name.startswith(".") and folder != settings.VAR_DIR
