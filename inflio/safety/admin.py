"""Refusals in the back office: read them, uphold or overturn them; nothing else about them can be changed."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from inflio.common.admin import ReadOnlyAdmin, link_to
from inflio.common.errors import InflioError
from inflio.safety.models import Refusal
from inflio.safety.services import review_refusal


@admin.register(Refusal)
class RefusalAdmin(ReadOnlyAdmin):
    """Only superusers see those whose workspace is gone."""

    list_display = ("id", "stage", "category", "decision_text", "excerpt", "workspace_link", "user", "created_at")
    list_filter = ("decision", "category", "stage", "created_at")
    list_select_related = ("workspace", "user")
    search_fields = ("evidence", "sha256", "user__email", "workspace__name")
    date_hierarchy = "created_at"
    actions = ("uphold", "overturn")
    fields = (
        "stage",
        "category",
        "reason",
        "evidence",
        "scores",
        "sha256",
        "workspace_link",
        "user",
        "created_at",
        "decision_text",
        "reviewed_at",
        "reviewed_by",
        "note",
    )

    @admin.action(description="Uphold: it was right to refuse", permissions=["review"])
    def uphold(self, request: HttpRequest, rows: QuerySet) -> None:
        self._decide(request, rows, Refusal.Decision.UPHELD)

    @admin.action(description="Overturn: let the same words or file pass in that workspace", permissions=["review"])
    def overturn(self, request: HttpRequest, rows: QuerySet) -> None:
        self._decide(request, rows, Refusal.Decision.OVERTURNED)

    def has_review_permission(self, request: HttpRequest) -> bool:
        """Reviewing is changing, though no field can be edited by hand."""
        return request.user.has_perm("safety.change_refusal")

    def _decide(self, request: HttpRequest, rows: QuerySet, decision: str) -> None:
        done = 0
        for row in rows:
            try:
                review_refusal(refusal=row, by=request.user, decision=decision)
                done += 1
            except InflioError as error:
                self.message_user(request, f"Refusal {row.pk}: {error.message}", messages.WARNING)
        if done:
            self.message_user(request, f"Decided on {done}.", messages.SUCCESS)

    @admin.display(description="decision", ordering="decision")
    def decision_text(self, row: Refusal) -> str:
        return row.get_decision_display()

    @admin.display(description="words")
    def excerpt(self, row: Refusal) -> str:
        return row.evidence[:80] or row.sha256[:12]

    @admin.display(description="workspace", ordering="workspace__name")
    def workspace_link(self, row: Refusal) -> str:
        return link_to(row.workspace)
