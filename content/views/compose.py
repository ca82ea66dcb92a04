"""The Create page: choose, see the prompt and the price, click; the results appear below."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from content.forms.compose import ComposeForm, recipe_values
from content.models import ContentItem
from content.queries import compose as queries
from content.queries.shoots import newest_shoot, shoot_page
from content.services.shoots import start_shoot
from content.views.shoots import shown
from inflio.accounts.access import get_owned_or_404, member_required, require_level
from inflio.accounts.models import Level
from inflio.common.clicks import click_key
from inflio.common.errors import InflioError
from inflio.common.htmx import render_fragment, render_page
from inflio.common.params import read_key

PAGE = "content/compose.html"
PARTS = ("compose-form", "compose-choices")
RECENT = 6


@require_http_methods(["GET", "HEAD", "POST"])
@member_required()
def compose(request: HttpRequest) -> HttpResponse:
    """The form and the newest results; POST makes pictures. `?persona=`, `?look=`; `?from=<item>` repeats a recipe."""
    people = queries.composable_personas(request.workspace)
    if not people:
        return render_page(request, PAGE, {"people": []})
    parent = _parent(request)
    start = recipe_values(parent) if parent and request.method != "POST" else {}
    data = request.POST or start | request.GET.dict()
    form = ComposeForm(data, workspace=request.workspace, people=people)
    if request.method == "POST" and "preview" not in request.POST:
        require_level(request, Level.EDITOR)
        if answer := _make(request, form, parent):
            return answer
        context = _context(request, form, parent) | {"errors": _errors(form)}
        if request.htmx:
            response = render_fragment(request, PAGE, "compose-form", context, status=422)
            response["HX-Retarget"], response["HX-Reswap"] = "#compose-form", "outerHTML"
            return response
        return render_page(request, PAGE, context | _results(request), status=422)
    return render_page(request, PAGE, _context(request, form, parent) | _results(request))


@require_POST
@member_required()
def preview(request: HttpRequest) -> HttpResponse:
    """What the choices come to: the prompt and the price, and the other choices where they depend on this one."""
    people = queries.composable_personas(request.workspace)
    if not people:
        return redirect("content:compose")
    form = ComposeForm(request.POST, workspace=request.workspace, people=people)
    part = request.htmx.target if request.htmx and request.htmx.target in PARTS else "compose-summary"
    context = _context(request, form, _parent(request)) | {"with_summary": part == "compose-choices"}
    return render_fragment(request, PAGE, part, context)


def _make(request: HttpRequest, form: ComposeForm, parent: ContentItem | None) -> HttpResponse | None:
    """Start the shoot and show it; None when something is wrong, which the form then says."""
    if not form.is_valid():
        return None
    try:
        shoot = start_shoot(by=request.user, key=click_key(request), parent=parent, **form.order)
    except InflioError as error:
        form.add_error(None, error.message)
        return None
    if not request.htmx:
        return redirect(shoot)
    context = _context(request, form, parent) | shown(shoot) | {"oob": True}
    return render_fragment(request, PAGE, "compose-made", context)


def _context(request: HttpRequest, form: ComposeForm, parent: ContentItem | None) -> dict:
    """What the form's fragments show."""
    count = int(form.values["count"])
    return {
        "people": form.people,
        "form": form,
        "values": form.values,
        "offer": form.offer,
        "persona": form.persona_row,
        "estimate": queries.estimate(request.workspace, form.engine_offer, form.kind, count),
        "parent": parent,
        "changes": form.changes(parent) if parent else [],
        "can_edit": request.membership.level >= Level.EDITOR,
        "key": uuid4().hex,
        "errors": {},
    }


def _results(request: HttpRequest) -> dict:
    """The newest shoot with its results, and the ones before it."""
    shoot = newest_shoot(workspace=request.workspace, by=request.user)
    recent = [
        row for row in shoot_page(workspace=request.workspace, limit=RECENT) if shoot is None or row.pk != shoot.pk
    ]
    return {"recent": recent} | (shown(shoot) if shoot else {})


def _parent(request: HttpRequest) -> ContentItem | None:
    """The item that is made again with a change; 404 for a stranger's."""
    key = read_key(request.POST.get("parent") or request.GET.get("from") or "")
    if key is None:
        return None
    rows = ContentItem.objects.select_related("shoot__persona", "asset").exclude(shoot=None)
    return get_owned_or_404(rows, request, pk=key)


def _errors(form: ComposeForm) -> dict[str, str]:
    """One sentence for each field that is wrong; "all" for the form as a whole."""
    return {name if name != "__all__" else "all": " ".join(texts) for name, texts in form.errors.items()}
