"""Addresses of public pages."""

from django.urls import path

from scheduling.views import pages

urlpatterns = [
    path("p/<slug:slug>", pages.page, name="page"),
    path("p/<slug:slug>/rss", pages.page_rss, name="page_rss"),
    path("p/<slug:slug>/feed.json", pages.page_json, name="page_json"),
    path("p/<slug:slug>/avatar-<int:width>.webp", pages.page_avatar, name="page_avatar"),
    path("p/<slug:slug>/<int:pk>", pages.page_entry, name="page_entry"),
    path("p/<slug:slug>/<int:pk>/<int:number>-<int:width>.webp", pages.page_picture, name="page_picture"),
    path("p/<slug:slug>/<int:pk>/<int:number>.<str:extension>", pages.page_file, name="page_file"),
]
