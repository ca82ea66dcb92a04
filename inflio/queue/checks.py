"""System checks: what the queue's settings name must exist, and its times must fit together."""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist
from django.utils.module_loading import import_string

from inflio.queue.models import Leased


@register
def check_queue_settings(app_configs, **kwargs) -> list[CheckMessage]:
    """Return one error for each name in QUEUE_KINDS and QUEUE_PERIODIC that leads nowhere."""
    return [*_kinds(), *_hooks(), *_times()]


def _kinds() -> Iterator[Error]:
    for kind, entry in settings.QUEUE_KINDS.items():
        if fault := _callable_fault(entry["run"]):
            yield Error(f"QUEUE_KINDS[{kind!r}]: {fault}", id="queue.E001")
        try:
            model = apps.get_model(entry["model"])
        except (LookupError, ValueError):
            yield Error(f"QUEUE_KINDS[{kind!r}]: there is no model {entry['model']!r}", id="queue.E002")
            continue
        if fault := _model_fault(model):
            yield Error(f"QUEUE_KINDS[{kind!r}]: {entry['model']} {fault}", id="queue.E003")


def _hooks() -> Iterator[Error]:
    for hook in settings.QUEUE_PERIODIC:
        if fault := _callable_fault(hook):
            yield Error(f"QUEUE_PERIODIC: {fault}", id="queue.E004")


def _times() -> Iterator[Error]:
    beat = settings.LEASE_SECONDS / 3
    if beat >= settings.CANARY_STALE_SECONDS / 2:
        yield Error(
            f"A lease is renewed every {beat:g} s, which is too rare for a stale time of "
            f"{settings.CANARY_STALE_SECONDS:g} s: busy clusters would be killed.",
            hint="Keep INFLIO_LEASE_SECONDS under 1.5 times INFLIO_CANARY_STALE_SECONDS.",
            id="queue.E005",
        )


def _callable_fault(path: str) -> str:
    try:
        target = import_string(path)
    except ImportError as error:
        return f"{path!r} cannot be imported ({error})"
    return "" if callable(target) else f"{path!r} is not a function"


def _model_fault(model) -> str:
    if not issubclass(model, Leased):
        return "does not inherit inflio.queue.models.Leased"
    if not model.OPEN:
        return "lists no OPEN states"
    try:
        model._meta.get_field("state")
    except FieldDoesNotExist:
        return "has no field 'state'"
    return "" if hasattr(model, "cluster") else "has no 'cluster'"
