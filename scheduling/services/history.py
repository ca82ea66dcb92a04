"""A post's history: one line for everything that happened to it, only ever added to."""

from inflio.accounts.models import User
from scheduling.models import Post, PostEvent, Publication


def log_event(
    *, post: Post, text: str, by: User | None = None, publication: Publication | None = None, by_name: str = ""
) -> PostEvent:
    """Add a line in the caller's transaction; `by_name` is a client's, who has no account."""
    return PostEvent.objects.create(post=post, publication=publication, by=by, by_name=by_name[:120], text=text[:500])
