"""Stored pictures in the back office, with thumbnails that only staff who may see them get."""

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html

from inflio.common.admin import ReadOnlyAdmin, link_to
from inflio.media import thumbnails
from inflio.media.models import Asset


@admin.register(Asset)
class AssetAdmin(ReadOnlyAdmin):
    """Every stored file; it is made and deleted with what it belongs to."""

    list_display = (
        "picture",
        "id",
        "source",
        "workspace_link",
        "size_text",
        "identity_score",
        "reference",
        "created_at",
    )
    list_display_links = ("picture", "id")
    list_filter = ("source", "mime", "created_at")
    list_select_related = ("workspace",)
    search_fields = ("sha256", "reference", "workspace__name")
    date_hierarchy = "created_at"
    fields = (
        "large_picture",
        "workspace_link",
        "source",
        "reference",
        "size_text",
        "identity_score",
        "mime",
        "sha256",
        "name",
        "provenance",
        "created_at",
    )

    def get_urls(self):
        view = self.admin_site.admin_view(self.thumbnail, cacheable=True)
        return [path("<int:pk>/<int:width>.webp", view, name="media_asset_thumbnail"), *super().get_urls()]

    def thumbnail(self, request: HttpRequest, pk: int, width: int) -> HttpResponse:
        """A small copy for staff who may view the row."""
        asset = self.get_object(request, str(pk))
        if asset is None or width not in thumbnails.WIDTHS or not self.has_view_permission(request, asset):
            raise Http404
        try:
            data = thumbnails.thumbnail(asset, width)
        except FileNotFoundError:
            raise Http404 from None
        headers = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
        return HttpResponse(data, content_type="image/webp", headers=headers)

    @admin.display(description="")
    def picture(self, row: Asset) -> str:
        return _image(row, 160, 48)

    @admin.display(description="Picture")
    def large_picture(self, row: Asset) -> str:
        return _image(row, 640, 320)

    @admin.display(description="size", ordering="size")
    def size_text(self, row: Asset) -> str:
        return f"{row.width} x {row.height}, {row.size / 1024:.0f} KB"

    @admin.display(description="workspace", ordering="workspace__name")
    def workspace_link(self, row: Asset) -> str:
        return link_to(row.workspace)


def _image(row: Asset, width: int, shown: int) -> str:
    url = reverse("admin:media_asset_thumbnail", args=[row.pk, width])
    height = round(shown * row.height / row.width)
    return format_html('<img src="{}" width="{}" height="{}" alt="" loading="lazy">', url, shown, height)
