"""What is wrong with a post for one platform, found before it is scheduled; from capabilities alone, no Django."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from content.exports.presets import PRESETS, Preset
from scheduling.disclosure import place_lines
from scheduling.platforms.base import Capabilities, Rules
from scheduling.platforms.tiktok import rules as tiktok_rules

MB = 1_000_000
SOFT = 1.5  # how much a picture may be enlarged before it shows
_HASHTAG = re.compile(r"(?<![\w&])#(\w+)")
_MENTION = re.compile(r"(?<![\w.@])@[\w.]+")
_FORMAT_NAMES = {"image": "a single picture", "carousel": "several pictures", "video": "a video", "story": "a story"}
_MIME_NAMES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WebP", "image/gif": "GIF"}
_MIME_NAMES |= {"video/mp4": "MP4", "video/quicktime": "MOV", "video/webm": "WebM"}


@dataclass(frozen=True)
class Problem:
    """One thing to mend. `bad` keeps the post from being scheduled, `warn` does not; `field` is where to mend it."""

    code: str
    text: str
    field: str = ""
    level: Literal["bad", "warn"] = "bad"

    @property
    def blocks(self) -> bool:
        """Whether the post cannot be scheduled with it."""
        return self.level == "bad"


@dataclass(frozen=True)
class File:
    """One picture or video as it lies in the gallery: bytes, pixels, seconds for a video."""

    kind: Literal["image", "video"]
    mime: str
    size: int
    width: int
    height: int
    seconds: float | None = None
    alt_text: str = ""


def check_post(
    capabilities: Capabilities,
    format: str,
    *,
    caption: str,
    title: str,
    hashtags: Sequence[str],
    files: Sequence[File],
    options: Mapping[str, Any],
    first_comment: str = "",
    facts: Mapping[str, Any] | None = None,
    lines: Sequence[str] = (),
    crop: str = "",
    to_be_made: bool = False,
    platform: str = "",
    labels: Mapping[str, Any] | None = None,
) -> list[Problem]:
    """Everything that this platform would refuse or drop, in the order of the form.

    hashtags: without #. lines: labels that are added to the caption. crop: key of a preset that replaces the
    platform's. to_be_made: the pictures are made at the post's time, so none can be missing now. platform: its name,
    for what only it asks (`options`); labels: flags of the disclosure.
    """
    rules = capabilities.formats.get(format)
    if rules is None:
        return [Problem("format", _wrong_format(capabilities, format), "format")]
    found = _check_media(rules, files, to_be_made)
    for number, file in enumerate(files, start=1):
        found += _check_file(rules, file, number if len(files) > 1 else 0, crop)
    found += _check_words(rules, format, full_caption(caption, hashtags, lines), caption, hashtags)
    found += _check_title(rules, title)
    found += _check_alt_texts(rules, files)
    if first_comment.strip() and not rules.first_comment:
        text = "A first comment is not possible here and will be left out."
        found.append(Problem("first_comment", text, "first_comment", "warn"))
    if platform == "tiktok":
        found += _check_tiktok(options, facts, format, files, labels)
    return found


def full_caption(caption: str, hashtags: Sequence[str], lines: Sequence[str] = ()) -> str:
    """The words as they are sent: ads first, caption, other labels, then hashtags that are not in the caption."""
    used = {tag.casefold() for tag in _HASHTAG.findall(caption)}
    tags = " ".join(f"#{tag}" for tag in hashtags if tag.casefold() not in used)
    return "\n\n".join(part for part in (place_lines(caption, lines), tags) if part)


def length_in(text: str, unit: str) -> int:
    """Length of a text as a platform counts it: "characters", "utf16" (code units) or "bytes" (UTF-8)."""
    if unit == "utf16":
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    return len(text.encode("utf-8", "surrogatepass")) if unit == "bytes" else len(text)


def _check_tiktok(
    options: Mapping[str, Any],
    facts: Mapping[str, Any] | None,
    format: str,
    files: Sequence[File],
    labels: Mapping[str, Any] | None,
) -> list[Problem]:
    """The choices that TikTok wants made for each post."""
    seconds = next((file.seconds for file in files if file.seconds), None)
    found = tiktok_rules.check_options(options, facts, format, seconds=seconds, labels=labels)
    return [Problem(one.code, one.text, one.field) for one in found]


def _wrong_format(capabilities: Capabilities, format: str) -> str:
    taken = [_FORMAT_NAMES[name] for name in _FORMAT_NAMES if name in capabilities.formats]
    return f"{_FORMAT_NAMES.get(format, format).capitalize()} cannot go out here; it takes {_listed(taken)}."


def _check_media(rules: Rules, files: Sequence[File], to_be_made: bool) -> list[Problem]:
    count, what = len(files), _things(rules)
    if not files:
        if to_be_made or not rules.least:
            return []
        need = f"{rules.least} {what}" if rules.least > 1 else f"a {what.rstrip('s')}"
        return [Problem("media_missing", f"Add {need}: nothing goes out here without.", "media")]
    found = []
    if count < rules.least:
        text = f"Add {rules.least - count} more: at least {rules.least} {what} are needed."
        found.append(Problem("media_few", text, "media"))
    if rules.most and count > rules.most:
        most = f"{rules.most} {what}" if rules.most > 1 else f"one {what.rstrip('s')}"
        found.append(Problem("media_many", f"Take {count - rules.most} out: at most {most} can go out here.", "media"))
    wrong = {file.kind for file in files} - set(rules.kinds)
    if wrong:
        given = "a picture" if "image" in wrong else "a video"
        found.append(Problem("media_kind", f"Replace {given}: this takes {what}.", "media"))
    return found


def _check_file(rules: Rules, file: File, number: int, crop: str) -> list[Problem]:
    """`number`: its place, where there are several."""
    if file.kind not in rules.kinds:
        return []
    name = f"{'Picture' if file.kind == 'image' else 'Video'}{f' {number}' if number else ''}"
    if file.kind == "image":
        preset = PRESETS.get(crop or rules.preset)
        return _check_enlarging(file, preset, name) if preset else _check_raw(rules, file, name)
    return _check_raw(rules, file, name) + _check_length(rules, file, name)


def _check_enlarging(file: File, preset: Preset, name: str) -> list[Problem]:
    """Pictures are cut, sized and encoded for the platform, so that only their sharpness can suffer."""
    scale = max(preset.width / file.width, preset.height / file.height)
    if scale <= SOFT + 0.005:
        return []
    text = f"{name} is small: enlarged {scale:.1f} times it will look soft. Use a larger one where you can."
    return [Problem("soft", text, "media", "warn")]


def _check_raw(rules: Rules, file: File, name: str) -> list[Problem]:
    """What goes out as it is."""
    found = []
    if rules.mimes and file.mime not in rules.mimes:
        taken = _listed([_MIME_NAMES.get(mime, mime) for mime in rules.mimes], "or")
        given = _MIME_NAMES.get(file.mime, file.mime)
        found.append(Problem("media_type", f"{name} is {given}: save it as {taken}.", "media"))
    if rules.most_bytes and file.size > rules.most_bytes:
        text = f"{name} has {file.size / MB:.0f} MB: make it smaller than {rules.most_bytes / MB:.0f} MB."
        found.append(Problem("media_bytes", text, "media"))
    shape = file.width / file.height
    if rules.ratio and not rules.ratio.lowest - 0.005 <= shape <= rules.ratio.highest + 0.005:
        text = f"{name} is {file.width} × {file.height}: cut it to a shape between {_shape(rules.ratio.lowest)} and "
        found.append(Problem("media_ratio", text + f"{_shape(rules.ratio.highest)} (width : height).", "media"))
    if rules.widest and file.width > rules.widest:
        text = f"{name} is {file.width} pixels wide: save it at most {rules.widest} pixels wide."
        found.append(Problem("media_width", text, "media"))
    return found


def _check_length(rules: Rules, file: File, name: str) -> list[Problem]:
    if file.seconds is None:
        return []
    if rules.shortest_seconds and file.seconds < rules.shortest_seconds:
        text = f"{name} lasts {_lasting(file.seconds)}: it must last at least {_lasting(rules.shortest_seconds)}."
        return [Problem("video_short", text, "media")]
    if rules.longest_seconds and file.seconds > rules.longest_seconds:
        text = f"{name} lasts {_lasting(file.seconds)}: cut it to at most {_lasting(rules.longest_seconds)}."
        return [Problem("video_long", text, "media")]
    return []


def _check_words(rules: Rules, format: str, text: str, caption: str, hashtags: Sequence[str]) -> list[Problem]:
    if format == "story":
        left_out = Problem("story_caption", "Stories show no caption: these words are left out.", "caption", "warn")
        return [left_out] if caption.strip() or hashtags else []
    found, length = [], length_in(text, rules.count_in)
    if rules.caption_needed and not caption.strip():
        found.append(Problem("caption_missing", "Write a caption: nothing goes out here without one.", "caption"))
    if rules.caption and length > rules.caption:
        over = length - rules.caption
        unit = "bytes" if rules.count_in == "bytes" else "characters"
        words = f"The caption has {length:,} {unit} with its hashtags; {rules.caption:,} fit. Take out {over:,}."
        found.append(Problem("caption_long", words, "caption"))
    tags = len(_HASHTAG.findall(text))
    if rules.hashtags and tags > rules.hashtags:
        words = f"{tags} hashtags are too many: at most {rules.hashtags} are taken."
        found.append(Problem("hashtags_many", words, "hashtags"))
    mentions = len(_MENTION.findall(text))
    if rules.mentions and mentions > rules.mentions:
        words = f"{mentions} people are mentioned with @; at most {rules.mentions} are taken."
        found.append(Problem("mentions_many", words, "caption"))
    return found


def _check_title(rules: Rules, title: str) -> list[Problem]:
    if not rules.title:
        return []
    if not title.strip():
        return [Problem("title_missing", "Give the post a title: it is shown here.", "title")]
    if len(title) > rules.title:
        text = (
            f"The title has {len(title)} characters; {rules.title} fit here. Shorten it by {len(title) - rules.title}."
        )
        return [Problem("title_long", text, "title")]
    return []


def _check_alt_texts(rules: Rules, files: Sequence[File]) -> list[Problem]:
    pictures = [file for file in files if file.kind == "image"]
    if not rules.alt_text or not pictures:
        return []
    longest = max(len(file.alt_text) for file in pictures)
    if longest > rules.alt_text:
        text = f"A description has {longest} characters; {rules.alt_text} fit here. Shorten it."
        return [Problem("alt_text_long", text, "media")]
    missing = sum(not file.alt_text.strip() for file in pictures)
    if not missing:
        return []
    which = "a picture" if missing == 1 else f"{missing} pictures"
    return [Problem("alt_text_missing", f"Describe {which} for people who cannot see.", "media", "warn")]


def _things(rules: Rules) -> str:
    return {("image",): "pictures", ("video",): "videos"}.get(tuple(rules.kinds), "pictures or videos")


def _listed(words: Sequence[str], joint: str = "and") -> str:
    """ "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joint} {words[-1]}" if words else "nothing"


def _lasting(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:g} seconds" if seconds == int(seconds) else f"{seconds:.1f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds % 60 == 0 else f"{int(seconds // 60)} min {int(seconds % 60)} s"


def _shape(ratio: float) -> str:
    """Such as 4:5 for 0.8, 1.91:1 for 1.91."""
    known = {0.8: "4:5", 1.0: "1:1", 0.5625: "9:16", 1.7778: "16:9", 0.75: "3:4", 0.6667: "2:3"}
    for value, name in known.items():
        if abs(value - ratio) < 0.002:
            return name
    return f"{ratio:.2f}:1".replace(".00", "") if ratio >= 1 else f"1:{1 / ratio:.2f}".replace(".00", "")
