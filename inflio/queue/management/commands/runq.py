"""Run one worker cluster under a supervisor that restarts it whenever it ends or hangs."""

from django.conf import settings
from django.core.management.base import BaseCommand

from inflio.queue.conf import CLUSTERS
from inflio.queue.process import StopSignal
from inflio.queue.runq import supervise


class Command(BaseCommand):
    help = "Run the workers of one cluster and restart them whenever they end or hang."
    requires_system_checks = ()  # the cluster that it starts makes them

    def add_arguments(self, parser) -> None:
        parser.add_argument("--name", choices=CLUSTERS, default="default", help="cluster to run (default: default)")
        parser.add_argument(
            "--stale",
            type=float,
            default=settings.CANARY_STALE_SECONDS,
            help="seconds without a sign of life after which the cluster is killed and restarted",
        )
        parser.add_argument(
            "--grace", type=float, default=30.0, help="seconds that running tasks get to finish at a stop"
        )

    def handle(self, *, name: str, stale: float, grace: float, **options) -> None:
        supervise(cluster=name, stale=stale, grace=grace, stop=StopSignal())
