"""What the pages of reviews show: links with what became of them, and what a client may see through one."""

from datetime import datetime

from django.db.models import Count, Prefetch, QuerySet

from inflio.accounts.models import Workspace
from scheduling.models import Post, PostMedia, PostTarget, Review, ReviewLink
from scheduling.queries.posts import with_counts

LINKS = 50
SHOWABLE = (Post.State.DRAFT, Post.State.REVIEW, Post.State.CHANGES, Post.State.APPROVED, Post.State.SCHEDULED)


def links_of(workspace: Workspace, now: datetime) -> list[ReviewLink]:
    """Links that work, newest first, with how many posts they show and how many decisions came."""
    rows = ReviewLink.objects.for_workspace(workspace).filter(revoked_at=None, expires_at__gt=now)
    counts = {"post_count": Count("posts", distinct=True), "decision_count": Count("reviews", distinct=True)}
    return list(rows.annotate(**counts).order_by("-pk")[:LINKS])


def showable_posts(workspace: Workspace) -> list[Post]:
    """Posts that a client can be shown, those in review first."""
    rows = Post.objects.for_workspace(workspace).filter(state__in=SHOWABLE).select_related("persona")
    return with_counts(sorted(rows.order_by("-pk")[:100], key=lambda post: post.state != Post.State.REVIEW))


def posts_behind(link: ReviewLink) -> QuerySet[Post]:
    """The posts of a link, those that go out first in front, with everything their previews need."""
    media = PostMedia.objects.select_related("asset", "item").order_by("position")
    targets = PostTarget.objects.select_related("channel").order_by("pk")
    decided = Review.objects.filter(link=link)
    return (
        link.posts.select_related("persona", "workspace")
        .prefetch_related(
            "persona__consents",
            Prefetch("media", queryset=media),
            Prefetch("targets", queryset=targets),
            Prefetch("reviews", queryset=decided, to_attr="decisions"),
        )
        .order_by("starts_local", "pk")
    )


def media_behind(link: ReviewLink, pk: int) -> PostMedia | None:
    """One picture that the link shows; None for any other."""
    return PostMedia.objects.select_related("asset").exclude(asset=None).filter(pk=pk, post__review_links=link).first()
