"""Boards: the list with covers, and making, renaming and deleting one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from content.forms.gallery import BoardForm
from content.models import Board
from content.queries.boards import board_list
from content.services import boards as services
from inflio.accounts.access import get_owned_or_404, member_required
from inflio.accounts.models import Level
from inflio.common.errors import InflioError
from inflio.common.htmx import redirect_to, render_fragment, render_page


@require_safe
@member_required()
def boards(request: HttpRequest) -> HttpResponse:
    """Every board, by name."""
    context = {
        "boards": board_list(workspace=request.workspace),
        "form": BoardForm(),
        "can_edit": request.membership.level >= Level.EDITOR,
    }
    return render_page(request, "content/boards.html", context)


@require_POST
@member_required(Level.EDITOR)
def create_board(request: HttpRequest) -> HttpResponse:
    """Make a board and show it."""
    form = BoardForm(request.POST)
    if form.is_valid():
        try:
            row = services.create_board(workspace=request.workspace, name=form.cleaned_data["name"], by=request.user)
            return redirect_to(request, row.get_absolute_url())
        except InflioError as error:
            form.add_error("name", error.message)
    return _refused(request, "board-form", {"form": form})


@require_POST
@member_required(Level.EDITOR)
def rename_board(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a board another name."""
    row, form = get_owned_or_404(Board, request, pk=pk), BoardForm(request.POST)
    if form.is_valid():
        try:
            services.rename_board(board=row, name=form.cleaned_data["name"], by=request.user)
            return redirect_to(request, row.get_absolute_url())
        except InflioError as error:
            form.add_error("name", error.message)
    return _refused(request, "rename-form", {"form": form, "board": row})


@require_POST
@member_required(Level.EDITOR)
def delete_board(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a board; what is on it stays in the gallery."""
    row = get_owned_or_404(Board, request, pk=pk)
    services.delete_board(board=row, by=request.user)
    messages.success(request, f"{row.name} is deleted; its pictures are still in the gallery.")
    return redirect_to(request, reverse("content:boards"))


def _refused(request: HttpRequest, partial: str, context: dict) -> HttpResponse:
    """The form with what is wrong: as a fragment for htmx, on the list of boards otherwise."""
    if request.htmx:
        return render_fragment(request, "content/_board_forms.html", partial, context, status=422)
    page = {"boards": board_list(workspace=request.workspace), "can_edit": True}
    return render_page(request, "content/boards.html", page | context, status=422)
