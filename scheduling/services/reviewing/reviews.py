"""Who has to agree before a post goes out: asking, deciding, and links for clients without an account."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from inflio.accounts.models import User, Workspace, token_hash
from inflio.common.errors import Conflict, InflioError, InvalidInput
from inflio.notices.models import Notice
from inflio.notices.services import notify
from inflio.queue.leases import db_now
from scheduling.models import Post, Publication, Review, ReviewLink, SchedulingSettings
from scheduling.services.composing.problems import refuse_unfit
from scheduling.services.history import log_event
from scheduling.services.timing import times
from scheduling.services.timing.ahead import refuse_past
from scheduling.services.timing.times import lock_post
from scheduling.services.timing.waiting import waiting

LINK_DAYS = 30
POSTS_PER_LINK = 50
OPEN_LINKS = 200  # in one workspace
NOTE_LENGTH = 1000
OBJECTION = "objection"  # code of publications that were taken off the calendar as somebody asked for changes
Approval = SchedulingSettings.Approval
REVIEWABLE = (Post.State.DRAFT, Post.State.CHANGES, Post.State.REVIEW, Post.State.APPROVED, Post.State.SCHEDULED)


class LinkOver(InvalidInput):
    """A review link that does not work: unknown, revoked or too old."""

    code = "link_over"
    status = 404


@dataclass(frozen=True)
class MadeLink:
    """A link and its address, which can never be shown again."""

    link: ReviewLink
    url: str


def settings_of(workspace: Workspace) -> SchedulingSettings:
    """The workspace's rules for posting, made on first use."""
    return SchedulingSettings.objects.get_or_create(workspace=workspace)[0]


@transaction.atomic
def change_settings(*, workspace: Workspace, approval: str, grace_minutes: int, by: User | None) -> SchedulingSettings:
    """Choose who approves, and how late a post may still go out (minutes)."""
    if approval not in Approval.values:
        raise InvalidInput("Choose who approves.", code="unknown")
    if not 1 <= grace_minutes <= 24 * 60:
        raise InvalidInput("Choose 1 to 1,440 minutes.", code="grace")
    row = SchedulingSettings.objects.select_for_update().get(pk=settings_of(workspace).pk)
    row.approval, row.grace_minutes = approval, grace_minutes
    row.save(update_fields=["approval", "grace_minutes"])
    return row


def needs_approval(post: Post) -> bool:
    """Whether this workspace lets nothing go out that nobody approved."""
    row = SchedulingSettings.objects.filter(workspace=post.workspace_id).values_list("approval", flat=True).first()
    return (row or Approval.NONE) != Approval.NONE


def is_approved(post: Post) -> bool:
    """Whether the post may go out as it is now: nobody has to approve, or this very version was approved."""
    return post.approved_version == post.content_version or not needs_approval(post)


def outdate_approval(*, post: Post, by: User | None) -> None:
    """Count a change of what the public sees: an approval holds for one version only. The caller saves the post."""
    post.content_version += 1
    if post.state in (Post.State.APPROVED, Post.State.SCHEDULED) and needs_approval(post):
        post.state = Post.State.REVIEW
        log_event(post=post, by=by, text="Changed after it was approved, so it has to be approved again.")


@transaction.atomic
def ask_for_review(*, post: Post, by: User | None) -> Post:
    """Put a post in front of its reviewers; safe to repeat. Raises Conflict for one that is over or approved."""
    post = lock_post(post)
    if post.state == Post.State.REVIEW:
        return post
    if post.state not in (Post.State.DRAFT, Post.State.CHANGES):
        raise Conflict(f"This post is {post.get_state_display().lower()} already.", code="state")
    post.state = Post.State.REVIEW
    post.save(update_fields=["state", "updated_at"])
    log_event(post=post, by=by, text="Sent to review.")
    notify(
        workspace=post.workspace,
        kind="review_asked",
        title=f"“{post}” waits for approval",
        text=f"{by or 'Somebody'} asks for it.",
        url=reverse("scheduling:reviews"),
        key=f"review:{post.pk}:{post.content_version}",
    )
    return post


