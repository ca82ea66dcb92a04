"""Copies of a file, made once for each content and each way it is changed, and found again by that."""

import hashlib
import json
from typing import Any

from django.core.files.storage import default_storage

from inflio.media.credentials import Record, source_type_of
from inflio.media.models import Asset
from inflio.media.services import StoredFile, create_asset

KEPT = ("title", "engine", "method", "ai_made", "kind")  # of what is known about the original


def reference_of(*facts: Any) -> str:
    """The name under which a copy is found again: of the content and all that is done to it, as JSON."""
    return f"copy:{hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:48]}"


def find_copy(asset: Asset, reference: str) -> Asset | None:
    """The copy that was made before, if its file is still there."""
    rows = Asset.objects.filter(workspace=asset.workspace_id, source=Asset.Source.DERIVED, reference=reference)
    return next((row for row in rows.order_by("pk") if default_storage.exists(row.name)), None)


def keep_copy(asset: Asset, file: StoredFile, reference: str, **facts: Any) -> Asset:
    """The row of a copy that lies in storage, with what is known about its original."""
    known = {name: asset.provenance[name] for name in KEPT if name in asset.provenance}
    return create_asset(
        workspace=asset.workspace,
        file=file,
        source=Asset.Source.DERIVED,
        provenance=known | facts,
        reference=reference,
        parent=asset,
    )


def record_of(asset: Asset, title: str) -> Record:
    """What the copy's content credentials vouch for; where nothing is known the original's own statement stays."""
    method = asset.provenance.get("method")
    return Record(title, asset.provenance.get("engine", "Inflio"), source_type_of(method) if method else None)
