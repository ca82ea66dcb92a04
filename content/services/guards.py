"""Who still needs a picture of the gallery: apps above this one answer through settings.ITEM_GUARDS."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.module_loading import import_string

from inflio.common.errors import Conflict

Uses = dict[int, list[tuple[str, str]]]  # item id: (title, path on this site) of what shows it
MOST_NAMED = 3


class InUse(Conflict):
    """A picture is needed elsewhere; `links` say where, as (title, path on this site)."""

    code = "in_use"

    def __init__(self, links: list[tuple[str, str]]) -> None:
        named = ", ".join(f"“{title}”" for title, _ in links[:MOST_NAMED])
        more = f" and {len(links) - MOST_NAMED} more" if len(links) > MOST_NAMED else ""
        posts = "a planned post" if len(links) == 1 else "planned posts"
        super().__init__(f"A picture you chose is in {posts}: {named}{more}. Take it out there first, then delete it.")
        self.links = tuple(links)


def uses_of(keys: Iterable[int]) -> Uses:
    """For each item that is needed elsewhere: by what."""
    keys, found = list(keys), {}
    for guard in settings.ITEM_GUARDS if keys else ():
        for key, uses in import_string(guard)(keys).items():
            found.setdefault(key, []).extend(uses)
    return found


def refuse_in_use(keys: Iterable[int]) -> None:
    """Raise InUse when one of these items is needed elsewhere."""
    links = [link for uses in uses_of(keys).values() for link in uses]
    if links:
        raise InUse(list(dict.fromkeys(links)))
