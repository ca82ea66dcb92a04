"""Run the loop that wakes due work and runs the periodic hooks."""

from django.core.management.base import BaseCommand

from inflio.queue.process import StopSignal
from inflio.queue.ticker import Ticker


class Command(BaseCommand):
    help = "Wake what is due and run the periodic hooks, once a second; any number of tickers may run."
    requires_system_checks = ()  # the clusters that it wakes make them

    def add_arguments(self, parser) -> None:
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between two looks (default: 1)")

    def handle(self, *, interval: float, **options) -> None:
        Ticker(interval).run(StopSignal())
