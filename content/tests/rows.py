"""One row of everything the content studio keeps, as a used workspace has it."""

from content.models import Batch, BatchCell, Board, ContentItem, Message, Shoot, Tag, Thread
from inflio.accounts.models import User
from inflio.generation.models import Job
from inflio.media.models import Asset
from personas.models import Persona


def fill_content(*, persona: Persona, job: Job, picture: Asset, by: User) -> None:
    """Give a persona's workspace a shoot with its item, a board, a tag, a batch and a conversation."""
    own = {"workspace": persona.workspace}
    batch = Batch.objects.create(**own, name="A week", created_by=by)
    recipe = {"look": "lifestyle.travel", "engine": "embedded", "seed": 7}
    shoot = Shoot.objects.create(**own, **recipe, persona=persona, prompt="At the coast", batch=batch, created_by=by)
    item = ContentItem.objects.create(
        **own, **recipe, persona=persona, shoot=shoot, job=job, asset=picture, prompt="At the coast", saved=True
    )
    BatchCell.objects.create(batch=batch, position=0, persona=persona, order={**recipe, "count": 1}, shoot=shoot)
    Board.objects.create(**own, name="Spring").items.add(item)
    item.tags.add(Tag.objects.create(**own, name="sea"))
    thread = Thread.objects.create(**own, persona=persona, title="Cover", engine="embedded", created_by=by)
    Message.objects.create(thread=thread, text="more dramatic light", asset=picture, created_by=by)
