"""Users, workspaces, members and invitations in the back office."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from inflio.accounts import services
from inflio.accounts.forms import TimeZoneField
from inflio.accounts.models import ApiKey, Invitation, Membership, User, Workspace
from inflio.common.admin import ReadOnlyAdmin, ScopedAdmin, link_to, link_to_list


class UserForm(UserChangeForm):
    """A user with a time zone that exists."""

    time_zone = TimeZoneField()

    class Meta(UserChangeForm.Meta):
        model = User
        field_classes = {}


class NewUserForm(AdminUserCreationForm):
    """A user known by their address."""

    class Meta:
        model = User
        fields = ("email",)

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class WorkspacesOfUser(admin.TabularInline):
    """The workspaces that a user is in."""

    model = Membership
    extra = 0
    can_delete = False
    fields = readonly_fields = ("workspace", "level", "created_at")
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request).select_related("workspace")
        return rows if request.user.is_superuser else rows.filter(workspace__in=request.user.workspaces.all())


@admin.register(User)
class UserAdmin(ScopedAdmin, DjangoUserAdmin):
    """People. Only superusers give rights, set passwords and addresses, or touch another superuser."""

    workspace_path = "workspaces"
    form = UserForm
    add_form = NewUserForm
    ordering = ("-pk",)
    list_display = ("email", "name", "role", "workspace_list", "is_active", "is_staff", "date_joined")
    list_filter = ("role", "is_active", "is_staff", "date_joined")
    search_fields = ("email", "name", "workspaces__name")
    date_hierarchy = "date_joined"
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "role", "time_zone")}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),)
    inlines = (WorkspacesOfUser,)

    RESERVED = ("email", "is_staff", "is_superuser", "groups", "user_permissions")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("workspaces")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None):
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser or obj is None:
            return fieldsets
        return ((None, {"fields": ("email", "name", "role", "time_zone")}), *fieldsets[1:])

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None):
        return self.readonly_fields if request.user.is_superuser else (*self.readonly_fields, *self.RESERVED)

    def get_inlines(self, request: HttpRequest, obj: User | None):
        return self.inlines if obj else ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # an account ends with its files: `manage.py delete_account`, or its owner's own profile

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = ""):
        if not request.user.is_superuser:
            id = ""  # nobody: takes over no account
        return super().user_change_password(request, id, form_url)

    @admin.display(description="workspaces")
    def workspace_list(self, row: User) -> str:
        return ", ".join(workspace.name for workspace in row.workspaces.all()) or "–"


class MembersOfWorkspace(admin.TabularInline):
    """The members of a workspace."""

    model = Membership
    extra = 0
    can_delete = False
    fields = readonly_fields = ("user", "level", "created_at")
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("user")


class WorkspaceForm(forms.ModelForm):
    """A new workspace needs its first owner."""

    class Meta:
        model = Workspace
        fields = ("name", "kind")


class NewWorkspaceForm(WorkspaceForm):
    """What is asked when a workspace is made."""

    owner = forms.ModelChoiceField(User.objects.filter(is_active=True).order_by("email"))


@admin.register(Workspace)
class WorkspaceAdmin(ScopedAdmin):
    """Tenants; the links lead to what belongs to each."""

    workspace_path = "pk"
    form = WorkspaceForm
    list_display = ("name", "kind", "member_count", "created_at")
    list_filter = ("kind", "created_at")
    search_fields = ("name", "members__email", "members__name")
    date_hierarchy = "created_at"
    ordering = ("-pk",)
    inlines = (MembersOfWorkspace,)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(count=Count("memberships", distinct=True))

    def get_form(self, request: HttpRequest, obj: Workspace | None = None, change: bool = False, **kwargs):
        return super().get_form(request, obj, change, **({} if obj else {"form": NewWorkspaceForm}), **kwargs)

    def get_fields(self, request: HttpRequest, obj: Workspace | None = None):
        return ("name", "kind") if obj else ("name", "kind", "owner")

    def get_inlines(self, request: HttpRequest, obj: Workspace | None):
        return self.inlines if obj else ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Workspace | None = None) -> bool:
        return False  # it ends with its owner's account, files and all

    def save_model(self, request: HttpRequest, obj: Workspace, form: forms.ModelForm, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        owner = form.cleaned_data["owner"]
        made = services.create_workspace(owner=owner, name=obj.name, kind=obj.kind).workspace
        obj.pk, obj.created_at = made.pk, made.created_at
        obj._state.adding = False

    @admin.display(description="members", ordering="count")
    def member_count(self, row: Workspace) -> str:
        return link_to_list(Membership, str(row.count), workspace__id__exact=row.pk)


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    """Who is where, as what; members change it themselves on their workspace's page."""

    list_display = ("id", "user_link", "workspace_link", "level", "created_at")
    list_filter = ("level", "created_at")
    list_select_related = ("user", "workspace")
    search_fields = ("user__email", "user__name", "workspace__name")
    date_hierarchy = "created_at"
    ordering = ("-pk",)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "workspace__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description="user", ordering="user__email")
    def user_link(self, row: Membership) -> str:
        return link_to(row.user, row.user.email)

    @admin.display(description="workspace", ordering="workspace__name")
    def workspace_link(self, row: Membership) -> str:
        return link_to(row.workspace)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Invitations that wait or were accepted. Their secrets are known to nobody."""

    list_display = ("email", "workspace_link", "level", "invited_by", "expires_at", "accepted_at")
    list_filter = ("level", "accepted_at", "created_at")
    list_select_related = ("workspace", "invited_by")
    search_fields = ("email", "workspace__name")
    date_hierarchy = "created_at"
    ordering = ("-pk",)
    exclude = ("token_hash",)

    @admin.display(description="workspace", ordering="workspace__name")
    def workspace_link(self, row: Invitation) -> str:
        return link_to(row.workspace)


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    """Keys of apps: whose they are and when they were used, never the key itself."""

    list_display = ("name", "start", "user_link", "workspace_link", "created_at", "used_at")
    list_filter = ("created_at", "used_at")
    list_select_related = ("user", "workspace")
    search_fields = ("name", "start", "user__email", "workspace__name")
    fields = ("name", "start", "user_link", "workspace_link", "created_at", "used_at")

    @admin.display(description="user", ordering="user__email")
    def user_link(self, row: ApiKey) -> str:
        return link_to(row.user)

    @admin.display(description="workspace", ordering="workspace__name")
    def workspace_link(self, row: ApiKey) -> str:
        return link_to(row.workspace)
