"""The credit history: where every credit went, and why."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from inflio.accounts.access import member_required
from inflio.billing import queries
from inflio.billing.plans import PLANS
from inflio.billing.usage import usage_meters
from inflio.common.htmx import render_page
from inflio.common.params import read_key

PAGE = 30


@require_safe
@member_required()
def credits(request: HttpRequest) -> HttpResponse:
    """Balance, reserved now, and the ledger newest first; `?before=<id>` is the next page."""
    account = request.workspace.credits
    before = read_key(request.GET.get("before", ""))
    lines = queries.credit_history(account=account, before=before, limit=PAGE + 1)
    context = {
        "meters": partial(usage_meters, request.workspace),  # read only by the whole page
        "plans": PLANS.values(),
        "account": account,
        "reserved": queries.reserved_now(account=account),
        "lines": lines[:PAGE],
        "next_before": lines[PAGE - 1].entry.pk if len(lines) > PAGE else None,
    }
    return render_page(request, "billing/credits.html", context, partial="credit-rows")
