"""Reviews inside the app: what waits for a manager, links for clients, and who approves."""

from uuid import uuid4

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inflio.accounts.access import get_owned_or_404, member_required
from inflio.accounts.models import Level
from inflio.common.clicks import click_key
from inflio.common.errors import InflioError
from inflio.common.htmx import render_page
from inflio.common.params import read_key
from scheduling.forms.reviews import LinkForm, PostingForm
from scheduling.models import Post, ReviewLink
from scheduling.queries import reviews as queries
from scheduling.queries.posts import posts_waiting, shown_state
from scheduling.services.composing.planning import schedule_post
from scheduling.services.reviewing import reviews as services

PAGE = "scheduling/reviews.html"
NEW_LINK = "new_review_link"  # in the session, until it was shown once
DAY = 24 * 3600


@require_safe
@member_required()
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits for approval, and the links that clients have; `?post=` ticks one for a new link."""
    posts = queries.showable_posts(request.workspace)
    form = LinkForm(posts=posts, initial={"posts": request.GET.getlist("post")})
    return _page(request, form)


@require_POST
@member_required(Level.MANAGER)
def decide_post(request: HttpRequest, pk: int) -> HttpResponse:
    """A manager's decision about the version that was shown."""
    row = get_owned_or_404(Post, request, pk=pk)
    data, version = request.POST, read_key(request.POST.get("version", "")) or 0
    try:
        decision, note = data.get("decision", ""), data.get("note", "")
        schedule = decision == "approve_and_schedule"
        decision = "approved" if schedule else decision
        services.decide(post=row, decision=decision, version=version, note=note, by=request.user)
        if schedule:
            schedule_post(post=row, by=request.user)
        messages.success(request, "Approved." if decision == "approved" else "The author will see what to change.")
    except InflioError as error:
        messages.error(request, error.message)
    return redirect(row)


@require_POST
@member_required(Level.MANAGER)
def create_review_link(request: HttpRequest) -> HttpResponse:
    """A link for a client; shown once. A double click makes one."""
    form = LinkForm(request.POST, posts=queries.showable_posts(request.workspace))
    if not form.is_valid():
        return _page(request, form, status=422)
    key = f"review-link:{request.user.pk}:{click_key(request)}"
    if cache.add(key, 1, DAY):
        try:
            made = services.create_link(workspace=request.workspace, by=request.user, **form.order)
        except InflioError as error:
            cache.delete(key)  # nothing was made, so the same form may try again
            form.add_error(None, error.message)
            return _page(request, form, status=error.status)
        request.session[NEW_LINK] = {"url": made.url, "name": made.link.name, "email": made.link.email}
    return redirect("scheduling:reviews")


@require_POST
@member_required(Level.MANAGER)
def revoke_review_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a link back."""
    link = get_owned_or_404(ReviewLink, request, pk=pk)
    services.revoke_link(link=link, by=request.user)
    messages.success(request, f"The link of {link.name} no longer works.")
    return redirect("scheduling:reviews")


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Level.MANAGER)
def posting_settings(request: HttpRequest) -> HttpResponse:
    """Who approves, and how late is too late."""
    row = services.settings_of(request.workspace)
    form = PostingForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        services.change_settings(workspace=request.workspace, by=request.user, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("scheduling:posting_settings")
    status = 422 if request.method == "POST" else 200
    return render_page(request, "scheduling/posting_settings.html", {"form": form}, status=status)


def _page(request: HttpRequest, form: LinkForm, status: int = 200) -> HttpResponse:
    manages = request.membership.level >= Level.MANAGER
    context = {
        "posts": [(post, shown_state(post)) for post in posts_waiting(request.workspace)],
        "links": queries.links_of(request.workspace, timezone.now()) if manages else [],
        "form": form,
        "made": request.session.pop(NEW_LINK, None) if request.method == "GET" else None,
        "approval": services.settings_of(request.workspace),
        "manages": manages,
        "key": uuid4().hex,
    }
    return render_page(request, PAGE, context, status=status)
