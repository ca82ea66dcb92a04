"""Which items a request means: those ticked, or all that a filter matches, always within the current workspace."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, QueryDict

from content.models import ContentItem
from content.queries.gallery import GalleryFilter, items_by_keys, keys_of
from inflio.common.errors import InvalidInput
from inflio.common.params import read_key

MOST = 1000  # that one action changes


@dataclass(frozen=True)
class Selection:
    """Items, newest first; `all` when a filter chose them, which is then `chosen`."""

    items: list[ContentItem]
    chosen: GalleryFilter
    all: bool = False

    @property
    def params(self) -> dict[str, str]:
        """Parameters that mean the same selection."""
        if self.all:
            return self.chosen.params | {"all": "1"}
        return {"items": ",".join(str(item.pk) for item in self.items)}

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The same for templates, which would take a parameter named "items" for the dictionary's method."""
        return list(self.params.items())


def read_selection(request: HttpRequest, *, most: int = MOST) -> Selection:
    """`item=1&item=2`, `items=1,2`, or `all=1` with a filter (`filter=` holds a whole query string).

    Keys of other workspaces are left out; 404 when nothing of this one is meant. Raises InvalidInput when more than
    MOST are ticked.
    """
    data = request.POST if request.method == "POST" else request.GET
    # An empty filter means everything; the other fields of that form say what to do, not what is chosen.
    chosen = GalleryFilter.read(QueryDict(data["filter"][:2000]) if "filter" in data else data)
    everything = data.get("all") == "1"
    keys = keys_of(request.workspace, chosen, limit=most) if everything else _ticked(data)[:most]
    items = items_by_keys(request.workspace, keys)
    if not items:
        raise Http404
    return Selection(items, chosen, everything)


def _ticked(data: QueryDict) -> list[int]:
    given = [*data.getlist("item"), *data.get("items", "").split(",")]
    keys = list(dict.fromkeys(key for text in given if (key := read_key(text))))
    if len(keys) > MOST:
        raise InvalidInput(
            f"You ticked {len(keys)} pictures, and at most {MOST} are changed at once. Untick some, or choose a "
            "filter and use “All that match”.",
            code="too_many",
        )
    return keys
