"""What the Create page's templates need: the small sample picture of a look."""

from functools import cache

from django import template
from django.conf import settings
from django.templatetags.static import static

register = template.Library()
FOLDER = "img/looks"


@register.filter
def look_picture(look: str) -> str:
    """Address of the sample picture that `manage.py make_look_pictures` wrote for a look; "" where there is none."""
    name = f"{FOLDER}/{look.replace('.', '-')}.webp"
    return static(name) if _exists(name) else ""


@cache
def _exists(name: str) -> bool:
    return (settings.BASE_DIR / "static" / name).is_file()
