"""Screens of one's own data: download a copy, delete the account."""

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from inflio.accounts.forms import DeleteAccountForm
from inflio.common.errors import Conflict
from inflio.common.htmx import render_page
from inflio.privacy.erase import delete_account as erase_account
from inflio.privacy.erase import ending_workspaces
from inflio.privacy.export import write_export

EXPORT_EVERY = 120  # seconds


@require_safe
@login_required
def export_data(request: HttpRequest) -> HttpResponse:
    """Download everything the user owns; not more often than every two minutes."""
    if not cache.add(f"export:{request.user.pk}", 1, EXPORT_EVERY):
        raise Conflict("Your copy was made a moment ago. Wait two minutes before you ask for another.", code="too_soon")
    file = write_export(request.user)
    return FileResponse(file, as_attachment=True, filename="inflio-export.zip", content_type="application/zip")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required
def delete_account(request: HttpRequest) -> HttpResponse:
    """Ask for the password again and for the typed address, then delete for good."""
    workspaces = [row.name for row in ending_workspaces(request.user)]
    form = DeleteAccountForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        erase_account(user=request.user)
        logout(request)
        return render_page(request, "accounts/goodbye.html")
    context = {"form": form, "workspaces": workspaces}
    return render_page(request, "accounts/delete_account.html", context, status=422 if form.errors else 200)
