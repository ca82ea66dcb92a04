"""The bell and the page of notices."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from inflio.accounts.access import member_required
from inflio.common.htmx import redirect_to, render_page
from inflio.common.params import read_key
from inflio.notices import queries, services
from inflio.notices.forms import MailForm

PAGE = 30


@require_safe
@member_required()
def bell(request: HttpRequest) -> HttpResponse:
    """How many notices are unread: filled into the bell of a page that is open."""
    unread = queries.unread_count(user=request.user, workspace=request.workspace)
    context = {"unread": unread, "most": queries.MOST_COUNTED}
    return render_page(request, "notices/bell.html", context)


@require_safe
@member_required()
def notices(request: HttpRequest) -> HttpResponse:
    """Notices newest first; `?before=<id>` is the next page."""
    return _page(request, MailForm(initial={"mail": _seen(request).mail}))


@require_POST
@member_required()
def read(request: HttpRequest) -> HttpResponse:
    """Note that everything up to the newest notice on the page was seen."""
    if (upto := read_key(request.POST.get("upto", ""))) is not None:
        services.mark_read(user=request.user, workspace=request.workspace, upto=upto)
    return redirect_to(request, reverse("notices:notices"))


@require_POST
@member_required()
def mail(request: HttpRequest) -> HttpResponse:
    """Choose what is mailed."""
    form = MailForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    services.choose_mail(user=request.user, workspace=request.workspace, **form.cleaned_data)
    messages.success(request, "Saved what is sent to you by e-mail.")
    return redirect_to(request, reverse("notices:notices"))


def _seen(request: HttpRequest):
    return queries.seen_of(user=request.user, workspace=request.workspace)


def _page(request: HttpRequest, form: MailForm, status: int = 200) -> HttpResponse:
    before = read_key(request.GET.get("before", ""))
    rows = queries.list_notices(workspace=request.workspace, before=before, limit=PAGE + 1)
    context = {
        "notices": rows[:PAGE],
        "last_seen": _seen(request).last_seen,
        "newest": rows[0].pk if rows and before is None else 0,
        "next_before": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "form": form,
    }
    return render_page(request, "notices/notices.html", context, status=status)
