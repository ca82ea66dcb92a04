"""Conversations about a thumbnail: say something, go back, keep a picture; each message is paid once."""

from django.db import transaction

from content.models import ContentItem, Message, Thread
from content.queries import threads as queries
from content.services.items import save_items
from content.services.thread_jobs import queue_message
from content.thumbnails.engines import KEEP, KIND, all_places, by_operations, refuse_format
from content.thumbnails.interpret import Understanding, asked_format, interpret
from inflio.accounts.models import User
from inflio.common.clicks import CLICK_KEY_LENGTH
from inflio.common.errors import Conflict, EngineRefused, InvalidInput
from inflio.generation import services as generation
from inflio.generation.engines import get_engine
from inflio.safety.services import check_prompt
from personas.models import Persona
from personas.services import refuse_outside, refuse_unready

TEXT_LENGTH = 500


@transaction.atomic
def send_message(*, thread: Thread, text: str, by: User | None, key: str = "") -> Message:
    """Say something: what was understood is queued and paid, or answered at once and free of charge.

    The same `key` gives the same message. Raises InvalidInput for no words or too many, Conflict while a picture is
    being made, Unsafe, EngineRefused, NeedsKey, NotEnoughCredits; nothing is spent then.
    """
    thread = _locked(thread)
    key = key[:CLICK_KEY_LENGTH]
    if key and (made := thread.messages.filter(click_key=key).first()):
        return made
    text = _clean(text)
    check_prompt(workspace=thread.workspace, user=by, text=text)
    head = _head(thread)
    done = head.recipe
    by_words = interpret(text, places=all_places(), done=done)
    if not by_operations(thread.engine):
        by_words = _for_drawing(by_words, text)
    start = head
    if by_words.back_to is not None:
        start = _target(thread, head, by_words.back_to)
        if not by_words.operations:
            return _go_back(thread, start, text=text, reply=by_words.reply, key=key, by=by)
        if start.recipe != done:
            by_words = interpret(text, places=all_places(), done=start.recipe)
    message = Message(
        thread=thread,
        text=text,
        operations=list(by_words.operations),
        reply=by_words.reply,
        needs_drawing=bool(by_words.needs_drawing),
        parent=start,
        before=start.asset,
        base=start.base,
        recipe=[*start.recipe, *by_words.operations],
        click_key=key,
        created_by=by,
    )
    if by_words.is_empty:
        message.recipe = []
        message.save()
        return message
    if thread.title == f"{thread.persona.name}: {thread.aspect} thumbnail":
        Thread.objects.filter(pk=thread.pk).update(title=f"{thread.persona.name}: {text}"[:120])
    queue_message(message, by)
    return message


@transaction.atomic
def go_back(*, message: Message, by: User | None, key: str = "") -> Message:
    """Make an earlier picture of the conversation the current one again, byte for byte and free of charge."""
    thread = _locked(message.thread)
    if key and (made := thread.messages.filter(click_key=key[:CLICK_KEY_LENGTH]).first()):
        return made
    head = _head(thread)
    target = queries.made_by(message)
    if target.asset_id is None:
        raise Conflict("This message has no picture to go on from.")
    if queries.made_by(head).pk == target.pk:
        return head
    numbers = {row.pk: number for number, row in enumerate(queries.pictures_of(thread), start=1)}
    reply = f"Back to picture {numbers[target.pk]}."
    return _go_back(thread, target, text="", reply=reply, key=key[:CLICK_KEY_LENGTH], by=by)


@transaction.atomic
def undo(*, thread: Thread, by: User | None, key: str = "") -> Message:
    """Go back to the picture before the current one. Raises Conflict at the first one."""
    thread = _locked(thread)
    if key and (made := thread.messages.filter(click_key=key[:CLICK_KEY_LENGTH]).first()):
        return made
    target = _target(thread, _head(thread), -1)
    return _go_back(thread, target, text="", reply="Back one step.", key=key[:CLICK_KEY_LENGTH], by=by)


@transaction.atomic
def retry_message(*, message: Message, by: User | None) -> Message:
    """Queue a failed or cancelled message again with a new reservation; a second click changes nothing."""
    thread = _locked(message.thread)
    message = thread.messages.select_related("job").get(pk=message.pk)
    if message.job is None or message.job.is_open or message.asset_id:
        return message
    if queries.open_message(thread):
        raise Conflict("Another picture is being made. Wait for it, or cancel it first.", code="message_open")
    refuse_unready(thread.persona, engine=message.job.engine)
    message.job = generation.retry_job(job=message.job, by=by)
    message.save(update_fields=["job", "updated_at"])
    return message


