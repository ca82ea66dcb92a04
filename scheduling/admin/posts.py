"""Posts and what belongs to them in the back office."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from inflio.common.admin import ReadOnlyAdmin, link_to, link_to_list
from personas.admin import picture
from scheduling.models import (
    OccurrenceChange,
    Post,
    PostEvent,
    PostMedia,
    PostTarget,
    Publication,
    SchedulingSettings,
    Slot,
)


class ReadOnlyInline(admin.TabularInline):
    """Rows of a post that services write."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class MediaInline(ReadOnlyInline):
    model = PostMedia
    fields = readonly_fields = ("position", "shown", "alt_text")

    @admin.display(description="file")
    def shown(self, row: PostMedia) -> str:
        return picture(row.asset)


class TargetInline(ReadOnlyInline):
    model = PostTarget
    fields = readonly_fields = ("channel", "caption", "first_comment", "crop", "options")


class ChangeInline(ReadOnlyInline):
    model = OccurrenceChange
    fields = readonly_fields = ("occurrence_local", "skipped", "moved_local", "caption")


@admin.register(Post)
class PostAdmin(ReadOnlyAdmin):
    """Find a post by its words, persona or workspace."""

    list_display = ("title", "state", "format", "persona_link", "workspace_link", "starts_local", "tzid", "rrule")
    list_filter = ("state", "format", "partnership", "created_at")
    list_select_related = ("workspace", "persona")
    search_fields = (
        "title",
        "caption",
        "sponsor_name",
        "persona__name",
        "workspace__name",
        "workspace__members__email",
    )
    date_hierarchy = "created_at"
    inlines = (MediaInline, TargetInline, ChangeInline)
    fields = (
        "workspace_link",
        "persona_link",
        "title",
        "format",
        "state",
        "caption",
        "hashtags",
        "link",
        "partnership",
        "sponsor_name",
        "regions",
        "starts_local",
        "tzid",
        "rrule",
        "rule_version",
        "recipe",
        "lead_minutes",
        "content_version",
        "approved_version",
        "created_by",
        "publications_link",
        "history_link",
        "created_at",
        "updated_at",
    )

    @admin.display(description="workspace", ordering="workspace__name")
    def workspace_link(self, row: Post) -> str:
        return link_to(row.workspace)

    @admin.display(description="persona", ordering="persona__name")
    def persona_link(self, row: Post) -> str:
        return link_to(row.persona)

    @admin.display(description="publications")
    def publications_link(self, row: Post) -> str:
        return link_to_list(Publication, "All times and channels", post__id__exact=row.pk)

    @admin.display(description="history")
    def history_link(self, row: Post) -> str:
        return link_to_list(PostEvent, "Everything that happened", post__id__exact=row.pk)


class _OfPostAdmin(ReadOnlyAdmin):
    """Rows of a post."""

    workspace_path = "post__workspace"

    @admin.display(description="post", ordering="post__title")
    def post_link(self, row: Model) -> str:
        return link_to(row.post)


@admin.register(PostMedia)
class PostMediaAdmin(_OfPostAdmin):
    """Files of posts."""

    list_display = ("id", "post_link", "position", "asset", "alt_text")
    list_select_related = ("post", "asset")
    search_fields = ("post__title", "alt_text", "post__workspace__name")
    ordering = ("-pk",)
    fields = ("post_link", "position", "asset", "item", "alt_text")


@admin.register(PostTarget)
class PostTargetAdmin(_OfPostAdmin):
    """Channels of posts, with what differs there."""

    list_display = ("id", "post_link", "channel", "crop", "cover_ms")
    list_filter = ("channel__platform",)
    list_select_related = ("post", "channel")
    search_fields = ("post__title", "channel__handle", "caption", "post__workspace__name")
    ordering = ("-pk",)
    fields = ("post_link", "channel", "caption", "first_comment", "crop", "cover_ms", "options")


@admin.register(OccurrenceChange)
class OccurrenceChangeAdmin(_OfPostAdmin):
    """Times of series that were skipped, moved or worded otherwise."""

    list_display = ("id", "post_link", "occurrence_local", "skipped", "moved_local")
    list_filter = ("skipped",)
    list_select_related = ("post",)
    search_fields = ("post__title", "post__workspace__name")
    ordering = ("-pk",)
    fields = ("post_link", "occurrence_local", "skipped", "moved_local", "caption", "created_at")


@admin.register(PostEvent)
class PostEventAdmin(_OfPostAdmin):
    """The history of posts; only ever added to."""

    list_display = ("at", "post_link", "text", "by", "by_name")
    list_filter = ("at",)
    list_select_related = ("post", "by")
    search_fields = ("text", "post__title", "by__email", "by_name", "post__workspace__name")
    date_hierarchy = "at"
    fields = ("post_link", "publication", "at", "by", "by_name", "text")


@admin.register(Slot)
class SlotAdmin(ReadOnlyAdmin):
    """Weekly times of personas."""

    list_display = ("persona", "weekday", "time", "tzid", "workspace")
    list_filter = ("weekday",)
    list_select_related = ("persona", "workspace")
    search_fields = ("persona__name", "workspace__name", "tzid")
    fields = ("workspace", "persona", "weekday", "time", "tzid")


@admin.register(SchedulingSettings)
class SchedulingSettingsAdmin(ReadOnlyAdmin):
    """How workspaces post."""

    list_display = ("workspace", "approval", "grace_minutes")
    list_filter = ("approval",)
    list_select_related = ("workspace",)
    search_fields = ("workspace__name",)
    ordering = ("-pk",)
    fields = list_display
