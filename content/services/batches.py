"""Batches: planned whole, run a few shoots at a time, paused, resumed, cancelled; partial success is success."""

import logging
from collections.abc import Sequence

from django.db import OperationalError, transaction
from django.db.models import Count, Exists, OuterRef

from content.batches.orders import MAX_PICTURES, Order, picture_count
from content.models import Batch, BatchCell, ContentItem
from content.services.limits import DAY_LIMIT
from content.services.shoots import start_shoot
from inflio.accounts.models import User, Workspace
from inflio.common.errors import Conflict, InflioError, InvalidInput, NotEnoughCredits
from inflio.generation import services as generation
from inflio.generation.models import Job
from inflio.generation.usage import next_reset
from inflio.queue.leases import db_now
from inflio.safety.services import keep_refusals

log = logging.getLogger(__name__)
OPEN_SHOOTS = 4  # of one batch at a time: enough to keep workers busy, little to wait for when it is paused
PRIORITY = 10  # after everything that somebody asked for by hand
NAME_LENGTH = 80
FAULT = "A fault of ours kept this set from being started, and nothing was spent. Try it again."
State = Batch.State
Cell = BatchCell.State


@transaction.atomic
def plan_batch(
    *, workspace: Workspace, name: str, orders: Sequence[Order], plan: dict, by: User | None, key: str = ""
) -> Batch:
    """Write a batch down for review; nothing is made and nothing is spent yet. The same `key` gives the same batch.

    `plan` is what it was made from, to start another one like it. Raises InvalidInput for none or too many pictures.
    """
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)  # so that a double click plans one
    if key and (made := Batch.objects.filter(workspace=workspace, click_key=key).first()):
        return made
    if not orders:
        raise InvalidInput("Choose at least one persona and one look.", code="batch_empty")
    if (pictures := picture_count(orders)) > MAX_PICTURES:
        raise InvalidInput(
            f"This would be {pictures} pictures; a batch has at most {MAX_PICTURES}. Choose fewer combinations.",
            code="batch_too_large",
        )
    name = " ".join(name.split())[:NAME_LENGTH] or f"{pictures} pictures"
    batch = Batch.objects.create(workspace=workspace, name=name, plan=plan, click_key=key, created_by=by)
    BatchCell.objects.bulk_create(
        BatchCell(batch=batch, position=position, persona_id=order.persona_id, order=order.to_row())
        for position, order in enumerate(orders)
    )
    return batch


@transaction.atomic
def start_batch(*, batch: Batch, by: User | None) -> Batch:
    """Begin, or go on after a pause; a second click changes nothing. Raises Conflict for one that has ended."""
    batch = _locked(batch)
    if batch.state == State.RUNNING:
        return batch
    if batch.state not in {State.REVIEW, State.PAUSED}:
        raise Conflict(f"This batch is {batch.get_state_display().lower()}. Start another one like it.")
    batch.state, batch.pause_reason, batch.resume_at = State.RUNNING, "", None
    batch.started_at = batch.started_at or db_now()
    batch.started_by = by
    batch.save()
    _feed(batch)
    return batch


@transaction.atomic
def pause_batch(*, batch: Batch) -> Batch:
    """Start no further shoots; those that run are finished."""
    batch = _locked(batch)
    if batch.state == State.RUNNING:
        batch.state, batch.pause_reason, batch.resume_at = State.PAUSED, "", None
        batch.save()
    return batch


@transaction.atomic
def cancel_batch(*, batch: Batch) -> Batch:
    """Stop what runs, give its credits back and leave out the rest; what is finished stays."""
    batch = _locked(batch)
    if batch.state in {State.DONE, State.CANCELLED}:
        return batch
    generation.cancel_jobs(jobs=Job.objects.filter(items__shoot__batch=batch))
    batch.cells.filter(state=Cell.PLANNED).update(state=Cell.CANCELLED)
    batch.state, batch.pause_reason, batch.resume_at, batch.finished_at = State.CANCELLED, "", None, db_now()
    batch.save()
    _settle(batch)
    return batch


@transaction.atomic
def retry_batch(*, batch: Batch, by: User | None) -> Batch:
    """Plan the failed and cancelled shoots of an ended batch again and go on; Conflict when there are none."""
    batch = _locked(batch)
    again = batch.cells.filter(state__in=(Cell.FAILED, Cell.CANCELLED))
    if batch.state not in {State.DONE, State.CANCELLED, State.PAUSED} or not again.exists():
        raise Conflict("Nothing of this batch has failed or was left out.")
    for cell in again:
        cell.state, cell.shoot, cell.message, cell.tries = Cell.PLANNED, None, "", cell.tries + 1
        cell.save()
    batch.state, batch.finished_at = State.PAUSED, None
    batch.save()
    return start_batch(batch=batch, by=by)


