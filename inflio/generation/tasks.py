"""What the queue calls: run the best waiting job, and prove the ledger now and then."""

import logging

from inflio.billing.services import ledger_faults
from inflio.generation.models import Job
from inflio.generation.runner import run_next

log = logging.getLogger(__name__)


def run(pk: int) -> None:
    """A wake-up: order and fairness come from the claim, so the id only says which cluster has work."""
    cluster = Job.objects.filter(pk=pk).values_list("cluster", flat=True).first()
    if cluster:
        run_next(cluster)


def check_ledger() -> None:
    """Say loudly when a balance is not the sum of its entries."""
    for fault in ledger_faults():
        log.critical("ledger: %s", fault)
