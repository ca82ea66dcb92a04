"""Jobs in the back office: read, cancel, try again."""

import json

from django.contrib import admin, messages
from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html

from inflio.billing.models import CreditEntry
from inflio.common.admin import ReadOnlyAdmin, link_to, link_to_list
from inflio.common.errors import InflioError
from inflio.generation import services
from inflio.generation.models import Job, ProviderCall, ProviderKey


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Every engine call with its state, its times and its cost."""

    list_display = ("id", "title", "state", "progress_text", "engine", "kind", "workspace_link", "cost", "created_at")
    list_display_links = ("id", "title")
    list_filter = ("state", "engine", "kind", "cluster", "created_at")
    list_select_related = ("workspace",)
    search_fields = ("title", "subject", "error_message", "workspace__name", "created_by__email")
    search_help_text = 'Title, subject (such as "persona:3"), error, workspace, user'
    date_hierarchy = "created_at"
    actions = ("cancel", "retry")
    fieldsets = (
        (None, {"fields": ("title", "state", "progress_text", "stage", "workspace_link", "created_by", "subject")}),
        ("Work", {"fields": ("kind", "engine", "count", "cluster", "priority", "threshold", "remakes", "params_text")}),
        (
            "Outcome",
            {"fields": ("picture_links", "error_code", "error_message", "retry_link", "credit_link", "call_link")},
        ),
        ("Times", {"fields": ("created_at", "started_at", "finished_at", "seconds_taken", "attempt", "lease_until")}),
    )

    def has_steer_permission(self, request: HttpRequest) -> bool:
        """Who may cancel and retry: those with the right to change jobs."""
        return request.user.has_perm("generation.change_job")

    @admin.action(description="Cancel the selected jobs", permissions=["steer"])
    def cancel(self, request: HttpRequest, rows: QuerySet) -> None:
        chosen = list(rows.filter(state__in=Job.OPEN))
        for job in chosen:
            services.cancel_job(job=job)
        self.message_user(request, f"Cancelled or told to stop: {len(chosen)}. The credits come back.")

    @admin.action(description="Try the selected jobs again", permissions=["steer"])
    def retry(self, request: HttpRequest, rows: QuerySet) -> None:
        done = 0
        for job in rows.order_by("pk"):
            try:
                services.retry_job(job=job, by=request.user)
            except InflioError as error:
                self.message_user(request, f"{job.title}: {error.message}", messages.WARNING)
            else:
                done += 1
        self.message_user(request, f"Queued again: {done}.")

    @admin.display(description="progress", ordering="progress")
    def progress_text(self, row: Job) -> str:
        return f"{row.progress:.0%}"

    @admin.display(description="workspace", ordering="workspace__name")
    def workspace_link(self, row: Job) -> str:
        return link_to(row.workspace)

    @admin.display(description="parameters")
    def params_text(self, row: Job) -> str:
        return format_html("<pre>{}</pre>", json.dumps(row.params, indent=1, ensure_ascii=False))

    @admin.display(description="pictures")
    def picture_links(self, row: Job) -> str:
        links = [link_to(asset) for asset in row.assets.all()]
        return format_html("{}" + "<br>{}" * (len(links) - 1), *links) if links else "–"

    @admin.display(description="retry of")
    def retry_link(self, row: Job) -> str:
        return link_to(row.retry_of)

    @admin.display(description="credits")
    def credit_link(self, row: Job) -> str:
        return link_to_list(CreditEntry, f"Entries of {row.reference}", reference__exact=row.reference)

    @admin.display(description="paid calls")
    def call_link(self, row: Job) -> str:
        return link_to_list(ProviderCall, "Calls", job__id__exact=row.pk)


@admin.register(ProviderCall)
class ProviderCallAdmin(ReadOnlyAdmin):
    """Every paid request to a provider; above the list, what those that are shown cost."""

    change_list_template = "generation/admin/calls.html"
    list_display = (
        "id",
        "intended_at",
        "provider",
        "endpoint",
        "state",
        "job_link",
        "workspace_link",
        "cost",
        "charged",
    )
    list_filter = ("state", "provider", "charged", "intended_at", "workspace")
    list_select_related = ("workspace", "job")
    search_fields = ("request_id", "endpoint", "reason", "workspace__name")
    date_hierarchy = "intended_at"
    fieldsets = (
        (None, {"fields": ("job_link", "workspace_link", "slot", "provider", "endpoint", "request_id", "state")}),
        ("Cost", {"fields": ("usd_expected", "usd", "charged")}),
        ("Outcome", {"fields": ("reason", "answer_text", "details")}),
        ("Times", {"fields": ("intended_at", "sent_at", "noticed_at", "ended_at")}),
    )

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "job__id__exact" or super().lookup_allowed(lookup, value, request)

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        if changes := getattr(response, "context_data", {}).get("cl"):
            rows = changes.queryset.filter(charged=True).order_by()
            sums = rows.values("workspace__name", "provider").annotate(usd=Sum(Coalesce("usd", "usd_expected")))
            response.context_data["costs"] = sums.order_by("-usd")[:20]
        return response

    @admin.display(description="US dollars", ordering="usd_expected")
    def cost(self, row: ProviderCall) -> str:
        value = row.usd_expected if row.usd is None else row.usd
        return "–" if value is None or not row.charged else f"{value:.3f}"

    @admin.display(description="answer")
    def answer_text(self, row: ProviderCall) -> str:
        return format_html("<pre>{}</pre>", json.dumps(row.answer, indent=1, ensure_ascii=False))

    @admin.display(description="job")
    def job_link(self, row: ProviderCall) -> str:
        return link_to(row.job)

    @admin.display(description="workspace", ordering="workspace__name")
    def workspace_link(self, row: ProviderCall) -> str:
        return link_to(row.workspace)


@admin.register(ProviderKey)
class ProviderKeyAdmin(ReadOnlyAdmin):
    """Which workspaces have keys; the keys themselves are nowhere to be seen."""

    list_display = ("workspace", "provider", "last4", "added_by", "works", "tested_at")
    list_filter = ("provider", "works")
    list_select_related = ("workspace", "added_by")
    search_fields = ("workspace__name",)
    fields = ("workspace", "provider", "last4", "added_by", "works", "tested_at", "test_result", "created_at")