@transaction.atomic
def delete_batch(*, batch: Batch) -> None:
    """Forget a batch that does not run; its pictures stay. Raises Conflict for one that runs."""
    batch = _locked(batch)
    if batch.state in {State.RUNNING, State.PAUSED}:
        raise Conflict("Cancel the batch before you delete it.")
    batch.delete()


def feed_batches() -> None:
    """Move every batch on that has something to do; called by the ticker and safe to call at any time.

    One that cannot be moved on is logged and stops no other.
    """
    busy = Exists(BatchCell.objects.filter(batch=OuterRef("pk"), state=Cell.RUNNING))
    rows = Batch.objects.filter(state=State.RUNNING) | Batch.objects.filter(busy)
    for pk in rows.distinct().values_list("pk", flat=True):
        try:
            with keep_refusals():  # an unsafe order fails its set; the log of it stays
                feed_batch(pk)
        except Exception:  # other workspaces must not wait for what nobody foresaw
            log.exception("batch %s was not moved on", pk)


@transaction.atomic
def feed_batch(pk: int) -> None:
    """Write down which shoots of a batch have ended and start the next ones; two at once do the same as one."""
    batch = Batch.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if batch is None:
        return
    _settle(batch)
    if batch.state == State.RUNNING and not (batch.resume_at and batch.resume_at > db_now()):
        _feed(batch)


def _locked(batch: Batch) -> Batch:
    return Batch.objects.select_for_update(no_key=True).get(pk=batch.pk)


def _settle(batch: Batch) -> None:
    """Running cells whose jobs are all over are done if there is any picture, else failed with the reason."""
    open_items = ContentItem.objects.filter(shoot=OuterRef("shoot"), job__state__in=Job.OPEN)
    ended = batch.cells.filter(state=Cell.RUNNING).exclude(Exists(open_items))
    made = Count("shoot__items__asset")
    for cell in ended.annotate(made=made).select_related("shoot"):
        cell.state = Cell.DONE if cell.made else Cell.FAILED
        if not cell.made:
            job = Job.objects.filter(items__shoot__cell=cell).exclude(error_message="").first()
            cell.message = job.error_message if job else "Nothing came of it. Try it again."
            if job and job.state == Job.State.CANCELLED:
                cell.state = Cell.CANCELLED
        cell.save(update_fields=["state", "message"])


def _feed(batch: Batch) -> None:
    """Start planned shoots while there is room; what cannot be started says why, and the others go on."""
    batch.pause_reason, batch.resume_at = "", None
    room = OPEN_SHOOTS - batch.cells.filter(state=Cell.RUNNING).count()
    while room > 0 and (cell := batch.cells.filter(state=Cell.PLANNED).select_related("persona").first()):
        if not _begin(cell, batch):
            break
        cell.save()
        room -= cell.state == Cell.RUNNING
    if not batch.cells.filter(state__in=(Cell.PLANNED, Cell.RUNNING)).exists():
        batch.state, batch.finished_at = State.DONE, db_now()
    batch.save()


def _begin(cell: BatchCell, batch: Batch) -> bool:
    """Start a planned shoot, or write down on its cell why that cannot be; False when the whole batch has to wait."""
    try:
        with transaction.atomic():
            cell.shoot = start_shoot(
                persona=cell.persona,
                by=batch.started_by,
                key=f"cell:{cell.pk}:{cell.tries}",
                batch=batch,
                priority=PRIORITY,
                **cell.order,
            )
    except NotEnoughCredits as error:
        batch.state, batch.pause_reason = State.PAUSED, error.message
        return False
    except InflioError as error:
        if error.code == DAY_LIMIT:
            batch.pause_reason, batch.resume_at = error.message, next_reset()
            return False
        cell.state, cell.message = Cell.FAILED, error.message[:500]
    except OperationalError:
        raise  # the database is busy or away: the next turn tries again
    except Exception:  # of this order alone, and it would come again at every turn
        log.exception("batch %s: its set %s could not be started", batch.pk, cell.pk)
        cell.state, cell.message = Cell.FAILED, FAULT
    else:
        cell.state = Cell.RUNNING
    return True
