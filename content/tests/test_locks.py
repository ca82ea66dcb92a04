"""Two that want the same rows at once wait for each other and never in a circle. Only PostgreSQL locks single rows."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction

from content.batches.orders import make_grid
from content.models import Batch, ContentItem
from content.services import batches, items, remakes
from inflio.billing.models import CreditAccount
from inflio.billing.services import ledger_faults
from inflio.generation.finish import end_job
from inflio.generation.models import Job
from inflio.queue.leases import claim
from personas.services import withdraw_consent

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("prompt_templates"),
]
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
PATIENCE = 20  # seconds

CANCELS: dict[str, Callable[[Batch, Job], object]] = {
    "batch": lambda batch, job: batches.cancel_batch(batch=batch),
    "shoot": lambda batch, job: remakes.cancel_shoot(shoot=job.items.get().shoot, by=None),
    "persona": lambda batch, job: withdraw_consent(persona=job.items.get().persona, by=batch.created_by),
    "items": lambda batch, job: items.delete_items(items=ContentItem.objects.filter(shoot__batch=batch)),
}


@pytest.fixture
def batch(workspace, alice, ready) -> Batch:
    """A batch whose four jobs wait."""
    orders = make_grid(
        personas=[ready.pk], looks=["lifestyle.travel"], styles=["natural"], first_seed=1, count=4, engine="embedded"
    )
    made = batches.plan_batch(workspace=workspace, name="n", orders=orders, plan={}, by=alice)
    return batches.start_batch(batch=made, by=alice)


def wait_for_a_lock() -> None:
    """Return when another connection waits for this one."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits for a lock")


@pytest.mark.parametrize("what", CANCELS)
def test_cancelling_many_while_a_worker_fails_one(batch, workspace, what):
    job = Job.objects.filter(items__shoot__batch=batch).order_by("pk")[1]  # neither first nor last
    token, faults = claim(Job, job.pk), []

    def cancel() -> None:
        try:
            CANCELS[what](batch, job)
        except Exception as error:  # told by the thread that waits for this one
            faults.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=cancel)
    with transaction.atomic():
        Job.objects.select_for_update(no_key=True).get(pk=job.pk)  # as the worker's last transaction begins
        thread.start()
        wait_for_a_lock()
        end_job(job=job, token=token, state=Job.State.FAILED, code="x", message="It failed.")
    thread.join(PATIENCE)
    assert faults == []
    states = sorted(Job.objects.filter(kind="picture").values_list("state", flat=True))
    assert states == ["cancelled", "cancelled", "cancelled", "failed"]
    assert (CreditAccount.objects.get(workspace=workspace).available, ledger_faults()) == (100, [])
