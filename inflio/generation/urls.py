"""Addresses of jobs and engines; the webhooks' address is in inflio.urls."""

from django.urls import path

from inflio.generation.views import engines, jobs

app_name = "generation"
urlpatterns = [
    path("", jobs.jobs, name="jobs"),
    path("<int:pk>/", jobs.job, name="job"),
    path("<int:pk>/cancel/", jobs.cancel_job, name="cancel_job"),
    path("<int:pk>/retry/", jobs.retry_job, name="retry_job"),
    path("<int:pk>/preview.jpg", jobs.preview, name="preview"),
    path("engines/", engines.engines, name="engines"),
    path("engines/<str:provider>/key/", engines.save_key, name="save_key"),
    path("engines/<str:provider>/key/remove/", engines.remove_key, name="remove_key"),
    path("engines/<str:provider>/key/check/", engines.check_key, name="check_key"),
]
