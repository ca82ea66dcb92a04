"""Posts: make, change, copy, delete; what is claimed or published already always stays as it is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from inflio.accounts.models import User
from inflio.common.clicks import CLICK_KEY_LENGTH
from inflio.common.errors import Conflict, InvalidInput
from inflio.media.models import Asset
from inflio.media.services import delete_assets
from personas.models import Persona
from scheduling.models import Post, PostMedia, Publication
from scheduling.services.composing.parts import (
    CONTENT,
    FIELDS,
    TIMES,
    MediaChoice,
    TargetChoice,
    clean_fields,
    format_of,
    media_of,
    print_of,
    refuse_foreign,
    targets_of,
    title_for,
    write_media,
    write_targets,
)
from scheduling.services.composing.problems import Checked, problems_of, refuse_unfit
from scheduling.services.history import log_event
from scheduling.services.reviewing.reviews import outdate_approval
from scheduling.services.timing.times import check_times, lock_post, reschedule_post
from scheduling.services.timing.waiting import waiting

SOME_DAY = datetime(2026, 1, 1, 12)  # of a post without a time only the zone can be wrong
ENDED = {Publication.State.PUBLISHED, Publication.State.ATTENTION, Publication.State.CANCELLED}


class EditConflict(Conflict):
    """Somebody saved another version since this one was opened."""

    code = "edited_meanwhile"


@transaction.atomic
def create_post(
    *,
    persona: Persona,
    by: User | None,
    key: str = "",
    media: Sequence[MediaChoice] = (),
    targets: Sequence[TargetChoice] = (),
    **fields,
) -> Post:
    """Make a draft; the same `key` gives the same post. `fields` are names of parts.FIELDS; media make the format.

    Raises InvalidInput for what is not in the persona's workspace, or cannot be stored.
    """
    persona = Persona.objects.locked(persona)
    key = key[:CLICK_KEY_LENGTH]
    if key and (made := Post.objects.filter(workspace=persona.workspace_id, click_key=key).first()):
        return made
    refuse_foreign(persona.workspace_id, media, targets)
    values = clean_fields(fields)
    _refuse_wrong_times(values.get("starts_local"), values.get("tzid", "UTC"), values.get("rrule", ""))
    values["title"] = title_for(values.get("title", ""), values.get("caption", ""), persona.name)
    values.setdefault("format", format_of(media))
    post = Post.objects.create(
        workspace=persona.workspace, **{"persona": persona} | values, click_key=key, created_by=by
    )
    write_media(post, media)
    write_targets(post, targets)
    log_event(post=post, by=by, text="Draft made.")
    return post


@transaction.atomic
def update_post(
    *,
    post: Post,
    by: User | None,
    expected: str | None = None,
    keep_times: bool = False,
    media: Sequence[MediaChoice] | None = None,
    targets: Sequence[TargetChoice] | None = None,
    **fields,
) -> Post:
    """Change what is given. `expected`: the print (parts.print_of) that the editor saw. `keep_times`: leave a post that
    has times in the calendar where it is, whatever times are given.

    What a reviewer agreed to asks for approval again when it changes. New times of a scheduled post replace those
    that nobody has begun to publish. What changes nothing, as the second of two clicks, is never refused for what
    happened meanwhile. Raises EditConflict when another version was saved meanwhile, Conflict for a cancelled post or
    one that is out, NotReady for a scheduled one that a channel would refuse now, InvalidInput as create_post does.
    """
    post = lock_post(post)
    if post.state == Post.State.CANCELLED:
        raise Conflict("This post was cancelled. Duplicate it to post it again.", code="cancelled")
    outdated = expected is not None and expected != print_of(post)
    refuse_foreign(post.workspace_id, media or (), targets or ())
    values = _changed(post, clean_fields(fields))
    new_times = {name: values.pop(name) for name in TIMES if name in values}
    if keep_times and _has_times(post):
        new_times = {}
    if new_times:
        _refuse_wrong_times(*(new_times.get(name, getattr(post, name)) for name in TIMES))
    for name, value in values.items():
        setattr(post, name, value)
    moved = write_media(post, media) if media is not None else False
    altered, others = write_targets(post, targets) if targets is not None else (False, False)
    if values or new_times or moved or altered:
        _refuse_late(post, outdated=outdated)
    if values or moved or altered:
        _note_change(post, by, content=moved or altered or bool(set(values) & set(CONTENT)))
    if new_times or others:
        _set_times(post, by, new_times)
    if post.state == Post.State.SCHEDULED and (values or moved or altered):
        refuse_unfit(post)
    return post


def save_post(
    *,
    post: Post | None,
    by: User | None,
    key: str = "",
    expected: str | None = None,
    keep_times: bool = False,
    **values,
) -> Post:
    """Make the post, or change the one there is: what the composer saves."""
    if post is None:
        return create_post(by=by, key=key, **values)
    return update_post(post=post, by=by, expected=expected, keep_times=keep_times, **values)


def try_post(*, post: Post | None, by: User | None, **values) -> list[Checked]:
    """What would be wrong with a post if it were saved like this; nothing is kept."""
    with transaction.atomic():
        checked = problems_of(save_post(post=post, by=by, **values))
        transaction.set_rollback(True)
    return checked


@transaction.atomic
def duplicate_post(*, post: Post, by: User | None, key: str = "", **changes) -> Post:
    """A new draft with the same media, words and channels, and no time; what TikTok asks of each post is asked anew."""
    values = {name: getattr(post, name) for name in FIELDS if name not in ("starts_local", "rrule")}
    targets = [replace(one, options={}) if one.channel.platform == "tiktok" else one for one in targets_of(post)]
    values["title"] = f"{post.title} (copy)"[:120]
    values |= changes
    persona = values.pop("persona")
    return create_post(persona=persona, by=by, key=key, media=media_of(post), targets=targets, **values)


@transaction.atomic
def delete_post(*, post: Post, by: User | None) -> None:
    """Delete a post that never went anywhere, with the videos uploaded for it alone; safe to repeat.

    Raises Conflict when something of it is public, on its way, or may be: that history is kept.
    """
    row = Post.objects.select_for_update().filter(pk=post.pk).first()
    if row is None:
        return
    untouched = {"attempt": 0, "attempts": None, "publish_started_at": None, "published_at": None}
    if Publication.objects.filter(post=row).exclude(**untouched).exists():
        raise Conflict(
            "Something of this post was sent already, so its history is kept. Cancel it.", code="has_history"
        )
    uploads = Asset.objects.filter(post_media__post=row, mime__startswith="video/", source=Asset.Source.UPLOAD)
    files = list(uploads.exclude(post_media__in=PostMedia.objects.exclude(post=row)).distinct())
    row.delete()
    delete_assets(assets=files)


def _changed(post: Post, values: dict) -> dict:
    """Those values that differ from the stored ones."""
    if "title" in values:
        persona = values.get("persona", post.persona)
        values["title"] = title_for(values["title"], values.get("caption", post.caption), persona.name)
    if "persona" in values and values["persona"].workspace_id != post.workspace_id:
        raise InvalidInput("That persona is not in this workspace. Choose again.", code="foreign")
    return {name: value for name, value in values.items() if getattr(post, name) != value}


def _refuse_late(post: Post, *, outdated: bool) -> None:
    """Refuse a change that comes after another version was saved, or after the post went out."""
    if outdated:
        raise EditConflict("This post was changed elsewhere meanwhile. Nothing of yours is lost: see below.")
    if is_out(post):
        raise Conflict("This post is out already. Duplicate it to post it again.", code="out")


def _note_change(post: Post, by: User | None, *, content: bool) -> None:
    """Save; an approval holds for one version only."""
    if content:
        outdate_approval(post=post, by=by)
    if post.state == Post.State.SCHEDULED:
        log_event(post=post, by=by, text="Changed.")
    post.save()


def _set_times(post: Post, by: User | None, changes: dict) -> None:
    wanted = {name: changes.get(name, getattr(post, name)) for name in TIMES}
    if _has_times(post):
        if wanted["starts_local"] is None:
            raise InvalidInput("A scheduled post needs a time. Choose one, or take it back to the drafts.", code="time")
        moved = reschedule_post(post=post, by=by, **wanted)
        for name in (*TIMES, "rule_version", "materialised_until"):
            setattr(post, name, getattr(moved, name))
        return
    for name, value in wanted.items():
        setattr(post, name, value)
    post.save(update_fields=[*TIMES, "updated_at"])


def _has_times(post: Post) -> bool:
    """It has times in the calendar already: scheduled, or waiting to be approved again."""
    waits = post.state == Post.State.REVIEW and waiting(post).exists()
    return post.state == Post.State.SCHEDULED or waits


def is_out(post: Post) -> bool:
    """Whether nothing of a post with one time is left to change: it is out, or may be, wherever it was to go."""
    if post.state != Post.State.SCHEDULED or post.is_series:
        return False
    states = set(Publication.objects.filter(post=post).values_list("state", flat=True))
    return bool(states) and states <= ENDED


def _refuse_wrong_times(starts_local: datetime | None, tzid: str, rule: str) -> None:
    """A zone, time or rule that means nothing is refused before it is stored."""
    if rule and starts_local is None:
        raise InvalidInput("Choose when the series begins.", code="time_missing")
    check_times(rule, starts_local or SOME_DAY, tzid)
