"""Saving, marking, tagging and deleting items, and the plan's limit."""

import dataclasses
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from content.models import Board, BoardItem, ContentItem, Message, Shoot, Tag, Thread
from content.services import boards, items
from content.services.results import KEPT_DAYS, delete_old_results
from content.tests.gallery_makers import finished_item, finished_items, plain_persona
from inflio.billing import plans
from inflio.common.errors import Conflict, InvalidInput
from inflio.generation.models import Job
from inflio.media.models import Asset

pytestmark = pytest.mark.django_db


@pytest.fixture
def persona(workspace, alice):
    return plain_persona(workspace, alice)


@pytest.fixture
def few(monkeypatch):
    """A plan that keeps three images."""
    plan = dataclasses.replace(plans.PLANS["free"], saved_images=3)
    monkeypatch.setitem(plans.PLANS, "free", plan)


def keys(rows) -> set[int]:
    return {row.pk for row in rows}


def test_saving_puts_items_into_the_gallery_once(persona):
    rows = finished_items(persona, 2, saved=False)
    assert items.save_items(items=rows) == 2
    assert items.save_items(items=rows) == 0
    assert keys(ContentItem.objects.in_gallery()) == keys(rows)


def test_limit_of_the_plan_is_all_or_nothing(persona, few):
    finished_items(persona, 2)
    more = finished_items(persona, 2, saved=False)
    with pytest.raises(Conflict, match="keeps 3 saved images and has room for 1 more; these are 2"):
        items.save_items(items=more)
    assert ContentItem.objects.in_gallery().count() == 2
    assert items.save_items(items=more[:1]) == 1
    with pytest.raises(Conflict) as refused:
        items.favourite_item(item=more[1], favourite=True)
    assert refused.value.code == "saved_limit"
    assert not ContentItem.objects.filter(favourite=True).exists()


def test_unfinished_items_are_not_saved(workspace, persona):
    row = ContentItem.objects.create(workspace=workspace, persona=persona, engine="embedded")
    with pytest.raises(Conflict, match="not finished"):
        items.save_items(items=[row])


def test_favourite_is_saved_too_and_unsaving_takes_everything_back(persona, workspace):
    row = finished_item(persona, saved=False)
    assert items.favourite_item(item=row, favourite=True).saved
    board = boards.create_board(workspace=workspace, name="Week 1")
    boards.put_on_board(items=[row], board=board)
    assert items.unsave_items(items=[row]) == 1
    row.refresh_from_db()
    assert (row.saved, row.favourite, BoardItem.objects.count()) == (False, False, 0)
    assert not items.favourite_item(item=row, favourite=False).saved


def test_tags_are_kept_small_and_once(persona):
    rows = finished_items(persona, 2)
    items.tag_items(items=rows, names=["  #Summer ", "summer", "Blue  Hour"])
    items.tag_items(items=rows[:1], names=["SUMMER"])
    assert [tag.name for tag in rows[0].tags.all()] == ["blue hour", "summer"]
    assert Tag.objects.count() == 2
    items.untag_items(items=rows[:1], tag=Tag.objects.get(name="summer"))
    assert Tag.objects.filter(name="summer").exists()
    items.untag_items(items=rows[1:], tag=Tag.objects.get(name="summer"))
    assert not Tag.objects.filter(name="summer").exists()


@pytest.mark.parametrize("names", [[], ["  ", "#"], ["x" * 41], [f"t{n}" for n in range(21)]])
def test_tags_that_cannot_be_are_refused(persona, names):
    with pytest.raises(InvalidInput):
        items.tag_items(items=[finished_item(persona)], names=names)


def test_items_of_several_workspaces_are_never_mixed(persona, charlie):
    other = finished_item(plain_persona(charlie.workspaces.get(), charlie))
    with pytest.raises(ValueError, match="several"):
        items.save_items(items=[finished_item(persona), other])


def test_deleting_takes_rows_and_files(persona, django_capture_on_commit_callbacks):
    row, kept = finished_items(persona, 2)
    name = row.asset.name
    with django_capture_on_commit_callbacks(execute=True):
        assert items.delete_items(items=[row]) == 1
    assert not default_storage.exists(name)
    assert default_storage.exists(kept.asset.name)
    assert keys(ContentItem.objects.all()) == {kept.pk}
    assert keys(Asset.objects.all()) == {kept.asset_id}


