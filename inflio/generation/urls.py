"""Addresses of jobs."""

from django.urls import path

from inflio.generation import views

app_name = "generation"
urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("<int:pk>/", views.job, name="job"),
    path("<int:pk>/cancel/", views.cancel_job, name="cancel_job"),
    path("<int:pk>/retry/", views.retry_job, name="retry_job"),
]
