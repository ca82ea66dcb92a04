"""Addresses of settings."""

from django.urls import path

from scheduling.views import reviews

urlpatterns = [
    path("posts/settings", reviews.posting_settings, name="posting_settings"),
]
