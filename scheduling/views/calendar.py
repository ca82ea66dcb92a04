"""The calendar: month, week, list and day; moving an entry by pointer, keys or form; a quick look at one."""

from datetime import datetime, timedelta
from urllib.parse import quote, urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from inflio.accounts.access import get_owned_or_404, member_required
from inflio.accounts.models import Level
from inflio.common.errors import InflioError, InvalidInput
from inflio.common.htmx import render_fragment, render_page
from scheduling.models import Post
from scheduling.queries import calendar as queries
from scheduling.queries.calendar_filter import CalendarFilter
from scheduling.recurrence import YEARS, describe, resolve, wall_time
from scheduling.services.timing.occurrences import date_words, move_occurrence

PAGE = "scheduling/calendar.html"
FIT = {"month": 3, "week": 12, "list": 6, "day": 400}  # entries of a day that are drawn
HOURS = range(24)
VIEW_NAMES = (("month", "Month"), ("week", "Week"), ("list", "List"))


@require_safe
@member_required()
def calendar(request: HttpRequest) -> HttpResponse:
    """What goes out when: `?view=month|week|list|day&on=2026-12-01`, and filters; all in the address."""
    chosen = CalendarFilter.read(request.GET, today=timezone.localdate())
    response = render_page(request, PAGE, _context(request, chosen), partial="calendar-body")
    if request.htmx and request.htmx.target == "calendar-body":
        response["HX-Push-Url"] = _address(chosen)
    return response


@require_safe
@member_required()
def calendar_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """A quick look at a post at one of its times (`?at=`), with what can be done there."""
    post = get_owned_or_404(Post.objects.select_related("persona", "workspace"), request, pk=pk)
    local = read_local(request.GET.get("at", ""))
    if local is None:
        raise Http404
    entry, zone = queries.one_entry(post, local), timezone.get_current_timezone()
    context = {
        "entry": entry,
        "post": post,
        "at": entry.at.astimezone(zone),
        "zone": zone.key,
        "own": wall_time(entry.at, post.tzid),
        "rule": describe(post.rrule, post.starts_local) if post.rrule and post.starts_local else "",
        "publications": post.publications.filter(occurrence_local=local).select_related("channel"),
        "here": request.GET.get("here", ""),
        "key": uuid4().hex,
        "can_edit": request.membership.level >= Level.EDITOR,
    }
    return render_page(request, "scheduling/entry.html", context, partial="entry-preview")


@require_POST
@member_required(Level.EDITOR)
def move_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a post at one of its times: `to` is a day, or a day and a time, by the viewer's clock."""
    post = get_owned_or_404(Post, request, pk=pk)
    try:
        local = read_local(request.POST.get("at", ""))
        if local is None:
            raise InvalidInput("Choose the time that is to be moved.", code="at")
        moment = move_occurrence(
            post=post, occurrence_local=local, to_local=_target(request, post, local), by=request.user
        )
    except InflioError as error:
        if request.htmx:
            raise
        messages.error(request, error.message)
    else:
        here = timezone.localtime(moment.at).replace(tzinfo=None)
        messages.success(request, f"“{post}” goes out on {here:%A}, {date_words(here)}.")
    return answer(request)


def answer(request: HttpRequest) -> HttpResponse:
    """The calendar as it is now: its fragment for htmx, else the page that `here` names."""
    chosen = CalendarFilter.read(QueryDict(request.POST.get("here", "")), today=timezone.localdate())
    if request.htmx:
        return render_fragment(request, PAGE, "calendar-body", _context(request, chosen))
    return redirect(_address(chosen))


def read_local(text: str) -> datetime | None:
    """A wall time from an address or a form; None for what is none."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return None
    usable = local.tzinfo is None and YEARS[0] <= local.year < YEARS[1]
    return local.replace(second=0, microsecond=0) if usable else None


def _target(request: HttpRequest, post: Post, local: datetime) -> datetime:
    """Where to, in the post's zone: the viewer chose by their own clock; without a time it keeps the one it had."""
    text, zone = request.POST.get("to", ""), timezone.get_current_timezone()
    to = read_local(text)
    if to is None:
        raise InvalidInput("Choose a day and a time, such as 2026-12-04 09:30.", code="to")
    now = queries.one_entry(post, local).at.astimezone(zone)
    if "T" not in text and " " not in text:
        to = datetime.combine(to.date(), now.time().replace(second=0, microsecond=0))
    if zone.key == post.tzid:
        return to
    moment = resolve(to, zone.key)
    # Of an hour that the viewer's clock shows twice, an entry stays in the one that it is in.
    at = to.replace(tzinfo=zone, fold=now.fold) if moment.note == "fold" else moment.at
    return wall_time(at, post.tzid)


def _context(request: HttpRequest, chosen: CalendarFilter) -> dict:
    zone, today = timezone.get_current_timezone(), timezone.localdate()
    first, last = chosen.span
    days = queries.calendar_days(request.workspace, chosen, zone, first=first, last=last, fit=FIT[chosen.view])
    month = chosen.month
    for day in days:
        day.inside = month[0] <= day.date <= month[1]
    context = {
        "chosen": chosen,
        "days": days,
        "today": today,
        "zone": zone.key,
        "counted": queries.counted(days),
        "previous": _address(chosen.previous),
        "next": _address(chosen.next),
        "to_today": _address(chosen.but(on=today)),
        "views": [(name, title, _address(chosen.but(view=name))) for name, title in VIEW_NAMES],
        "here": chosen.query,
        "here_quoted": quote(chosen.query),
        "plain": _address(CalendarFilter(on=chosen.on, view=chosen.view)),
        "can_edit": request.membership.level >= Level.EDITOR,
        **queries.filter_choices(request.workspace),
    }
    context["anything"] = bool(context["counted"]["shown"]) or queries.anything_planned(request.workspace)
    context["new_url"] = _new_url(chosen, today)
    if chosen.view == "week":
        context["hours"] = _by_hour(days)
    return context


def _by_hour(days: list) -> list[tuple]:
    """(hour, one cell for each day) from the first to the last hour in which something happens, 8 to 20 at least."""
    busy = {entry.at.hour for day in days for entry in day.entries} | {8, 20}
    return [
        (hour, [(day, [entry for entry in day.entries if entry.at.hour == hour]) for day in days])
        for hour in HOURS
        if min(busy) <= hour <= max(busy)
    ]


def _new_url(chosen: CalendarFilter, today) -> str:
    day = max(chosen.on, today + timedelta(days=1))
    given = {"at": f"{day}T09:30"} | ({"persona": chosen.persona} if chosen.persona else {})
    return f"{reverse('scheduling:new_post')}?{urlencode(given)}"


def _address(chosen: CalendarFilter) -> str:
    return f"{reverse('scheduling:calendar')}?{chosen.query}"
