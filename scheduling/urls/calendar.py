"""Addresses of the calendar, of times, weekly times and the import."""

from django.urls import path

from scheduling.views import calendar, imports, slots, times

_times = "posts/<int:pk>/times"
urlpatterns = [
    path("calendar", calendar.calendar, name="calendar"),
    path("calendar/entries/<int:pk>", calendar.calendar_entry, name="calendar_entry"),
    path("calendar/entries/<int:pk>/move", calendar.move_entry, name="move_entry"),
    path("calendar/next-times", times.next_times, name="next_times"),
    path("calendar/slots", slots.slots, name="slots"),
    path("calendar/slots/<int:pk>/remove", slots.remove_slot, name="remove_slot"),
    path("calendar/import", imports.import_posts, name="import_posts"),
    path("calendar/import/template.csv", imports.import_template, name="import_template"),
    path(_times, times.post_times, name="post_times"),
    path(f"{_times}/skip", times.skip_occurrence, name="skip_occurrence"),
    path(f"{_times}/restore", times.restore_occurrence, name="restore_occurrence"),
    path(f"{_times}/move", times.move_occurrence, name="move_occurrence"),
    path(f"{_times}/caption", times.change_occurrence, name="change_occurrence"),
    path(f"{_times}/split", times.split_series, name="split_series"),
    path(f"{_times}/end", times.end_series, name="end_series"),
]
