"""Pages that read from every app: landing, dashboard, health."""

import json
from functools import cache

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from inflio.accounts.access import member_required
from inflio.billing.plans import PLANS
from inflio.common.htmx import render_page
from inflio.generation.queries import job_history, open_jobs
from personas import queries as personas
from personas.scenarios import SCENARIOS


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What Inflio is, with pictures it made."""
    scores = sample_scores()
    portraits = [
        {
            "src": static(f"img/landing/{scenario.key}.webp"),
            "title": scenario.title,
            "line": scenario.line,
            "score": scores[scenario.key],
        }
        for scenario in SCENARIOS
    ]
    context = {"portraits": portraits, "signup_credits": PLANS["free"].signup_credits}
    return render_page(request, "pages/landing.html", context)


@cache
def sample_scores() -> dict[str, float]:
    """The likeness that was measured when `manage.py make_landing_pictures` wrote the pictures."""
    return json.loads((settings.BASE_DIR / "static/img/landing/scores.json").read_text(encoding="utf-8"))


@require_safe
@member_required()
def dashboard(request: HttpRequest) -> HttpResponse:
    """Where a member starts: personas, what is being made, credits, the next step."""
    context = {
        "personas": personas.gallery(workspace=request.workspace, limit=6),
        "portraits": personas.latest_portraits(workspace=request.workspace, limit=10),
        "jobs": job_history(workspace=request.workspace, limit=8),
        "open_jobs": open_jobs(workspace=request.workspace),
        "account": request.workspace.credits,
    }
    return render_page(request, "pages/dashboard.html", context)


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers: for load balancers and for `manage.py dev`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
