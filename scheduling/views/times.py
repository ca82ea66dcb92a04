"""The times of a post: the next ten of a rule, and each time of a series with what can be changed there."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from inflio.accounts.access import get_owned_or_404, member_required
from inflio.accounts.models import Level
from inflio.common.errors import InflioError, InvalidInput
from inflio.common.htmx import render_page
from inflio.common.text import clean_text
from inflio.queue.leases import db_now
from scheduling.models import Post
from scheduling.queries import times as queries
from scheduling.recurrence import describe
from scheduling.services.timing import occurrences, series
from scheduling.views.calendar import answer, read_local

LONGEST_RULE = 500


@require_safe
@member_required()
def next_times(request: HttpRequest) -> HttpResponse:
    """The next ten times of `?starts_local=&tzid=&rrule=` in local time and UTC; 422 with a sentence for a bad rule."""
    rule, tzid = request.GET.get("rrule", "")[:LONGEST_RULE], request.GET.get("tzid", "UTC")[:64]
    starts_local = read_local(request.GET.get("starts_local", ""))
    if starts_local is None:
        error = "Choose a day and a time that lie ahead."
        return render_page(request, "scheduling/_times.html", {"error": error}, status=422)
    try:
        words, shown = queries.next_times(rule, starts_local, tzid, now=db_now())
    except ValueError as error:
        return render_page(request, "scheduling/_times.html", {"error": str(error)}, status=422)
    context = {"words": words, "times": shown, "tzid": tzid, "series": bool(rule)}
    return render_page(request, "scheduling/_times.html", context)


@require_safe
@member_required()
def post_times(request: HttpRequest, pk: int) -> HttpResponse:
    """Every time of a series that is to come: skip, bring back, move, other words, change from there on, end."""
    post = _find(request, pk)
    if not post.is_series or post.starts_local is None:
        return redirect(post)
    context = {
        "post": post,
        "rule": describe(post.rrule, post.starts_local),
        "occurrences": queries.occurrences_of(post, now=db_now()),
        "can_edit": request.membership.level >= Level.EDITOR and post.state != Post.State.CANCELLED,
    }
    return render_page(request, "scheduling/times.html", context, partial="occurrences")


@require_POST
@member_required(Level.EDITOR)
def skip_occurrence(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave one time out."""
    return _act(request, pk, occurrences.skip_occurrence, "Left out. It does not come back by itself.")


@require_POST
@member_required(Level.EDITOR)
def restore_occurrence(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a skipped time back in."""
    return _act(request, pk, occurrences.restore_occurrence, "Taken back in.")


@require_POST
@member_required(Level.EDITOR)
def move_occurrence(request: HttpRequest, pk: int) -> HttpResponse:
    """Move one time; `to` is wall time in the post's zone."""
    to = read_local(request.POST.get("to", ""))
    return _act(request, pk, occurrences.move_occurrence, "Moved.", to_local=to)


@require_POST
@member_required(Level.EDITOR)
def change_occurrence(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one time its own caption; empty takes the post's again."""
    caption = clean_text(request.POST.get("caption", ""))
    return _act(request, pk, occurrences.change_occurrence, "Saved for this time only.", caption=caption)


@require_POST
@member_required(Level.EDITOR)
def split_series(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on from one time as a new series, to be edited apart from what was before."""
    post, at = _find(request, pk), read_local(request.POST.get("at", ""))
    try:
        if at is None:
            raise InvalidInput("Choose a time of the series.", code="at")
        new = series.split_series(post=post, occurrence_local=at, by=request.user)
    except InflioError as error:
        messages.error(request, error.message)
        return redirect("scheduling:post_times", pk)
    messages.success(request, "This is the series from there on. What comes before stays as it was.")
    return redirect("scheduling:edit_post", new.pk)


@require_POST
@member_required(Level.EDITOR)
def end_series(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the series end with a day."""
    post = _find(request, pk)
    try:
        last_day = date.fromisoformat(request.POST.get("last_day", ""))
        series.end_series(post=post, last_day=last_day, by=request.user)
        messages.success(request, f"The series ends on {last_day:%-d %B %Y}.")
    except ValueError:
        messages.error(request, "Choose the last day.")
    except InflioError as error:
        messages.error(request, error.message)
    return redirect("scheduling:post_times", pk)


def _act(request: HttpRequest, pk: int, service: Callable, said: str, **more) -> HttpResponse:
    """Call a service for one time (`at`), and go back to where the click was."""
    post, at = _find(request, pk), read_local(request.POST.get("at", ""))
    try:
        if at is None or ("to_local" in more and more["to_local"] is None):
            raise InvalidInput("Choose a day and a time, such as 2026-12-04 09:30.", code="at")
        service(post=post, occurrence_local=at, by=request.user, **more)
        messages.success(request, said)
    except InflioError as error:
        messages.error(request, error.message)
    if "here" in request.POST:
        return answer(request)
    return redirect("scheduling:post_times", pk)


def _find(request: HttpRequest, pk: int) -> Post:
    return get_owned_or_404(Post.objects.select_related("persona", "workspace"), request, pk=pk)
