"""What keeps a post from being scheduled, channel by channel, and what its author should know before."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from inflio.common.errors import InvalidInput
from inflio.media.models import Asset
from scheduling.models import Channel, Post, PostTarget
from scheduling.platforms.base import Capabilities, Rules
from scheduling.registry import platform_class
from scheduling.services.disclose import disclosure_of
from scheduling.validation import File, Problem, check_post, full_caption, length_in

_PICTURES = {"kinds": ("image", "video"), "mimes": (), "least": 0, "most": 35, "caption": 0, "alt_text": 1000}
SITE = Capabilities(formats={name: Rules(**_PICTURES) for name in ("image", "carousel", "video", "story")})


@dataclass(frozen=True)
class Checked:
    """One channel of a post: what is wrong, and what goes out there. `channel` is None for the post as a whole."""

    channel: Channel | None
    problems: tuple[Problem, ...]
    target: PostTarget | None = None
    rules: Rules | None = None
    caption: str = ""
    labels: tuple[str, ...] = ()  # words that the disclosure adds to the caption
    flags: tuple[str, ...] = ()  # labels that the platform shows by itself
    visible_mark: bool = False

    @property
    def title(self) -> str:
        return str(self.channel) if self.channel else ""

    @property
    def bad(self) -> list[Problem]:
        """Those that keep it from being scheduled."""
        return [problem for problem in self.problems if problem.blocks]

    @property
    def used(self) -> int:
        """Length of the whole caption, as this platform counts."""
        return length_in(self.caption, self.rules.count_in) if self.rules else 0


class NotReady(InvalidInput):
    """A post that some channel would refuse; `checked` says what is wrong where."""

    code = "not_ready"

    def __init__(self, checked: Sequence[Checked]) -> None:
        bad = [(one.title, problem) for one in checked for problem in one.bad]
        title, problem = bad[0]
        more = f" {len(bad) - 1} more to mend." if len(bad) > 1 else ""
        super().__init__(f"{title}: {problem.text}{more}" if title else f"{problem.text}{more}")
        self.checked = tuple(checked)


def capabilities_of(channel: Channel) -> Capabilities:
    """What a channel can take."""
    return SITE if channel.is_site else platform_class(channel.platform).capabilities


def problems_of(post: Post) -> list[Checked]:
    """The post as a whole, then each of its channels in their order; what is prefetched is not read again."""
    prefetch_related_objects([post], "targets__channel", "media__asset", "persona__consents")
    targets, media = list(post.targets.all()), list(post.media.all())
    files = [_file(row.asset, row.alt_text) for row in media if row.asset]
    found = []
    if any(row.asset is None for row in media):
        found.append(Problem("media_gone", "A picture of this post was deleted. Choose another one.", "media"))
    if not targets:
        found.append(Problem("no_channel", "Choose at least one channel.", "channels"))
    if not (files or post.recipe or post.caption.strip()):
        found.append(Problem("empty", "Add a picture or write a caption.", "media"))
    return [Checked(None, tuple(found)), *(_check_target(post, target, files) for target in targets)]


def refuse_unfit(post: Post) -> None:
    """Raise NotReady for a post that some channel would refuse."""
    checked = problems_of(post)
    if any(one.bad for one in checked):
        raise NotReady(checked)


def _check_target(post: Post, target: PostTarget, files: list[File]) -> Checked:
    channel, words = target.channel, target.caption or post.caption
    if post.link and post.link not in words:
        words = f"{words.rstrip()}\n\n{post.link}".strip()
    capabilities = capabilities_of(channel)
    rules = capabilities.formats.get(post.format)
    said = disclosure_of(post=post, channel=channel, options=target.options)
    problems = _account_problems(channel)
    problems += check_post(
        capabilities,
        post.format,
        caption=words,
        title=post.title,
        hashtags=post.hashtags,
        files=files,
        options=target.options,
        first_comment=target.first_comment,
        facts=channel.facts,
        lines=said.caption_lines,
        crop=target.crop,
        to_be_made=bool(post.recipe),
        platform=channel.platform,
        labels=said.flags,
    )
    for one in (*said.problems, *said.warnings):
        place = "sponsor" if one.field == "sponsor_name" else one.field
        problems.append(Problem(one.code, one.text, place, one.level))
    return Checked(
        channel,
        tuple(problems),
        target,
        rules,
        full_caption(words, post.hashtags, said.caption_lines),
        tuple(said.caption_lines),
        tuple(name for name, value in said.flags.items() if value),
        said.visible_mark and not said.film_is_marked,
    )


def _account_problems(channel: Channel) -> list[Problem]:
    """Whether the account can publish at all."""
    if channel.is_site or channel.status == Channel.Status.ACTIVE:
        return []
    text = channel.problem or f"{channel} is not connected any more. Connect it again on the channels page."
    return [Problem("channel", text, "channels")]


def _file(asset: Asset, alt_text: str) -> File:
    kind = "video" if asset.mime.startswith("video/") else "image"
    seconds = asset.provenance.get("seconds")
    return File(kind, asset.mime, asset.size, asset.width, asset.height, seconds, alt_text)
