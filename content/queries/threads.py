"""Reads about conversations: the list, one with its pictures, and what to start from."""

from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from content.models import ContentItem, Message, Thread
from inflio.accounts.models import Workspace
from inflio.generation.models import Job
from inflio.media.models import Asset
from personas.models import Persona, Portrait

PAGE = 24
STARTS = 12  # of each kind


@dataclass(frozen=True)
class Start:
    """A picture that a conversation can start from."""

    asset: Asset
    title: str


@dataclass
class Turn:
    """One message as it is shown. number: of its picture, from 1; None without one of its own."""

    message: Message
    number: int | None
    current: bool = False

    @property
    def job(self) -> Job | None:
        return self.message.job

    @property
    def is_open(self) -> bool:
        return bool(self.job and self.job.is_open)

    @property
    def failed(self) -> bool:
        return bool(self.job and self.job.can_retry and self.message.asset_id is None)


def thread_page(*, workspace: Workspace, before: int | None = None, limit: int = PAGE) -> list[Thread]:
    """Conversations, newest first, by key, each with `picture`: its last one or None. One more than `limit` if any."""
    last = Message.objects.filter(thread=OuterRef("pk"), asset__isnull=False).order_by("-pk").values("asset")[:1]
    rows = Thread.objects.for_workspace(workspace).select_related("persona").annotate(last_asset=Subquery(last))
    if before:
        rows = rows.filter(pk__lt=before)
    threads = list(rows.order_by("-pk")[: limit + 1])
    assets = Asset.objects.in_bulk([thread.last_asset for thread in threads if thread.last_asset])
    for thread in threads:
        thread.picture = assets.get(thread.last_asset)
    return threads


def head_of(thread: Thread) -> Message | None:
    """The message whose picture is the current one."""
    rows = thread.messages.filter(asset__isnull=False).select_related("asset", "base", "parent")
    return rows.order_by("-pk").first()


def format_of(message: Message) -> str:
    """The format of a message's picture: the last one that was asked for, by our edits or by who drew their base."""
    asked = [operation["to"] for operation in message.recipe if operation["op"] == "aspect"]
    if asked:
        return asked[-1]
    drawn = message.thread.messages.filter(asset=message.base_id, asset__isnull=False, job__isnull=False)
    params = drawn.values_list("job__params", flat=True).first() or {}
    return params.get("aspect") or message.thread.aspect


def open_message(thread: Thread) -> Message | None:
    """The message that is being made now."""
    return thread.messages.filter(job__state__in=Job.OPEN).select_related("job").first()


def made_by(message: Message) -> Message:
    """The message that made this one's picture: itself, or the one that it went back to."""
    while message.job_id is None and message.parent_id:
        message = message.parent
    return message


def pictures_of(thread: Thread) -> list[Message]:
    """The messages that made a picture, in the order in which they are numbered from 1."""
    rows = thread.messages.filter(asset__isnull=False, job__isnull=False).select_related("asset", "base")
    return list(rows.order_by("pk"))


def turns_of(thread: Thread) -> list[Turn]:
    """Every message with its number, in order; the current picture is marked."""
    rows = list(thread.messages.select_related("job", "asset", "parent").order_by("pk"))
    turns, number, current = [], 0, None
    for message in rows:
        own = message.asset_id is not None and message.job_id is not None
        number += own
        turns.append(Turn(message, number if own else None))
        if message.asset_id is not None:
            current = turns[-1]
    if current:
        current.current = True
    numbers = {turn.message.pk: turn.number for turn in turns}
    for turn in turns:
        if turn.number is None and turn.message.asset_id and turn.message.parent_id:
            turn.number = numbers.get(turn.message.parent_id)
    return turns


def is_start(workspace: Workspace, persona: Persona, asset: Asset) -> bool:
    """Whether a conversation about this persona may start from this picture: only from one of their own."""
    if asset.workspace_id != workspace.pk:
        return False
    own = Q(items__persona=persona) | Q(portrait_of__persona=persona) | Q(messages__thread__persona=persona)
    return Asset.objects.filter(own, pk=asset.pk).exists()


def starts_for(persona: Persona) -> list[Start]:
    """Portraits and the newest saved pictures of a persona."""
    portraits = Portrait.objects.filter(persona=persona, asset__isnull=False).select_related("asset")
    items = ContentItem.objects.filter(persona=persona, saved=True).finished().select_related("asset")
    found = {item.asset_id: Start(item.asset, str(item)) for item in items.order_by("-pk")[:STARTS]}
    for portrait in portraits[:STARTS]:
        found.setdefault(portrait.asset_id, Start(portrait.asset, portrait.title))
    return list(found.values())


def ready_personas(workspace: Workspace) -> QuerySet[Persona]:
    """Personas that pictures can be made of."""
    ready = Q(status=Persona.Status.READY) | Q(look=Persona.Look.ILLUSTRATED)
    return Persona.objects.for_workspace(workspace).active().filter(ready).select_related("avatar")


def saved_assets(thread: Thread) -> set[int]:
    """Which pictures of a conversation are in the gallery."""
    rows = ContentItem.objects.filter(asset__messages__thread=thread, kind=ContentItem.Kind.THUMBNAIL, saved=True)
    return set(rows.values_list("asset_id", flat=True))
