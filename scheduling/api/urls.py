"""Addresses of the API of scheduling, below /api/."""

from django.urls import path

from scheduling.api import cron, reading, schedule

urlpatterns = [
    path("schedule", schedule.Schedule.as_view(), name="schedule"),
    path("posts", reading.Posts.as_view(), name="posts"),
    path("posts/<int:pk>", reading.OnePost.as_view(), name="post"),
    path("publications/<int:pk>", reading.OnePublication.as_view(), name="publication"),
    path("calendar", reading.Calendar.as_view(), name="calendar"),
    path("channels", reading.Channels.as_view(), name="channels"),
    path("reliability", reading.Reliability.as_view(), name="reliability"),
    path("cron/trigger", cron.CronTrigger.as_view(), name="cron_trigger"),
]
