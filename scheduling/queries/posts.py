"""What the pages of posts show: lists by key, one post with everything that happened to it, the composer's choices."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from content.models import ContentItem
from inflio.accounts.models import Workspace
from personas.models import Persona
from scheduling.models import Channel, Post, PostEvent, PostMedia, PostTarget, Publication, Review

PAGE = 30
MOST_EVENTS = 100
MOST_AHEAD = 12
MOST_PAST = 60
TABS = (
    ("all", "All"),
    ("draft", "Drafts"),
    ("review", "In review"),
    ("approved", "Approved"),
    ("scheduled", "Scheduled"),
    ("published", "Published"),
    ("problems", "Needs you"),
    ("cancelled", "Cancelled"),
)
TROUBLE = (Publication.State.FAILED, Publication.State.MISSED, Publication.State.ATTENTION)


@dataclass(frozen=True)
class Shown:
    """A post in one word: its own state, or what became of its publications."""

    word: str
    label: str
    tone: str


def posts_page(
    workspace: Workspace, *, tab: str = "all", persona: int | None = None, before: int | None = None
) -> tuple[list[Post], int | None]:
    """Posts of a tab, newest first, with picture, channels and counts; and the key to go on before."""
    rows = Post.objects.for_workspace(workspace).filter(_tab(tab))
    if persona:
        rows = rows.filter(persona=persona)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(_with_parts(rows).order_by("-pk")[: PAGE + 1])
    return with_counts(found[:PAGE]), found[PAGE - 1].pk if len(found) > PAGE else None


def posts_waiting(workspace: Workspace) -> list[Post]:
    """Posts that somebody has to approve, those that go out first in front."""
    rows = Post.objects.for_workspace(workspace).filter(state=Post.State.REVIEW)
    return with_counts(list(_with_parts(rows).order_by("starts_local", "pk")[:PAGE]))


def _tab(tab: str) -> Q:
    if tab == "problems":
        troubled = Publication.objects.filter(post=OuterRef("pk"), state__in=TROUBLE)
        return Q(Exists(troubled)) | Q(state=Post.State.CHANGES)
    if tab == "draft":
        return Q(state__in=(Post.State.DRAFT, Post.State.CHANGES))
    if tab in ("scheduled", "published"):
        rows = Publication.objects.filter(post=OuterRef("pk"))
        out = Exists(rows.filter(state=Publication.State.PUBLISHED))
        out &= ~Exists(rows.filter(state__in=Publication.OPEN))
        return Q(out if tab == "published" else ~out, state=Post.State.SCHEDULED)
    return Q(state=tab) if tab in Post.State.values else Q()


def _with_parts(rows: QuerySet[Post]) -> QuerySet[Post]:
    media = PostMedia.objects.select_related("asset").order_by("position")
    targets = PostTarget.objects.select_related("channel")
    return rows.select_related("persona").prefetch_related(
        Prefetch("media", queryset=media), Prefetch("targets", queryset=targets)
    )


def with_counts(posts: list[Post]) -> list[Post]:
    """The posts, each with `state_counts`: how many of its publications are in each state."""
    rows = Publication.objects.filter(post__in=[post.pk for post in posts]).order_by()
    counts: dict[int, Counter] = {post.pk: Counter() for post in posts}
    for key, state, count in rows.values_list("post", "state").annotate(Count("pk")):
        counts[key][state] = count
    for post in posts:
        post.state_counts = counts[post.pk]
    return posts


def shown_state(post: Post) -> Shown:
    """What a list says of a post from `posts_page`."""
    counts = post.state_counts
    order = (
        ("attention", "warn"),
        ("failed", "bad"),
        ("missed", "bad"),
        ("unknown", "warn"),
        ("publishing", "busy"),
        ("container", "busy"),
        ("pending", "busy"),
    )
    for state, tone in order:
        if counts[state]:
            return Shown(state, Publication.State(state).label, tone)
    open_ones = counts["scheduled"]
    if post.state == Post.State.SCHEDULED and counts["published"] and not open_ones:
        return Shown("published", "Published", "good")
    return Shown(post.state, post.get_state_display(), TONES[post.state])


TONES = {
    Post.State.DRAFT: "plain",
    Post.State.REVIEW: "note",
    Post.State.CHANGES: "warn",
    Post.State.APPROVED: "good",
    Post.State.SCHEDULED: "note",
    Post.State.CANCELLED: "plain",
}


def publications_of(post: Post, now: datetime) -> tuple[list[Publication], list[Publication]]:
    """What goes out, the next first, and what was due already, the newest first."""
    rows = Publication.objects.filter(post=post).exclude(state=Publication.State.CANCELLED).select_related("channel")
    ahead, past = rows.filter(due_at__gt=now), rows.filter(due_at__lte=now)
    return list(ahead.order_by("due_at", "pk")[:MOST_AHEAD]), list(past.order_by("-due_at", "-pk")[:MOST_PAST])


def events_of(post: Post) -> list[PostEvent]:
    """Everything that happened to a post, newest first."""
    return list(PostEvent.objects.filter(post=post).select_related("by")[:MOST_EVENTS])


def reviews_of(post: Post) -> list[Review]:
    """Decisions about a post, newest first."""
    return list(Review.objects.filter(post=post).select_related("by", "link")[:20])


def composer_people(workspace: Workspace) -> list[Persona]:
    """Personas that post."""
    rows = Persona.objects.for_workspace(workspace).active().select_related("avatar", "workspace")
    return list(rows.order_by("name", "pk"))


def composer_channels(workspace: Workspace) -> list[Channel]:
    """Channels that can be chosen: those that were not given up."""
    rows = Channel.objects.for_workspace(workspace).exclude(status=Channel.Status.REVOKED)
    return list(rows.order_by("platform", "handle"))


def chosen_items(workspace: Workspace, keys: list[int]) -> list[ContentItem]:
    """Finished items of a workspace, in the order of their keys."""
    rows = ContentItem.objects.for_workspace(workspace).finished().select_related("asset", "persona").in_bulk(keys)
    return [rows[key] for key in keys if key in rows]
