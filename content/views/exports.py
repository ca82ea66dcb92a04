"""Export: choose how pictures go out, see where they are cut, download one file or a zip."""

import io

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from PIL import Image

from content.exports.crop import face_of, frame_for
from content.exports.presets import PRESETS
from content.forms.export import ExportForm
from content.models import ContentItem
from content.services import exports as services
from content.views.selection import Selection, read_selection
from inflio.accounts.access import get_owned_or_404, member_required
from inflio.common.errors import Conflict
from inflio.common.htmx import render_page
from inflio.media import thumbnails

SHOWN = 6
PREVIEW_WIDTH = 640


@require_safe
@member_required()
def export(request: HttpRequest) -> HttpResponse:
    """Choose platform, format, quality and cut; the parameters may be in the address, so it can be shared."""
    selection = read_selection(request, most=services.MOST + 1)
    form = ExportForm(request.GET if "preset" in request.GET else None, count=len(selection.items))
    return _page(request, selection, form)


@require_POST
@member_required()
def export_download(request: HttpRequest) -> HttpResponse:
    """One picture as a file, several (or with captions) as a zip that is made while it is sent."""
    selection = read_selection(request, most=services.MOST + 1)
    form = ExportForm(request.POST, count=len(selection.items))
    if not form.is_valid():
        return _page(request, selection, form)
    options = form.options()
    if len(selection.items) == 1 and not options.captions:
        return _single(selection.items[0], options)
    keys = [item.pk for item in selection.items]
    rows = ContentItem.objects.filter(pk__in=keys).select_related("asset", "persona").prefetch_related("tags")
    zipped = services.export_zip(items=list(rows.order_by("-pk")), options=options)
    name = f"inflio-{len(keys)}-pictures-{timezone.localdate():%Y-%m-%d}.zip"
    return StreamingHttpResponse(zipped, content_type="application/zip", headers=_attached(name))


@require_safe
@member_required()
def export_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of an item that a preset keeps, small: `?preset=&crop=`."""
    item = get_owned_or_404(ContentItem.objects.select_related("asset"), request, pk=pk)
    if item.asset is None:
        raise Http404
    try:
        data = thumbnails.thumbnail(item.asset, PREVIEW_WIDTH)
    except (FileNotFoundError, OSError):
        raise Http404 from None
    target = PRESETS.get(request.GET.get("preset", ""))
    if target:
        data = _cut(data, item, (target.width, target.height), centred=request.GET.get("crop") == "centre")
    headers = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(data, content_type="image/webp", headers=headers)


def _page(request: HttpRequest, selection: Selection, form: ExportForm) -> HttpResponse:
    problems = [error for errors in form.errors.values() for error in errors] if form.is_bound else []
    understood = {name: value for name, value in getattr(form, "cleaned_data", {}).items() if value is not None}
    options = services.ExportOptions(**understood)
    if problems:  # they are said beside the pictures, where htmx renews them, and not a second time at the fields
        form = ExportForm(initial=form.data.dict(), count=len(selection.items))
    shown = [(item, services.notes_on(item.asset, options)) for item in selection.items[:SHOWN] if item.asset]
    noted = [note for item in selection.items if item.asset for note in services.notes_on(item.asset, options)]
    context = {
        "selection": selection,
        "form": form,
        "problems": problems,
        "options": options,
        "target": options.target,
        "shown": shown,
        "notes": {note: noted.count(note) for note in dict.fromkeys(noted)},
        "hidden": max(0, len(selection.items) - SHOWN),
    }
    status = 422 if problems and request.method == "POST" else 200
    return render_page(request, "content/export.html", context, partial="export-preview", status=status)


def _single(item: ContentItem, options: services.ExportOptions) -> HttpResponse:
    try:
        file = services.export_picture(item=item, options=options)
    except services.NotExported as error:
        raise Conflict(f"This picture cannot be exported: {error}.", code="not_exported") from error
    return HttpResponse(file.data, content_type=file.mime, headers=_attached(file.name))


def _attached(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }


def _cut(data: bytes, item: ContentItem, wanted: tuple[int, int], *, centred: bool) -> bytes:
    with Image.open(io.BytesIO(data)) as picture:
        frame = frame_for(picture.size, wanted, face=face_of(item.asset.provenance), centred=centred)
        out = io.BytesIO()
        picture.crop(frame.box).save(out, "WEBP", quality=80)
    return out.getvalue()
