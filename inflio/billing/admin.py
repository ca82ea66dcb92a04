"""Balances and the ledger in the back office; the one thing that staff can do is to grant credits."""

from secrets import token_hex

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from inflio.billing.models import CreditAccount, CreditEntry
from inflio.billing.services import grant_credits
from inflio.common.admin import ReadOnlyAdmin, link_to, link_to_list
from inflio.common.errors import Conflict

GRANT_AT_MOST = 100_000


class GrantForm(forms.Form):
    """How many credits, and why: the reason is what the customer reads in the history."""

    amount = forms.IntegerField(min_value=1, max_value=GRANT_AT_MOST)
    reason = forms.CharField(max_length=200, help_text="The customer reads this in the credit history.")
    key = forms.CharField(max_length=40, widget=forms.HiddenInput, initial=lambda: token_hex(16))

    @property
    def reference(self) -> str:
        """The grant's name in the ledger: a form that is sent twice grants once."""
        return f"grant:{self.cleaned_data['key']}"


@admin.register(CreditAccount)
class CreditAccountAdmin(ReadOnlyAdmin):
    """One balance per workspace."""

    change_form_template = "billing/admin/account.html"
    list_display = ("workspace_link", "plan", "available", "entry_link")
    list_filter = ("plan",)
    list_select_related = ("workspace",)
    search_fields = ("workspace__name", "workspace__members__email")
    ordering = ("-pk",)
    fields = ("workspace_link", "plan", "available", "entry_link")

    def get_urls(self):
        view = self.admin_site.admin_view(self.grant)
        return [path("<int:pk>/grant/", view, name="billing_creditaccount_grant"), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context=None) -> HttpResponse:
        context = {**(extra_context or {}), "may_grant": self.has_grant_permission(request)}
        return super().change_view(request, object_id, form_url, context)

    def has_grant_permission(self, request: HttpRequest) -> bool:
        """Those with the right to add credit entries."""
        return request.user.has_perm("billing.add_creditentry")

    def grant(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for amount and reason, then add them to the ledger."""
        if not self.has_grant_permission(request):
            raise PermissionDenied
        account = self.get_object(request, str(pk))
        if account is None:
            raise Http404
        form = GrantForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            self._grant_once(request, account, form)
            return HttpResponseRedirect(reverse("admin:billing_creditaccount_change", args=[account.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Grant credits to {account.workspace}",
            "opts": self.opts,
            "account": account,
            "form": form,
        }
        return TemplateResponse(request, "billing/admin/grant.html", context, status=422 if form.errors else 200)

    def _grant_once(self, request: HttpRequest, account: CreditAccount, form: GrantForm) -> None:
        amount, reason = form.cleaned_data["amount"], form.cleaned_data["reason"]
        try:
            grant_credits(
                workspace=account.workspace, amount=amount, reason=reason, reference=form.reference, by=request.user
            )
        except Conflict:
            messages.warning(request, "This form was sent before, and its credits are there. Open a new one for more.")
            return
        self.log_change(request, account, f"Granted {amount} credits: {reason}")
        messages.success(request, f"{account.workspace} has {amount} more credits.")

    @admin.display(description="workspace", ordering="workspace__name")
    def workspace_link(self, row: CreditAccount) -> str:
        return link_to(row.workspace)

    @admin.display(description="history")
    def entry_link(self, row: CreditAccount) -> str:
        return link_to_list(CreditEntry, "Entries", account__id__exact=row.pk)


@admin.register(CreditEntry)
class CreditEntryAdmin(ReadOnlyAdmin):
    """The append-only ledger."""

    workspace_path = "account__workspace"
    list_display = ("id", "created_at", "account_link", "kind", "amount", "reason", "reference", "created_by")
    list_filter = ("kind", "created_at")
    list_select_related = ("account__workspace", "created_by")
    search_fields = ("reference", "reason", "account__workspace__name", "created_by__email")
    date_hierarchy = "created_at"
    fields = ("account_link", "kind", "amount", "reason", "reference", "created_at", "created_by")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        known = lookup in {"account__id__exact", "reference__exact"}
        return known or super().lookup_allowed(lookup, value, request)

    @admin.display(description="workspace", ordering="account__workspace__name")
    def account_link(self, row: CreditEntry) -> str:
        return link_to(row.account, row.account.workspace.name)
