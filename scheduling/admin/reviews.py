"""Reviews and links for clients in the back office."""

from django.contrib import admin

from inflio.common.admin import ReadOnlyAdmin, link_to
from scheduling.models import Review, ReviewLink


@admin.register(ReviewLink)
class ReviewLinkAdmin(ReadOnlyAdmin):
    """Links without their secret, of which only a hash is kept."""

    list_display = ("name", "email", "workspace_link", "expires_at", "revoked_at", "seen_at")
    list_filter = ("expires_at",)
    list_select_related = ("workspace",)
    search_fields = ("name", "email", "workspace__name", "workspace__members__email")
    fields = ("workspace_link", "name", "email", "posts", "expires_at", "revoked_at", "seen_at", "created_by")

    @admin.display(description="workspace", ordering="workspace__name")
    def workspace_link(self, row: ReviewLink) -> str:
        return link_to(row.workspace)


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    """Decisions about versions of posts."""

    workspace_path = "post__workspace"
    list_display = ("at", "post_link", "decision", "content_version", "by", "by_name", "note")
    list_filter = ("decision", "at")
    list_select_related = ("post", "by")
    search_fields = ("post__title", "note", "by__email", "by_name", "post__workspace__name")
    date_hierarchy = "at"
    fields = ("post_link", "decision", "note", "content_version", "by", "link", "by_name", "at")

    @admin.display(description="post", ordering="post__title")
    def post_link(self, row: Review) -> str:
        return link_to(row.post)
