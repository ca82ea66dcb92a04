"""Addresses of the figures."""

from django.urls import path

from scheduling.views import insights

urlpatterns = [
    path("insights/", insights.insights, name="insights"),
    path("insights/<int:pk>", insights.insights, name="persona_insights"),
]
