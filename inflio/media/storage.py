"""Files in storage under their content's name: written whole or not at all, removed when nobody needs them."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

PIECE = 1024 * 1024


def sha256(data: bytes) -> str:
    """Hex digest of the content."""
    return hashlib.sha256(data).hexdigest()


def sha256_of(file: BinaryIO) -> str:
    """Hex digest of an open file, read from its beginning piece by piece."""
    file.seek(0)
    digest = hashlib.sha256()
    for piece in iter(partial(file.read, PIECE), b""):
        digest.update(piece)
    return digest.hexdigest()


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
    _put_whole(target, (data,))


def write_file_once(name: str, file: BinaryIO) -> None:
    """Store what an open file holds, from its beginning, as write_once does, without holding it in memory."""
    if default_storage.exists(name):
        return
    file.seek(0)
    try:
        target = Path(default_storage.path(name))
    except NotImplementedError:
        default_storage.save(name, File(file))
        return
    _put_whole(target, iter(partial(file.read, PIECE), b""))


def _put_whole(target: Path, pieces: Iterable[bytes]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".draft-")
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)
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
        with default_storage.open(name, "rb") as file:
            _put_whole(path, iter(partial(file.read, PIECE), b""))
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
