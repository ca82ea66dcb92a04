"""Waking workers: the only module that knows django-q2, whose messages are hints and may be lost, late or doubled."""

import logging
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.brokers import get_broker
from django_q.models import Task
from django_q.tasks import async_task

from inflio.queue.leases import LostLease, db_now
from inflio.queue.models import Leased
from inflio.queue.pulse import beat

log = logging.getLogger(__name__)
FAILURES_KEPT = timedelta(days=14)


def wake(kind: str, pk) -> None:
    """After the commit, tell a worker of the row's cluster to look at it.

    Never fails: if the broker is down this is logged, and the ticker wakes the row later.
    """

    def send_after_commit() -> None:
        model = model_of(kind)
        row = model._default_manager.filter(pk=pk).first()
        if row is None:
            log.warning("Not woken: %s %s does not exist.", kind, pk)
            return
        model._default_manager.filter(pk=pk).update(dispatched_at=db_now())
        send(kind, pk, row.cluster)

    transaction.on_commit(send_after_commit, robust=True)


def send(kind: str, pk, cluster: str) -> bool:
    """Queue the wake-up of one row; False, with a line in the log, if the broker does not take it."""
    longest = settings.QUEUE_KINDS[kind].get("timeout")  # seconds; None: as its cluster says
    return _enqueue(cluster, "inflio.queue.wake.run", kind, pk, **({"timeout": longest} if longest else {}))


def send_canary(cluster: str) -> bool:
    """Queue a task that only shows that a worker of this cluster is alive."""
    return _enqueue(cluster, "inflio.queue.pulse.beat")


def waiting(cluster: str) -> int:
    """Count the messages that no worker of this cluster has taken yet."""
    return get_broker(cluster).queue_size()


def run(kind: str, pk) -> str | None:
    """Body of every task: call the kind's runner with the row's key."""
    beat()
    try:
        return import_string(settings.QUEUE_KINDS[kind]["run"])(pk)
    except LostLease as lost:
        log.info("%s %s: %s", kind, pk, lost)
        return None
    finally:
        beat()


def model_of(kind: str) -> type[Leased]:
    """Return the model whose rows are of this kind."""
    return apps.get_model(settings.QUEUE_KINDS[kind]["model"])


def prune_failures() -> None:
    """Delete django-q2's records of failed tasks after two weeks; it never does so itself."""
    Task.objects.filter(success=False, stopped__lt=timezone.now() - FAILURES_KEPT).delete()


def _enqueue(cluster: str, function: str, *args, **options) -> bool:
    try:
        async_task(function, *args, cluster=cluster, ack_failure=True, save=False, **options)
    except Exception as error:  # whatever a broker raises: the row is the truth and the ticker sends again
        log.warning("No wake-up %s sent to %s (%s: %s)", args, cluster, type(error).__name__, error)
        return False
    return True
