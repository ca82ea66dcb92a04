"""Files in storage under their content's name: written whole or not at all, removed when nobody needs them."""

import hashlib
import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


def sha256(data: bytes) -> str:
    """Hex digest of the content."""
    return hashlib.sha256(data).hexdigest()


def workspace_folder(workspace_id: int) -> str:
    """Where all files of a workspace lie."""
    return f"w{workspace_id}"


def content_name(workspace_id: int, digest: str, extension: str) -> str:
    """Storage path of a content: workspaces never share a file, so deleting one cannot touch another."""
    return f"{workspace_folder(workspace_id)}/{digest[:2]}/{digest}.{extension}"


def write_once(name: str, data: bytes) -> None:
    """Store `data` under `name`; on a local disk synced before it gets its name: no half file after a crash."""
    if default_storage.exists(name):
        return
    try:
        target = Path(default_storage.path(name))
    except NotImplementedError:  # object storage: one PUT is atomic
        default_storage.save(name, ContentFile(data))
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".draft-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(draft)
        raise


def read(name: str) -> bytes:
    """Return a stored file's content; raises FileNotFoundError."""
    with default_storage.open(name, "rb") as file:
        return file.read()


@contextmanager
def local_path(name: str):
    """Yield a path on this machine that holds the file, for code that reads paths (engines, ffmpeg)."""
    try:
        yield Path(default_storage.path(name))
        return
    except NotImplementedError:
        pass
    path = _local_copy(name)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_bytes(read(name))
        os.replace(draft, path)
    yield path


def _local_copy(name: str) -> Path:
    """Where the copy of a file of an object storage lies on this machine."""
    return settings.VAR_DIR / "cache" / "media" / name


def remove(name: str) -> None:
    """Delete a file and its thumbnails; a missing one is fine."""
    default_storage.delete(name)
    _local_copy(name).unlink(missing_ok=True)
    folder = thumbnail_folder(name)
    with suppress(FileNotFoundError, NotADirectoryError):
        for file in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{file}")
        with suppress(NotImplementedError, OSError):
            os.rmdir(default_storage.path(folder))


def thumbnail_folder(name: str) -> str:
    """Where the sized copies of `name` lie."""
    return f"{name.rsplit('.', 1)[0]}.sizes"


def remove_folder(name: str) -> None:
    """Delete a folder with everything in it; a missing one is fine."""
    try:
        folders, files = default_storage.listdir(name)
    except FileNotFoundError:
        return
    for folder in folders:
        remove_folder(f"{name}/{folder}")
    for file in files:
        default_storage.delete(f"{name}/{file}")
    default_storage.delete(name)
