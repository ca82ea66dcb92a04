"""A picture while it forms, as server-sent events: bounded in time and in number, so that pages always get a thread."""

import json
import time
from collections.abc import Iterator
from threading import BoundedSemaphore

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from content.queries.threads import open_message
from content.views.threads import find_thread
from inflio.accounts.access import member_required
from inflio.generation.models import Job
from inflio.generation.queries import seconds_left

LIVE_SECONDS = 55.0  # then the browser connects again
LOOK_EVERY = 0.25  # seconds between two looks at the job's row
PING_EVERY = 10.0
MOST_STREAMS = 4  # of a web process with 8 threads; more browsers ask again and again instead
FIELDS = ("state", "progress", "stage", "findings")

_streams = BoundedSemaphore(MOST_STREAMS)


class LiveResponse(StreamingHttpResponse):
    """Gives its place back when the server closes it, whether or not anything was read."""

    released = False

    def close(self) -> None:
        super().close()
        if not self.released:
            self.released = True
            _streams.release()


@require_safe
@member_required()
def thread_live(request: HttpRequest, pk: int) -> HttpResponse:
    """Progress and previews of what is being made in a conversation; 204 tells the browser to poll instead."""
    thread = find_thread(request, pk)
    message = open_message(thread)
    if message is None or not _streams.acquire(blocking=False):
        return HttpResponse(status=204)
    response = LiveResponse(follow_job(message.job_id, seconds=LIVE_SECONDS), content_type="text/event-stream")
    response["Cache-Control"] = "no-cache"
    response["X-Accel-Buffering"] = "no"
    return response


def follow_job(pk: int, *, seconds: float) -> Iterator[str]:
    """Events of one job until it is over or `seconds` have passed: "state" at each change, at last "end"."""
    yield "retry: 500\n\n"
    until = time.monotonic() + seconds
    said, spoken_at = None, time.monotonic()
    while time.monotonic() < until:
        row = Job.objects.filter(pk=pk).values(*FIELDS).first()
        if row is None or row["state"] not in Job.OPEN:
            yield _event("end", {"state": row["state"] if row else "gone"})
            return
        if row != said:
            said, spoken_at = row, time.monotonic()
            yield _event("state", _shown(pk, row))
        elif time.monotonic() - spoken_at > PING_EVERY:
            spoken_at = time.monotonic()
            yield ": still here\n\n"
        time.sleep(LOOK_EVERY)


def _shown(pk: int, row: dict) -> dict:
    count = row["findings"].get("preview")
    job = Job.objects.get(pk=pk)
    left = seconds_left(job, now=timezone.now())
    return {
        "progress": round(row["progress"] * 100),
        "stage": row["stage"],
        "seconds": None if left is None else round(left, 1),
        "preview": f"{reverse('generation:preview', args=[pk])}?v={count}" if count else "",
    }


def _event(name: str, data: dict) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
