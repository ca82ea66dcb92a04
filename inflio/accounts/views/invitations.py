"""The page behind an invitation's link."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from inflio.accounts import services
from inflio.accounts.access import choose_workspace
from inflio.accounts.queries import invitation_behind
from inflio.common.htmx import redirect_to, render_page


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Say who invites whom to what; joining needs a log-in with the invited address."""
    if request.method == "POST" and request.user.is_authenticated:
        membership = services.accept_invitation(token=token, user=request.user)
        choose_workspace(request, membership)
        messages.success(request, f"Welcome to {membership.workspace}.")
        return redirect_to(request, reverse("dashboard"))
    row = invitation_behind(token)
    if row is None:
        return render_page(request, "accounts/join.html", {"invitation": None}, status=404)
    matches = request.user.is_authenticated and request.user.email.lower() == row.email
    return render_page(request, "accounts/join.html", {"invitation": row, "matches": matches})
