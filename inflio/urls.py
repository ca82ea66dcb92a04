"""Every address prefix, one line per app."""

from django.contrib import admin
from django.urls import include, path

from inflio import views
from inflio.generation.views import hooks
from inflio.media.public_views import public_file
from inflio.media.verify_views import verify
from inflio.privacy import views as privacy

urlpatterns = [
    path("", views.landing, name="landing"),
    path("dashboard", views.dashboard, name="dashboard"),
    path("health", views.health, name="health"),
    path("profile/export/", privacy.export_data, name="export_data"),
    path("profile/delete/", privacy.delete_account, name="delete_account"),
    path("profile/", include("inflio.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("credits/", include("inflio.billing.urls")),
    path("verify", verify, name="verify"),
    path("api/", include("inflio.api")),
    path("media/", include("inflio.media.urls")),
    path("m/<str:token>/<str:name>", public_file, name="public_file"),
    path("notices/", include("inflio.notices.urls")),
    path("jobs/", include("inflio.generation.urls")),
    path("hooks/<slug:provider>/<slug:token>", hooks.receive, name="webhook"),
    path("", include("personas.urls")),
    path("", include("content.urls")),
    path("", include("scheduling.urls")),
    path("admin/", admin.site.urls),
]
