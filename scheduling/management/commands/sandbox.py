"""Run the sandbox: four platforms to try out, on this computer only."""

import signal
import threading
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from scheduling.sandbox.server import Sandbox

PORT = 8010


class Command(BaseCommand):
    help = "Run Instagram, TikTok, YouTube and LinkedIn as a sandbox on 127.0.0.1, until Ctrl-C."
    requires_system_checks = ()  # it needs nothing of the product

    def add_arguments(self, parser) -> None:
        port = urlsplit(settings.SANDBOX_URL).port or PORT
        parser.add_argument("--port", type=int, default=port, help=f"port on 127.0.0.1 (default: {port})")
        folder = settings.VAR_DIR / "sandbox"
        parser.add_argument("--folder", type=Path, default=folder, help=f"its memory (default: {folder})")

    def handle(self, *, port: int, folder: Path, **options) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        try:
            sandbox = Sandbox(folder, port)
        except OSError as error:
            reason = f"The sandbox cannot listen on port {port} or write to {folder} ({error.strerror})"
            raise CommandError(f"{reason}: choose another with --port or --folder.") from error
        with sandbox:
            self.stdout.write(f"The sandbox runs at {sandbox.url}/")
            self.stdout.flush()
            stop.wait()
