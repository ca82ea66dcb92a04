"""A small leased model to try the queue on; its table exists only in the tests' database."""

import pytest
from django.db import connection, models

from inflio.queue.models import Leased


class Errand(Leased):
    """Work that does nothing."""

    OPEN = ("queued", "running")

    state = models.CharField(max_length=10, default="queued")
    cluster = models.CharField(max_length=10, default="default")

    class Meta(Leased.Meta):
        app_label = "queue"

    def __str__(self) -> str:
        return f"errand {self.pk}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Add the errands' table to the tests' database."""
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        editor.create_model(Errand)


@pytest.fixture
def errand(db) -> Errand:
    return Errand.objects.create()


@pytest.fixture
def errands_only(settings):
    """Make errands the only kind of work; `errands.run` notes each."""
    settings.QUEUE_KINDS = {"errand": {"model": "queue.Errand", "run": "inflio.queue.tests.errands.run"}}
    settings.QUEUE_PERIODIC = {}
