"""The "web request" of the fault trials: orders jobs through the real services, and dies on demand.

Usage: python -m faults.orders '{"jobs": [{"name": "a", "seconds": 1}], "die": "before_wake"}'
"""

import json
import os
import signal
import sys
from typing import Any

import django


def order(*, jobs: list[dict[str, Any]], die: str = "") -> None:
    """Create all jobs in one transaction, each under its name as idempotency key.

    `die`: "before_wake" is SIGKILL after the commit with no wake-up sent, "half_way" with half of them sent.
    """
    from django.db import transaction  # noqa: PLC0415 - Django is set up in main

    from inflio.generation.services import create_job  # noqa: PLC0415

    workspace = _workspace(credits=len(jobs))
    deadly = {"before_wake": 0, "half_way": len(jobs) // 2}.get(die, -1)
    with transaction.atomic():
        for index, params in enumerate(jobs):
            if index == deadly:
                transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
            create_job(
                workspace=workspace,
                kind=params.get("kind", "trial"),
                engine="trial",
                title=params["name"],
                subject="trial",
                params=params,
                idempotency_key=params["name"],
            )


def _workspace(*, credits: int):
    """Return the trial's workspace with that many more credits, on the plan that makes most pictures in a day."""
    from inflio.accounts.models import Workspace  # noqa: PLC0415
    from inflio.billing.services import grant_credits, open_account  # noqa: PLC0415

    workspace, _ = Workspace.objects.get_or_create(name="Trial")
    account = open_account(workspace=workspace)
    account.plan = "studio"
    account.save(update_fields=["plan"])
    grant_credits(workspace=workspace, amount=credits, reason="Credits for the trial")
    return workspace


if __name__ == "__main__":
    django.setup()
    order(**json.loads(sys.argv[1]))
