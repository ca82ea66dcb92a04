"""Portraits that are not in the gallery yet."""

from django.db.models import Exists, OuterRef

from content.models import ContentItem
from personas.models import Persona, Portrait


def portraits_outside(persona: Persona) -> list[Portrait]:
    """Those of a persona whose picture is there and was not saved, in the order of their scenarios; one query."""
    saved = ContentItem.objects.filter(persona=persona, asset=OuterRef("asset"), saved=True)
    rows = persona.portraits.exclude(asset=None).exclude(Exists(saved))
    return list(rows.select_related("asset", "persona"))
