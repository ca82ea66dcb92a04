"""What the tests of cloud engines share: jobs of a workspace with a photo, and workers that run until all is over."""

import io
import os

from django.utils import timezone
from PIL import Image

from inflio.billing import services as billing
from inflio.billing.models import CreditAccount, CreditEntry
from inflio.generation import runner, services
from inflio.generation.models import Job
from inflio.media import services as media
from inflio.media.models import Asset


def trial_calls() -> int:
    """How many calls a trial of faults makes: few in each run of the tests, 200 where they are measured."""
    return int(os.environ.get("INFLIO_TRIAL_CALLS", "40"))


def provide(workspace) -> int:
    """Give a workspace what a trial needs, a large plan and credits; returns how many it has."""
    billing.grant_credits(workspace=workspace, amount=10_000, reason="Trial")
    CreditAccount.objects.filter(workspace=workspace).update(plan="studio")
    workspace.credits.refresh_from_db()
    return workspace.credits.available


def photo(workspace, seed: int = 0) -> Asset:
    """A stored JPEG of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (80, 100), (seed % 256, 90, 90)).save(out, "JPEG")
    return stored(workspace, out.getvalue())


def stored(workspace, data: bytes) -> Asset:
    """A JPEG as an asset of the workspace."""
    with Image.open(io.BytesIO(data)) as picture:
        size = {"width": picture.width, "height": picture.height}
    file = media.store_file(workspace_id=workspace.pk, data=data, mime="image/jpeg", extension="jpg", **size)
    return media.create_asset(workspace=workspace, file=file, source=Asset.Source.UPLOAD)


def order(workspace, engine: str, **changes) -> Job:
    """Create a job of a cloud engine; `changes` are arguments of create_job."""
    title = changes.pop("title", "A picture")
    arguments = {
        "kind": "picture",
        "title": title,
        "subject": "persona:1",
        "params": {"prompt": title, "aspect": "4:5", "seed": 7},
        "pictures": changes.pop("pictures", None) or [photo(workspace)],
    } | changes
    if engine.startswith("fal_gpt"):
        arguments["params"] = {"prompt": title, "aspect": "1:1"}
    return services.create_job(workspace=workspace, engine=engine, **arguments)


def work(*, turns: int = 40, cluster: str = "default", between=None) -> int:
    """Play workers and ticker: run whatever is open, as if every pause were over; returns the turns that it took.

    `between` is called before each turn, such as to deliver webhooks.
    """
    for turn in range(turns):
        if between:
            between()
        if not Job.objects.filter(state__in=Job.OPEN).exists():
            return turn
        Job.objects.filter(state__in=Job.OPEN).update(available_at=timezone.now())
        runner.run_next(cluster)
    return turns


def ledger(job: Job) -> list[tuple[str, int]]:
    """Kinds and amounts of a job's entries, after proving that every balance is exact."""
    assert billing.ledger_faults() == []
    return list(CreditEntry.objects.filter(reference=job.reference).order_by("pk").values_list("kind", "amount"))
