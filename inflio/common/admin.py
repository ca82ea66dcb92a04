"""What the back office's pages share: scope, links between rows, and rows that are only ever read."""

from django.contrib import admin
from django.db.models import Field, ForeignKey, Model, QuerySet
from django.forms import Field as FormField
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html


def link_to(row: Model | None, text: str = "") -> str:
    """A link to a row's own page in the admin; a dash for none."""
    if row is None:
        return "–"
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', url, text or row)


def link_to_list(model: type[Model], text: str, **lookup) -> str:
    """A link to a filtered list in the admin."""
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    query = "&".join(f"{key}={value}" for key, value in lookup.items())
    return format_html('<a href="{}?{}">{}</a>', url, query, text)


class ScopedAdmin(admin.ModelAdmin):
    """Staff see and choose only rows of workspaces that they are members of; superusers see everything.

    `workspace_path` leads from the model to its workspace, such as "persona__workspace".
    """

    workspace_path = "workspace"
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        own = self.model._base_manager.filter(**{f"{self.workspace_path}__in": request.user.workspaces.all()})
        return rows.filter(pk__in=own.values("pk"))

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs) -> FormField:
        kwargs.setdefault("queryset", self._choices(db_field, request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Field, request: HttpRequest, **kwargs) -> FormField:
        kwargs.setdefault("queryset", self._choices(db_field, request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _choices(self, db_field: Field, request: HttpRequest) -> QuerySet:
        """Rows to choose from: those that the same person sees on the other model's own pages."""
        model = db_field.remote_field.model
        other = self.admin_site.get_model_admin(model) if self.admin_site.is_registered(model) else None
        return other.get_queryset(request) if other else model._default_manager.all()


class ReadOnlyAdmin(ScopedAdmin):
    """Rows that services write and people only read."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
