"""Batches in the back office: to look at, and to see why one waits."""

from django.contrib import admin

from content.models import Batch, BatchCell
from inflio.common.admin import ScopedAdmin


class BatchCellInline(admin.TabularInline):
    """The sets of a batch; they change only through its services."""

    model = BatchCell
    extra = 0
    can_delete = False
    fields = readonly_fields = ("position", "persona", "order", "state", "shoot", "message")
    show_change_link = False
    max_num = 0


@admin.register(Batch)
class BatchAdmin(ScopedAdmin):
    """Search by name or workspace, filter by state."""

    list_display = ("name", "workspace", "state", "pause_reason", "created_by", "created_at", "finished_at")
    list_filter = ("state", "created_at")
    search_fields = ("name", "workspace__name", "created_by__email")
    readonly_fields = ("workspace", "state", "plan", "started_at", "started_by", "finished_at", "created_by")
    inlines = (BatchCellInline,)
    list_select_related = ("workspace", "created_by")
