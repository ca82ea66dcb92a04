"""Sign what an engine made before it is stored: how it was made is stated by the engine, never guessed."""

from dataclasses import replace

from inflio.generation.engines import engine_class
from inflio.generation.engines.base import Output
from inflio.generation.models import Job
from inflio.media import storage
from inflio.media.credentials import Action, Record, SourceType, manifest_id, sign_picture, source_type_of
from inflio.media.models import Asset

TITLE = "Picture made with Inflio"  # travels with the file to strangers, so it names no persona
EDITS = {SourceType.RETOUCHED, SourceType.EDITED_WITH_AI}


def sign_output(job: Job, output: Output) -> tuple[Output, dict]:
    """The output with its credentials inside, and what the asset's provenance keeps of them.

    An edit names the picture it was made from: the one whose SHA-256 begins with facts["base"], else the job's only
    picture. Raises SigningFailed, BadCertificate.
    """
    record = Record(TITLE, _engine_title(job, output), source_type_of(output.facts.get("method")))
    parent = _parent(job, output) if record.source_type in EDITS else None
    if parent is None:
        data = sign_picture(output.data, output.mime, record)
    else:
        record, original = _edit_of(parent, record), storage.read(parent.name)
        data = sign_picture(output.data, output.mime, record, parent=original, parent_mime=parent.mime)
    return replace(output, data=data), {
        "digital_source_type": record.source_type.value,
        "c2pa": manifest_id(data, output.mime),
    }


def _engine_title(job: Job, output: Output) -> str:
    model = output.facts.get("model")
    title = engine_class(job.engine).title
    return f"{title}: {model}" if model else title


def _parent(job: Job, output: Output) -> Asset | None:
    pictures = list(job.input_pictures())
    stated = str(output.facts.get("base", ""))
    if stated:
        return next((asset for asset in pictures if asset.sha256.startswith(stated)), None)
    return pictures[0] if len(pictures) == 1 else None


def _edit_of(parent: Asset, record: Record) -> Record:
    """What is stated of an edit; a retouched picture is still what its parent was, where that is known."""
    kept = parent.provenance.get("digital_source_type") if record.source_type == SourceType.RETOUCHED else None
    done = Action("c2pa.edited", record.sentence, source_type=None if kept else record.source_type)
    return replace(record, source_type=SourceType(kept) if kept else record.source_type, actions=(done,))
