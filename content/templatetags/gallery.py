"""What the gallery's templates need: the words of a look and of an engine, and addresses with one filter changed."""

from django import template

from content.categories import LOOKS, look_title
from content.queries.gallery import GalleryFilter
from inflio.generation.engines import engine_title

register = template.Library()
register.filter("look_title", look_title)
register.filter("engine_title", engine_title)


@register.filter
def look_name(key: str) -> str:
    """The look alone, without its category: "Travel"."""
    return LOOKS[key].title if key in LOOKS else key


@register.simple_tag
def without(chosen: GalleryFilter, name: str) -> str:
    """The query string of a filter without one of its parts."""
    return chosen.but(**{name: GalleryFilter.__dataclass_fields__[name].default}).query