def test_picture_that_a_conversation_shows_stays_there(persona, workspace, django_capture_on_commit_callbacks):
    row = finished_item(persona)
    thread = Thread.objects.create(workspace=workspace, persona=persona, title="T", engine="embedded")
    message = Message.objects.create(thread=thread, text="Brighter", asset=row.asset)
    with django_capture_on_commit_callbacks(execute=True):
        items.delete_items(items=[row])
    message.refresh_from_db()
    assert not ContentItem.objects.exists()
    assert default_storage.exists(message.asset.name)


def test_avatar_keeps_its_file(persona, django_capture_on_commit_callbacks):
    row = finished_item(persona)
    persona.avatar = row.asset
    persona.save()
    with django_capture_on_commit_callbacks(execute=True):
        items.delete_items(items=[row])
    persona.refresh_from_db()
    assert default_storage.exists(persona.avatar.name)


def waiting(persona, positions: int) -> list[ContentItem]:
    """Items of one job that waits."""
    shoot = Shoot.objects.create(
        workspace=persona.workspace, persona=persona, look="lifestyle.travel", prompt="p", seed=1, engine="embedded"
    )
    job = Job.objects.create(
        workspace=persona.workspace, kind="content", engine="embedded", cluster="gpu", title="T", idempotency_key="k"
    )
    return [
        ContentItem.objects.create(
            workspace=persona.workspace, persona=persona, shoot=shoot, position=place, job=job, engine="embedded"
        )
        for place in range(positions)
    ]


def test_deleting_cancels_a_job_only_when_nobody_else_waits_for_it(persona):
    first, second = waiting(persona, 2)
    items.delete_items(items=[first])
    assert Job.objects.get().state == Job.State.QUEUED
    items.delete_items(items=[second])
    assert Job.objects.get().state == Job.State.CANCELLED


def test_old_results_go_and_everything_else_stays(persona, django_capture_on_commit_callbacks):
    old, fresh, kept = finished_items(persona, 3, saved=False)
    items.save_items(items=[kept])
    long_ago = timezone.now() - timedelta(days=KEPT_DAYS, minutes=1)
    ContentItem.objects.filter(pk__in=[old.pk, kept.pk]).update(updated_at=long_ago)
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_old_results() == 1
    assert keys(ContentItem.objects.all()) == {fresh.pk, kept.pk}
    assert not default_storage.exists(old.asset.name)
    assert delete_old_results() == 0


def test_unsaved_item_gets_its_thirty_days_from_then_on(persona):
    row = finished_item(persona)
    ContentItem.objects.update(updated_at=timezone.now() - timedelta(days=200))
    items.unsave_items(items=[row])
    assert delete_old_results() == 0


def test_result_that_is_still_made_stays(persona):
    (row,) = waiting(persona, 1)
    ContentItem.objects.update(updated_at=timezone.now() - timedelta(days=200))
    assert delete_old_results() == 0
    assert ContentItem.objects.filter(pk=row.pk).exists()


def test_boards_hold_items_without_owning_them(persona, workspace):
    rows = finished_items(persona, 2, saved=False)
    board = boards.create_board(workspace=workspace, name=" Week  1 ")
    assert boards.create_board(workspace=workspace, name="week 1") == board
    assert boards.put_on_board(items=rows, board=board) == 2
    assert boards.put_on_board(items=rows, board=board) == 0
    assert ContentItem.objects.in_gallery().count() == 2
    assert boards.take_off_board(items=rows[:1], board=board) == 1
    boards.delete_board(board=board)
    assert ContentItem.objects.in_gallery().count() == 2


def test_board_names(workspace):
    board = boards.create_board(workspace=workspace, name="A")
    boards.create_board(workspace=workspace, name="B")
    with pytest.raises(Conflict, match="named b already"):
        boards.rename_board(board=board, name="b")
    assert boards.rename_board(board=board, name="<b>C</b>").name == "<b>C</b>"
    for bad in ("", "   ", "x" * 81):
        with pytest.raises(InvalidInput):
            boards.rename_board(board=board, name=bad)


def test_items_of_strangers_get_onto_no_board(persona, charlie):
    board = boards.create_board(workspace=charlie.workspaces.get(), name="Mine")
    assert boards.put_on_board(items=[finished_item(persona)], board=board) == 0
    assert Board.objects.get(pk=board.pk).items.count() == 0
