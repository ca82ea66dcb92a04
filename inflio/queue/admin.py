"""The periodic hooks in the back office: when each last ran, and what went wrong."""

from django.contrib import admin
from django.http import HttpRequest

from inflio.common.admin import ReadOnlyAdmin
from inflio.queue.models import PeriodicRun


@admin.register(PeriodicRun)
class PeriodicRunAdmin(ReadOnlyAdmin):
    """The tickers write these rows; they belong to no workspace, so only superusers read them."""

    list_display = ("hook", "ran_at", "error")
    search_fields = ("hook", "error")
    ordering = ("hook",)

    def has_view_permission(self, request: HttpRequest, obj: PeriodicRun | None = None) -> bool:
        return request.user.is_superuser

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser
