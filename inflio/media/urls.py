"""Addresses of stored files."""

from django.urls import path

from inflio.media import views

app_name = "media"
urlpatterns = [
    path("<int:pk>/<int:width>.webp", views.thumbnail, name="thumbnail"),
    path("<int:pk>/file", views.original, name="original"),
    path("<int:pk>/download/", views.download, name="download"),
]
