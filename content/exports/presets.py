"""Sizes and limits of the platforms as data. Source: the platforms' documents, collected in November 2026."""

from dataclasses import dataclass

MB = 1_000_000
FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WebP"}
MIMES = {"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
EXTENSIONS = {"jpeg": "jpg", "png": "png", "webp": "webp"}
ORIGINAL = "original"


@dataclass(frozen=True)
class Preset:
    """What one place takes: pixels, formats (the first is suggested), bytes, and how many pictures at once."""

    key: str
    platform: str
    title: str
    width: int
    height: int
    formats: tuple[str, ...] = ("jpeg",)
    most_bytes: int = 0
    least: int = 1
    most: int = 0
    quality: int = 100  # the highest the platform takes

    @property
    def label(self) -> str:
        """For a list of choices."""
        return f"{self.title} · {self.width} × {self.height}"


_ALL = (
    Preset("ig_feed_portrait", "Instagram", "Feed, portrait", 1080, 1350, most_bytes=8 * MB, quality=92),
    Preset("ig_feed_square", "Instagram", "Feed, square", 1080, 1080, most_bytes=8 * MB, quality=92),
    Preset("ig_carousel", "Instagram", "Carousel", 1080, 1350, most_bytes=8 * MB, least=2, most=10, quality=92),
    Preset("ig_reel_cover", "Instagram", "Reel cover", 1080, 1920, most_bytes=8 * MB, quality=92),
    Preset("ig_story_img", "Instagram", "Story", 1080, 1920, most_bytes=8 * MB, quality=92),
    Preset("tt_photo", "TikTok", "Photo, full screen", 1080, 1920, most_bytes=20 * MB, most=35),
    Preset("tt_photo_portrait", "TikTok", "Photo, portrait", 1080, 1350, most_bytes=20 * MB, most=35),
    Preset("yt_thumb_short", "YouTube", "Short's thumbnail", 1080, 1920, most_bytes=50 * MB),
    Preset("li_image", "LinkedIn", "Post", 1200, 1500, ("jpeg", "png"), 5 * MB, most=20),
    Preset("li_image_small", "LinkedIn", "Post, smaller", 1080, 1350, ("jpeg", "png"), 5 * MB, most=20),
    Preset("x_image", "X", "Post", 1080, 1350, most_bytes=5 * MB),
    Preset("master", "Master", "Vertical master", 1080, 1920, ("png", "jpeg", "webp")),
    Preset("master_large", "Master", "Vertical master, large", 2160, 3840, ("png", "jpeg", "webp")),
)
PRESETS = {preset.key: preset for preset in _ALL}


def preset_choices() -> list:
    """Choices for a form, grouped by platform."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for preset in _ALL:
        groups.setdefault(preset.platform, []).append((preset.key, preset.label))
    return [(ORIGINAL, "Original size, nothing cut off"), *groups.items()]
