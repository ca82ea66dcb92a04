"""Portraits in the gallery: the same picture, kept like any other, so that it can be posted, exported and sorted."""

from django.conf import settings
from django.db import transaction

from content.models import ContentItem
from content.services.items import save_items
from inflio.accounts.models import User
from inflio.common.errors import Conflict
from personas.models import Persona, Portrait

LOOKS = {  # where a portrait stands in the gallery's categories
    "professional_headshot": "portrait.headshot",
    "casual_friendly": "lifestyle.travel",
    "dynamic_action": "portrait.creative",
    "thoughtful_closeup": "portrait.creative",
    "environmental_portrait": "lifestyle.working",
}


@transaction.atomic
def save_portrait(*, portrait: Portrait, by: User | None) -> ContentItem:
    """Put the picture that a portrait has now into the gallery, once.

    Raises Conflict while there is none, and as save_items does when the plan is full.
    """
    persona = Persona.objects.locked(portrait.persona)
    portrait = Portrait.objects.select_related("asset").get(pk=portrait.pk)
    if portrait.asset is None:
        raise Conflict("This portrait has no picture yet. Save it when it is there.", code="unfinished")
    item = ContentItem.objects.filter(persona=persona, asset=portrait.asset).order_by("pk").first()
    if item is None:
        made = portrait.asset.provenance
        item = ContentItem.objects.create(
            workspace=persona.workspace,
            persona=persona,
            job=portrait.asset.made_by.order_by("-pk").first(),
            asset=portrait.asset,
            look=LOOKS.get(portrait.scenario, ""),
            engine=made.get("engine") or settings.DEFAULT_ENGINE,
            seed=made.get("seed"),
        )
    save_items(items=[item], by=by)
    item.refresh_from_db()
    return item
