"""Boards: make, rename, delete, fill and empty them."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from content.models import Board, BoardItem, ContentItem
from content.services.items import save_items
from inflio.accounts.models import User, Workspace
from inflio.common.errors import Conflict, InvalidInput

NAME_LENGTH = 80
BOARDS_PER_WORKSPACE = 500


@transaction.atomic
def create_board(*, workspace: Workspace, name: str, by: User | None = None) -> Board:
    """Make a board; the same name (whatever its case) gives the board that has it, so a double click makes one.

    Raises InvalidInput for a name that is missing or too long, and when there are too many boards.
    """
    name = _clean(name)
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    boards = Board.objects.for_workspace(workspace)
    if there := boards.filter(name__iexact=name).first():
        return there
    if boards.count() >= BOARDS_PER_WORKSPACE:
        raise InvalidInput(f"A workspace has at most {BOARDS_PER_WORKSPACE} boards. Delete one first.")
    return Board.objects.create(workspace=workspace, name=name)


@transaction.atomic
def rename_board(*, board: Board, name: str, by: User | None = None) -> Board:
    """Give a board another name; raises Conflict when one has it already."""
    name = _clean(name)
    others = Board.objects.filter(workspace=board.workspace_id, name__iexact=name).exclude(pk=board.pk)
    taken = Conflict(f"There is a board named {name} already.", code="name_taken")
    if others.exists():
        raise taken
    board.name = name
    try:
        with transaction.atomic():
            board.save(update_fields=["name", "updated_at"])
    except IntegrityError as error:
        raise taken from error
    return board


@transaction.atomic
def delete_board(*, board: Board, by: User | None = None) -> None:
    """Delete a board; its items stay in the gallery."""
    Board.objects.filter(pk=board.pk).delete()


@transaction.atomic
def put_on_board(*, items: Iterable[ContentItem], board: Board, by: User | None = None) -> int:
    """Put items on a board, saving those that are not saved yet; returns how many were not on it before.

    Raises Conflict as save_items does.
    """
    items = [item for item in items if item.workspace_id == board.workspace_id and item.asset_id]
    save_items(items=items, by=by)
    there = BoardItem.objects.filter(board=board)
    before = there.count()
    rows = [BoardItem(board=board, item=item) for item in sorted(items, key=lambda item: item.pk)]
    BoardItem.objects.bulk_create(rows, ignore_conflicts=True, batch_size=400)
    return there.count() - before


@transaction.atomic
def take_off_board(*, items: Iterable[ContentItem], board: Board, by: User | None = None) -> int:
    """Take items off a board; they stay in the gallery. Returns how many were on it."""
    return BoardItem.objects.filter(board=board, item__in=[item.pk for item in items]).delete()[0]


def _clean(name: str) -> str:
    name = " ".join(name.replace("\0", " ").split())
    if not name:
        raise InvalidInput("Give the board a name.", code="name_missing")
    if len(name) > NAME_LENGTH:
        raise InvalidInput(f"Use a name of at most {NAME_LENGTH} characters.", code="name_too_long")
    return name
