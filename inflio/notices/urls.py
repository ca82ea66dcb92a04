"""Addresses of the notices."""

from django.urls import path

from inflio.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="notices"),
    path("bell", views.bell, name="bell"),
    path("read", views.read, name="read"),
    path("mail", views.mail, name="mail"),
]
