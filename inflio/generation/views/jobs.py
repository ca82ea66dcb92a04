"""Screens of jobs: the history and one job with live progress, cancel and retry."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from inflio.accounts.access import get_owned_or_404, member_required
from inflio.accounts.models import Level
from inflio.common.htmx import redirect_to, render_page
from inflio.common.params import read_key
from inflio.generation import queries, services
from inflio.generation.engines import engine_title
from inflio.generation.models import Job
from inflio.generation.previews import read_preview

PAGE = 30


@require_safe
@member_required()
def jobs(request: HttpRequest) -> HttpResponse:
    """The workspace's jobs, newest first; `?before=<id>` is the next page."""
    before = read_key(request.GET.get("before", ""))
    rows = queries.job_history(workspace=request.workspace, before=before, limit=PAGE + 1)
    context = {"jobs": rows[:PAGE], "next_before": rows[PAGE - 1].pk if len(rows) > PAGE else None}
    return render_page(request, "generation/jobs.html", context, partial="job-rows")


@require_safe
@member_required()
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job; while it is open its fragment asks again every second."""
    row = get_owned_or_404(Job.objects.prefetch_related("assets"), request, pk=pk)
    return render_page(request, "generation/job.html", _job_context(row), partial="job-status")


@require_POST
@member_required(Level.EDITOR)
def cancel_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel and show the job again."""
    row = services.cancel_job(job=get_owned_or_404(Job, request, pk=pk))
    if row.is_open:
        messages.info(request, "Stopping at the next step. Your credits come back then.")
    return redirect_to(request, row.get_absolute_url())


@require_POST
@member_required(Level.EDITOR)
def retry_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue the same work again and show the new job."""
    row = services.retry_job(job=get_owned_or_404(Job, request, pk=pk), by=request.user)
    return redirect_to(request, row.get_absolute_url())


@require_safe
@member_required()
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture of an open job while it forms, a small JPEG; `?n=` only makes the address new."""
    data = read_preview(get_owned_or_404(Job, request, pk=pk))
    if data is None:
        raise Http404
    return HttpResponse(data, content_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


def _job_context(row: Job) -> dict:
    return {
        "job": row,
        "trail": [("Jobs", reverse("generation:jobs"))],
        "engine": engine_title(row.engine),
        "place": queries.place_in_queue(row),
        "seconds_left": queries.seconds_left(row, now=timezone.now()),
    }
