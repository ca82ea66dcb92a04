"""Personas in the back office: across workspaces, with what was declared, judged and made; actions call services."""

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from inflio.common.admin import ReadOnlyAdmin, ScopedAdmin, link_to, link_to_list
from inflio.common.errors import InflioError
from inflio.generation.models import Job
from inflio.media.models import Asset
from personas import queries, services
from personas.models import (
    ActivityEntry,
    Consent,
    Persona,
    Portrait,
    ProviderErasure,
    ReferencePhoto,
    TrainedModel,
)

EDITABLE = ("name", "description", "attributes", "identity_threshold")


def picture(asset: Asset | None, size: int = 64) -> str:
    """A thumbnail that leads to the file's own page."""
    if asset is None:
        return "–"
    src = reverse("admin:media_asset_thumbnail", args=[asset.pk, 160])
    return link_to(asset, format_html('<img src="{}" alt="" height="{}">', src, size))


class ReadOnlyInline(admin.TabularInline):
    """Rows of a persona that services write."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ConsentInline(ReadOnlyInline):
    model = Consent
    fields = ("face", "person_name", "user", "declared_at", "text_version", "withdrawn_at", "withdrawn_by")


class PhotoInline(ReadOnlyInline):
    model = ReferencePhoto
    fields = ("thumbnail", "original_name", "verdict", "message", "overall", "rank")
    readonly_fields = ("thumbnail",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("asset")

    @admin.display(description="")
    def thumbnail(self, row: ReferencePhoto) -> str:
        return picture(row.asset)


class PortraitInline(ReadOnlyInline):
    model = Portrait
    fields = ("thumbnail", "scenario", "likeness", "job_link", "variation")
    readonly_fields = ("thumbnail", "likeness", "job_link")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("asset", "job")

    @admin.display(description="")
    def thumbnail(self, row: Portrait) -> str:
        return picture(row.asset)

    @admin.display(description="likeness")
    def likeness(self, row: Portrait) -> float | None:
        return row.asset and row.asset.identity_score

    @admin.display(description="job")
    def job_link(self, row: Portrait) -> str:
        return link_to(row.job)


@admin.register(Persona)
class PersonaAdmin(ScopedAdmin):
    """The personas of all workspaces one belongs to; made on the site or by `manage.py create_persona`."""

    list_display = ("face", "name", "workspace_link", "status", "look", "grade", "consistency_score", "made")
    list_display_links = ("face", "name")
    list_filter = ("status", "look", "grade", ("archived_at", admin.EmptyFieldListFilter), "created_at")
    list_select_related = ("workspace", "avatar")
    search_fields = ("name", "description", "workspace__name", "created_by__email")
    date_hierarchy = "created_at"
    inlines = (PortraitInline, PhotoInline, ConsentInline)
    actions = ("analyse", "make_portraits", "archive", "restore", "withdraw_consent")
    readonly_fields = (
        "face",
        "workspace_link",
        "look",
        "status",
        "status_reason",
        "grade",
        "grade_advice",
        "consistency_score",
        "jobs",
        "log",
        "created_by",
        "created_at",
        "archived_at",
    )
    fields = ("face", "workspace_link", *EDITABLE, *readonly_fields[2:])

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return queries.with_portrait_count(super().get_queryset(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Persona, form, change: bool) -> None:
        changes = {name: form.cleaned_data[name] for name in EDITABLE}
        services.update_persona(persona=obj, by=request.user, **changes)

    def delete_model(self, request: HttpRequest, obj: Persona) -> None:
        services.delete_persona(persona=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for persona in queryset:
            services.delete_persona(persona=persona)

    def get_deleted_objects(self, objs, request: HttpRequest):
        """Name the personas alone: what they own goes with them and cannot be kept."""
        return [str(row) for row in objs], {"personas": len(objs)}, set(), []

    @admin.display(description="")
    def face(self, row: Persona) -> str:
        if row.avatar is None:
            return "–"
        src = reverse("admin:media_asset_thumbnail", args=[row.avatar.pk, 160])
        return format_html('<img src="{}" alt="" height="48">', src)

    @admin.display(description="workspace", ordering="workspace__name")
    def workspace_link(self, row: Persona) -> str:
        return link_to(row.workspace)

    @admin.display(description="portraits", ordering="portrait_count")
    def made(self, row: Persona) -> int:
        return row.portrait_count

    @admin.display(description="jobs")
    def jobs(self, row: Persona) -> str:
        return link_to_list(Job, "All its jobs", subject=row.reference)

    @admin.display(description="log")
    def log(self, row: Persona) -> str:
        return link_to_list(ActivityEntry, "All that happened", persona__id__exact=row.pk)

    @admin.action(description="Analyse the photos (free)")
    def analyse(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._each(request, queryset, services.start_analysis, "is being analysed")

    @admin.action(description="Make the missing portraits, or all five again (credits)")
    def make_portraits(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._each(request, queryset, services.request_portraits, "gets its portraits")

    @admin.action(description="Archive")
    def archive(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._each(request, queryset, services.archive_persona, "is archived")

    @admin.action(description="Restore from the archive")
    def restore(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._each(request, queryset, services.restore_persona, "is restored")

    @admin.action(description="Withdraw the consent: delete all measurements, make nothing new")
    def withdraw_consent(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._each(request, queryset, services.withdraw_consent, "may not be used any more")

    def _each(self, request: HttpRequest, queryset: QuerySet, service, done: str) -> None:
        for persona in queryset:
            try:
                service(persona=persona, by=request.user)
            except InflioError as error:
                self.message_user(request, f"{persona}: {error.message}", messages.ERROR)
            else:
                self.message_user(request, f"{persona} {done}.", messages.SUCCESS)


class OfPersonaAdmin(ReadOnlyAdmin):
    """Read-only rows that belong to a persona."""

    workspace_path = "persona__workspace"
    list_select_related = ("persona__workspace",)

    @admin.display(description="persona", ordering="persona__name")
    def persona_link(self, row) -> str:
        return link_to(row.persona)


@admin.register(Consent)
class ConsentAdmin(OfPersonaAdmin):
    """Declarations and withdrawals, exactly as they were recorded."""

    list_display = ("id", "persona_link", "face", "person_name", "user", "declared_at", "text_version", "withdrawn_at")
    list_filter = ("face", "text_version", ("withdrawn_at", admin.EmptyFieldListFilter), "declared_at")
    list_select_related = ("persona", "user")
    search_fields = ("persona__name", "person_name", "user__email")
    date_hierarchy = "declared_at"


@admin.register(ReferencePhoto)
class ReferencePhotoAdmin(OfPersonaAdmin):
    """Photos with their verdicts; never their measurements."""

    list_display = ("thumbnail", "original_name", "persona_link", "verdict", "problem", "overall", "rank", "created_at")
    list_display_links = ("original_name",)
    list_filter = ("verdict", "problem", ("rank", admin.EmptyFieldListFilter), "created_at")
    list_select_related = ("persona", "asset")
    search_fields = ("original_name", "persona__name", "message")

    @admin.display(description="")
    def thumbnail(self, row: ReferencePhoto) -> str:
        return picture(row.asset, 48)


@admin.register(Portrait)
class PortraitAdmin(OfPersonaAdmin):
    """The portraits of all personas with their measured likeness."""

    list_display = ("thumbnail", "scenario", "persona_link", "likeness", "job_link", "updated_at")
    list_display_links = ("scenario",)
    list_filter = ("scenario", "job__state", ("asset", admin.EmptyFieldListFilter))
    list_select_related = ("persona", "asset", "job")
    search_fields = ("persona__name",)

    @admin.display(description="")
    def thumbnail(self, row: Portrait) -> str:
        return picture(row.asset, 48)

    @admin.display(description="likeness", ordering="asset__identity_score")
    def likeness(self, row: Portrait) -> float | None:
        return row.asset and row.asset.identity_score

    @admin.display(description="job")
    def job_link(self, row: Portrait) -> str:
        return link_to(row.job)


@admin.register(ActivityEntry)
class ActivityEntryAdmin(OfPersonaAdmin):
    """Who did what with which persona."""

    list_display = ("created_at", "persona_link", "user", "text")
    list_filter = ("created_at",)
    list_select_related = ("persona", "user")
    search_fields = ("text", "persona__name", "user__email")
    date_hierarchy = "created_at"

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "persona__id__exact" or super().lookup_allowed(lookup, value, request)


@admin.register(TrainedModel)
class TrainedModelAdmin(OfPersonaAdmin):
    """Trainings, what they cost and what came of them."""

    list_display = ("trigger_word", "persona_link", "status", "photo_count", "usd", "job_link", "created_at")
    list_filter = ("status", "provider", "created_at")
    list_select_related = ("persona", "job")
    search_fields = ("trigger_word", "model_name", "persona__name")

    @admin.display(description="job")
    def job_link(self, row: TrainedModel) -> str:
        return link_to(row.job)


@admin.register(ProviderErasure)
class ProviderErasureAdmin(ReadOnlyAdmin):
    """Models that have to be deleted at their provider, with what was tried."""

    list_display = ("model_name", "owner", "provider", "state", "why", "attempt", "last_receipt", "created_at")
    list_filter = ("state", "provider", "created_at")
    search_fields = ("model_name", "owner", "why")
    actions = ("close",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """They outlive their workspace, so that only superusers see them."""
        rows = ProviderErasure.objects.all()
        return rows if request.user.is_superuser else rows.none()

    def has_close_permission(self, request: HttpRequest) -> bool:
        """Who may say that it was done by hand."""
        return request.user.has_perm("personas.change_providererasure")

    @admin.action(description="Close: the model was deleted there by hand", permissions=["close"])
    def close(self, request: HttpRequest, rows: QuerySet) -> None:
        for row in rows:
            services.close_erasure(erasure=row, by=request.user)
        self.message_user(request, f"Closed: {len(rows)}.")

    @admin.display(description="last answer")
    def last_receipt(self, row: ProviderErasure) -> str:
        return row.receipts[-1]["text"] if row.receipts else "–"
