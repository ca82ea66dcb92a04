"""Items with real small pictures, as a finished shoot leaves them."""

from content.models import ContentItem
from content.services.items import save_items
from inflio.media.models import Asset
from inflio.media.services import create_asset, store_file
from personas.models import Persona
from personas.services import create_persona
from personas.tests.makers import encoded, picture

WIDTH, HEIGHT = 240, 300


def plain_persona(workspace, by, name: str = "Ada") -> Persona:
    """A persona with nothing but a name."""
    return create_persona(workspace=workspace, name=name, by=by)


def finished_item(
    persona: Persona,
    *,
    number: int = 1,
    saved: bool = True,
    look: str = "lifestyle.travel",
    prompt: str = "A photo in soft light",
    size: tuple[int, int] = (WIDTH, HEIGHT),
    provenance: dict | None = None,
    engine: str = "embedded",
) -> ContentItem:
    """One finished item with a picture of its own for each number."""
    asset = stored(persona, number=number, size=size, provenance=provenance)
    item = ContentItem.objects.create(
        workspace=persona.workspace, persona=persona, asset=asset, look=look, engine=engine, prompt=prompt, seed=number
    )
    if saved:
        save_items(items=[item])
        item.refresh_from_db()
    return item


def stored(persona: Persona, *, number: int, size: tuple[int, int], provenance: dict | None = None) -> Asset:
    """A picture in storage with its row."""
    data = encoded(picture(number, size=size))
    file = store_file(
        workspace_id=persona.workspace_id, data=data, mime="image/jpeg", extension="jpg", width=size[0], height=size[1]
    )
    made = {"engine": "embedded", "method": "composite", "title": str(persona)} | (provenance or {})
    return create_asset(
        workspace=persona.workspace, file=file, source=Asset.Source.ENGINE, identity_score=0.93, provenance=made
    )


def finished_items(persona: Persona, count: int, **options) -> list[ContentItem]:
    """Several, the first one first."""
    return [finished_item(persona, number=number + 1, **options) for number in range(count)]
