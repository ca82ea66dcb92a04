"""What can be done with chosen items: each action calls one service and returns the sentence to show."""

import re

from django.http import HttpRequest
from django.template.defaultfilters import pluralize

from content.models import Board, ContentItem, Tag
from content.services import boards, items
from inflio.accounts.access import get_owned_or_404
from inflio.common.errors import InvalidInput
from inflio.common.params import read_key

Items = list[ContentItem]


def _pictures(count: int) -> str:
    return f"{count} picture{pluralize(count)}"


def save(request: HttpRequest, chosen: Items) -> str:
    """Keep them in the gallery."""
    count = items.save_items(items=chosen, by=request.user)
    return f"{_pictures(count)} saved." if count else "Saved already."


def unsave(request: HttpRequest, chosen: Items) -> str:
    """Take them out of the gallery and off the boards."""
    return f"{_pictures(items.unsave_items(items=chosen, by=request.user))} taken out; found under Results for now."


def favourite(request: HttpRequest, chosen: Items) -> str:
    """Mark them as favourites."""
    count = items.favourite_items(items=chosen, favourite=True, by=request.user)
    return f"{_pictures(count)} marked as favourite." if count else "Favourites already."


def unfavourite(request: HttpRequest, chosen: Items) -> str:
    """Take the mark away."""
    count = items.favourite_items(items=chosen, favourite=False, by=request.user)
    return f"{_pictures(count)} no longer marked."


def delete(request: HttpRequest, chosen: Items) -> str:
    """Delete them with their files."""
    return f"{_pictures(items.delete_items(items=chosen, by=request.user))} deleted."


def tag(request: HttpRequest, chosen: Items) -> str:
    """Give them the tags that were typed."""
    names = re.split(r"[,;\n]", request.POST.get("tags", ""))
    tags = items.tag_items(items=chosen, names=names, by=request.user)
    return f"{_pictures(len(chosen))} tagged: {', '.join(row.name for row in tags)}."


def untag(request: HttpRequest, chosen: Items) -> str:
    """Take one tag off them."""
    row = get_owned_or_404(Tag, request, pk=read_key(request.POST.get("tag", "")) or 0)
    items.untag_items(items=chosen, tag=row, by=request.user)
    return f"Tag {row.name} removed."


def board(request: HttpRequest, chosen: Items) -> str:
    """Put them on a board, one there is or a new one."""
    key, name = read_key(request.POST.get("board", "")), request.POST.get("name", "")
    if key:
        row = get_owned_or_404(Board, request, pk=key)
    elif name.strip():
        row = boards.create_board(workspace=request.workspace, name=name, by=request.user)
    else:
        raise InvalidInput("Choose a board, or give a new one a name.", code="board_missing")
    count = boards.put_on_board(items=chosen, board=row, by=request.user)
    return f"{_pictures(count)} put on {row.name}." if count else f"On {row.name} already."


def unboard(request: HttpRequest, chosen: Items) -> str:
    """Take them off a board."""
    row = get_owned_or_404(Board, request, pk=read_key(request.POST.get("board", "")) or 0)
    count = boards.take_off_board(items=chosen, board=row, by=request.user)
    return f"{_pictures(count)} taken off {row.name}."


ACTIONS = {
    "save": save,
    "unsave": unsave,
    "favourite": favourite,
    "unfavourite": unfavourite,
    "delete": delete,
    "tag": tag,
    "untag": untag,
    "board": board,
    "unboard": unboard,
    "export": None,  # shows a page; see items.bulk
    "schedule": None,  # likewise
}
