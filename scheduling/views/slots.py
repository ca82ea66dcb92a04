"""Weekly times: when each persona posts, and the next of them that is free."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from inflio.accounts.access import get_owned_or_404, member_required
from inflio.accounts.models import Level
from inflio.common.errors import InflioError
from inflio.common.htmx import render_page
from inflio.common.params import read_key
from personas.models import Persona
from scheduling.forms.slots import WEEKDAYS, SlotForm
from scheduling.models import Slot
from scheduling.services.timing import slots as services

PAGE = "scheduling/slots.html"


@require_http_methods(["GET", "HEAD", "POST"])
@member_required()
def slots(request: HttpRequest) -> HttpResponse:
    """The weekly times of `?persona=`, else of the first one; a POST adds some."""
    if request.method == "POST":
        return add_slots(request)
    form = SlotForm(initial={"day": "working", "time": "18:30", "tzid": timezone.get_current_timezone_name()})
    return render_page(request, PAGE, _context(request, _chosen(request, request.GET), form))


@member_required(Level.EDITOR)
def add_slots(request: HttpRequest) -> HttpResponse:
    """Add what was typed, or the suggested times."""
    persona = get_owned_or_404(Persona, request, pk=read_key(request.POST.get("persona", "")) or 0)
    form = SlotForm(request.POST)
    try:
        if "suggest" in request.POST:
            count = services.suggest_slots(persona=persona, tzid=timezone.get_current_timezone_name())
        elif form.is_valid():
            count = services.add_slots(persona=persona, times=form.times(), tzid=form.cleaned_data["tzid"])
        else:
            return render_page(request, PAGE, _context(request, persona, form), status=422)
        messages.success(
            request, f"{count} weekly time{'' if count == 1 else 's'} added." if count else "There already."
        )
    except InflioError as error:
        messages.error(request, error.message)
    return _back(persona)


@require_POST
@member_required(Level.EDITOR)
def remove_slot(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one weekly time; one that is gone already is no error."""
    persona = get_owned_or_404(Persona, request, pk=read_key(request.POST.get("persona", "")) or 0)
    slot = Slot.objects.filter(pk=pk).first()
    if slot:
        services.remove_slot(slot=get_owned_or_404(Slot, request, pk=pk))
        messages.success(request, "Removed. Posts that are planned then stay.")
    return _back(persona)


def _chosen(request: HttpRequest, given) -> Persona | None:
    key = read_key(given.get("persona", ""))
    if key:
        return get_owned_or_404(Persona, request, pk=key)
    return Persona.objects.for_workspace(request.workspace).order_by("name").first()


def _context(request: HttpRequest, persona: Persona | None, form: SlotForm) -> dict:
    rows = list(persona.slots.all()) if persona else []
    free = None
    if rows:
        try:
            free = services.next_free_slot(persona=persona)
        except InflioError as error:
            messages.warning(request, error.message)
    return {
        "persona": persona,
        "personas": Persona.objects.for_workspace(request.workspace).order_by("name").only("pk", "name"),
        "days": [(name, [row for row in rows if row.weekday == number]) for number, name in enumerate(WEEKDAYS)],
        "count": len(rows),
        "free": free,
        "form": form,
        "can_edit": request.membership.level >= Level.EDITOR,
    }


def _back(persona: Persona) -> HttpResponse:
    return redirect(f"{reverse('scheduling:slots')}?persona={persona.pk}")
