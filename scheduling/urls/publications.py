"""Addresses of publications."""

from django.urls import path

from scheduling.views import publications

urlpatterns = [
    path("publications/<int:pk>", publications.publication, name="publication"),
    path("publications/<int:pk>/retry", publications.retry_publication, name="retry_publication"),
    path("publications/<int:pk>/settle", publications.settle_publication, name="settle_publication"),
    path("publications/<int:pk>/evidence", publications.publication_evidence, name="publication_evidence"),
    path("reliability", publications.reliability, name="reliability"),
]
