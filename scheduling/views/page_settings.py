"""Opening a public page, changing it, and taking a post down from it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST

from inflio.accounts.access import get_owned_or_404, member_required
from inflio.accounts.models import Level
from inflio.common.errors import InflioError
from inflio.common.htmx import redirect_to, render_page
from personas.models import Persona
from scheduling.forms.pages import PageForm
from scheduling.models import Channel, Publication
from scheduling.queries.channels import absolute, channels_with_counts
from scheduling.services.connecting import pages as services
from scheduling.views.shared_channels import page_frame


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Level.MANAGER)
def open_page(request: HttpRequest, persona: int) -> HttpResponse:
    """Give a persona a public page."""
    row = get_owned_or_404(Persona.objects.select_related("workspace", "avatar"), request, pk=persona)
    form = PageForm(request.POST or None, initial={"slug": slugify(row.name)})
    if request.method == "POST" and form.is_valid():
        try:
            page = services.open_page(persona=row, by=request.user, **form.cleaned_data)
        except InflioError as error:
            form.add_error("slug" if error.code.startswith("slug") else None, error.message)
        else:
            messages.success(request, f"The page of {row} is open.")
            return redirect_to(request, page.get_absolute_url())
    context = {
        "persona": row,
        "form": form,
        "prefix": absolute("scheduling:page", "x")[:-1],
        "trail": [("Channels", reverse("scheduling:channels"))],
    }
    return render_page(request, "scheduling/open_page.html", context, status=422 if form.errors else 200)


@require_POST
@member_required(Level.MANAGER)
def change_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Another address, or other words."""
    pages = Channel.objects.filter(platform=Channel.Platform.SITE)
    row = get_owned_or_404(pages, request, pk=pk)
    form = PageForm(request.POST)
    if form.is_valid():
        try:
            services.change_page(page=row, by=request.user, **form.cleaned_data)
        except InflioError as error:
            form.add_error("slug" if error.code.startswith("slug") else None, error.message)
        else:
            messages.success(request, "Saved.")
            return redirect_to(request, row.get_absolute_url())
    row = get_owned_or_404(channels_with_counts(request.workspace), request, pk=pk)
    return render_page(request, "scheduling/page_settings.html", page_frame(request, row, form), status=422)


@require_POST
@member_required(Level.EDITOR)
def take_down(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a post on its public page no more, or again."""
    rows = Publication.objects.filter(channel__platform=Channel.Platform.SITE).select_related("channel")
    row = get_owned_or_404(rows, request, pk=pk)
    shown = request.POST.get("shown") == "on"
    services.take_down(publication=row, shown=shown)
    messages.success(request, "It is on the page again." if shown else "It is no longer on the page.")
    return redirect_to(request, row.channel.get_absolute_url())
