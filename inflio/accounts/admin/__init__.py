"""The back office's name and door, and the pages of users, workspaces, members and log-ins."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from inflio.accounts.admin import logins, people

__all__ = ["logins", "people"]

admin.site.site_header = admin.site.site_title = "Inflio"
admin.site.index_title = "Back office"
admin.site.login = secure_admin_login(admin.site.login)  # with rate limits and two-factor, like everybody's log-in
