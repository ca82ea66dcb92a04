"""Notices in the back office: what members were told, and whether it was mailed."""

from django.contrib import admin

from inflio.common.admin import ReadOnlyAdmin, link_to
from inflio.notices.models import Notice, NoticeSeen


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """Search by words or workspace, filter by level and kind."""

    list_display = ("title", "level", "kind", "workspace_link", "created_at", "mailed_at", "mail_error")
    list_filter = ("level", "kind", "created_at")
    list_select_related = ("workspace",)
    search_fields = ("title", "text", "key", "workspace__name", "workspace__members__email")
    date_hierarchy = "created_at"
    fields = (
        "workspace_link",
        "level",
        "kind",
        "title",
        "text",
        "url",
        "key",
        "created_at",
        "mailed_at",
        "mail_error",
    )

    @admin.display(description="workspace", ordering="workspace__name")
    def workspace_link(self, row: Notice) -> str:
        return link_to(row.workspace)


@admin.register(NoticeSeen)
class NoticeSeenAdmin(ReadOnlyAdmin):
    """What each member has read and wants mailed."""

    list_display = ("id", "user_link", "workspace_link", "last_seen", "mail")
    list_filter = ("mail",)
    list_select_related = ("user", "workspace")
    search_fields = ("user__email", "workspace__name")
    ordering = ("-pk",)
    fields = ("user_link", "workspace_link", "last_seen", "mail")

    @admin.display(description="user", ordering="user__email")
    def user_link(self, row: NoticeSeen) -> str:
        return link_to(row.user)

    @admin.display(description="workspace", ordering="workspace__name")
    def workspace_link(self, row: NoticeSeen) -> str:
        return link_to(row.workspace)
