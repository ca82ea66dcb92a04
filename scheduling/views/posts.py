"""Posts: the list, one post with all that happened to it, and what can be done with it."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from inflio.accounts.access import get_owned_or_404, member_required
from inflio.accounts.models import Level
from inflio.common.clicks import click_key
from inflio.common.errors import InflioError
from inflio.common.htmx import render_page
from inflio.common.params import read_key
from scheduling.models import Post
from scheduling.queries import posts as queries
from scheduling.queries.publications import is_under_way
from scheduling.recurrence import describe, resolve
from scheduling.services.composing import planning
from scheduling.services.composing import posts as services
from scheduling.services.composing.problems import problems_of
from scheduling.services.reviewing import reviews
from scheduling.views.composer_parts import preview_of


@require_safe
@member_required()
def posts(request: HttpRequest) -> HttpResponse:
    """All posts, newest first: `?state=`, `?persona=`; `?before=<id>` is the next page."""
    tab = request.GET.get("state", "all")
    tab = tab if tab in dict(queries.TABS) else "all"
    persona, before = read_key(request.GET.get("persona", "")), read_key(request.GET.get("before", ""))
    rows, next_before = queries.posts_page(request.workspace, tab=tab, persona=persona, before=before)
    context = {
        "posts": [(row, queries.shown_state(row)) for row in rows],
        "next_before": next_before,
        "tabs": queries.TABS,
        "tab": tab,
        "persona": persona,
        "people": queries.composer_people(request.workspace),
        "can_edit": request.membership.level >= Level.EDITOR,
        "key": uuid4().hex,
    }
    return render_page(request, "scheduling/posts.html", context, partial="more-posts")


@require_safe
@member_required()
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """One post: what, where, when, what became of it on each channel, its review and history."""
    row = _find(request, pk)
    checked = problems_of(row)
    now = timezone.now()
    ahead, past = queries.publications_of(row, now)
    media = [(one.asset, one.item, one.alt_text) for one in row.media.select_related("asset", "item") if one.asset]
    context = {
        "post": row,
        "shown": queries.shown_state(queries.with_counts([row])[0]),
        "previews": [preview_of(one, row.format, row.title, media) for one in checked[1:]],
        "problems": [(one.title, problem) for one in checked for problem in one.problems],
        "bad": sum(len(one.bad) for one in checked),
        "publications": [*past, *ahead],
        "under_way": any(is_under_way(one, now) for one in (*past, *ahead)),
        "events": queries.events_of(row),
        "reviews": queries.reviews_of(row),
        "rule": describe(row.rrule, row.starts_local) if row.rrule and row.starts_local else "",
        "first": resolve(row.starts_local, row.tzid) if row.starts_local else None,
        "approval": reviews.needs_approval(row),
        "approved": reviews.is_approved(row),
        "out": services.is_out(row),
        "can_edit": request.membership.level >= Level.EDITOR,
        "manages": request.membership.level >= Level.MANAGER,
        "key": uuid4().hex,
    }
    return render_page(request, "scheduling/post.html", context)


@require_POST
@member_required(Level.EDITOR)
def duplicate_post(request: HttpRequest, pk: int) -> HttpResponse:
    """A copy as a new draft; a double click makes one."""
    made = services.duplicate_post(post=_find(request, pk), by=request.user, key=click_key(request))
    messages.success(request, "Copied. Choose when the copy goes out.")
    return redirect("scheduling:edit_post", made.pk)


@require_POST
@member_required(Level.EDITOR)
def cancel_post(request: HttpRequest, pk: int) -> HttpResponse:
    """End a post."""
    return _acted(request, pk, planning.cancel_post, "Cancelled. What is out already stays out.")


@require_POST
@member_required(Level.EDITOR)
def unschedule_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the drafts."""
    return _acted(request, pk, planning.unschedule_post, "It is a draft again.")


@require_POST
@member_required(Level.EDITOR)
def schedule_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it go out at its times."""
    return _acted(request, pk, planning.schedule_post, "Scheduled.")


@require_POST
@member_required(Level.EDITOR)
def ask_for_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it in front of its reviewers."""
    return _acted(request, pk, reviews.ask_for_review, "Sent to review.")


@require_POST
@member_required(Level.EDITOR)
def delete_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a post that never went anywhere; one that is gone already is no error."""
    row = Post.objects.for_workspace(request.workspace).filter(pk=pk).first()
    if row is None and Post.objects.filter(pk=pk).exists():
        _find(request, pk)
    try:
        if row:
            services.delete_post(post=row, by=request.user)
    except InflioError as error:
        messages.error(request, error.message)
        return redirect(row)
    messages.success(request, "Deleted.")
    return redirect(reverse("scheduling:posts"))


def _acted(request: HttpRequest, pk: int, act, said: str) -> HttpResponse:
    """Do one thing; an error of ours is shown on the post's page."""
    row = _find(request, pk)
    try:
        act(post=row, by=request.user)
        messages.success(request, said)
    except InflioError as error:
        messages.error(request, error.message)
    return redirect(row)


def _find(request: HttpRequest, pk: int) -> Post:
    return get_owned_or_404(Post.objects.select_related("persona__avatar", "workspace"), request, pk=pk)
