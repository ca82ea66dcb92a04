"""Posts from a CSV file: a template, a look at every row, and the import of the good ones."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from inflio.accounts.access import member_required
from inflio.accounts.models import Level
from inflio.common.errors import InvalidInput
from inflio.common.htmx import render_page
from personas.models import Persona
from scheduling.models import Channel, Post
from scheduling.post_rows import COLUMNS, MOST_BYTES, MOST_ROWS, write_rows
from scheduling.services.timing.imports import import_posts as import_rows
from scheduling.services.timing.imports import look_over

PAGE = "scheduling/import_posts.html"


class FileForm(forms.Form):
    """A CSV file."""

    file = forms.FileField(
        label="CSV file",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": "Choose a CSV file.", "empty": "The file is empty."},
    )

    def clean_file(self):
        """Refuse a file that is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(f"The file is larger than {MOST_BYTES // 1000} kB. Split it into several.")
        return file


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Level.EDITOR)
def import_posts(request: HttpRequest) -> HttpResponse:
    """Choose a file; see a verdict for each row; import the good ones. Nothing is made before the second step."""
    if request.method != "POST":
        return _page(request, FileForm())
    if "do" in request.POST:
        return _import(request)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    data = form.cleaned_data["file"].read()
    try:
        rows = look_over(workspace=request.workspace, data=data, tzid=timezone.get_current_timezone_name())
    except InvalidInput as error:
        form.add_error("file", error.message)
        return _page(request, form, status=422)
    return _page(request, FileForm(), rows=rows, text=data.decode("utf-8-sig"))


@require_safe
@member_required(Level.EDITOR)
def import_template(request: HttpRequest) -> HttpResponse:
    """A file to start from, with the workspace's own names."""
    persona = Persona.objects.for_workspace(request.workspace).order_by("name").first()
    channel = Channel.objects.for_workspace(request.workspace).exclude(status=Channel.Status.REVOKED).first()
    day = timezone.localdate() + timedelta(days=7)
    example = {
        "date": day.isoformat(),
        "time": "09:30",
        "zone": timezone.get_current_timezone_name(),
        "persona": persona.name if persona else "Ada",
        "channels": f"{channel.platform}:{channel.handle}" if channel else "",
        "caption": "Out before the city wakes.",
        "hashtags": "morning city",
    }
    text = write_rows([list(COLUMNS), [example.get(name, "") for name in COLUMNS]])
    headers = {"Content-Disposition": 'attachment; filename="posts.csv"'}
    return HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8", headers=headers)


def _import(request: HttpRequest) -> HttpResponse:
    data = request.POST.get("text", "").encode()
    tzid, schedule = timezone.get_current_timezone_name(), request.POST["do"] == "schedule"
    try:
        posts, rows = import_rows(workspace=request.workspace, data=data, tzid=tzid, schedule=schedule, by=request.user)
    except InvalidInput as error:
        messages.error(request, error.message)
        return redirect("scheduling:import_posts")
    if not posts:
        messages.info(request, "Nothing new: every good row was imported already.")
        return _page(request, FileForm(), rows=rows, text=data.decode())
    waiting = sum(post.state == Post.State.SCHEDULED for post in posts)
    messages.success(request, f"{len(posts)} imported: {waiting} scheduled, {len(posts) - waiting} as drafts.")
    if any("note" in row.cells for row in rows):
        return _page(request, FileForm(), rows=rows, done=True)
    return redirect("scheduling:calendar")


def _page(request: HttpRequest, form: FileForm, *, status: int = 200, **more) -> HttpResponse:
    rows = more.get("rows", [])
    good = sum(row.good for row in rows)
    context = {"form": form, "good": good, "bad": len(rows) - good, "columns": COLUMNS, "most": MOST_ROWS, **more}
    return render_page(request, PAGE, context, status=status)
