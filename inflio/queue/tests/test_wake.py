"""Wake-ups: sent after the commit, to the row's cluster, and never a reason to fail."""

import logging
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ, Task

from inflio.queue import wake as wake_module
from inflio.queue.tests import errands
from inflio.queue.tests.conftest import Errand
from inflio.queue.wake import prune_failures, run, send_canary, waiting, wake

pytestmark = pytest.mark.usefixtures("errands_only")


def messages() -> list[tuple[str, str, tuple]]:
    """(cluster, function, arguments) of each message that waits in the database."""
    return [(message.key, message.task["func"], message.task["args"]) for message in OrmQ.objects.order_by("pk")]


def test_wake_goes_to_the_rows_cluster_after_the_commit(db, django_capture_on_commit_callbacks):
    errand = Errand.objects.create(cluster="gpu")
    with django_capture_on_commit_callbacks(execute=True):
        wake("errand", errand.pk)
        assert messages() == []

    assert messages() == [("gpu", "inflio.queue.wake.run", ("errand", errand.pk))]
    errand.refresh_from_db()
    assert errand.dispatched_at is not None


def test_wake_message_is_used_up_by_its_first_run(errand, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        wake("errand", errand.pk)

    task = OrmQ.objects.get().task
    assert task["ack_failure"] is True
    assert task["save"] is False


def test_kind_of_long_work_brings_its_own_longest_run(errand, settings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        wake("errand", errand.pk)
    assert "timeout" not in OrmQ.objects.get().task  # as its cluster says
    OrmQ.objects.all().delete()
    settings.QUEUE_KINDS = {"errand": settings.QUEUE_KINDS["errand"] | {"timeout": 900}}
    with django_capture_on_commit_callbacks(execute=True):
        wake("errand", errand.pk)
    assert OrmQ.objects.get().task["timeout"] == 900


@pytest.mark.django_db(transaction=True)
def test_wake_of_a_rolled_back_row_is_not_sent():
    with transaction.atomic():
        wake("errand", Errand.objects.create().pk)
        transaction.set_rollback(True)

    assert messages() == []


@pytest.mark.django_db(transaction=True)
def test_wake_with_a_broker_that_is_down_is_only_logged(caplog, monkeypatch):
    monkeypatch.setattr(Conf, "ORM", None)
    monkeypatch.setattr(Conf, "REDIS", "redis://127.0.0.1:9/0")
    errand = Errand.objects.create()

    with caplog.at_level(logging.WARNING, logger=wake_module.__name__), transaction.atomic():
        wake("errand", errand.pk)

    assert "No wake-up ('errand', " in caplog.text
    assert messages() == []


def test_wake_of_a_missing_row_is_only_logged(db, caplog, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        wake("errand", 404)

    assert "errand 404 does not exist" in caplog.text
    assert messages() == []


def test_canary_is_a_beat(db):
    assert send_canary("gpu")

    assert messages() == [("gpu", "inflio.queue.pulse.beat", ())]


def test_waiting_counts_the_messages_of_one_cluster(db):
    send_canary("gpu")
    send_canary("gpu")

    assert (waiting("gpu"), waiting("default")) == (2, 0)


def test_run_calls_the_runner_of_the_kind_and_shows_life(errand, tmp_path, monkeypatch):
    pulse = tmp_path / "pulse"
    pulse.touch()
    before = pulse.stat().st_mtime_ns
    monkeypatch.setenv("INFLIO_PULSE_FILE", str(pulse))
    errands.ran.clear()

    assert run("errand", errand.pk) == f"errand {errand.pk} done"

    assert errands.ran == [errand.pk]
    assert pulse.stat().st_mtime_ns > before


def test_run_that_lost_its_lease_is_no_failure():
    assert run("errand", -1) is None


def test_prune_failures_keeps_the_last_two_weeks(db):
    now = timezone.now()
    for key, days, success in (("old", 15, False), ("new", 13, False), ("good", 15, True)):
        stopped = now - timedelta(days=days)
        Task.objects.create(id=key, name=key, func="f", started=stopped, stopped=stopped, success=success)

    prune_failures()

    assert set(Task.objects.values_list("id", flat=True)) == {"new", "good"}


def test_message_table_has_our_index(db):
    with connection.cursor() as cursor:
        indexes = connection.introspection.get_constraints(cursor, OrmQ._meta.db_table)

    assert indexes["inflio_ormq_key_lock"]["columns"] == ["key", "lock"]
