"""Shoots and items in the back office: what was asked for, what came of it, and at what price."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from content.models import ContentItem, Shoot
from inflio.common.admin import ReadOnlyAdmin, link_to
from personas.admin import picture


class ItemInline(admin.TabularInline):
    """The results of a shoot; they change only through its services."""

    model = ContentItem
    fk_name = "shoot"
    extra = 0
    max_num = 0
    can_delete = False
    show_change_link = True
    fields = readonly_fields = ("thumbnail", "position", "seed", "engine", "likeness", "job_link", "saved", "favourite")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("asset", "job")

    @admin.display(description="")
    def thumbnail(self, row: ContentItem) -> str:
        return picture(row.asset)

    @admin.display(description="likeness")
    def likeness(self, row: ContentItem) -> float | None:
        return row.asset and row.asset.identity_score

    @admin.display(description="job")
    def job_link(self, row: ContentItem) -> str:
        return link_to(row.job)


@admin.register(Shoot)
class ShootAdmin(ReadOnlyAdmin):
    """Search in prompts, by persona or workspace."""

    list_display = ("__str__", "workspace", "style", "engine", "count", "created_by", "created_at")
    list_filter = ("look", "style", "engine", "content_type", "created_at")
    list_select_related = ("workspace", "persona", "created_by")
    search_fields = ("prompt", "persona__name", "workspace__name", "created_by__email")
    date_hierarchy = "created_at"
    inlines = (ItemInline,)


@admin.register(ContentItem)
class ContentItemAdmin(ReadOnlyAdmin):
    """Every result and thumbnail, saved or not."""

    list_display = ("face", "__str__", "workspace", "engine", "likeness", "saved", "favourite", "created_at")
    list_display_links = ("face", "__str__")
    list_filter = ("kind", "saved", "favourite", "look", "engine", "created_at")
    list_select_related = ("workspace", "persona", "asset")
    search_fields = ("prompt", "persona__name", "workspace__name")
    readonly_fields = ("face", "job_link", "asset_link")
    fields = (
        "face",
        "workspace",
        "persona",
        "shoot",
        "kind",
        "look",
        "prompt",
        "seed",
        "engine",
        "job_link",
        "asset_link",
        "saved",
        "favourite",
        "tags",
    )

    @admin.display(description="")
    def face(self, row: ContentItem) -> str:
        return picture(row.asset)

    @admin.display(description="likeness")
    def likeness(self, row: ContentItem) -> float | None:
        return row.asset and row.asset.identity_score

    @admin.display(description="job")
    def job_link(self, row: ContentItem) -> str:
        return link_to(row.job)

    @admin.display(description="file")
    def asset_link(self, row: ContentItem) -> str:
        return link_to(row.asset)
