"""The profile: who one is, how the account is protected, and the ways to everything else of one's own."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from inflio.accounts import queries, services
from inflio.accounts.forms import ProfileForm
from inflio.common.htmx import redirect_to, render_page


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Show the profile; a POST saves name, time zone and role."""
    user = request.user
    form = ProfileForm(
        request.POST if request.method == "POST" else None,
        initial={"name": user.name, "time_zone": user.time_zone, "role": user.role},
    )
    if form.is_valid():
        services.update_profile(user=user, **form.cleaned_data)
        messages.success(request, "Your profile is saved.")
        return redirect_to(request, reverse("accounts:profile"))
    context = {"form": form, "security": queries.security_of(user)}
    return render_page(request, "accounts/profile.html", context, status=422 if form.errors else 200)
