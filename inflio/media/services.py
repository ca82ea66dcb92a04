"""Store and delete assets: the file first, its row in the caller's transaction, removal after the commit."""

from dataclasses import dataclass
from functools import partial

from django.db import transaction

from inflio.accounts.models import Workspace
from inflio.media import storage
from inflio.media.credentials.xmp import picture_digest
from inflio.media.models import Asset


@dataclass(frozen=True)
class StoredFile:
    """A file that lies in storage and has no row yet."""

    name: str
    sha256: str
    mime: str
    size: int
    width: int
    height: int
    picture_sha256: str = ""


def store_file(*, workspace_id: int, data: bytes, mime: str, extension: str, width: int, height: int) -> StoredFile:
    """Write a picture's bytes under their content address; safe to repeat."""
    digest = storage.sha256(data)
    name = storage.content_name(workspace_id, digest, extension)
    storage.write_once(name, data)
    return StoredFile(name, digest, mime, len(data), width, height, picture_digest(data, mime))


def create_asset(
    *,
    workspace: Workspace,
    file: StoredFile,
    source: str,
    identity_score: float | None = None,
    provenance: dict | None = None,
    reference: str = "",
    parent: Asset | None = None,
) -> Asset:
    """Insert the row of a stored file."""
    return Asset.objects.create(
        workspace=workspace,
        source=source,
        name=file.name,
        sha256=file.sha256,
        picture_sha256=file.picture_sha256,
        mime=file.mime,
        size=file.size,
        width=file.width,
        height=file.height,
        identity_score=identity_score,
        provenance=provenance or {},
        reference=reference,
        parent=parent,
    )


@transaction.atomic
def delete_assets(*, assets) -> None:
    """Delete rows and the copies made of them; each file goes after the commit, unless another row still uses it."""
    rows = list(assets)
    rows += Asset.objects.filter(parent__in=[row.pk for row in rows])
    Asset.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for name in {row.name for row in rows}:
        transaction.on_commit(partial(_remove_unused, name), robust=True)


def _remove_unused(name: str) -> None:
    if not Asset.objects.filter(name=name).exists():
        storage.remove(name)


def delete_workspace_files(*, workspace_id: int) -> None:
    """Delete every file of a workspace that is gone, with whatever a crash has left there."""
    storage.remove_folder(storage.workspace_folder(workspace_id))
