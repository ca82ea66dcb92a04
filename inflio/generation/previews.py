"""The picture of a job while it forms: one small JPEG for each open job, replaced as it grows, gone at the end."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from inflio.generation.models import Job
from inflio.media.storage import workspace_folder

MAX_BYTES = 1_000_000


def preview_name(job: Job) -> str:
    """Where the preview of a job lies in storage."""
    return f"{workspace_folder(job.workspace_id)}/previews/job-{job.pk}.jpg"


def write_preview(job: Job, data: bytes) -> None:
    """Show `data`, a JPEG of at most MAX_BYTES, as the job's picture; raises ValueError for anything else."""
    if not data.startswith(b"\xff\xd8") or len(data) > MAX_BYTES:
        raise ValueError(f"a preview is a JPEG of at most {MAX_BYTES} bytes, not {data[:4]!r}… of {len(data)}")
    name = preview_name(job)
    try:
        target = Path(default_storage.path(name))
    except NotImplementedError:  # object storage: a PUT replaces
        default_storage.save(name, ContentFile(data))
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".draft-")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    os.replace(draft, target)  # readers see the old picture or the new one


def read_preview(job: Job) -> bytes | None:
    """The preview as it is now; None when there is none."""
    with suppress(FileNotFoundError), default_storage.open(preview_name(job), "rb") as file:
        return file.read()
    return None


def remove_preview(job: Job) -> None:
    """Delete the preview; none is fine."""
    default_storage.delete(preview_name(job))
