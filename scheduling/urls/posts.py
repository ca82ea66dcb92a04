"""Addresses of posts."""

from django.urls import path

from scheduling.views import composer, posts

_post = "posts/<int:pk>"
urlpatterns = [
    path("posts", posts.posts, name="posts"),
    path("posts/new", composer.new_post, name="new_post"),
    path("posts/save", composer.save_draft, name="save_draft"),
    path("posts/media", composer.pick_media, name="pick_media"),
    path(_post, posts.post, name="post"),
    path(f"{_post}/edit", composer.edit_post, name="edit_post"),
    path(f"{_post}/duplicate", posts.duplicate_post, name="duplicate_post"),
    path(f"{_post}/schedule", posts.schedule_post, name="schedule_post"),
    path(f"{_post}/review", posts.ask_for_review, name="ask_for_review"),
    path(f"{_post}/back", posts.unschedule_post, name="unschedule_post"),
    path(f"{_post}/cancel", posts.cancel_post, name="cancel_post"),
    path(f"{_post}/delete", posts.delete_post, name="delete_post"),
]
