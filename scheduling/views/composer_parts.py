"""What the composer's pages share: reading the form, trying it out, and what its fragments show."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from content.queries.gallery import GalleryFilter, gallery_page
from content.queries.portraits import portraits_outside
from inflio.accounts.models import Level
from inflio.common.clicks import click_key
from inflio.common.errors import InflioError
from inflio.common.params import read_key
from scheduling.forms.post import PostForm, token_of, with_new_channels
from scheduling.models import Post
from scheduling.queries import posts as queries
from scheduling.queries.previews import Preview, build_preview
from scheduling.services.composing.parts import print_of
from scheduling.services.composing.posts import EditConflict, save_post, try_post
from scheduling.services.composing.problems import Checked, problems_of
from scheduling.services.reviewing.reviews import is_approved, needs_approval
from scheduling.services.timing.times import lock_post
from scheduling.validation import Problem

AUTOSAVED = (Post.State.DRAFT, Post.State.CHANGES)  # others change only by a button: they may be on their way
AT_ITS_TURN = ("now", "slot")  # kinds of time that are only known when the post is scheduled
TAB_SECONDS = 24 * 3600
PICKER = 24
ACCOUNT_IS_FRESH = timedelta(minutes=10)  # TikTok wants what it says of the account to be read for the screen


@dataclass
class Composition:
    """The composer at one moment: its form, the post behind it, and what was found wrong."""

    form: PostForm
    post: Post | None
    checked: list[Checked] = field(default_factory=list)
    error: str = ""
    conflict: bool = False
    saved: bool = False

    @property
    def autosaved(self) -> bool:
        return self.post is None or self.post.state in AUTOSAVED

    @property
    def blank(self) -> bool:
        """Nothing is in it yet, so there is nothing to keep, and nothing to complain of."""
        return self.post is None and not self.error and self.form.is_blank

    @property
    def problems(self) -> list[tuple[str, Problem]]:
        """All of them, each with its channel's name; the same sentence of two channels once."""
        found: dict[tuple[str, str], tuple[list[str], Problem]] = {}
        for one in self.checked:
            for problem in one.problems:
                names, _ = found.setdefault((problem.code, problem.text), ([], problem))
                names += [one.title] if one.title else []
        return [(", ".join(names), problem) for names, problem in found.values()]

    @property
    def bad(self) -> int:
        return sum(problem.blocks for _, problem in self.problems)

    def previews(self) -> list[Preview]:
        """The mock of each channel, with the pictures that the form shows now."""
        media = [(one.asset, one.item, one.alt_text) for one in self.form.chosen_media]
        return [preview_of(one, self.form.format, self.form["title"].value() or "", media) for one in self.checked[1:]]


def preview_of(one: Checked, format: str, title: str, media: list, **how) -> Preview:
    """One checked channel as its mock."""
    values = {"format": format, "caption": one.caption, "title": title, "flags": one.flags}
    marks = {"rules": one.rules, "used": one.used, "visible_mark": one.visible_mark, "media": media}
    return build_preview(channel=one.channel, target=one.target, **values, **marks, **how)


def read_form(request: HttpRequest, data: QueryDict) -> PostForm | None:
    """The form over `data`; None when the workspace has no persona yet."""
    people = queries.composer_people(request.workspace)
    if not people:
        return None
    channels = queries.composer_channels(request.workspace)
    return PostForm(with_new_channels(data, channels), people=people, channels=channels)


@contextmanager
def held(post: Post | None) -> Iterator[Post | None]:
    """The post as it is now, for this request alone: of two clicks, the second begins when the first has ended."""
    with transaction.atomic():
        yield lock_post(post) if post else None


def keep(request: HttpRequest, form: PostForm, post: Post | None) -> Composition:
    """Save what was sent to a held post, and check it; an edit from elsewhere, or something that cannot be stored,
    changes nothing."""
    if _is_overtaken(request):
        return look_at(request, form, post)
    made = Composition(form, post)
    try:
        values = _values(request, form, post)
        expected = _expected(request, post)
        key = click_key(request) + ("-copy" if request.POST.get("do") == "copy" else "")
        made.post = save_post(post=post, by=request.user, key=key, expected=expected, **values)
        if post is None and made.post.state == Post.State.DRAFT:
            # The page may have saved less under this key a moment ago, and left before it was told.
            made.post = save_post(post=made.post, by=request.user, **values)
        made.checked, made.saved = problems_of(made.post), True
        remember(request, made.post)
    except EditConflict as error:
        made = look_at(request, form, post)
        made.error, made.conflict = error.message, True
    except InflioError as error:
        made.error = error.message
    return made


