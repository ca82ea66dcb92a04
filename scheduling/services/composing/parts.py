"""What a post is made of: cleaned fields, its media, its channels, and a print of all that an editor may change."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from content.models import ContentItem
from inflio.common.errors import InvalidInput
from inflio.common.text import clean_text
from inflio.media.models import Asset
from scheduling.models import Channel, Post, PostMedia, PostTarget

MOST_MEDIA = 35  # TikTok's photo posts take the most
MOST_HASHTAGS = 60
TITLE_FROM_CAPTION = 60
CONTENT = (
    "persona",
    "title",
    "format",
    "caption",
    "hashtags",
    "link",
    "partnership",
    "sponsor_name",
    "regions",
    "recipe",
)  # what a reviewer agrees to; a change asks for it again
PLAN = ("context", "script", "action", "direction", "call_to_action", "lead_minutes")
TIMES = ("starts_local", "tzid", "rrule")
FIELDS = (*CONTENT, *PLAN, *TIMES)


@dataclass(frozen=True)
class MediaChoice:
    """One picture of the gallery (`item`), or an uploaded video (`asset` alone), with its description."""

    asset: Asset
    item: ContentItem | None = None
    alt_text: str = ""


@dataclass(frozen=True)
class TargetChoice:
    """One channel, with what differs there."""

    channel: Channel
    caption: str = ""
    first_comment: str = ""
    crop: str = ""
    cover_ms: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


def clean_fields(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they are stored; TypeError for a name that is none, InvalidInput for what cannot be stored."""
    if unknown := set(given) - set(FIELDS):
        raise TypeError(f"a post has no {', '.join(sorted(unknown))}")
    values = {name: clean_text(value) if isinstance(value, str) else value for name, value in given.items()}
    if "hashtags" in values:
        values["hashtags"] = clean_hashtags(values["hashtags"])
    for name, value in values.items():
        longest = getattr(Post._meta.get_field(name), "max_length", None)
        if longest and isinstance(value, str) and len(value) > longest:
            label = name.replace("_", " ")
            raise InvalidInput(f"The {label} may have {longest} characters; these are {len(value)}.", code="too_long")
    for name, choices in (("format", Post.Format), ("partnership", Post.Partnership)):
        if name in values and values[name] not in choices.values:
            raise InvalidInput(f"There is no {name} “{values[name]}”. Choose one of those offered.", code="unknown")
    return values


def clean_hashtags(tags: Iterable[str]) -> list[str]:
    """Without #, each once, in their order; raises InvalidInput for what no platform reads as one hashtag."""
    cleaned = {}
    for tag in tags:
        bare = tag.strip().lstrip("#＃").strip()
        if not bare:
            continue
        if not re.fullmatch(r"\w{1,100}", bare):
            raise InvalidInput(
                f"“{bare[:40]}” is no hashtag: use letters, digits and _ only, without spaces.", code="hashtag"
            )
        cleaned.setdefault(bare.casefold(), bare)
    if len(cleaned) > MOST_HASHTAGS:
        raise InvalidInput(f"Use at most {MOST_HASHTAGS} hashtags.", code="too_many_hashtags")
    return list(cleaned.values())


def format_of(media: Sequence[MediaChoice]) -> str:
    """What media make of a post that is no story."""
    if any(one.asset.is_video for one in media):
        return Post.Format.VIDEO
    return Post.Format.CAROUSEL if len(media) > 1 else Post.Format.IMAGE


def title_for(title: str, caption: str, persona_name: str) -> str:
    """A title for the calendar: the given one, else the caption's first words, else the persona's name."""
    if title.strip():
        return title.strip()
    line = next((line.strip() for line in caption.splitlines() if line.strip()), "")
    if len(line) > TITLE_FROM_CAPTION:
        line = line[:TITLE_FROM_CAPTION].rsplit(" ", 1)[0] + " …"
    return line or f"Post of {persona_name}"


