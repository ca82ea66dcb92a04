"""The last transaction of a job: files' rows, state, credits and the caller's rows change together or not at all."""

from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string

from inflio.billing import services as billing
from inflio.generation.models import Job, ProviderCall
from inflio.generation.previews import remove_preview
from inflio.media import services as media
from inflio.media.models import Asset
from inflio.queue.leases import LostLease, db_now


@dataclass(frozen=True)
class Ending:
    """What on_done receives: assets in the order they were made, and the engine's data.

    missing: how many of the outputs that were asked for are not among the assets of a job that is done.
    """

    assets: tuple[Asset, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)
    missing: int = 0


@dataclass(frozen=True)
class Made:
    """A file that is already safe in storage, with its measured score and provenance."""

    file: media.StoredFile
    identity_score: float | None
    provenance: dict

    def as_json(self) -> dict:
        """For Job.kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict) -> "Made":
        """The reverse of as_json."""
        return cls(media.StoredFile(**value["file"]), value["identity_score"], value["provenance"])


def end_job(
    *,
    job: Job,
    token: str,
    state: str,
    made: tuple[Made, ...] = (),
    data: dict | None = None,
    findings: dict | None = None,
    code: str = "",
    message: str = "",
) -> None:
    """End a job in `state` once; raises LostLease when `token` no longer holds it.

    A job that is done with fewer outputs than asked for pays for these and gets the rest back. Calls whose outcome is
    not known are lost from now on. A cancel that came before this transaction wins over `done`.
    """
    missing = job.count - len(made) if state == Job.State.DONE and made else 0
    with transaction.atomic():
        held = Job.objects.filter(pk=job.pk, lease_token=token, state__in=Job.OPEN)
        changes = {
            "state": state,
            "error_code": code,
            "error_message": message[:500],
            "finished_at": db_now(),
            "lease_token": "",
            "lease_until": None,
            "waiting": False,
            "kept": {},
        }
        if findings is not None:
            changes["findings"] = findings
        if state == Job.State.DONE:
            done = {"progress": 1, "stage": "Done", "remakes": job.remakes, "cost": job.cost - _back(job, missing)}
            if not held.filter(cancel_requested=False).update(**changes, **done):
                if not held.exists():
                    raise LostLease(f"job {job.pk}")
                changes |= {"state": Job.State.CANCELLED, "stage": "", "error_message": "Cancelled while it ran."}
                made, data, missing = (), None, 0
                held.update(**changes)
        elif not held.update(**changes):
            raise LostLease(f"job {job.pk}")
        job.refresh_from_db()
        assets = tuple(_insert(job, item) for item in made)
        job.assets.set(assets)
        _settle(job)
        lost = {"state": ProviderCall.State.LOST, "ended_at": job.finished_at, "charged": True}
        job.calls.filter(state__in=ProviderCall.OPEN).update(
            **lost, reason="The job ended before its outcome was known."
        )
        transaction.on_commit(partial(remove_preview, job), robust=True)
        if job.on_done:
            import_string(job.on_done)(job, Ending(assets, data or {}, missing))


def _back(job: Job, missing: int) -> int:
    """Credits of the outputs that are missing; every output costs the same."""
    return job.cost * missing // job.count


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
        billing.capture_credits(reference=job.reference, reason=job.title, used=job.cost)
    else:
        why = "cancelled" if job.state == Job.State.CANCELLED else "failed"
        billing.refund_credits(reference=job.reference, reason=f"{job.title}: {why}")
