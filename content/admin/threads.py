"""Conversations in the back office: to look at what was said and understood."""

from django.contrib import admin

from content.models import Message, Thread
from inflio.common.admin import ScopedAdmin


class MessageInline(admin.TabularInline):
    """The messages of a conversation; they change only through its services."""

    model = Message
    extra = 0
    max_num = 0
    can_delete = False
    show_change_link = False
    fields = readonly_fields = ("text", "reply", "operations", "job", "asset", "created_at")


@admin.register(Thread)
class ThreadAdmin(ScopedAdmin):
    """Search by title, persona or workspace, filter by engine."""

    list_display = ("title", "workspace", "persona", "engine", "aspect", "created_by", "created_at")
    list_filter = ("engine", "aspect", "created_at")
    search_fields = ("title", "persona__name", "workspace__name", "created_by__email")
    readonly_fields = ("workspace", "persona", "engine", "aspect", "created_by")
    inlines = (MessageInline,)
    list_select_related = ("workspace", "persona", "created_by")
