"""allauth's tables in the back office, scoped, and without the secrets that its own pages would show."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from inflio.common.admin import ReadOnlyAdmin, link_to

for model in (EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken, UserSession):
    admin.site.unregister(model)


class LoginAdmin(ReadOnlyAdmin):
    """Something that belongs to a user's log-in."""

    workspace_path = "user__workspaces"
    list_select_related = ("user",)
    search_fields = ("user__email", "user__name")
    ordering = ("-pk",)

    @admin.display(description="user", ordering="user__email")
    def user_link(self, row: Model) -> str:
        return link_to(row.user, row.user.email)


@admin.register(EmailAddress)
class EmailAddressAdmin(LoginAdmin):
    """Addresses and whether they are verified."""

    list_display = ("email", "user_link", "primary", "verified")
    list_filter = ("primary", "verified")
    search_fields = ("email", *LoginAdmin.search_fields)


@admin.register(SocialAccount)
class SocialAccountAdmin(LoginAdmin):
    """Connected Google and LinkedIn accounts."""

    list_display = ("id", "user_link", "provider", "uid", "last_login", "date_joined")
    list_filter = ("provider",)
    exclude = ("extra_data",)


@admin.register(UserSession)
class UserSessionAdmin(LoginAdmin):
    """Where users are logged in."""

    list_display = ("id", "user_link", "ip", "user_agent", "created_at", "last_seen_at")
    date_hierarchy = "last_seen_at"
    exclude = ("data",)


@admin.register(Authenticator)
class AuthenticatorAdmin(LoginAdmin):
    """Two-factor log-ins; a superuser deletes those of a user who has lost the device and the recovery codes."""

    list_display = ("id", "user_link", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    exclude = ("data",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.is_superuser
