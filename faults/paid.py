"""A worker of the paid-call trials: orders a cloud picture and works until every job is over, or until it is killed.

Usage: python -m faults.paid NAME...   (each name is a job's idempotency key and prompt)
"""

import io
import sys
import time

import django


def main(names: list[str]) -> None:
    """Order what is not ordered yet, then play worker and ticker."""
    from django.utils import timezone  # noqa: PLC0415 - Django is set up below

    from inflio.generation.models import Job  # noqa: PLC0415
    from inflio.generation.runner import run_next  # noqa: PLC0415

    for name in names:
        _order(name)
    while Job.objects.filter(state__in=Job.OPEN).exists():
        Job.objects.filter(state__in=Job.OPEN).update(available_at=timezone.now())
        if not run_next("default"):
            time.sleep(0.05)  # a killed worker's lease has not ended yet


def _order(name: str) -> None:
    from PIL import Image  # noqa: PLC0415

    from inflio.accounts.models import Workspace  # noqa: PLC0415
    from inflio.billing.services import open_account  # noqa: PLC0415
    from inflio.generation.services import create_job  # noqa: PLC0415
    from inflio.media.models import Asset  # noqa: PLC0415
    from inflio.media.services import create_asset, store_file  # noqa: PLC0415

    workspace, created = Workspace.objects.get_or_create(name="Paid")
    if created:
        open_account(workspace=workspace)
    out = io.BytesIO()
    Image.new("RGB", (80, 100), (90, 90, 90)).save(out, "JPEG")
    file = store_file(
        workspace_id=workspace.pk, data=out.getvalue(), mime="image/jpeg", extension="jpg", width=80, height=100
    )
    create_job(
        workspace=workspace,
        kind="picture",
        engine="fal_nano_banana_2",
        title=name,
        subject="trial",
        params={"prompt": name, "aspect": "1:1"},
        pictures=[create_asset(workspace=workspace, file=file, source=Asset.Source.UPLOAD)],
        idempotency_key=name,
    )


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1:])
