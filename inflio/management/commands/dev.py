"""Everything of Inflio under one foreground command: web, both worker clusters and the ticker."""

import contextlib
import errno
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from multiprocessing import get_context

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections

from inflio.management.children import Child, Household
from inflio.management.commands.seed_demo import DEMO_EMAIL, DEMO_PASSWORD
from inflio.management.watch import newest_change
from inflio.queue.conf import CLUSTERS
from inflio.queue.process import StopSignal, set_pdeathsig

# One process with threads: pages are short, the workers make the pictures, and SQLite has one writer anyway.
WEB = ("gunicorn", "inflio.wsgi", "--worker-class=gthread", "--threads=8", "--graceful-timeout=3")
WEB_QUIET = ("--no-control-socket", "--log-level=warning")
WORKER_GRACE = "--grace=5"
ANSWER_SECONDS = 60.0
SANDBOX_OFFSET = 10  # the sandbox of the platforms listens this many ports above the web


class Command(BaseCommand):
    help = "Prepare database and demo, then run web, workers and ticker until Ctrl-C."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--host", default="127.0.0.1", help="address to listen on; another one needs INFLIO_HOSTS too"
        )
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: 8000)")
        parser.add_argument("--no-demo", action="store_true", help="leave out the demo workspace")
        parser.add_argument("--reload", action="store_true", help="restart everything when a file of the code changes")

    def handle(self, *, host: str, port: int, no_demo: bool, reload: bool, **options) -> None:
        try:
            with listen(host, port) as listener:
                prepare_database()
                with_demo = not (no_demo or settings.HTTPS) and prepare_demo()
                self.live(listener, with_demo=with_demo, watch=newest_change if reload else lambda: 0)
        except CommandError as failure:
            self.stderr.write(str(failure))  # without Django's “CommandError:” before it
            sys.exit(1)
        except KeyboardInterrupt:
            self.stderr.write("The start was interrupted: start again to go on.")
            sys.exit(1)

    def live(self, listener: socket.socket, *, with_demo: bool, watch: Callable[[], float]) -> None:
        """Run everything until Ctrl-C, SIGTERM, or the end of the terminal."""
        stop = StopSignal()
        signal.signal(signal.SIGHUP, signal.getsignal(signal.SIGTERM))
        household = Household(children(listener), stop, self.show)
        try:
            self.announce(household, stop, listener, with_demo=with_demo)
            self.look_after(household, stop, watch=watch)
        finally:
            household.end()
        self.show("Inflio has ended.")

    def announce(self, household: Household, stop: StopSignal, listener: socket.socket, *, with_demo: bool) -> None:
        """Wait until the web answers, then say where, and who may log in."""
        host, port = listener.getsockname()[:2]
        deadline = time.monotonic() + ANSWER_SECONDS
        while not stop.is_set and time.monotonic() < deadline:
            household.look()
            if answers(host, port):
                demo = f"  Demo log-in  {DEMO_EMAIL}, password {DEMO_PASSWORD}\n" if with_demo else ""
                self.show(f"\n  Inflio runs at {address(host, port)}\n{demo}  Ctrl-C ends it\n")
                return
        if not stop.is_set:
            self.show(f"The web has not answered for {ANSWER_SECONDS:.0f} s; its lines above say why.")

    def look_after(self, household: Household, stop: StopSignal, *, watch: Callable[[], float]) -> None:
        """Keep everything running until told to stop."""
        seen = watch()
        while not stop.is_set:
            household.look()
            if seen != (seen := watch()):
                self.show("The code has changed; starting again.")
                household.restart()

    def show(self, line: str) -> None:
        """Write one line at once; without a terminal any more there is nobody to read it."""
        with contextlib.suppress(OSError):
            self.stdout.write(line)
            self.stdout.flush()


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything starts; the web inherits it, so that a page asked for early only waits."""
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=128
        )
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = f"Port {port} is in use: end the program that uses it, or choose another port with"
            raise CommandError(f"{reason} “make run PORT={port + 1}”.") from None
        raise CommandError(f"Cannot listen on {host}, port {port} ({error.strerror}): choose another.") from None


def prepare_database() -> None:
    """Bring the database to the present state."""
    try:
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # its absence would be warned about at each start
        call_command("migrate", verbosity=0, interactive=False)
    except (DatabaseError, OSError) as error:
        remedy = f"check that the disk has room and that {settings.VAR_DIR} may be written"
        raise CommandError(f"The database could not be prepared ({error}): {remedy}, then start again.") from error
    finally:
        connections.close_all()


def prepare_demo() -> bool:
    """Make the demo where it is missing; whether it is there now. Without it everything else still works."""
    # In a process of its own: the models that make its portraits would stay in this one's memory.
    maker = get_context("fork").Process(target=make_demo, args=(os.getpid(),))
    maker.start()
    maker.join()
    return maker.exitcode == 0


def make_demo(parent: int) -> None:
    """What the demo's process does; it exits with 1 after one sentence when that fails."""
    set_pdeathsig(parent)
    try:
        call_command("seed_demo")
    except (CommandError, DatabaseError, OSError) as error:
        sys.exit(f"The demo is left out: {error}")
    except KeyboardInterrupt:
        sys.exit(1)


def children(listener: socket.socket) -> list[Child]:
    """The processes of Inflio, none of them started yet."""
    host, port = listener.getsockname()[:2]
    env = {"INFLIO_SITE_URL": address(host, port).rstrip("/"), "PYTHONUNBUFFERED": "1"} | os.environ
    manage = [sys.executable, sys.argv[0]]
    web = [sys.executable, "-m", *WEB, *WEB_QUIET, f"--bind=fd://{listener.fileno()}"]
    sandbox = []
    if settings.SANDBOX and "INFLIO_SANDBOX_URL" not in os.environ:  # else somebody runs one already
        spare = free_port(port + SANDBOX_OFFSET)
        env["INFLIO_SANDBOX_URL"] = f"http://127.0.0.1:{spare}"
        sandbox = [Child("sandbox", [*manage, "sandbox", "--port", str(spare)], env=env)]
    workers = [Child(name, [*manage, "runq", "--name", name, WORKER_GRACE], env=env) for name in CLUSTERS]
    return [
        Child("web", web, env=env, pass_fds=[listener.fileno()]),
        *workers,
        Child("ticker", [*manage, "ticker"], env=env),
        *sandbox,
    ]


def free_port(wanted: int) -> int:
    """The wanted port of this computer, or another one when that is taken."""
    for port in (wanted if wanted < 65536 else 0, 0):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)) as probe:
            return probe.getsockname()[1]
    raise CommandError("This computer has no free port left for the sandbox: end some programs, then start again.")


def address(host: str, port: int) -> str:
    """What to type into a browser."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{reachable}:{port}/"


def answers(host: str, port: int) -> bool:
    """Whether the web gives any answer within a second."""
    connection = http.client.HTTPConnection(host, port, timeout=1)
    try:
        connection.request("GET", "/health", headers={"Host": "localhost"})
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()
