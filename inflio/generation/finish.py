"""The last transaction of a job: files' rows, state, credits and the caller's rows change together or not at all."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string

from inflio.billing import services as billing
from inflio.generation.models import Job
from inflio.media import services as media
from inflio.media.models import Asset
from inflio.queue.leases import LostLease, db_now


@dataclass(frozen=True)
class Ending:
    """What on_done receives: assets in the order they were made, and the engine's data."""

    assets: tuple[Asset, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """A file that is already safe in storage, with its measured score and provenance."""

    file: media.StoredFile
    identity_score: float | None
    provenance: dict


def end_job(
    *,
    job: Job,
    token: str,
    state: str,
    made: tuple[Made, ...] = (),
    data: dict | None = None,
    code: str = "",
    message: str = "",
) -> None:
    """End a job in `state` once; raises LostLease when `token` no longer holds it.

    A cancel that came before this transaction wins over `done`.
    """
    with transaction.atomic():
        held = Job.objects.filter(pk=job.pk, lease_token=token, state__in=Job.OPEN)
        changes = {
            "state": state,
            "error_code": code,
            "error_message": message[:500],
            "finished_at": db_now(),
            "lease_token": "",
            "lease_until": None,
        }
        if state == Job.State.DONE:
            changes |= {"progress": 1, "stage": "Done", "remakes": job.remakes}
            if not held.filter(cancel_requested=False).update(**changes):
                if not held.exists():
                    raise LostLease(f"job {job.pk}")
                changes |= {"state": Job.State.CANCELLED, "stage": "", "error_message": "Cancelled while it ran."}
                made, data = (), None
                held.update(**changes)
        elif not held.update(**changes):
            raise LostLease(f"job {job.pk}")
        job.refresh_from_db()
        assets = tuple(_insert(job, item) for item in made)
        job.assets.set(assets)
        _settle(job)
        if job.on_done:
            import_string(job.on_done)(job, Ending(assets, data or {}))


def _insert(job: Job, item: Made) -> Asset:
    return media.create_asset(
        workspace=job.workspace,
        file=item.file,
        source=Asset.Source.ENGINE,
        identity_score=item.identity_score,
        provenance=item.provenance,
        reference=job.reference,
    )


def _settle(job: Job) -> None:
    if not job.cost:
        return  # free work leaves no line in the ledger
    if job.state == Job.State.DONE:
        billing.capture_credits(reference=job.reference, reason=job.title)
    else:
        why = "cancelled" if job.state == Job.State.CANCELLED else "failed"
        billing.refund_credits(reference=job.reference, reason=f"{job.title}: {why}")
