"""A post's files as one channel gets them: cut, encoded, marked, signed, and kept so that the next time is free."""

from collections.abc import Callable

from inflio.media.models import Asset
from scheduling.disclosure import Disclosure
from scheduling.models import Channel, Post, Publication
from scheduling.platforms.base import Rules
from scheduling.registry import platform_class
from scheduling.services.disclose import disclosure_of
from scheduling.services.preparing.films import marking_seconds, prepare_film
from scheduling.services.preparing.pictures import prepare_picture, shape_for

__all__ = ["film_work", "files_of", "prepare_media"]


def files_of(*, post: Post, publication: Publication | None = None) -> list[Asset]:
    """The post's files in their order, or the one that was made for this publication."""
    if publication is not None and publication.generated_id:
        return [publication.generated.asset] if publication.generated.asset else []
    return [row.asset for row in post.media.select_related("asset") if row.asset]


def prepare_media(*, publication: Publication, on_frame: Callable[[], object] = lambda: None) -> list[Asset]:
    """The files as this channel gets them; safe to repeat: what was made once is found again by its content.

    `on_frame` is called after each frame of a film that gets its mark. Raises InvalidInput with a sentence for the user
    when a file is missing, broken, or does not fit the platform.
    """
    post, channel = publication.post, publication.channel
    rules = _rules_of(channel, post.format)
    target = next((row for row in post.targets.all() if row.channel_id == channel.pk), None)
    shape = shape_for(rules, target.crop if target else "")
    said = disclosure_of(post=post, channel=channel)
    prepared = []
    for asset in files_of(post=post, publication=publication):
        marked = _needs_mark(asset, said)
        if asset.is_video:
            prepared.append(prepare_film(asset=asset, rules=rules, marked=marked, on_frame=on_frame))
        else:
            prepared.append(prepare_picture(asset=asset, shape=shape, marked=marked))
    return prepared


def film_work(publication: Publication) -> float:
    """Seconds that films of this publication will take to be made ready; 0 when they are, or go out as they are."""
    post, channel = publication.post, publication.channel
    films = [asset for asset in files_of(post=post, publication=publication) if asset.is_video]
    if not films:
        return 0
    said, rules = disclosure_of(post=post, channel=channel), _rules_of(channel, post.format)
    return sum(marking_seconds(asset, rules) for asset in films if _needs_mark(asset, said))


def _needs_mark(asset: Asset, said: Disclosure) -> bool:
    if asset.provenance.get("ai_made") is False:  # what no AI made stays as it is
        return False
    return said.visible_mark and not (asset.is_video and said.film_is_marked)


def _rules_of(channel: Channel, format: str) -> Rules | None:
    return None if channel.is_site else platform_class(channel.platform).capabilities.formats.get(format)
