"""The gallery: filters that combine, and pages by key whose cost does not grow with the gallery."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from heapq import nlargest
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from content.categories import CATEGORIES, CATEGORY_OF, LOOKS
from content.models import BoardItem, ContentItem
from content.queries.search import keys_found, words_of
from inflio.common.params import read_key

PAGE = 48
SLACK = timedelta(hours=1)  # items get their id and their time in the same order, give or take a transaction
SHOWS = ("saved", "favourites", "results")
SEARCH_LENGTH = 120


@dataclass(frozen=True)
class GalleryFilter:
    """What the gallery shows; every field is a parameter of its address. Empty means: whatever."""

    show: str = "saved"
    look: str = ""
    persona: int | None = None
    engine: str = ""
    tag: int | None = None
    board: int | None = None
    month: str = ""
    q: str = ""

    @classmethod
    def read(cls, given) -> "GalleryFilter":
        """From an address's parameters; what cannot be understood is left out."""
        month, look, show = given.get("month", ""), given.get("look", ""), given.get("show", "")
        return cls(
            show=show if show in SHOWS else "saved",
            look=look if look in LOOKS or looks_in(look) else "",
            persona=read_key(given.get("persona", "")),
            engine=given.get("engine", "")[:30].replace("\0", ""),
            tag=read_key(given.get("tag", "")),
            board=read_key(given.get("board", "")),
            month=month if _month_start(month) else "",
            q=" ".join(given.get("q", "").replace("\0", " ").split())[:SEARCH_LENGTH],
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything but the kind of list is chosen."""
        return self != GalleryFilter(show=self.show, board=self.board)

    @property
    def params(self) -> dict[str, str]:
        """Parameters of the address that shows the same."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) for name, value in given.items() if value and (name, value) != ("show", "saved")}

    @property
    def query(self) -> str:
        """The address's query string."""
        return urlencode(self.params)

    def but(self, **changes) -> "GalleryFilter":
        """The same with other values."""
        return replace(self, **changes)


def looks_in(category: str) -> list[str]:
    """Keys of a category's looks; empty for a name that is none."""
    return [look.key for row in CATEGORIES if row.key == category for look in row.looks]


def items_of(workspace, chosen: GalleryFilter) -> QuerySet[ContentItem]:
    """The finished items that a filter means, but for its words (see `keys_of`), in no order."""
    # "IN (…)": SQLite uses an index on a boolean for that, and not for the bare column that Django writes for "=".
    rows = ContentItem.objects.for_workspace(workspace).filter(saved__in=[chosen.show != "results"]).finished()
    if chosen.show == "favourites":
        rows = rows.filter(favourite=True)
    if chosen.persona:
        rows = rows.filter(persona=chosen.persona)
    if chosen.engine:
        rows = rows.filter(engine=chosen.engine)
    if chosen.look:
        rows = rows.filter(look__in=looks_in(chosen.look) or [chosen.look])
    if chosen.month:
        rows = rows.filter(_in_month(workspace, chosen.month))
    return rows


def keys_of(
    workspace, chosen: GalleryFilter, *, before: int | None = None, after: int | None = None, limit: int
) -> list[int]:
    """Ids of at most `limit` items, newest first: those before one key, or those next after another.

    The narrowest ordered index leads: words, then a tag, then a board, then the looks of a category one by one.
    """
    lead = "q" if words_of(chosen.q) else "tag" if chosen.tag else "board" if chosen.board else "look"
    rows = _linked(items_of(workspace, chosen), chosen, lead)
    if lead == "q":
        rows = _between(rows, "pk", before, after)
        saved = chosen.show != "results"
        options = {"saved": saved, "limit": limit, "oldest_first": bool(after)}
        keys = keys_found(rows, words_of(chosen.q), workspace_id=workspace.pk, **options)
        return keys[::-1] if after else keys
    if lead in {"tag", "board"}:
        return _keys_through(lead, getattr(chosen, lead), rows, before, after, limit)
    looks = looks_in(chosen.look)
    parts = [rows.filter(look=look) for look in looks] if looks else [rows]
    found = [_first(_between(part, "pk", before, after), "pk", after, limit) for part in parts]
    keys = [key for part in found for key in part]
    if len(parts) == 1:
        return keys
    return sorted(keys)[:limit][::-1] if after else nlargest(limit, keys)


def _keys_through(
    lead: str, key: int, rows: QuerySet[ContentItem], before: int | None, after: int | None, limit: int
) -> list[int]:
    """Walk the index of a tag's or a board's items, newest first, keeping those that are among `rows`."""
    if lead == "tag":
        links, name = ContentItem.tags.through.objects.filter(tag=key), "contentitem_id"
    else:
        links, name = BoardItem.objects.filter(board=key), "item_id"
    links = _between(links, name, before, after).filter(Exists(rows.filter(pk=OuterRef(name))))
    return _first(links, name, after, limit)


def _between(rows: QuerySet, name: str, before: int | None, after: int | None) -> QuerySet:
    if before:
        rows = rows.filter(**{f"{name}__lt": before})
    return rows.filter(**{f"{name}__gt": after}) if after else rows


def _first(rows: QuerySet, name: str, after: int | None, limit: int) -> list[int]:
    """Newest first; the ones next after a key are read from the other end."""
    keys = list(rows.order_by(name if after else f"-{name}").values_list(name, flat=True)[:limit])
    return keys[::-1] if after else keys


def gallery_page(
    *, workspace, chosen: GalleryFilter, before: int | None = None, limit: int = PAGE
) -> tuple[list[ContentItem], int | None]:
    """One page of items with picture and persona, newest first, and the key to go on before (None at the end)."""
    keys = keys_of(workspace, chosen, before=before, limit=limit + 1)
    return items_by_keys(workspace, keys[:limit]), keys[limit - 1] if len(keys) > limit else None


def items_by_keys(workspace, keys: Iterable[int]) -> list[ContentItem]:
    """A workspace's items with picture and persona, newest first; keys of others are left out."""
    rows = ContentItem.objects.for_workspace(workspace).filter(pk__in=list(keys))
    return list(rows.select_related("asset", "persona").order_by("-pk"))


def still_shown(workspace, chosen: GalleryFilter, keys: Iterable[int]) -> set[int]:
    """Those of `keys` that a filter shows; its words are not asked, since nothing changes an item's prompt."""
    rows = _linked(items_of(workspace, chosen), chosen, "")
    return set(rows.filter(pk__in=list(keys)).values_list("pk", flat=True))


def _linked(rows: QuerySet[ContentItem], chosen: GalleryFilter, lead: str) -> QuerySet[ContentItem]:
    """Keep those with the tag and on the board, but for what leads the search already."""
    if chosen.tag and lead != "tag":
        through = ContentItem.tags.through.objects
        rows = rows.filter(Exists(through.filter(contentitem=OuterRef("pk"), tag=chosen.tag)))
    if chosen.board and lead != "board":
        rows = rows.filter(Exists(BoardItem.objects.filter(item=OuterRef("pk"), board=chosen.board)))
    return rows


def neighbours(*, workspace, chosen: GalleryFilter, key: int) -> tuple[int | None, int | None]:
    """Ids of the items before (newer) and after (older) one, in the order of the gallery."""
    older = keys_of(workspace, chosen, before=key, limit=1)
    newer = keys_of(workspace, chosen, after=key, limit=1)
    return newer[0] if newer else None, older[0] if older else None


def by_month(items: Iterable[ContentItem]) -> list[tuple[datetime, list[ContentItem]]]:
    """Items in their order, in groups of the month they were made in, in the reader's time zone."""
    groups: list[tuple[datetime, list[ContentItem]]] = []
    for item in items:
        made = timezone.localtime(item.created_at)
        if not groups or (groups[-1][0].year, groups[-1][0].month) != (made.year, made.month):
            groups.append((made, []))
        groups[-1][1].append(item)
    return groups


def months_of(workspace, most: int = 120) -> list[datetime]:
    """The months from the newest item back to the oldest, in the reader's time zone."""
    rows = ContentItem.objects.for_workspace(workspace).values_list("created_at", flat=True)
    ends = [rows.order_by(order)[:1] for order in ("created_at", "-created_at")]
    times = [timezone.localtime(row[0]) for row in ends if row]
    if not times:
        return []
    months, month = [], times[-1].replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while month >= times[0].replace(day=1, hour=0, minute=0, second=0, microsecond=0) and len(months) < most:
        months.append(month)
        month = (month - timedelta(days=1)).replace(day=1)
    return months


def _month_start(text: str) -> datetime | None:
    found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text, re.ASCII)
    return timezone.make_aware(datetime(int(found[1]), int(found[2]), 1)) if found else None


def _in_month(workspace, month: str) -> Q:
    """A month as a range of keys, found at its ends by two short reads, and its exact times."""
    start = _month_start(month)
    end = timezone.make_aware(datetime(start.year + start.month // 12, start.month % 12 + 1, 1))
    rows = ContentItem.objects.for_workspace(workspace)
    first = rows.filter(created_at__gte=start - SLACK).order_by("created_at").values_list("pk", flat=True)[:1]
    last = rows.filter(created_at__lt=end + SLACK).order_by("-created_at").values_list("pk", flat=True)[:1]
    first, last = list(first), list(last)
    if not first or not last:
        return Q(pk__in=[])
    return Q(pk__gte=first[0], pk__lte=last[0], created_at__gte=start, created_at__lt=end)


def category_of(look: str) -> str:
    """Key of the category that a look, or a category itself, belongs to."""
    return CATEGORY_OF[look].key if look in CATEGORY_OF else look
