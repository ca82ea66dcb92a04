"""Accounts, public pages, figures and limits in the back office."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from inflio.common.admin import ReadOnlyAdmin, link_to, link_to_list
from scheduling.models import Channel, ConnectState, DataDeletion, Metric, PageAddress, Publication, QuotaUse


@admin.register(Channel)
class ChannelAdmin(ReadOnlyAdmin):
    """Find an account by its handle, persona or workspace, and see why it does not publish."""

    list_display = (
        "handle",
        "platform",
        "sandbox",
        "status",
        "persona_link",
        "workspace_link",
        "failures",
        "paused_until",
        "access_expires_at",
    )
    list_filter = ("platform", "status", "sandbox", "created_at")
    list_select_related = ("workspace", "persona")
    search_fields = ("handle", "name", "external_id", "persona__name", "workspace__name", "workspace__members__email")
    fields = (
        "workspace_link",
        "platform",
        "sandbox",
        "external_id",
        "handle",
        "name",
        "persona_link",
        "status",
        "problem",
        "scopes",
        "access_expires_at",
        "refresh_expires_at",
        "token_version",
        "refreshed_at",
        "checked_at",
        "facts_at",
        "failures",
        "paused_until",
        "pause_reason",
        "measure_at",
        "publications_link",
        "created_at",
    )

    @admin.display(description="workspace", ordering="workspace__name")
    def workspace_link(self, row: Channel) -> str:
        return link_to(row.workspace)

    @admin.display(description="persona", ordering="persona__name")
    def persona_link(self, row: Channel) -> str:
        return link_to(row.persona)

    @admin.display(description="publications")
    def publications_link(self, row: Channel) -> str:
        return link_to_list(Publication, "All of this account", channel__id__exact=row.pk)


@admin.register(ConnectState)
class ConnectStateAdmin(ReadOnlyAdmin):
    """Connections that were begun, without what was sent."""

    list_display = ("id", "platform", "sandbox", "user", "workspace", "created_at", "used_at")
    list_filter = ("platform", "sandbox", "created_at")
    list_select_related = ("user", "workspace")
    search_fields = ("user__email", "workspace__name")
    ordering = ("-pk",)
    fields = ("workspace", "user", "persona", "channel", "platform", "sandbox", "created_at", "used_at")


@admin.register(PageAddress)
class PageAddressAdmin(ReadOnlyAdmin):
    """Addresses that public pages have or had."""

    workspace_path = "channel__workspace"
    list_display = ("slug", "channel_link", "created_at")
    list_filter = ("created_at",)
    list_select_related = ("channel",)
    search_fields = ("slug", "channel__handle", "channel__workspace__name")
    ordering = ("-pk",)
    fields = ("slug", "channel_link", "created_at")

    @admin.display(description="page")
    def channel_link(self, row: PageAddress) -> str:
        return link_to(row.channel)


class _InstallationAdmin(ReadOnlyAdmin):
    """Rows that belong to the installation, not to a workspace: for superusers."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = self.model._default_manager.all()
        return rows if request.user.is_superuser else rows.none()


@admin.register(DataDeletion)
class DataDeletionAdmin(_InstallationAdmin):
    """Proofs of deletions that platforms asked for."""

    list_display = ("code", "platform", "accounts", "done_at")
    list_filter = ("platform", "done_at")
    search_fields = ("code",)
    ordering = ("-pk",)
    fields = list_display


@admin.register(QuotaUse)
class QuotaUseAdmin(_InstallationAdmin):
    """How much of the platforms' limits is used."""

    list_display = ("bucket", "window", "share", "used")
    search_fields = ("bucket", "window", "share")
    ordering = ("-pk",)
    fields = list_display


@admin.register(Metric)
class MetricAdmin(ReadOnlyAdmin):
    """Figures by day."""

    workspace_path = "channel__workspace"
    list_display = ("day", "name", "value", "channel_link", "publication_link", "measured_at")
    list_filter = ("name", "channel__platform", "day")
    list_select_related = ("channel", "publication__post", "publication__channel")
    search_fields = ("name", "channel__handle", "publication__post__title", "channel__workspace__name")
    date_hierarchy = "day"
    fields = ("channel_link", "publication_link", "name", "day", "value", "measured_at")

    @admin.display(description="account")
    def channel_link(self, row: Metric) -> str:
        return link_to(row.channel)

    @admin.display(description="publication")
    def publication_link(self, row: Metric) -> str:
        return link_to(row.publication)
