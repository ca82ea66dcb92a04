"""Carries a persona's jobs to their end for a command: in this process, unless a worker takes them first."""

import threading
import time
from collections.abc import Callable

from django.db import connections
from django.utils import timezone

from inflio.generation import services as generation
from inflio.generation.models import Job
from inflio.generation.runner import run_job
from personas.models import Persona
from personas.queries import LiveJob, live_jobs

LOOK_EVERY = 0.2  # seconds


def run_to_end(persona: Persona, *, show: Callable[[str], None]) -> None:
    """Return when no job of the persona is open any more; `show` gets a line about what is being done.

    An interrupt (Ctrl-C) cancels the open jobs before it goes on to the caller.
    """
    faults: list[BaseException] = []
    over = threading.Event()  # not join(timeout): interrupted, it takes a running thread for a finished one
    worker = threading.Thread(target=_work, args=(persona.reference, faults, over), name="foreground")
    worker.start()
    try:
        while not over.wait(LOOK_EVERY):
            show(_line(live_jobs(persona, now=timezone.now())))
    except KeyboardInterrupt:
        generation.cancel_jobs_of(subject=persona.reference)
        raise
    finally:
        worker.join()
    if faults:
        raise faults[0]


def _work(subject: str, faults: list[BaseException], over: threading.Event) -> None:
    try:
        while waiting := list(_open_jobs(subject)):
            if not any(run_job(pk) for pk in waiting):  # all are in other hands
                time.sleep(LOOK_EVERY)
    except BaseException as error:  # handed to the thread that waits
        faults.append(error)
    finally:
        connections.close_all()
        over.set()


def _open_jobs(subject: str) -> list[int]:
    rows = Job.objects.filter(subject=subject, state__in=Job.OPEN)
    return list(rows.order_by("priority", "pk").values_list("pk", flat=True))


def _line(live: list[LiveJob]) -> str:
    if not live:
        return ""
    running = next((item for item in live if item.job.state == Job.State.RUNNING), live[0])
    more = f", {len(live) - 1} more waiting" if len(live) > 1 else ""
    stage = f": {running.job.stage}" if running.job.stage else ""
    return f"{running.job.progress:4.0%} {running.job.title}{stage}{more}"


class ProgressLine:
    """One line of a terminal that is written over; silent where the output is not a terminal."""

    def __init__(self, stream) -> None:
        self.stream = stream
        self.live = stream.isatty()

    def __call__(self, text: str) -> None:
        if self.live:
            self.stream.write("\r" + text[:78].ljust(78), ending="")
            self.stream.flush()

    def clear(self) -> None:
        """Leave the line empty for what is printed next."""
        if self.live:
            self.stream.write("\r" + " " * 78 + "\r", ending="")