@transaction.atomic
def decide(
    *,
    post: Post,
    decision: str,
    version: int,
    note: str = "",
    by: User | None = None,
    link: ReviewLink | None = None,
    name: str = "",
) -> Review:
    """Approve a version of a post, or ask for changes: a manager (`by`), or a client through a `link` with a `name`.

    Safe to repeat; a reviewer may change their mind until the post goes out. Raises Conflict when the post was changed
    since it was shown or is over, InvalidInput when changes are asked for without saying which.
    """
    if decision not in Review.Decision.values:
        raise InvalidInput("Choose to approve, or to ask for changes.", code="decision")
    note, name = note.strip()[:NOTE_LENGTH], " ".join(name.split())[:120]
    if decision == Review.Decision.CHANGES and not note:
        raise InvalidInput("Say what should change.", code="note_missing")
    post = lock_post(post)
    if link:
        _refuse_over(link, post)
    if post.state not in REVIEWABLE:
        raise Conflict("This post is no longer planned, so there is nothing to decide.", code="over")
    if version != post.content_version:
        raise Conflict("This post was changed since you opened it. Look at the new version first.", code="changed")
    last = Review.objects.filter(post=post, by=by, link=link, content_version=version).first()
    if last and (last.decision, last.note) == (decision, note):
        return last
    values = {"decision": decision, "note": note, "by": by, "by_name": name or (link.name if link else "")}
    if link:
        found = {"post": post, "link": link, "content_version": version}
        review, _ = Review.objects.update_or_create(**found, defaults=values)
    else:
        review = Review.objects.create(post=post, content_version=version, **values)
    _take_effect(post, review)
    return review


@transaction.atomic
def create_link(
    *, workspace: Workspace, posts: Sequence[Post], name: str, email: str = "", by: User | None = None
) -> MadeLink:
    """Make a link by which a client sees and decides exactly these posts for 30 days; mailed when `email` is given.

    Raises InvalidInput for no post, too many, one of another workspace, or no name; Conflict for too many links.
    """
    name = " ".join(name.split())[:120]
    if not name:
        raise InvalidInput("Write the client's name.", code="name_missing")
    if not posts:
        raise InvalidInput("Choose at least one post to show.", code="nothing_chosen")
    if len(posts) > POSTS_PER_LINK:
        raise InvalidInput(f"One link shows at most {POSTS_PER_LINK} posts. Make two.", code="too_many")
    if any(post.workspace_id != workspace.pk for post in posts):
        raise InvalidInput("A post you chose is not in this workspace. Choose again.", code="foreign")
    now = timezone.now()
    if ReviewLink.objects.filter(workspace=workspace, revoked_at=None, expires_at__gt=now).count() >= OPEN_LINKS:
        raise Conflict(f"{OPEN_LINKS} links are open. Take some back first.", code="too_many_links")
    token = secrets.token_urlsafe(32)
    link = ReviewLink.objects.create(
        workspace=workspace,
        token_hash=token_hash(token),
        name=name,
        email=email.strip(),
        expires_at=now + timedelta(days=LINK_DAYS),
        created_by=by,
    )
    link.posts.set(posts)
    for post in posts:
        log_event(post=post, by=by, text=f"A review link was made for {name}.")
    url = f"{settings.SITE_URL}{reverse('scheduling:client_review', args=[token])}"
    if link.email:
        transaction.on_commit(partial(_send_link, link, url, len(posts)), robust=True)
    return MadeLink(link, url)


@transaction.atomic
def revoke_link(*, link: ReviewLink, by: User | None) -> None:
    """Make a link useless at once; safe to repeat."""
    ReviewLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())


def find_link(token: str) -> ReviewLink:
    """The link behind an address that works now; raises LinkOver with what to do."""
    rows = ReviewLink.objects.select_related("workspace", "created_by")
    link = rows.filter(token_hash=token_hash(token)).first()
    if link is None:
        raise LinkOver("This link is not complete or no longer there. Open it again from the message you got.")
    whom = link.created_by.get_full_name() if link.created_by else "the one who sent it"
    if link.revoked_at:
        raise LinkOver(f"This link was taken back. Ask {whom} for a new one.")
    if link.expires_at <= timezone.now():
        raise LinkOver(f"This link worked until {link.expires_at:%-d %B %Y}. Ask {whom} for a new one.")
    if link.seen_at is None:
        ReviewLink.objects.filter(pk=link.pk, seen_at=None).update(seen_at=timezone.now())
    return link


