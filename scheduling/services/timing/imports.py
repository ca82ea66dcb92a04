"""Many posts from a file: looked at first, then made in one transaction; the same file twice makes nothing twice."""

import hashlib
from datetime import datetime

from django.db import transaction

from content.models import ContentItem
from inflio.accounts.models import User, Workspace
from inflio.common.errors import InflioError, InvalidInput
from inflio.queue.leases import db_now
from personas.models import Persona
from scheduling.models import Channel, Post
from scheduling.post_rows import MOST_BYTES, Known, NotCsv, Row, read_rows
from scheduling.services.composing.parts import MediaChoice, TargetChoice
from scheduling.services.composing.planning import schedule_post
from scheduling.services.composing.posts import create_post


def look_over(*, workspace: Workspace, data: bytes, tzid: str, now: datetime | None = None) -> list[Row]:
    """Judge every row of a file and change nothing; raises InvalidInput when the file as a whole cannot be read."""
    if len(data) > MOST_BYTES:
        raise InvalidInput(f"The file is larger than {MOST_BYTES // 1000} kB. Split it into several.", code="too_large")
    try:
        text = data.decode("utf-8-sig")
        rows = read_rows(text, _known(workspace, tzid, now or db_now()))
    except UnicodeDecodeError:
        raise InvalidInput("The file is not UTF-8 text. Save it as CSV (UTF-8) and choose it again.") from None
    except NotCsv as error:
        raise InvalidInput(str(error), code="csv") from None
    _judge_pictures(workspace, rows)
    _judge_doubles(workspace, rows)
    return rows


@transaction.atomic
def import_posts(
    *, workspace: Workspace, data: bytes, tzid: str, schedule: bool, by: User | None, now: datetime | None = None
) -> tuple[list[Post], list[Row]]:
    """Make the good rows: as drafts, or scheduled where the post is ready. Returns the posts and all rows.

    A row that cannot be scheduled becomes a draft and says why. Safe to repeat: a row that was imported is not
    imported again.
    """
    posts, now = [], now or db_now()
    rows = look_over(workspace=workspace, data=data, tzid=tzid, now=now)
    personas = Persona.objects.for_workspace(workspace).in_bulk([row.persona for row in rows if row.persona])
    channels = Channel.objects.for_workspace(workspace).in_bulk()
    items = _items(workspace, rows)
    for row in rows:
        if not row.good:
            continue
        post = create_post(
            persona=personas[row.persona],
            by=by,
            key=_key(row),
            media=[MediaChoice(items[key].asset, items[key]) for key in row.items],
            targets=[TargetChoice(channels[key]) for key in row.channels],
            title=row.cells.get("title", ""),
            caption=row.caption,
            hashtags=row.hashtags,
            format=row.format,
            starts_local=row.moment.local,
            tzid=row.tzid,
        )
        posts.append(_scheduled(post, row, by, now) if schedule and post.state == Post.State.DRAFT else post)
    return posts, rows


def _scheduled(post: Post, row: Row, by: User | None, now: datetime) -> Post:
    try:
        with transaction.atomic():
            return schedule_post(post=post, by=by, now=now)
    except InflioError as error:
        row.cells["note"] = f"Kept as a draft: {error.message}"
        return post


def _known(workspace: Workspace, tzid: str, now: datetime) -> Known:
    people = list(Persona.objects.for_workspace(workspace).values_list("pk", "name"))
    channels = Channel.objects.for_workspace(workspace).exclude(status=Channel.Status.REVOKED)
    names: list[tuple[str, int]] = []
    for pk, platform, handle in channels.values_list("pk", "platform", "handle"):
        names += [(f"{platform}:{handle}", pk), (handle, pk)]
    return Known(
        personas=_unique([(name, pk) for pk, name in people]) | {str(pk): pk for pk, _ in people},
        channels=_unique(names),
        tzid=tzid,
        now=now,
    )


def _unique(pairs: list[tuple[str, int]]) -> dict[str, int]:
    """Lower-case name -> id; 0 for a name that two have."""
    found: dict[str, int] = {}
    for name, pk in pairs:
        key = name.lower()
        found[key] = pk if found.get(key, pk) == pk else 0
    return found


def _items(workspace: Workspace, rows: list[Row]) -> dict[int, ContentItem]:
    keys = {key for row in rows for key in row.items}
    items = ContentItem.objects.for_workspace(workspace).exclude(asset=None).select_related("asset")
    return items.in_bulk(keys)


def _judge_pictures(workspace: Workspace, rows: list[Row]) -> None:
    there = _items(workspace, rows)
    for row in rows:
        for key in row.items:
            if key not in there:
                row.faults.append(f"There is no finished picture {key} in your gallery.")
            elif row.persona and there[key].persona_id != row.persona:
                row.faults.append(f"Picture {key} shows another persona.")


def _judge_doubles(workspace: Workspace, rows: list[Row]) -> None:
    """A post of the same persona with the same words at the same time is there already, imported or not."""
    times = {row.moment.local for row in rows if row.moment}
    posts = Post.objects.for_workspace(workspace).filter(starts_local__in=times)
    posts = posts.exclude(state=Post.State.CANCELLED, click_key="")
    columns = ("persona_id", "starts_local", "tzid", "caption", "click_key")
    there = {(persona, local, tzid, text): key for persona, local, tzid, text, key in posts.values_list(*columns)}
    for row in rows:
        if not row.moment:
            continue
        known = there.get((row.persona, row.moment.local, row.tzid, row.caption))
        if known is not None:
            row.faults.append("This post is there already." if known != _key(row) else "It was imported already.")


def _key(row: Row) -> str:
    """The same for the same post, so that one that was imported is known again."""
    parts = (row.persona, row.moment.local if row.moment else "", row.tzid, row.caption, row.items, row.channels)
    return "csv:" + hashlib.sha256(repr(parts).encode()).hexdigest()[:36]
