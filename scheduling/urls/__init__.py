"""Addresses of scheduling: one file for each part."""

from scheduling.urls import calendar, channels, insights, pages, posts, publications, reviews, settings

app_name = "scheduling"
urlpatterns = [
    *calendar.urlpatterns,
    *posts.urlpatterns,
    *publications.urlpatterns,
    *reviews.urlpatterns,
    *channels.urlpatterns,
    *insights.urlpatterns,
    *settings.urlpatterns,
    *pages.urlpatterns,
]
