"""Addresses of channels."""

from django.urls import path

from scheduling.views import channels, connect, page_settings, platform_calls

urlpatterns = [
    path("channels/", channels.channels, name="channels"),
    path("channels/connect/<str:platform>", connect.connect, name="connect"),
    path("channels/connected/<str:platform>", connect.connected, name="connected"),
    path("channels/pick/<int:pk>", connect.pick_accounts, name="pick_accounts"),
    path("channels/<int:pk>", channels.channel, name="channel"),
    path("channels/<int:pk>/check", channels.check_channel, name="check_channel"),
    path("channels/<int:pk>/resume", channels.resume_channel, name="resume_channel"),
    path("channels/<int:pk>/persona", channels.assign_persona, name="assign_persona"),
    path("channels/<int:pk>/disconnect", channels.disconnect_channel, name="disconnect_channel"),
    path("channels/<int:pk>/page", page_settings.change_page, name="change_page"),
    path("channels/page/new/<int:persona>", page_settings.open_page, name="open_page"),
    path("channels/page/posts/<int:pk>", page_settings.take_down, name="take_down"),
    # Called by platforms; their consoles know these addresses.
    path("channels/calls/instagram/deauthorise", platform_calls.instagram_deauthorised, name="instagram_deauthorised"),
    path("channels/calls/instagram/delete", platform_calls.instagram_deletion, name="instagram_deletion"),
    path("channels/calls/tiktok", platform_calls.tiktok_event, name="tiktok_event"),
    path("channels/deleted/<slug:code>", platform_calls.data_deletion, name="data_deletion"),
]
