"""Where conversations begin and end: from a picture or an upload, and deleted with what only they show."""

from django.db import transaction

from content.models import ASPECTS, Message, Thread
from content.queries import threads as queries
from content.services.thread_jobs import queue_message
from content.thumbnails.engines import DRAWN
from inflio.accounts.models import User
from inflio.common.clicks import CLICK_KEY_LENGTH
from inflio.common.errors import InvalidInput
from inflio.generation import services as generation
from inflio.generation.models import Job
from inflio.media import services as media
from inflio.media.intake import clean_upload
from inflio.media.models import Asset
from personas.models import Persona
from personas.services import refuse_unready

START = "Started here."


def start_thread(
    *,
    persona: Persona,
    by: User | None,
    asset: Asset | None = None,
    file=None,
    aspect: str = "16:9",
    key: str = "",
) -> Thread:
    """Begin a conversation from one of the persona's pictures or from an uploaded file; the first picture is queued.

    An upload is re-encoded and, like every result, measured against the persona before it can be edited. The same
    `key` gives the same conversation. Raises InvalidInput, Conflict, NotEnoughCredits; nothing is spent then.
    """
    key = key[:CLICK_KEY_LENGTH]
    if key and (made := Thread.objects.filter(workspace=persona.workspace_id, click_key=key).first()):
        return made
    if aspect not in ASPECTS:
        raise InvalidInput(f"There is no format “{aspect}”. Choose one of those offered.", code="unknown_choice")
    if file is not None:
        asset = None  # an upload wins over the picture that was ticked before it
    elif asset is None:
        raise InvalidInput("Choose a picture to start from, or upload one.", code="no_picture")
    if asset is not None and not queries.is_start(persona.workspace, persona, asset):
        raise InvalidInput("Choose one of this persona's own pictures.", code="not_own")
    picture = clean_upload(file) if file is not None else None
    return _begin(persona, asset, picture, aspect, key, by)


@transaction.atomic
def _begin(persona: Persona, asset: Asset | None, picture, aspect: str, key: str, by: User | None) -> Thread:
    persona = Persona.objects.locked(persona)
    if key and (made := Thread.objects.filter(workspace=persona.workspace_id, click_key=key).first()):
        return made
    refuse_unready(persona)
    if asset is None:
        asset = _store(persona, picture)
    thread = Thread.objects.create(
        workspace=persona.workspace,
        persona=persona,
        title=f"{persona.name}: {aspect} thumbnail",
        engine=DRAWN,
        aspect=aspect,
        click_key=key,
        created_by=by,
    )
    operations = first_operations(asset, aspect)
    message = Message(thread=thread, text="", reply=START, operations=operations, base=asset, recipe=operations)
    message.before, message.created_by = asset, by
    queue_message(message, by)
    return thread


@transaction.atomic
def delete_thread(*, thread: Thread) -> None:
    """Delete a conversation with the pictures that nothing else shows; what is being made is cancelled."""
    thread = Thread.objects.select_for_update(no_key=True).get(pk=thread.pk)
    for message in thread.messages.filter(job__state__in=Job.OPEN).select_related("job"):
        generation.cancel_job(job=message.job)
    uploaded = Asset.objects.filter(source=Asset.Source.UPLOAD, pk__in=thread.messages.values("base"))
    assets = list((Asset.objects.filter(messages__thread=thread) | uploaded).distinct())
    thread.delete()
    held = Asset.objects.filter(pk__in=[asset.pk for asset in assets]).filter(
        items=None, messages=None, portrait_of=None, photo_of=None, avatar_of=None
    )
    bases = set(Message.objects.filter(base__in=held).values_list("base_id", flat=True))
    media.delete_assets(assets=[asset for asset in held.distinct() if asset.pk not in bases])


def first_operations(asset: Asset, aspect: str) -> list[dict]:
    """What makes a picture a thumbnail: the format, and its own place rendered wide where it is too narrow for it."""
    operations: list[dict] = [{"op": "aspect", "to": aspect}]
    width, height = (int(part) for part in aspect.split(":"))
    made = asset.provenance
    if made.get("method") != "composite" or width / height < 1.15 * asset.width / asset.height:
        return operations
    place = {name: made[name] for name in ("look", "place", "scenario", "seed") if name in made}
    if "seed" in place and ("scenario" in place or "look" in place):
        operations.append({"op": "background", **place})
    return operations


def _store(persona: Persona, picture) -> Asset:
    file = media.store_file(
        workspace_id=persona.workspace_id,
        data=picture.data,
        mime=picture.mime,
        extension=picture.extension,
        width=picture.width,
        height=picture.height,
    )
    return media.create_asset(
        workspace=persona.workspace,
        file=file,
        source=Asset.Source.UPLOAD,
        provenance={"title": f"Picture of {persona.name}", "ai_made": False},
        reference=persona.reference,  # goes with the persona
    )
