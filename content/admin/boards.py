"""Boards and tags in the back office."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from content.models import Board, Tag
from inflio.common.admin import ReadOnlyAdmin, link_to


class _CountedAdmin(ReadOnlyAdmin):
    """Rows with how many items they hold; services write them."""

    list_display = ("name", "workspace_link", "count", "created_at")
    fields = ("name", "workspace_link", "count", "created_at", "updated_at")
    list_filter = ("created_at",)
    list_select_related = ("workspace",)
    search_fields = ("name", "workspace__name")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(item_count=Count("items"))

    @admin.display(description="items", ordering="item_count")
    def count(self, row: Board | Tag) -> int:
        return row.item_count

    @admin.display(description="workspace", ordering="workspace__name")
    def workspace_link(self, row: Board | Tag) -> str:
        return link_to(row.workspace)


@admin.register(Board)
class BoardAdmin(_CountedAdmin):
    """Collections of items."""


@admin.register(Tag)
class TagAdmin(_CountedAdmin):
    """Words that items carry."""
