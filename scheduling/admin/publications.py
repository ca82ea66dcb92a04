"""Publications and the evidence of each attempt in the back office: to read, never to change."""

from django.contrib import admin
from django.db.models import Model

from inflio.common.admin import ReadOnlyAdmin, link_to, link_to_list
from scheduling.models import Publication, PublishAttempt


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    """Find what went out, and what did not."""

    list_display = ("id", "post_link", "channel_link", "state", "due_at", "published_at", "reason", "workspace_link")
    list_filter = ("state", "channel__platform", "due_at")
    list_select_related = ("workspace", "post", "channel")
    search_fields = (
        "post__title",
        "channel__handle",
        "remote_id",
        "reason",
        "workspace__name",
        "workspace__members__email",
    )
    date_hierarchy = "due_at"
    ordering = ("-due_at", "-pk")
    fields = (
        "workspace_link",
        "post_link",
        "channel_link",
        "state",
        "occurrence_local",
        "due_at",
        "key",
        "attempt",
        "publish_started_at",
        "accepted_at",
        "unknown_since",
        "looks",
        "absences",
        "published_at",
        "remote_id",
        "remote_url",
        "readback",
        "readback_at",
        "comment_state",
        "code",
        "reason",
        "fix",
        "problems",
        "checked_for",
        "payload",
        "attempts_link",
    )

    @admin.display(description="workspace", ordering="workspace__name")
    def workspace_link(self, row: Publication) -> str:
        return link_to(row.workspace)

    @admin.display(description="post", ordering="post__title")
    def post_link(self, row: Publication) -> str:
        return link_to(row.post)

    @admin.display(description="channel", ordering="channel__handle")
    def channel_link(self, row: Publication) -> str:
        return link_to(row.channel)

    @admin.display(description="attempts")
    def attempts_link(self, row: Publication) -> str:
        return link_to_list(PublishAttempt, "All attempts", publication__id__exact=row.pk)


@admin.register(PublishAttempt)
class PublishAttemptAdmin(ReadOnlyAdmin):
    """What was sent and answered, without any token."""

    workspace_path = "publication__workspace"
    list_display = ("id", "publication_link", "phase", "outcome", "status", "started_at", "ended_at", "text")
    list_filter = ("phase", "outcome", "started_at")
    list_select_related = ("publication__post", "publication__channel")
    search_fields = ("publication__post__title", "publication__channel__handle", "text", "publication__workspace__name")
    date_hierarchy = "started_at"
    ordering = ("-pk",)
    fields = (
        "publication_link",
        "phase",
        "outcome",
        "status",
        "started_at",
        "ended_at",
        "text",
        "sent",
        "answer",
    )

    @admin.display(description="publication")
    def publication_link(self, row: Model) -> str:
        return link_to(row.publication)
