"""Addresses of credits."""

from django.urls import path

from inflio.billing import views

app_name = "billing"
urlpatterns = [path("", views.credits, name="credits")]
