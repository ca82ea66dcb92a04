"""The current workspace, and the ways to make, choose, rename and widen one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inflio.accounts import services
from inflio.accounts.access import choose_workspace, member_required, memberships_of
from inflio.accounts.forms import WorkspaceNameForm
from inflio.accounts.models import Level
from inflio.accounts.views.shared import workspace_page
from inflio.common.htmx import redirect_to, render_page


@require_safe
@member_required()
def workspace(request: HttpRequest) -> HttpResponse:
    """Who is in the current workspace and who is invited; its settings."""
    return workspace_page(request)


@require_POST
@member_required(Level.MANAGER)
def rename_workspace(request: HttpRequest) -> HttpResponse:
    """Give the current workspace another name."""
    form = WorkspaceNameForm(request.POST)
    if not form.is_valid():
        return workspace_page(request, name_form=form, status=422)
    row = services.rename_workspace(workspace=request.workspace, name=form.cleaned_data["name"])
    messages.success(request, f"The workspace is called {row.name} now.")
    return redirect_to(request, reverse("accounts:workspace"))


@require_POST
@member_required(Level.OWNER)
def turn_to_business(request: HttpRequest) -> HttpResponse:
    """Let the current workspace have members."""
    services.turn_to_business(workspace=request.workspace, by=request.user)
    messages.success(request, "You can invite members now.")
    return redirect_to(request, reverse("accounts:workspace"))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_workspace(request: HttpRequest) -> HttpResponse:
    """Make another workspace, or the first one of a user who has none."""
    form = WorkspaceNameForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        owner = request.user
        membership = services.create_workspace(owner=owner, name=form.cleaned_data["name"], kind=owner.role)
        choose_workspace(request, membership)
        return redirect_to(request, reverse("dashboard"))
    return render_page(request, "accounts/new_workspace.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@login_required
def switch_workspace(request: HttpRequest, pk: int) -> HttpResponse:
    """Work in another of one's workspaces."""
    membership = memberships_of(request.user).filter(workspace=pk).first()
    if membership is None:
        raise Http404
    choose_workspace(request, membership)
    return redirect_to(request, reverse("dashboard"))