def _refuse_over(link: ReviewLink, post: Post) -> None:
    """A link decides only while it works, and only for the posts that it shows."""
    works = ReviewLink.objects.filter(pk=link.pk, revoked_at=None, expires_at__gt=timezone.now(), posts=post)
    if not works.exists():
        raise LinkOver("This link no longer works for this post. Ask the one who sent it for a new one.")


def _take_effect(post: Post, review: Review) -> None:
    """The post's state, its history, and a notice to the team."""
    approved = review.decision == Review.Decision.APPROVED
    who = review.by_name or (review.by.get_full_name() if review.by else "")
    said = f": {review.note}" if review.note else "."
    text = f"Approved{said}" if approved else f"Changes asked for{said}"
    log_event(post=post, by=review.by, by_name=review.by_name, text=text)
    if not approved:  # nothing goes out against an objection
        times.withdraw_publications(post=post, by=review.by, code=OBJECTION)
        post.approved_version, post.state = None, Post.State.CHANGES
    elif _all_agree(post):
        post.approved_version = post.content_version
        if post.state != Post.State.SCHEDULED:
            _put_back(post)
    post.save(update_fields=["approved_version", "state", "updated_at"])
    if review.link_id or not approved:
        notify(
            workspace=post.workspace,
            kind="review_decided",
            title=f"{who} {'approved' if approved else 'asks for changes to'} “{post}”",
            text=review.note,
            url=post.get_absolute_url(),
            level=Notice.Level.INFO if approved else Notice.Level.WARN,
        )


def _put_back(post: Post) -> None:
    """Approved; on the calendar again if it was taken from it for this, unless a channel or its time refuses."""
    waits = waiting(post).exists()
    came_off = post.publications.filter(state=Publication.State.CANCELLED, code=OBJECTION).exists()
    post.state = Post.State.APPROVED
    if not waits and not came_off:
        return
    try:
        with transaction.atomic():
            if not waits:
                refuse_past(post, db_now())
            refuse_unfit(post)
            Post.objects.filter(pk=post.pk).update(state=Post.State.SCHEDULED)
            times.materialise(post=post)
    except InflioError as error:
        times.withdraw_publications(post=post, by=None)
        log_event(post=post, text=f"It is not on the calendar: {error.message}")
        _tell_not_back(post, error.message)
        return
    post.state = Post.State.SCHEDULED
    log_event(post=post, text="Scheduled again.")


def _tell_not_back(post: Post, why: str) -> None:
    notify(
        workspace=post.workspace,
        kind="not_scheduled",
        title=f"“{post}” is approved, but not on the calendar",
        text=why,
        url=post.get_absolute_url(),
        level=Notice.Level.WARN,
    )


def _all_agree(post: Post) -> bool:
    """Whether everybody who has to approve this version has: by the newest decision of each side."""
    mode = settings_of(post.workspace).approval
    rows = list(Review.objects.filter(post=post, content_version=post.content_version).order_by("pk"))
    team = next((row.decision for row in reversed(rows) if row.link_id is None), None)
    client = next((row.decision for row in reversed(rows) if row.link_id), None)
    if mode == Approval.NONE:
        return True
    return team == Review.Decision.APPROVED and (mode == Approval.TEAM or client == Review.Decision.APPROVED)


def _send_link(link: ReviewLink, url: str, count: int) -> None:
    context = {"link": link, "url": url, "count": count, "days": LINK_DAYS}
    send_mail(
        subject=f"{link.workspace}: {count} post{'s' if count > 1 else ''} for you to look at",
        message=render_to_string("scheduling/email/review_link.txt", context),
        from_email=None,
        recipient_list=[link.email],
    )
