"""One's own API keys in the current workspace."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from inflio.accounts import services
from inflio.accounts.access import get_owned_or_404, member_required
from inflio.accounts.forms import ApiKeyForm
from inflio.accounts.models import ApiKey
from inflio.common.htmx import redirect_to, render_page


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@member_required()
def api_keys(request: HttpRequest) -> HttpResponse:
    """List the keys; a POST makes one and shows its secret this once."""
    form = ApiKeyForm(request.POST if request.method == "POST" else None)
    token = ""
    if form.is_valid():
        _, token = services.make_api_key(user=request.user, workspace=request.workspace, **form.cleaned_data)
        form = ApiKeyForm()
    keys = ApiKey.objects.filter(user=request.user, workspace=request.workspace)
    context = {"form": form, "keys": keys, "token": token}
    return render_page(request, "accounts/api_keys.html", context, status=422 if form.errors else 200)


@require_POST
@member_required()
def remove_api_key(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one of one's own keys useless."""
    key = get_owned_or_404(ApiKey.objects.filter(user=request.user), request, pk=pk)
    services.remove_api_key(key=key)
    messages.success(request, f"The key “{key.name}” no longer works.")
    return redirect_to(request, reverse("accounts:api_keys"))
