"""How posts, publications and channels look in answers: plain JSON, times in ISO 8601."""

from datetime import datetime
from typing import Any

from inflio.media.models import Asset
from scheduling.models import Channel, Post, PostMedia, PostTarget, Publication

MOST_TIMES = 500  # publications in the answer about one post


def channel_shape(channel: Channel) -> dict[str, Any]:
    """An account; never its tokens."""
    return {
        "id": channel.pk,
        "platform": channel.platform,
        "sandbox": channel.sandbox,
        "handle": channel.handle,
        "name": channel.name,
        "persona": channel.persona_id,
        "status": channel.status,
        "problem": channel.problem,
        "paused_until": _iso(channel.paused_until),
        "url": channel.get_absolute_url(),
    }


def publication_shape(row: Publication) -> dict[str, Any]:
    """One time on one channel and what became of it. Needs its post and channel."""
    return {
        "id": row.pk,
        "post": row.post_id,
        "title": row.post.title,
        "persona": row.post.persona_id,
        "channel": {"id": row.channel_id, "platform": row.channel.platform, "handle": row.channel.handle},
        "at": row.occurrence_local.isoformat(timespec="minutes"),
        "tz": row.post.tzid,
        "due_at": _iso(row.due_at),
        "state": row.state,
        "published_at": _iso(row.published_at),
        "remote_url": row.remote_url,
        "code": row.code,
        "reason": row.reason,
        "fix": row.fix,
        "problems": [{"code": one.get("code", ""), "text": one.get("text", "")} for one in row.problems],
        "url": row.get_absolute_url(),
    }


def publications_of(post: Post) -> list[Publication]:
    """A post's publications, earliest first; one query."""
    rows = Publication.objects.filter(post=post).select_related("post", "channel")
    return list(rows.order_by("due_at", "pk")[:MOST_TIMES])


def post_shape(post: Post, publications: list[Publication] | None = None) -> dict[str, Any]:
    """A post with its media and channels, and with its publications when they are given."""
    shape = {
        "id": post.pk,
        "persona": {"id": post.persona_id, "name": post.persona.name},
        "title": post.title,
        "format": post.format,
        "state": post.state,
        "caption": post.caption,
        "hashtags": post.hashtags,
        "link": post.link,
        "partnership": post.partnership,
        "sponsor_name": post.sponsor_name,
        "regions": post.regions,
        "at": post.starts_local.isoformat(timespec="minutes") if post.starts_local else None,
        "tz": post.tzid,
        "rrule": post.rrule,
        "media": [_media(row) for row in post.media.all()],
        "channels": [_target(row) for row in post.targets.all()],
        "created_at": _iso(post.created_at),
        "url": post.get_absolute_url(),
    }
    if publications is not None:
        shape["publications"] = [publication_shape(row) for row in publications]
    return shape


def _media(row: PostMedia) -> dict[str, Any]:
    asset: Asset | None = row.asset
    kind = None if asset is None else "video" if asset.is_video else "image"
    return {
        "item": row.item_id,
        "asset": row.asset_id,
        "kind": kind,
        "thumbnail": asset.medium_url if asset else None,
        "alt_text": row.alt_text,
    }


def _target(row: PostTarget) -> dict[str, Any]:
    return {
        "channel": row.channel_id,
        "platform": row.channel.platform,
        "handle": row.channel.handle,
        "caption": row.caption,
        "first_comment": row.first_comment,
        "options": row.options,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
