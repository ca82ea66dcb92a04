"""When a government changes its clocks: waiting publications keep their wall time and get its new moment."""

from datetime import datetime

from inflio.queue.leases import db_now
from scheduling.models import OccurrenceChange, Publication
from scheduling.recurrence import resolve
from scheduling.services.timing.waiting import is_in_line, set_due, unclaimed

CHUNK = 500


def recompute_due(*, now: datetime | None = None) -> int:
    """Periodic, nightly: bring waiting publications in line with the zones' rules of today; returns how many moved."""
    now, moved = now or db_now(), 0
    rows = unclaimed(Publication.objects.all(), now).filter(due_at__gt=now)
    columns = ("pk", "post_id", "occurrence_local", "due_at", "post__tzid")
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk").values_list(*columns)[:CHUNK]):
        moved += _recompute(chunk, now)
        last = chunk[-1][0]
    return moved


def _recompute(chunk: list[tuple], now: datetime) -> int:
    changes = OccurrenceChange.objects.filter(post__in={post for _, post, *_ in chunk}).exclude(moved_local=None)
    moved_to = {(post, local): to for post, local, to in changes.values_list("post", "occurrence_local", "moved_local")}
    count = 0
    for pk, post, local, due_at, tzid in chunk:
        right = resolve(moved_to.get((post, local), local), tzid).at
        if not is_in_line(due_at, right, now):
            count += set_due(Publication.objects.filter(pk=pk, due_at=due_at), now, right)
    return count
