"""One publication: what became of it, what was tried, the evidence, and what its user can do."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from inflio.accounts.access import get_owned_or_404, member_required
from inflio.accounts.models import Level
from inflio.common.errors import InvalidInput
from inflio.common.htmx import redirect_to, render_page
from scheduling.models import Publication
from scheduling.queries.publications import attempts_of, evidence_of, is_under_way
from scheduling.queries.reliability import DAYS, LATE_SECONDS
from scheduling.queries.reliability import reliability as figures_of
from scheduling.services.publishing import settle

ROWS = Publication.objects.select_related("post__persona", "channel", "workspace")


@require_safe
@member_required()
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """One publication; while it is on its way its fragment asks again every few seconds."""
    return _page(request, get_owned_or_404(ROWS, request, pk=pk))


@require_POST
@member_required(Level.EDITOR)
def retry_publication(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish a failed or missed one now."""
    row = settle.retry_publication(publication=get_owned_or_404(ROWS, request, pk=pk), by=request.user)
    messages.success(request, f"It goes out on {row.channel} now.")
    return redirect_to(request, row.get_absolute_url())


@require_POST
@member_required(Level.EDITOR)
def settle_publication(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether one that nobody could prove went out."""
    row = get_owned_or_404(ROWS, request, pk=pk)
    went_out, url = request.POST.get("went_out") == "1", request.POST.get("remote_url", "")
    try:
        settle.settle_publication(publication=row, by=request.user, went_out=went_out, remote_url=url)
    except InvalidInput as error:
        return _page(request, row, status=422, wrong=error.message, address=url)
    messages.success(request, "Noted: it is public." if went_out else f"It goes out on {row.channel} now.")
    return redirect_to(request, row.get_absolute_url())


@require_safe
@member_required()
def publication_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that proves what went out and when, to be kept as a file."""
    row = get_owned_or_404(ROWS, request, pk=pk)
    answer = JsonResponse(evidence_of(row), json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="publication-{row.pk}.json"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
@member_required()
def reliability(request: HttpRequest) -> HttpResponse:
    """What came late, was missed, failed or doubled in the last 7, 30 or 90 days."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(number) for number in DAYS} else 30
    context = {
        "figures": figures_of(workspace=request.workspace, days=days),
        "days": days,
        "ranges": DAYS,
        "late_seconds": LATE_SECONDS,
    }
    return render_page(request, "scheduling/reliability.html", context, partial="reliability-figures")


def _page(request: HttpRequest, row: Publication, *, status: int = 200, **context) -> HttpResponse:
    context |= {
        "publication": row,
        "attempts": attempts_of(row),
        "events": row.events.select_related("by").order_by("-pk")[:50],
        "under_way": is_under_way(row, timezone.now()),
        "trail": [(str(row.post), reverse("scheduling:post", args=[row.post_id]))],
        "can_edit": request.membership.level >= Level.EDITOR,
    }
    return render_page(request, "scheduling/publication.html", context, partial="publication-status", status=status)