def look_at(request: HttpRequest, form: PostForm, post: Post | None) -> Composition:
    """Check what was sent, and keep nothing."""
    made = Composition(form, post)
    try:
        made.checked = try_post(post=post, by=request.user, **_values(request, form, post))
    except InflioError as error:
        made.error = error.message
        made.checked = problems_of(post) if post else []
    return made


def remember(request: HttpRequest, post: Post) -> None:
    """This tab made the post what it is now: its next click is no edit from elsewhere."""
    cache.set(_tab_key(post, request), print_of(post), TAB_SECONDS)


def _values(request: HttpRequest, form: PostForm, post: Post | None) -> dict[str, Any]:
    """What is saved. A post that is scheduled is not taken off the calendar by a time that is still to be found."""
    values = form.choices(by=request.user, now=timezone.now(), before=post)
    return values | {"keep_times": form.data.get("when") in AT_ITS_TURN}


def _expected(request: HttpRequest, post: Post | None) -> str | None:
    """The print that this tab saw last: its own saves count even when their answers were lost on the way."""
    if post is None:
        return None
    own = cache.get(_tab_key(post, request))
    return own if own == print_of(post) else request.POST.get("seen", "")


def _is_overtaken(request: HttpRequest) -> bool:
    """Whether something that this tab sent later is saved already: requests may pass each other on their way."""
    place, turn = f"composer:turn:{request.user.pk}:{click_key(request)}", read_key(request.POST.get("turn", "")) or 0
    if turn and turn < cache.get(place, 0):
        return True
    cache.set(place, turn, TAB_SECONDS)
    return False


def _tab_key(post: Post, request: HttpRequest) -> str:
    return f"composer:{post.pk}:{request.user.pk}:{click_key(request)}"


def frame(request: HttpRequest, made: Composition, key: str) -> dict:
    """What the composer's template shows."""
    form, post = made.form, made.post
    long_ago = timezone.now() - ACCOUNT_IS_FRESH
    tiktok = [one.channel for one in form.channel_forms if one.tiktok]
    return {
        "form": form,
        "post": post,
        "made": made,
        "tiles": [(token_of(one), one) for one in form.chosen_media],
        "previews": made.previews(),
        "picked": {one.item.pk for one in form.chosen_media if one.item},
        "read_again": {row.pk for row in tiktok if row.checked_at is None or row.checked_at < long_ago},
        "times_query": _times_query(form),
        "tab": request.POST.get("shown", ""),
        "seen": print_of(post) if post else "",
        "key": key,
        "approval": needs_approval(post) if post else _asks(request),
        "approved": bool(post) and is_approved(post),
        "manages": request.membership.level >= Level.MANAGER,
    }


def _times_query(form: PostForm) -> str:
    """The address's parameters that show when the post goes out; empty without a time."""
    form.is_valid()
    times = form.times()
    starts = times.pop("starts_local")
    wrong = {"starts_local", "tzid", "until", "count", "every", "days"} & set(form.errors)
    return urlencode(times | {"starts_local": f"{starts:%Y-%m-%dT%H:%M}"}) if starts and not wrong else ""


def _asks(request: HttpRequest) -> bool:
    return needs_approval(Post(workspace=request.workspace))


def picker(request: HttpRequest, form: PostForm) -> dict:
    """Pictures of the gallery to choose from, with those that are in the post already marked."""
    query, before = request.GET.get("q", "")[:120], request.GET.get("before", "")
    given = {"persona": str(form.persona_row.pk), "q": query} if "everyone" not in request.GET else {"q": query}
    chosen = GalleryFilter.read(given)
    key = read_key(before)
    items, next_before = gallery_page(workspace=request.workspace, chosen=chosen, before=key, limit=PICKER)
    picked = {one.item.pk for one in form.chosen_media if one.item}
    portraits = [] if query or before else portraits_outside(form.persona_row)
    rows = {"items": items, "next_before": next_before, "picked": picked, "portraits": portraits}
    return rows | {"query": query, "persona": form.persona_row}