def refuse_foreign(workspace_id: int, media: Sequence[MediaChoice], targets: Sequence[TargetChoice]) -> None:
    """Raise InvalidInput for media or channels of another workspace, for too many, and for one that came twice."""
    owned = [*(one.asset for one in media), *(one.item for one in media if one.item), *(one.channel for one in targets)]
    if any(row.workspace_id != workspace_id for row in owned):
        raise InvalidInput("Something you chose is not in this workspace. Choose again.", code="foreign")
    if any(one.item and one.item.asset_id != one.asset.pk for one in media):
        raise InvalidInput("A picture you chose is not finished yet. Choose another one.", code="unfinished")
    if len(media) > MOST_MEDIA:
        raise InvalidInput(f"A post takes at most {MOST_MEDIA} pictures.", code="too_many_media")
    if len({one.asset.pk for one in media}) < len(media):
        raise InvalidInput("A picture is in the post twice. Take it out once.", code="media_twice")
    if len({one.channel.pk for one in targets}) < len(targets):
        raise InvalidInput("A channel was chosen twice. Choose it once.", code="channel_twice")


def write_media(post: Post, media: Sequence[MediaChoice]) -> bool:
    """Make these the post's media, in this order; returns whether anything changed."""
    wanted = [
        (one.asset.pk, one.item.pk if one.item else None, clean_text(one.alt_text).strip()[:1000]) for one in media
    ]
    if wanted == list(post.media.values_list("asset_id", "item_id", "alt_text")):
        return False
    post.media.all().delete()
    PostMedia.objects.bulk_create(
        PostMedia(post=post, asset_id=asset, item_id=item, position=place, alt_text=alt)
        for place, (asset, item, alt) in enumerate(wanted)
    )
    if videos := [one.asset.pk for one in media if one.asset.is_video]:
        uploads = Asset.objects.filter(pk__in=videos, source=Asset.Source.UPLOAD, reference="")
        uploads.update(reference=post.persona.reference)  # so that they are deleted with the persona
    return True


def write_targets(post: Post, targets: Sequence[TargetChoice]) -> tuple[bool, bool]:
    """Make these the post's channels; returns whether anything changed, and whether a channel came or went."""
    there = {row.channel_id: row for row in post.targets.all()}
    changed = others = False
    for one in targets:
        values = {
            "caption": clean_text(one.caption),
            "first_comment": clean_text(one.first_comment),
            "crop": one.crop,
            "cover_ms": one.cover_ms,
            "options": dict(one.options),
        }
        row = there.pop(one.channel.pk, None)
        if row is None:
            PostTarget.objects.create(post=post, channel=one.channel, **values)
            others = True
        elif any(getattr(row, name) != value for name, value in values.items()):
            PostTarget.objects.filter(pk=row.pk).update(**values)
            changed = True
    if there:
        PostTarget.objects.filter(pk__in=[row.pk for row in there.values()]).delete()
    others = others or bool(there)
    return changed or others, others


def media_of(post: Post) -> list[MediaChoice]:
    """The post's media as they were chosen; one whose file was deleted is left out."""
    rows = post.media.select_related("asset", "item").exclude(asset=None)
    return [MediaChoice(row.asset, row.item, row.alt_text) for row in rows]


def targets_of(post: Post) -> list[TargetChoice]:
    """The post's channels as they were chosen."""
    return [
        TargetChoice(row.channel, row.caption, row.first_comment, row.crop, row.cover_ms, row.options)
        for row in post.targets.select_related("channel")
    ]


def print_of(post: Post) -> str:
    """A short print of everything an editor may change: two editors who see the same print see the same post."""
    names = ["persona_id" if name == "persona" else name for name in FIELDS]
    row = Post.objects.values(*names).get(pk=post.pk)
    media = list(post.media.values_list("asset_id", "item_id", "alt_text"))
    columns = ("channel_id", "caption", "first_comment", "crop", "cover_ms", "options")
    text = json.dumps([row, media, list(post.targets.values_list(*columns))], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
