"""Addresses of reviews."""

from django.urls import path

from scheduling.views import client_review, reviews

urlpatterns = [
    path("reviews", reviews.reviews, name="reviews"),
    path("reviews/posts/<int:pk>", reviews.decide_post, name="decide_post"),
    path("reviews/links/new", reviews.create_review_link, name="create_review_link"),
    path("reviews/links/<int:pk>/revoke", reviews.revoke_review_link, name="revoke_review_link"),
    path("review/<str:token>", client_review.client_review, name="client_review"),
    path("review/<str:token>/<int:pk>.webp", client_review.client_picture, name="client_picture"),
]
