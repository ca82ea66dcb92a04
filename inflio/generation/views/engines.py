"""The engines of a workspace: what each can do and costs, and the keys of those in the cloud."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from inflio.accounts.access import member_required
from inflio.accounts.models import Level
from inflio.common.errors import InvalidInput
from inflio.common.htmx import redirect_to, render_page
from inflio.generation import catalog, keys
from inflio.generation.engines import PROVIDERS, provider_class
from inflio.generation.forms import KeyForm


@require_safe
@member_required()
def engines(request: HttpRequest) -> HttpResponse:
    """Every engine of this installation."""
    return _page(request)


@require_POST
@member_required(Level.MANAGER)
def save_key(request: HttpRequest, provider: str) -> HttpResponse:
    """Add or replace the workspace's key of a provider."""
    title = _title_or_404(provider)
    form = KeyForm(request.POST, provider=provider)
    if form.is_valid():
        try:
            keys.save_key(workspace=request.workspace, provider=provider, key=form.cleaned_data["key"], by=request.user)
        except InvalidInput as error:
            form.add_error("key", error.message)
    if form.errors:
        return _page(request, wrong={provider: form})
    messages.success(request, f"The key of {title} is kept, encrypted. Test it now.")
    return redirect_to(request, reverse("generation:engines"))


@require_POST
@member_required(Level.MANAGER)
def remove_key(request: HttpRequest, provider: str) -> HttpResponse:
    """Forget the workspace's key of a provider."""
    title = _title_or_404(provider)
    if keys.remove_key(workspace=request.workspace, provider=provider):
        messages.success(request, f"The key of {title} is deleted.")
    return redirect_to(request, reverse("generation:engines"))


@require_POST
@member_required(Level.MANAGER)
def check_key(request: HttpRequest, provider: str) -> HttpResponse:
    """Ask the provider whether it accepts the key; that costs nothing."""
    _title_or_404(provider)
    works, words = keys.check_key(workspace=request.workspace, provider=provider)
    (messages.success if works else messages.error)(request, words)
    return redirect_to(request, reverse("generation:engines"))


def _title_or_404(provider: str) -> str:
    if provider not in PROVIDERS:
        raise Http404
    return provider_class(provider).title


def _page(request: HttpRequest, wrong: dict[str, KeyForm] | None = None) -> HttpResponse:
    manages = request.membership.level >= Level.MANAGER
    cards = catalog.provider_cards(workspace=request.workspace)
    for card in cards:
        if manages and card.name:
            card.form = (wrong or {}).get(card.name) or KeyForm(provider=card.name)
    context = {"cards": cards, "manages": manages, "days": catalog.COST_DAYS}
    return render_page(request, "generation/engines.html", context, status=422 if wrong else 200)
