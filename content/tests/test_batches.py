"""Batches: run fairly, a few sets at a time, and survive pauses, cancels, failures and two feeders at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from threading import Barrier

import pytest
from django.db import connections
from django.db.models.signals import pre_save

from content.batches.orders import MAX_PICTURES, Order, make_grid
from content.models import Batch, BatchCell, ContentItem
from content.queries import batches as queries
from content.services import batches as services
from inflio.billing.models import CreditAccount
from inflio.billing.services import grant_credits, ledger_faults
from inflio.common.errors import Conflict, InvalidInput
from inflio.generation.models import Job
from inflio.generation.queries import claimable
from inflio.queue.leases import db_now
from inflio.safety.models import Refusal
from personas.tests.makers import analysed, end, persona_with_photos

pytestmark = pytest.mark.django_db
State, Cell = Batch.State, BatchCell.State


@pytest.fixture
def plan(workspace, alice, ready):
    """Plan a batch of `sets` shoots with two pictures each."""

    def make(sets: int = 6, *, key: str = "", **same) -> Batch:
        same = {"count": 2, "engine": "embedded"} | same
        orders = make_grid(
            personas=[ready.pk], looks=["lifestyle.travel"], styles=["natural"], first_seed=1, seeds=sets, **same
        )
        return services.plan_batch(workspace=workspace, name="Spring", orders=orders, plan={}, by=alice, key=key)

    return make


def states(batch: Batch) -> list[str]:
    return list(batch.cells.order_by("position").values_list("state", flat=True))


def open_jobs(batch: Batch):
    return Job.objects.filter(items__shoot__batch=batch, state__in=Job.OPEN).distinct()


def finish_open(batch: Batch) -> None:
    for job in open_jobs(batch):
        end(job, score=0.93)


def run_to_the_end(batch: Batch) -> Batch:
    for _ in range(50):
        finish_open(batch)
        services.feed_batches()
        batch.refresh_from_db()
        if batch.state != State.RUNNING:
            break
    return batch


def test_a_plan_spends_nothing_and_a_double_click_plans_once(plan, workspace):
    batch = plan(key="click")
    assert plan(key="click") == batch
    assert states(batch) == [Cell.PLANNED] * 6
    assert CreditAccount.objects.get(workspace=workspace).available == 100
    assert queries.cells_estimate(batch).pictures == queries.cells_estimate(batch).credits == 12


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_plan_one_batch(plan):
    def click(together: Barrier) -> Batch:
        together.wait()
        try:
            return plan(10, key="click")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as clicks:
        first, second = clicks.map(click, [Barrier(2)] * 2)
    assert first == second == Batch.objects.get()
    assert states(first) == [Cell.PLANNED] * 10


def test_a_batch_runs_a_few_sets_at_a_time_to_its_end(plan, workspace, alice):
    batch = services.start_batch(batch=plan(6), by=alice)
    assert states(batch).count(Cell.RUNNING) == services.OPEN_SHOOTS
    assert open_jobs(batch).count() == 2 * services.OPEN_SHOOTS
    assert {job.priority for job in open_jobs(batch)} == {services.PRIORITY}
    run_to_the_end(batch)
    assert batch.state == State.DONE
    assert states(batch) == [Cell.DONE] * 6
    assert ContentItem.objects.filter(shoot__batch=batch).exclude(asset=None).count() == 12
    assert CreditAccount.objects.get(workspace=workspace).available == 100 - 12
    assert ledger_faults() == []


def test_feeding_twice_starts_nothing_twice(plan, alice):
    batch = services.start_batch(batch=plan(6), by=alice)
    services.start_batch(batch=batch, by=alice)
    for _ in range(3):
        services.feed_batches()
    assert open_jobs(batch).count() == 2 * services.OPEN_SHOOTS


def test_a_pause_finishes_what_runs_and_starts_nothing(plan, alice):
    batch = services.start_batch(batch=plan(6), by=alice)
    services.pause_batch(batch=batch)
    finish_open(batch)
    services.feed_batches()
    assert states(batch) == [Cell.DONE] * 4 + [Cell.PLANNED] * 2
    batch = services.start_batch(batch=batch, by=alice)
    assert run_to_the_end(batch).state == State.DONE


def test_a_cancel_gives_back_what_was_set_aside_and_keeps_what_is_done(plan, workspace, alice):
    batch = services.start_batch(batch=plan(6), by=alice)
    end(open_jobs(batch).order_by("pk").first(), score=0.93)
    services.cancel_batch(batch=batch)
    services.cancel_batch(batch=batch)
    batch.refresh_from_db()
    assert batch.state == State.CANCELLED
    assert states(batch) == [Cell.DONE] + [Cell.CANCELLED] * 5
    assert CreditAccount.objects.get(workspace=workspace).available == 99
    assert ledger_faults() == []


def test_what_was_left_out_can_be_tried_again(plan, alice):
    batch = services.start_batch(batch=plan(3), by=alice)
    services.cancel_batch(batch=batch)
    batch = services.retry_batch(batch=batch, by=alice)
    assert run_to_the_end(batch).state == State.DONE
    assert states(batch) == [Cell.DONE] * 3
    with pytest.raises(Conflict, match="Nothing of this batch"):
        services.retry_batch(batch=batch, by=alice)


def test_one_failed_set_fails_alone_with_its_reason(plan, workspace, alice):
    batch = services.start_batch(batch=plan(3), by=alice)
    for job in Job.objects.filter(items__shoot__cell__position=1):
        end(job, state=Job.State.FAILED, code="photos_unfit", message="No photo shows enough.")
    run_to_the_end(batch)
    assert states(batch) == [Cell.DONE, Cell.FAILED, Cell.DONE]
    assert batch.cells.get(position=1).message == "No photo shows enough."
    assert batch.state == State.DONE
    assert CreditAccount.objects.get(workspace=workspace).available == 100 - 4


def test_an_order_that_cannot_be_started_fails_alone(plan, alice, workspace, ready):
    orders = [Order(ready.pk, "lifestyle.travel", place="the moon", engine="embedded"), Order(ready.pk, "luxury.yacht")]
    batch = services.plan_batch(workspace=workspace, name="", orders=orders, plan={}, by=alice)
    run_to_the_end(services.start_batch(batch=batch, by=alice))
    assert states(batch) == [Cell.FAILED, Cell.DONE]
    assert batch.cells.first().message


def test_an_order_that_nobody_foresaw_fails_alone_with_a_sentence(plan, alice, caplog):
    batch = plan(3)
    cell = batch.cells.get(position=1)
    cell.order["weather"] = "rain"
    cell.save()
    run_to_the_end(services.start_batch(batch=batch, by=alice))
    assert states(batch) == [Cell.DONE, Cell.FAILED, Cell.DONE]
    assert batch.cells.get(position=1).message == services.FAULT
    assert f"set {cell.pk} could not be started" in caplog.text


def test_a_batch_that_cannot_be_moved_on_stops_no_other(plan, caplog):
    older, newer = plan(1), plan(1)
    Batch.objects.update(state=State.RUNNING)

    def fail(instance, **kwargs):
        if instance == newer:
            raise RuntimeError("nobody foresaw this")

    pre_save.connect(fail, sender=Batch)
    try:
        services.feed_batches()
    finally:
        pre_save.disconnect(fail, sender=Batch)
    assert (states(older), states(newer)) == ([Cell.RUNNING], [Cell.PLANNED])
    assert f"batch {newer.pk} was not moved on" in caplog.text


def test_a_set_whose_shoot_is_gone_tells_nothing_of_other_workspaces(plan, charlie):
    Job.objects.create(
        workspace=charlie.workspaces.get(), kind="portrait", engine="embedded", state="failed", error_message="Secret"
    )
    batch = plan(1)
    batch.cells.update(state=Cell.RUNNING)
    services.feed_batches()
    assert states(batch) == [Cell.FAILED]
    assert batch.cells.get().message == "Nothing came of it. Try it again."


def test_an_unsafe_order_fails_its_set_and_is_logged(workspace, alice, ready):
    orders = [Order(ready.pk, "luxury.villa", details="naked by the pool", engine="embedded")]
    batch = services.plan_batch(workspace=workspace, name="", orders=orders, plan={}, by=alice)
    Batch.objects.filter(pk=batch.pk).update(state=State.RUNNING, started_by=alice)
    services.feed_batches()
    assert states(batch) == [Cell.FAILED]
    assert "naked" in batch.cells.get().message
    assert Refusal.objects.get().workspace == workspace


def test_it_pauses_when_credits_run_out_and_goes_on_after_more(plan, workspace, alice):
    CreditAccount.objects.filter(workspace=workspace).update(available=3)
    batch = services.start_batch(batch=plan(3), by=alice)
    assert batch.state == State.PAUSED
    assert "credits" in batch.pause_reason
    assert states(batch) == [Cell.RUNNING, Cell.PLANNED, Cell.PLANNED]
    finish_open(batch)
    grant_credits(workspace=workspace, amount=10, reason="More")
    assert run_to_the_end(services.start_batch(batch=batch, by=alice)).state == State.DONE


def test_it_waits_for_tomorrow_at_the_daily_limit_and_goes_on_by_itself(plan, workspace, alice):
    CreditAccount.objects.filter(workspace=workspace).update(available=500)
    batch = services.start_batch(batch=plan(10, count=4), by=alice)
    more = services.start_batch(batch=plan(10, count=4), by=alice)
    for _ in range(12):
        for row in (batch, more):
            finish_open(row)
        services.feed_batches()
    more.refresh_from_db()
    made = ContentItem.objects.exclude(asset=None).count()
    assert made <= 50
    assert more.state == State.RUNNING
    assert more.resume_at > db_now()
    assert "images a day" in more.pause_reason
    yesterday = db_now() - timedelta(days=1)
    Job.objects.update(created_at=yesterday)
    Batch.objects.filter(pk=more.pk).update(resume_at=yesterday)
    assert run_to_the_end(more).state == State.DONE


def test_too_much_and_nothing_are_refused(plan, workspace, alice, ready):
    with pytest.raises(InvalidInput, match="at least one"):
        services.plan_batch(workspace=workspace, name="", orders=[], plan={}, by=alice)
    orders = [Order(ready.pk, "luxury.yacht", count=4)] * (MAX_PICTURES // 4 + 1)
    with pytest.raises(InvalidInput, match="at most 1000"):
        services.plan_batch(workspace=workspace, name="", orders=orders, plan={}, by=alice)


def test_the_batches_of_two_workspaces_take_turns_picture_by_picture(plan, alice, charlie):
    own = charlie.workspaces.get()
    other = analysed(persona_with_photos(own, charlie, name="Grace"))
    orders = make_grid(personas=[other.pk], looks=["luxury.yacht"], styles=["bold"], first_seed=1, seeds=3, count=2)
    services.start_batch(batch=plan(6), by=alice)
    theirs = services.plan_batch(workspace=own, name="", orders=orders, plan={}, by=charlie)
    services.start_batch(batch=theirs, by=charlie)
    served = []
    for _ in range(8):
        job = claimable(cluster="gpu", now=db_now()).filter(kind="picture").first()
        Job.objects.filter(pk=job.pk).update(started_at=db_now())
        end(job, score=0.93)
        served.append(job.workspace_id)
    assert all(first != second for first, second in pairwise(served))


def test_only_an_ended_batch_is_deleted_and_its_pictures_stay(plan, alice):
    batch = services.start_batch(batch=plan(1), by=alice)
    with pytest.raises(Conflict, match="Cancel the batch"):
        services.delete_batch(batch=batch)
    run_to_the_end(batch)
    services.delete_batch(batch=batch)
    assert ContentItem.objects.exclude(asset=None).count() == 2


def test_a_killed_feeder_leaves_nothing_half_started(plan, alice, monkeypatch):
    """The set's state, its shoot, jobs and credits are one transaction: dying in between leaves it planned."""
    batch = plan(2)

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(Batch, "save", die)
    with pytest.raises(KeyboardInterrupt):
        services.start_batch(batch=batch, by=alice)
    monkeypatch.undo()
    assert states(batch) == [Cell.PLANNED] * 2
    assert not Job.objects.filter(kind="picture").exists()
    assert run_to_the_end(services.start_batch(batch=batch, by=alice)).state == State.DONE
    assert Job.objects.filter(kind="picture").count() == 4
