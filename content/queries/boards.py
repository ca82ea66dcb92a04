"""Boards with their newest picture and their size; tags; what a filter bar offers."""

from django.db.models import Count, OuterRef, QuerySet, Subquery

from content.models import Board, BoardItem, ContentItem, Tag
from inflio.media.models import Asset


def board_list(*, workspace) -> list[Board]:
    """Every board by name, each with `count` and `covers`: the pictures of its newest items, at most three."""
    links = BoardItem.objects.filter(board=OuterRef("pk")).order_by()
    count = Subquery(links.values("board").annotate(count=Count("pk")).values("count"))
    newest = BoardItem.objects.filter(board=OuterRef("pk")).order_by("-item_id").values("item__asset")
    covers = {f"cover_{place}": Subquery(newest[place : place + 1]) for place in range(3)}
    boards = list(Board.objects.for_workspace(workspace).annotate(count=count, **covers))
    keys = {getattr(board, name) for board in boards for name in covers}
    assets = Asset.objects.in_bulk(keys - {None})
    for board in boards:
        board.covers = [assets[key] for name in covers if (key := getattr(board, name)) in assets]
    return boards


def boards_of(item: ContentItem) -> QuerySet[Board]:
    """The boards an item is on."""
    return Board.objects.filter(boarditem__item=item)


def tag_list(*, workspace) -> QuerySet[Tag]:
    """Every tag by name."""
    return Tag.objects.for_workspace(workspace)
