"""Figures of a persona's accounts and posts."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from inflio.accounts.access import get_owned_or_404, member_required
from inflio.common.htmx import render_page
from inflio.common.params import read_key
from personas.models import Persona
from scheduling.queries import metrics

PAGE = 20


@require_safe
@member_required()
def insights(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """One persona's figures, the newest persona's unless one is named; `?before=<id>` is the next page of posts."""
    personas = list(Persona.objects.for_workspace(request.workspace).active().only("pk", "name")[:100])
    chosen = pk if pk is not None else (personas[0].pk if personas else 0)
    persona = get_owned_or_404(Persona, request, pk=chosen) if chosen else None
    before = read_key(request.GET.get("before", ""))
    rows = metrics.posts_of(persona, before=before, limit=PAGE + 1) if persona else []
    context = {
        "personas": personas,
        "persona": persona,
        "accounts": metrics.accounts_of(persona) if persona else [],
        "rows": rows[:PAGE],
        "columns": [metrics.Line(name).label for name in metrics.USUAL],
        "next_before": rows[PAGE - 1].publication.pk if len(rows) > PAGE else None,
        "days": metrics.DAYS,
    }
    return render_page(request, "scheduling/insights.html", context)
