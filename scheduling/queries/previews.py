"""How a post will look on each of its channels: words, cut pictures, labels, as the previews draw them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from content.exports.presets import PRESETS
from content.models import ContentItem
from inflio.media.models import Asset
from scheduling.models import Channel, PostTarget
from scheduling.platforms.base import Rules

LABELS = {  # what viewers see of a flag
    "is_ai_generated": "AI info",
    "is_aigc": "Creator labeled as AI-generated",
    "containsSyntheticMedia": "Altered or synthetic content",
    "is_paid_partnership": "Paid partnership",
    "brand_content_toggle": "Paid partnership",
    "brand_organic_toggle": "Promotional content",
    "hasPaidProductPlacement": "Includes paid promotion",
}
TALL = ("video", "story")


@dataclass(frozen=True)
class Picture:
    """One picture or video of a preview: its address, width : height, and whether it moves."""

    url: str
    alt: str
    width: int
    height: int
    is_video: bool = False
    video_url: str = ""


@dataclass(frozen=True)
class Preview:
    """One channel's mock. `counter`: how much of the caption is used, None where there is no limit."""

    channel: Channel
    format: str
    caption: str
    title: str
    pictures: tuple[Picture, ...]
    labels: tuple[str, ...]
    visible_mark: bool
    used: int = 0
    room: int = 0
    unit: str = ""
    first_comment: str = ""

    @property
    def tall(self) -> bool:
        """Shown over the whole screen: stories, reels, shorts, TikTok."""
        return self.format in TALL or self.channel.platform in ("tiktok", "youtube")

    @property
    def first(self) -> Picture | None:
        return self.pictures[0] if self.pictures else None

    @property
    def left(self) -> int:
        return self.room - self.used


PictureUrl = Callable[[Asset, ContentItem | None, int, str], str]


def member_url(asset: Asset, item: ContentItem | None, position: int, preset: str) -> str:
    """A picture's address for members of its workspace, cut by a preset where there is one."""
    if item is None or preset not in PRESETS:
        return asset.medium_url
    return f"{reverse('content:export_preview', args=[item.pk])}?preset={preset}"


def build_preview(
    *,
    channel: Channel,
    target: PostTarget,
    rules: Rules | None,
    format: str,
    caption: str,
    title: str,
    flags: Sequence[str],
    visible_mark: bool,
    media: Sequence[tuple[Asset, ContentItem | None, str]],
    used: int = 0,
    url_of: PictureUrl = member_url,
) -> Preview:
    """The mock of one channel; `media`: picture, gallery item, description; `used`: length of the caption there."""
    preset = target.crop or (rules.preset if rules else "")
    return Preview(
        channel=channel,
        format=format,
        caption="" if format == "story" and not channel.is_site else caption,
        title=title if rules and rules.title else "",
        pictures=tuple(_picture(url_of, place, preset, *row) for place, row in enumerate(media)),
        labels=tuple(dict.fromkeys(LABELS[flag] for flag in flags if flag in LABELS)),
        visible_mark=visible_mark,
        used=used,
        room=rules.caption if rules and format != "story" else 0,
        unit="bytes" if rules and rules.count_in == "bytes" else "characters",
        first_comment=target.first_comment if rules and rules.first_comment else "",
    )


def _picture(url_of: PictureUrl, place: int, preset: str, asset: Asset, item: ContentItem | None, alt: str) -> Picture:
    size = PRESETS.get(preset)
    shape = (size.width, size.height) if size and not asset.is_video else (asset.width, asset.height)
    return Picture(url_of(asset, item, place, preset), alt, *shape, asset.is_video)