@transaction.atomic
def cancel_message(*, message: Message) -> None:
    """Stop the picture of a message; its credit comes back. One that is over stays as it is."""
    if message.job and message.job.is_open:
        generation.cancel_job(job=message.job)


@transaction.atomic
def choose_engine(*, thread: Thread, engine: str) -> Thread:
    """Edit with another engine from now on; raises EngineRefused for one that does not edit pictures, or not of this
    format, Conflict for one whose company may not get the persona's photos.
    """
    thread = _locked(thread)
    if KIND not in get_engine(engine).capabilities:
        raise EngineRefused(f"{get_engine(engine).title} does not edit pictures. Choose another engine.")
    refuse_outside(thread.persona, engine)
    head = queries.head_of(thread)
    refuse_format(engine, queries.format_of(head) if head else thread.aspect)
    thread.engine = engine
    thread.save(update_fields=["engine", "updated_at"])
    return thread


@transaction.atomic
def save_thumbnail(*, message: Message, by: User | None) -> ContentItem:
    """Put a message's picture into the gallery, once; raises Conflict without a picture, or when the plan is full."""
    thread = _locked(message.thread)
    if message.asset_id is None:
        raise Conflict("This message has no picture to save.")
    made = queries.made_by(message)
    item = ContentItem.objects.filter(asset=message.asset_id, kind=ContentItem.Kind.THUMBNAIL).first()
    if item is None:
        item = ContentItem.objects.create(
            workspace=thread.workspace,
            kind=ContentItem.Kind.THUMBNAIL,
            persona=thread.persona,
            job=made.job,
            asset_id=message.asset_id,
            engine=made.job.engine if made.job else thread.engine,
            prompt=_words_until(made),
        )
    save_items(items=[item], by=by)
    item.refresh_from_db()
    return item


def _go_back(thread: Thread, target: Message, *, text: str, reply: str, key: str, by: User | None) -> Message:
    return Message.objects.create(
        thread=thread,
        text=text,
        reply=reply,
        parent=target,
        base=target.base,
        recipe=target.recipe,
        before=target.before,
        asset=target.asset,
        click_key=key,
        created_by=by,
    )


def _target(thread: Thread, head: Message, back_to: int) -> Message:
    """The picture that “undo” or “back to picture 2” means."""
    made = queries.made_by(head)
    if back_to == -1:
        if made.parent is None:
            raise Conflict("This is the first picture; there is nothing to undo.", code="nothing_before")
        return queries.made_by(made.parent)
    pictures = queries.pictures_of(thread)
    if back_to > len(pictures):
        raise InvalidInput(f"There are {len(pictures)} pictures so far.", code="no_such_picture")
    return pictures[max(back_to, 1) - 1]


def _for_drawing(read: Understanding, text: str) -> Understanding:
    """For an engine that reads words everything is possible; only going back, and the format, is ours."""
    if read.back_to is not None and not read.operations and not read.needs_drawing and not read.unread:
        return read
    words, reply = {"op": "words", "text": text}, f"Sent to the engine in your words, with “{KEEP}”"
    if aspect := asked_format(text):
        return Understanding(({"op": "aspect", "to": aspect}, words), f"Format {aspect}. {reply}")
    return Understanding((words,), reply)


def _head(thread: Thread) -> Message:
    if queries.open_message(thread):
        raise Conflict("A picture is being made. Wait for it, or cancel it first.", code="message_open")
    head = queries.head_of(thread)
    if head is None or head.base is None:
        raise Conflict("There is no picture to edit yet: try the first one again, or start anew.", code="no_picture")
    return head


def _words_until(message: Message) -> str:
    """Everything that was said on the way to a picture."""
    words: list[str] = []
    while message is not None and len(words) < 50:
        words.append(message.text)
        message = message.parent
    return " · ".join(word for word in reversed(words) if word)[:4000]


def _clean(text: str) -> str:
    text = " ".join(text.replace("\0", " ").split())
    if not text:
        raise InvalidInput("Say what to change.", code="empty")
    if len(text) > TEXT_LENGTH:
        raise InvalidInput(f"A message has at most {TEXT_LENGTH} characters; these are {len(text)}.", code="too_long")
    return text


def _locked(thread: Thread) -> Thread:
    Persona.objects.locked(thread.persona)  # first, as everybody who locks both does
    rows = Thread.objects.select_for_update(no_key=True, of=("self",)).select_related("persona", "workspace")
    return rows.get(pk=thread.pk)
