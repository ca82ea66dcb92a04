"""The gallery of personas, and the first step of a new one."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from inflio.accounts.access import member_required
from inflio.accounts.models import Level
from inflio.common.clicks import click_key
from inflio.common.errors import InflioError
from inflio.common.htmx import redirect_to, render_page
from personas import queries, services
from personas.engines import credits_of
from personas.forms import NewPersonaForm
from personas.models import Persona
from personas.scenarios import SCENARIOS
from personas.views.shared import before_key

PAGE = 24


@require_safe
@member_required()
def gallery(request: HttpRequest) -> HttpResponse:
    """The workspace's personas, newest first; `?archived=1` shows those put away, `?before=<id>` is the next page."""
    archived = "archived" in request.GET
    rows = queries.gallery(workspace=request.workspace, archived=archived, before=before_key(request), limit=PAGE + 1)
    context = {
        "personas": rows[:PAGE],
        "archived": archived,
        "next_before": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "can_edit": request.membership.level >= Level.EDITOR,
    }
    return render_page(request, "personas/gallery.html", context, partial="more-personas")


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Level.EDITOR)
def new(request: HttpRequest) -> HttpResponse:
    """A name, then photos; or a name and a description, then five drawings. `?way=description` is the second."""
    data = request.POST or None
    drawn = (request.POST.get("look") or request.GET.get("way")) in {Persona.Look.ILLUSTRATED, "description"}
    form = NewPersonaForm(data, look=Persona.Look.ILLUSTRATED if drawn else Persona.Look.PHOTOREAL)
    if data and form.is_valid():
        try:
            return redirect_to(request, _create(request, form.cleaned_data))
        except InflioError as error:
            form.add_error(None, error.message)
    price = credits_of("illustration") * len(SCENARIOS)
    context = {"form": form, "drawn": drawn, "price": price, "key": click_key(request) or uuid4().hex}
    return render_page(request, "personas/new.html", context, partial="new-persona", status=422 if data else 200)


def _create(request: HttpRequest, given: dict) -> str:
    """Make the persona and return the address of its next step."""
    whose = {"workspace": request.workspace, "by": request.user, "key": click_key(request)}
    if given["look"] == Persona.Look.ILLUSTRATED:
        persona = services.draw_persona(name=given["name"], description=given["description"], **whose)
        return persona.get_absolute_url()
    persona = services.create_persona(name=given["name"], **whose)
    return reverse("personas:photos", args=[persona.pk])
