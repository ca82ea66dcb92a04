"""What a post has to say on a channel: gathers the facts from the rows and asks the disclosure compiler."""

from collections.abc import Mapping
from typing import Any

from personas.models import Persona
from scheduling.disclosure import Disclosure, Facts, compile_disclosure
from scheduling.models import Channel, Post, PostTarget
from scheduling.registry import platform_class


def disclosure_of(
    *, post: Post, channel: Channel, options: Mapping[str, Any] | None = None, caption: str | None = None
) -> Disclosure:
    """The labels, words, mark and problems of a post on a channel.

    `options` and `caption` are those of the composer or of one occurrence; None takes what is saved. Four queries at
    most; prefetched `media__asset` and `targets` are used.
    """
    return compile_disclosure(facts_of(post=post, channel=channel, options=options, caption=caption))


def facts_of(
    *, post: Post, channel: Channel, options: Mapping[str, Any] | None = None, caption: str | None = None
) -> Facts:
    """What the rows say about a post on a channel."""
    target = _target_of(post, channel)
    assets = [row.asset for row in post.media.all() if row.asset]
    if caption is None:
        caption = (target.caption if target else "") or post.caption
    if options is None:
        options = target.options if target else {}
    photoreal = post.persona.look == Persona.Look.PHOTOREAL
    return Facts(
        platform=channel.platform,
        format=post.format,
        # What an engine is to make at its time is made with AI; what is uploaded is, unless somebody stated otherwise.
        ai_made=not assets or any(asset.provenance.get("ai_made") is not False for asset in assets),
        real_person=photoreal and post.persona.consents.exists(),
        partnership=post.partnership,
        sponsor_name=post.sponsor_name,
        regions=tuple(post.regions),
        capabilities=None if channel.is_site else platform_class(channel.platform).capabilities,
        options=options,
        photoreal=photoreal,
        caption=_with_hashtags(caption, post.hashtags),
        has_video=any(asset.is_video for asset in assets) if assets else None,
        hdr=any(asset.provenance.get("hdr") is True for asset in assets),
    )


def _target_of(post: Post, channel: Channel) -> PostTarget | None:
    return next((target for target in post.targets.all() if target.channel_id == channel.pk), None)


def _with_hashtags(caption: str, hashtags: list[str]) -> str:
    tags = " ".join(f"#{tag}" for tag in hashtags)
    return f"{caption}\n\n{tags}" if tags else caption
