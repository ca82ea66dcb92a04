"""What Instagram takes: the limits of its pictures and videos, checked by the sandbox on what it fetches itself.

From developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media, read in November 2026.
"""

from typing import NamedTuple

from scheduling.sandbox.media import Clip, Picture, Unreachable, Unreadable, facts_of, fetch
from scheduling.sandbox.state import World

MB = 1_000_000


class Fetched(NamedTuple):
    """A file that Instagram has a copy of: its name in the world (empty when unchecked), and the error in it."""

    file: str
    problem: tuple[int, int, str] | None  # code, subcode, what is wrong


def take(world: World, url: str, kind: str, use: str) -> Fetched:
    """Fetch a file and look at it. `kind`: "image" or "video"; `use`: "feed", "item", "reel", "story", "cover"."""
    if not world.setting("check_media"):
        return Fetched("", None)
    try:
        data = fetch(url, most=310 * MB)
    except Unreachable as error:
        return Fetched("", (9004, 2207052, f"Media could not be fetched from this URI: {error}"))
    try:
        facts = facts_of(data)
    except Unreadable as error:
        wrong = (36001, 2207005) if kind == "image" else (352, 2207026)
        return Fetched("", (*wrong, str(error)))
    problem = _picture(facts, use) if kind == "image" else _clip(facts, use)
    return Fetched("" if problem else world.store(data, facts.mime), problem)


def _picture(facts: Picture | Clip, use: str) -> tuple[int, int, str] | None:
    if not isinstance(facts, Picture) or facts.mime != "image/jpeg":
        return 36001, 2207005, f"The image format is not supported: {facts.mime}; it must be JPEG."
    if facts.size > 8 * MB:
        return 36000, 2207004, f"The image is too large to download: {facts.size} bytes; the maximum is 8 MB."
    if use in ("feed", "item") and not 0.8 - 0.005 <= facts.ratio <= 1.91 + 0.005:
        return 36003, 2207009, f"The aspect ratio {facts.ratio:.3f} is not supported: 4:5 to 1.91:1 are."
    return None


def _clip(facts: Picture | Clip, use: str) -> tuple[int, int, str] | None:
    if not isinstance(facts, Clip) or facts.mime not in ("video/mp4", "video/quicktime"):
        return 352, 2207026, f"The video format is not supported: {facts.mime}; it must be MP4 or MOV."
    longest, heaviest = {"reel": (900, 300), "story": (60, 100), "item": (60, 300)}[use]
    wrong = [
        (facts.video_codec not in ("h264", "hevc"), f"the codec {facts.video_codec}"),
        (facts.audio_codec not in ("", "aac"), f"the sound's codec {facts.audio_codec}"),
        (not facts.faststart, "the moov atom is not at the front"),
        (not 22.9 <= facts.fps <= 60.1, f"{facts.fps:.1f} frames a second"),
        (facts.width > 1920, f"a width of {facts.width}"),
        (not 3 <= facts.seconds <= longest + 0.5, f"a length of {facts.seconds:.1f} s"),
        (facts.size > heaviest * MB, f"a size of {facts.size} bytes"),
        (not 0.01 <= facts.ratio <= 10, f"the aspect ratio {facts.ratio:.3f}"),
    ]
    found = "; ".join(text for is_wrong, text in wrong if is_wrong)
    return (352, 2207026, f"The video format is not supported: {found}.") if found else None
