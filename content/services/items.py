"""Keep, unkeep, favourite, tag and delete items: what happens to a picture after it was made."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import ProtectedError, Q, QuerySet, RestrictedError
from django.utils import timezone

from content.models import BoardItem, ContentItem, Message, Tag
from content.queries.saved import most_saved, saved_count
from content.services.guards import refuse_in_use
from inflio.accounts.models import User, Workspace
from inflio.billing.models import CreditAccount
from inflio.common.errors import Conflict, InvalidInput
from inflio.generation.models import Job
from inflio.generation.services import cancel_jobs
from inflio.media import services as media
from inflio.media.models import Asset
from personas.models import Persona

TAG_LENGTH = 40
TAGS_AT_ONCE = 20
TAGS_PER_WORKSPACE = 1000


@transaction.atomic
def save_items(*, items: Iterable[ContentItem], by: User | None = None) -> int:
    """Put finished items into the gallery, all or none; returns how many were not there before.

    Raises Conflict (code "saved_limit") when the plan keeps fewer, "unfinished" when none has its picture yet.
    """
    keys, workspace_id = _keys(items)
    if not keys:
        return 0
    _lock(workspace_id)
    finished = ContentItem.objects.filter(pk__in=keys).finished()
    if not finished.exists():
        raise Conflict("This picture is not finished yet. Save it when it is there.", code="unfinished")
    waiting = list(finished.filter(saved=False).values_list("pk", flat=True))
    _refuse_over_limit(workspace_id, len(waiting))
    return ContentItem.objects.filter(pk__in=waiting).update(saved=True, updated_at=timezone.now())


@transaction.atomic
def unsave_items(*, items: Iterable[ContentItem], by: User | None = None) -> int:
    """Take items out of the gallery and off every board; they stay as results for some weeks. Returns how many."""
    keys, workspace_id = _keys(items)
    if not keys:
        return 0
    _lock(workspace_id)
    BoardItem.objects.filter(item__in=keys).delete()
    rows = ContentItem.objects.filter(pk__in=keys, saved=True)
    return rows.update(saved=False, favourite=False, updated_at=timezone.now())


@transaction.atomic
def favourite_item(*, item: ContentItem, favourite: bool, by: User | None = None) -> ContentItem:
    """Mark or unmark one item; a favourite is saved too. Raises Conflict as save_items does."""
    favourite_items(items=[item], favourite=favourite, by=by)
    item.refresh_from_db(fields=["favourite", "saved", "updated_at"])
    return item


@transaction.atomic
def favourite_items(*, items: Iterable[ContentItem], favourite: bool, by: User | None = None) -> int:
    """Mark or unmark items; favourites are saved too. Returns how many changed."""
    items = list(items)
    if favourite:
        save_items(items=items, by=by)
    rows = ContentItem.objects.filter(pk__in=[item.pk for item in items], favourite=not favourite)
    if favourite:
        rows = rows.filter(saved=True)
    return rows.update(favourite=favourite, updated_at=timezone.now())


@transaction.atomic
def delete_items(*, items: Iterable[ContentItem], by: User | None = None) -> int:
    """Delete items with their files; what is still being made for them is cancelled. Returns how many went.

    A picture that something else shows (a portrait, a conversation) keeps its file there. Raises Conflict, and
    deletes nothing, when one is needed by something that would break without it (settings.ITEM_GUARDS).
    """
    keys, workspace_id = _keys(items)
    if not keys:
        return 0
    refuse_in_use(keys)
    cancel_jobs(jobs=_jobs_nobody_else_needs(keys))
    _lock(workspace_id)
    rows = ContentItem.objects.filter(pk__in=keys)
    assets = list(Asset.objects.filter(items__in=rows).distinct())
    count = rows.count()
    try:
        rows.delete()
        media.delete_assets(assets=_unused(assets))
    except (ProtectedError, RestrictedError) as error:
        raise Conflict(
            "A picture you chose is used elsewhere, such as in a planned post. Take it out there first.", code="in_use"
        ) from error
    return count


@transaction.atomic
def tag_items(*, items: Iterable[ContentItem], names: Iterable[str], by: User | None = None) -> list[Tag]:
    """Give items tags by name, made where they are new; case and spaces around make no difference.

    Raises InvalidInput for no name, a long one, or too many.
    """
    keys, workspace_id = _keys(items)
    names = clean_tags(names)
    if not names:
        raise InvalidInput("Type at least one tag.", code="tag_missing")
    if not keys:
        return []
    _lock(workspace_id)
    tags = _tags(workspace_id, names)
    through = ContentItem.tags.through
    pairs = [through(contentitem_id=key, tag_id=tag.pk) for key in keys for tag in tags]
    through.objects.bulk_create(pairs, ignore_conflicts=True, batch_size=400)
    return tags


@transaction.atomic
def untag_items(*, items: Iterable[ContentItem], tag: Tag, by: User | None = None) -> None:
    """Take a tag off items; one that no item carries any more goes."""
    keys, _ = _keys(items)
    ContentItem.tags.through.objects.filter(tag=tag, contentitem__in=keys).delete()
    if not ContentItem.tags.through.objects.filter(tag=tag).exists():
        tag.delete()


def clean_tags(names: Iterable[str]) -> list[str]:
    """Names as they are kept: lower case, single spaces, no # before them, each once, in their order."""
    cleaned = [" ".join(name.replace("\0", " ").split()).lstrip("#").strip().lower() for name in names]
    cleaned = list(dict.fromkeys(name for name in cleaned if name))
    if any(len(name) > TAG_LENGTH for name in cleaned):
        raise InvalidInput(f"Use tags of at most {TAG_LENGTH} characters.", code="tag_too_long")
    if len(cleaned) > TAGS_AT_ONCE:
        raise InvalidInput(f"Give at most {TAGS_AT_ONCE} tags at once.", code="too_many_tags")
    return cleaned


