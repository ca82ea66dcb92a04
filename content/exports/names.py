"""File names that say what is in them, safe on every system."""

from django.utils import timezone
from django.utils.text import slugify

from content.models import ContentItem

LONGEST_PART = 40


def file_name(item: ContentItem, extension: str, preset: str = "") -> str:
    """Such as "ada-lifestyle-travel-2026-11-21-42-ig_feed_square.jpg"; the item's id keeps names apart."""
    look = item.look.replace(".", "-").replace("_", "-") or item.kind
    day = timezone.localtime(item.created_at).strftime("%Y-%m-%d")
    parts = (
        slugify(item.persona.name)[:LONGEST_PART].strip("-") or "persona",
        slugify(look),
        day,
        str(item.pk),
        preset,
    )
    return f"{'-'.join(part for part in parts if part)}.{extension}"
