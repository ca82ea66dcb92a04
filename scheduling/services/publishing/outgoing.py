"""What goes out: a post frozen for one channel at its first attempt, and given to the adapter from there."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import prefetch_related_objects

from inflio.common.errors import InvalidInput
from inflio.media.models import Asset
from inflio.media.public import public_url
from scheduling.disclosure import Disclosure
from scheduling.models import OccurrenceChange, PostTarget, Publication
from scheduling.platforms.base import Media, Outgoing
from scheduling.services.composing.problems import capabilities_of
from scheduling.services.disclose import disclosure_of
from scheduling.services.preparing import files_of, prepare_media
from scheduling.validation import File, check_post, full_caption


class Unfit(InvalidInput):
    """A post that this platform would refuse, or that lacks what it must say; `problems` are {code, text, url}."""

    def __init__(self, problems: list[dict[str, str]]) -> None:
        super().__init__(problems[0]["text"], code=problems[0]["code"])
        self.problems = problems


@dataclass(frozen=True)
class Reading:
    """What the rows say about a publication, read once: what differs on its channel, words, files and labels."""

    target: PostTarget
    caption: str
    files: list[Asset]
    labels: Disclosure

    @classmethod
    def of(cls, publication: Publication) -> "Reading":
        """Read it, in three queries."""
        post, channel = publication.post, publication.channel
        prefetch_related_objects([post], "media__asset", "targets")
        # A channel that was taken off the post after its time was fixed has nothing that differs.
        own = next((row for row in post.targets.all() if row.channel_id == channel.pk), None)
        target = own or PostTarget(post=post, channel=channel)
        caption = _own_caption(publication, target)
        labels = disclosure_of(post=post, channel=channel, options=target.options, caption=caption)
        if publication.generated_id:
            files = files_of(post=post, publication=publication)
        else:
            files = [row.asset for row in post.media.all() if row.asset]
        return cls(target, caption, files, labels)


def find_problems(publication: Publication, reading: Reading | None = None) -> list[dict[str, str]]:
    """What keeps a publication from going out, as far as its own rows tell: [{code, text, url}]; asks no platform."""
    post, channel = publication.post, publication.channel
    reading = reading or Reading.of(publication)
    found = [(problem.code, problem.text) for problem in reading.labels.problems]
    if any(row.asset_id is None for row in post.media.all()):
        found.append(("media_gone", "A picture of this post was deleted. Choose another one."))
    checked = check_post(
        capabilities_of(channel),
        post.format,
        caption=reading.caption,
        title=post.title,
        hashtags=post.hashtags,
        files=[_file(asset) for asset in reading.files],
        options=reading.target.options,
        first_comment=reading.target.first_comment,
        facts=channel.facts,
        lines=reading.labels.caption_lines,
        crop=reading.target.crop,
        to_be_made=bool(post.recipe) and publication.generated_id is None,
    )
    found += [(problem.code, problem.text) for problem in checked if problem.level == "bad"]
    return [{"code": code, "text": text, "url": post.get_absolute_url()} for code, text in found]


def freeze(publication: Publication) -> dict[str, Any]:
    """Return what is sent as JSON: words, files as this channel gets them, labels and the rules behind them.

    Raises Unfit when something is missing or does not fit, InvalidInput when a file cannot be made ready.
    """
    reading = Reading.of(publication)
    if problems := find_problems(publication, reading):
        raise Unfit(problems)
    post, target, labels = publication.post, reading.target, reading.labels
    alts = [row.alt_text for row in post.media.all() if row.asset_id]
    assets = prepare_media(publication=publication)
    return {
        "format": post.format,
        "caption": full_caption(reading.caption, post.hashtags, labels.caption_lines),
        "title": post.title,
        "media": [_frozen(asset, alts[at] if at < len(alts) else "") for at, asset in enumerate(assets)],
        "options": target.options,
        "flags": dict(labels.flags),
        "cover_ms": target.cover_ms,
        "first_comment": target.first_comment if _takes_comment(publication) else "",
        "disclosure": {
            "rules": list(labels.rules),
            "caption_lines": list(labels.caption_lines),
            "visible_mark": labels.visible_mark,
        },
        "content_version": post.content_version,
    }


def thaw(publication: Publication) -> Outgoing:
    """The frozen payload as the adapter takes it; raises Unfit when one of its files is gone meanwhile."""
    payload = publication.payload
    assets = Asset.objects.in_bulk([one["asset"] for one in payload["media"]])
    if len(assets) < len({one["asset"] for one in payload["media"]}):
        gone = "A file of this post was deleted after its publishing had begun. Choose another one and try again."
        raise Unfit([{"code": "media_gone", "text": gone, "url": publication.post.get_absolute_url()}])
    return Outgoing(
        key=str(publication.key),
        format=payload["format"],
        caption=payload["caption"],
        title=payload["title"],
        media=tuple(_media(assets[one["asset"]], one, publication) for one in payload["media"]),
        options=payload["options"],
        flags=payload["flags"],
        cover_ms=payload["cover_ms"],
        first_comment=payload["first_comment"],
    )


def _own_caption(publication: Publication, target: PostTarget) -> str:
    """The words of this very time, else of this channel, else of the post; with the post's link."""
    post = publication.post
    change = None
    if post.is_series:
        rows = OccurrenceChange.objects.filter(post=post, occurrence_local=publication.occurrence_local)
        change = rows.exclude(caption="").first()
    words = (change.caption if change else "") or target.caption or post.caption
    return f"{words.rstrip()}\n\n{post.link}".strip() if post.link and post.link not in words else words


def _takes_comment(publication: Publication) -> bool:
    rules = capabilities_of(publication.channel).formats.get(publication.post.format)
    return bool(rules and rules.first_comment)


def _file(asset: Asset) -> File:
    kind, seconds = _kind(asset.mime), asset.provenance.get("seconds")
    return File(kind, asset.mime, asset.size, asset.width, asset.height, seconds)


def _frozen(asset: Asset, alt_text: str) -> dict[str, Any]:
    return {
        "asset": asset.pk,
        "sha256": asset.sha256,
        "kind": _kind(asset.mime),
        "mime": asset.mime,
        "size": asset.size,
        "width": asset.width,
        "height": asset.height,
        "seconds": asset.provenance.get("seconds"),
        "alt_text": alt_text,
    }


def _media(asset: Asset, frozen: Mapping[str, Any], publication: Publication) -> Media:
    return Media(
        kind=frozen["kind"],
        mime=frozen["mime"],
        size=frozen["size"],
        width=frozen["width"],
        height=frozen["height"],
        url=public_url(asset) if capabilities_of(publication.channel).needs_public_media else "",
        open=partial(default_storage.open, asset.name),
        seconds=frozen["seconds"],
        alt_text=frozen["alt_text"],
    )


def _kind(mime: str) -> str:
    return "video" if mime.startswith("video/") else "image"