def _tags(workspace_id: int, names: list[str]) -> list[Tag]:
    known = {tag.name: tag for tag in Tag.objects.filter(workspace=workspace_id, name__in=names)}
    new = [name for name in names if name not in known]
    if new and Tag.objects.filter(workspace=workspace_id).count() + len(new) > TAGS_PER_WORKSPACE:
        raise InvalidInput(
            f"A workspace has at most {TAGS_PER_WORKSPACE} tags. Remove some first.", code="too_many_tags"
        )
    known |= {name: Tag.objects.create(workspace_id=workspace_id, name=name) for name in new}
    return [known[name] for name in names]


def _keys(items: Iterable[ContentItem]) -> tuple[list[int], int | None]:
    """Ids of the items, and their workspace; ValueError for items of several."""
    pairs = {(item.pk, item.workspace_id) for item in items}
    workspaces = {workspace for _, workspace in pairs}
    if len(workspaces) > 1:
        raise ValueError("items of several workspaces")
    return sorted(key for key, _ in pairs), next(iter(workspaces), None)


def _lock(workspace_id: int) -> None:
    """One change of a workspace's gallery at a time: counts and double clicks stay right."""
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace_id)


def _refuse_over_limit(workspace_id: int, more: int) -> None:
    limit = most_saved(CreditAccount.objects.get(workspace=workspace_id))
    if limit is None or not more:
        return
    room = limit - saved_count(workspace_id, limit)
    if more > room:
        left = f"room for {room} more" if room > 0 else "no room left"
        raise Conflict(
            f"Your plan keeps {limit} saved images and has {left}; these are {more}. "
            "It does not reset by itself: delete or unsave some images, or upgrade the plan.",
            code="saved_limit",
        )


def _jobs_nobody_else_needs(keys: list[int]) -> QuerySet[Job]:
    """Jobs of these items; one that makes pictures for other items too is not among them."""
    needed = ContentItem.objects.filter(asset=None).exclude(pk__in=keys).exclude(job=None).values("job")
    return Job.objects.filter(items__in=keys).exclude(pk__in=needed)


def _unused(assets: list[Asset]) -> list[Asset]:
    """Those that nothing shows any more."""
    keys = [asset.pk for asset in assets]
    shown = set(ContentItem.objects.filter(asset__in=keys).values_list("asset_id", flat=True))
    shown |= set(Persona.objects.filter(avatar__in=keys).values_list("avatar_id", flat=True))
    held = Q(portrait_of__isnull=False) | Q(photo_of__isnull=False)
    shown |= set(Asset.objects.filter(held, pk__in=keys).values_list("pk", flat=True))
    for pair in Message.objects.filter(Q(asset__in=keys) | Q(before__in=keys)).values_list("asset_id", "before_id"):
        shown |= set(pair)
    return [asset for asset in assets if asset.pk not in shown]
