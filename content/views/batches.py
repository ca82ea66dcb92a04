"""Batches: plan one, look it over, run it, and see what came of it."""

from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from content.forms.batches import BatchFileForm, BatchForm
from content.models import Batch
from content.queries import batches as queries
from content.services import batches as services
from inflio.accounts.access import get_owned_or_404, member_required
from inflio.accounts.models import Level
from inflio.common.clicks import click_key
from inflio.common.errors import InflioError
from inflio.common.htmx import redirect_to, render_fragment, render_page
from inflio.common.params import read_key
from inflio.generation.keys import available_engines
from personas.models import Persona

FORMS = {"grid": BatchForm, "file": BatchFileForm}
POLL_STATES = (Batch.State.RUNNING,)


@require_safe
@member_required()
def batches(request: HttpRequest) -> HttpResponse:
    """All batches of the workspace, newest first."""
    rows = queries.batch_page(workspace=request.workspace, before=read_key(request.GET.get("before", "")))
    context = {
        "batches": rows,
        "next_before": rows[-1].pk if len(rows) == queries.PAGE else None,
        "can_edit": request.membership.level >= Level.EDITOR,
    }
    return render_page(request, "content/batches.html", context, partial="batch-rows")


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Level.EDITOR)
def new_batch(request: HttpRequest) -> HttpResponse:
    """Choose what to make, by a grid or by a file; nothing is made before the review."""
    way = "file" if request.GET.get("way") == "file" else "grid"
    personas = queries.ready_personas(workspace=request.workspace)
    rows = Persona.objects.filter(pk__in=[persona.pk for persona in personas])
    choices = {"personas": rows if way == "grid" else personas, "engines": _engines(request)}
    if request.method == "POST":
        form, status = FORMS[way](request.POST, request.FILES, **choices), 422
        if form.is_valid() and (batch := _plan(request, form)):
            return redirect_to(request, batch.get_absolute_url())
    else:
        form, status = FORMS[way](initial=_initial(request), **choices), 200
    context = _new(form, way, personas)
    return render_page(request, "content/batch_new.html", context, partial="new-batch", status=status)


@require_safe
@member_required()
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch: what it will make and cost, or how far it is and what it made."""
    return render_page(request, "content/batch.html", _context(request, pk), partial="batch-state")


@require_POST
@member_required(Level.EDITOR)
def start_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin, or go on after a pause."""
    return _act(request, pk, lambda row: services.start_batch(batch=row, by=request.user))


@require_POST
@member_required(Level.EDITOR)
def pause_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Start no further shoots."""
    return _act(request, pk, lambda row: services.pause_batch(batch=row))


@require_POST
@member_required(Level.EDITOR)
def cancel_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop, and give back what was set aside."""
    return _act(request, pk, lambda row: services.cancel_batch(batch=row))


@require_POST
@member_required(Level.EDITOR)
def retry_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Try again what failed or was left out."""
    return _act(request, pk, lambda row: services.retry_batch(batch=row, by=request.user))


@require_POST
@member_required(Level.EDITOR)
def delete_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget the plan; its pictures stay."""
    try:
        services.delete_batch(batch=get_owned_or_404(Batch, request, pk=pk))
    except InflioError as error:
        messages.error(request, error.message)
        return redirect_to(request, request.path.removesuffix("delete/"))
    messages.success(request, "The batch is deleted; its pictures stay.")
    return redirect("content:batches")


def _act(request: HttpRequest, pk: int, act) -> HttpResponse:
    row = get_owned_or_404(Batch, request, pk=pk)
    try:
        act(row)
    except InflioError as error:
        if request.htmx:
            raise
        messages.error(request, error.message)
    if request.htmx:
        return render_fragment(request, "content/batch.html", "batch-state", _context(request, pk))
    return redirect(row)


def _context(request: HttpRequest, pk: int) -> dict:
    row = get_owned_or_404(Batch.objects.select_related("created_by"), request, pk=pk)
    after = read_key(request.GET.get("after", ""))
    cells = queries.cell_page(row, after=-1 if after is None else after)
    progress = queries.progress_of(row)
    reviewing = row.state == Batch.State.REVIEW
    return {
        "batch": row,
        "cells": cells,
        "next_after": cells[-1].position if len(cells) == queries.CELLS_PAGE else None,
        "progress": progress,
        "estimate": queries.cells_estimate(row) if reviewing or row.state == Batch.State.PAUSED else None,
        "account": request.workspace.credits,
        "live": (row.state in POLL_STATES or progress.running > 0) and after is None,
        "can_edit": request.membership.level >= Level.EDITOR,
    }


def _plan(request: HttpRequest, form) -> Batch | None:
    try:
        return services.plan_batch(
            workspace=request.workspace,
            name=form.cleaned_data["name"] or form.plan().get("file", ""),
            orders=form.orders(),
            plan=form.plan(),
            by=request.user,
            key=click_key(request),
        )
    except InflioError as error:
        form.add_error(None, error.message)
        return None


def _new(form, way: str, personas: list[Persona]) -> dict:
    chosen = form["looks"].value() or () if way == "grid" else ()
    return {"form": form, "way": way, "personas": personas, "chosen_looks": set(chosen), "key": uuid4().hex}


def _initial(request: HttpRequest) -> dict:
    """The choices of the batch named by ?like=, else a sensible start."""
    like = read_key(request.GET.get("like", ""))
    if like:
        return get_owned_or_404(Batch, request, pk=like).plan
    return {"styles": ["natural"], "engine": settings.DEFAULT_ENGINE}


def _engines(request: HttpRequest) -> list[tuple[str, str]]:
    """The engines that can be used now for at least one kind of persona's pictures."""
    states = available_engines(request.workspace)
    usable = [
        state for state in states if state.is_ready and {"picture", "illustration"} & set(state.engine.capabilities)
    ]
    return [(state.name, state.engine.title) for state in usable]
