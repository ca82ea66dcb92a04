"""What the gallery asks before it deletes: pictures of posts that are still to go out stay."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from scheduling.models import Post, PostMedia, Publication

MOST_NAMED = 200  # rows that one answer looks at


def uses_of_items(keys: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    """For each gallery item that an open post shows: the post's title and its address."""
    open_times = Publication.objects.filter(post=OuterRef("post"), state__in=Publication.OPEN)
    planned = Q(post__state__in=(Post.State.REVIEW, Post.State.APPROVED))
    rows = PostMedia.objects.filter(Q(Exists(open_times)) | planned, item__in=list(keys)).select_related("post")
    found: dict[int, list[tuple[str, str]]] = {}
    for row in rows.order_by("item", "post")[:MOST_NAMED]:
        found.setdefault(row.item_id, []).append((str(row.post), row.post.get_absolute_url()))
    return found
