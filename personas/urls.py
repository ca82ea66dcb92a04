"""Addresses of personas: pages, and one address for each thing that can be done."""

from django.urls import path

from personas.views import consent, gallery, persona, photos, portraits, training

app_name = "personas"
_one = "personas/<int:pk>/"
_portrait = f"{_one}portraits/<slug:scenario>/"
urlpatterns = [
    path("personas/", gallery.gallery, name="gallery"),
    path("personas/new/", gallery.new, name="new"),
    path("influencer/<int:pk>", persona.influencer, name="influencer"),
    path(_one, persona.persona, name="persona"),
    path(f"{_one}settings/", persona.settings, name="settings"),
    path(f"{_one}activity/", persona.activity, name="activity"),
    path(f"{_one}duplicate/", persona.duplicate, name="duplicate"),
    path(f"{_one}archive/", persona.archive, name="archive"),
    path(f"{_one}restore/", persona.restore, name="restore"),
    path(f"{_one}delete/", persona.delete, name="delete"),
    path(f"{_one}photos/", photos.photos, name="photos"),
    path(f"{_one}add_photos/", photos.add_photos, name="add_photos"),
    path(f"{_one}remove_photo/<int:photo_pk>/", photos.remove_photo, name="remove_photo"),
    path(f"{_one}analyse/", photos.analyse, name="analyse"),
    path(f"{_one}cancel_analysis/", photos.cancel_analysis, name="cancel_analysis"),
    path(f"{_one}training/", training.training, name="training"),
    path(f"{_one}train_model/", training.train_model, name="train_model"),
    path(f"{_one}cancel_training/", training.cancel_training, name="cancel_training"),
    path(f"{_one}retry_training/<int:trained_pk>/", training.retry_training, name="retry_training"),
    path(f"{_one}consent/", consent.consent, name="consent"),
    path(f"{_one}declare_consent/", consent.declare_consent, name="declare_consent"),
    path(f"{_one}withdraw_consent/", consent.withdraw_consent, name="withdraw_consent"),
    path(f"{_one}allow_outside_engines/", consent.allow_outside_engines, name="allow_outside_engines"),
    path(f"{_one}stop_outside_engines/", consent.stop_outside_engines, name="stop_outside_engines"),
    path(f"{_one}request_portraits/", portraits.request_portraits, name="request_portraits"),
    path(_portrait, portraits.portrait, name="portrait"),
    path(f"{_portrait}regenerate/", portraits.regenerate, name="regenerate"),
    path(f"{_portrait}retry/", portraits.retry, name="retry"),
    path(f"{_portrait}cancel/", portraits.cancel, name="cancel"),
    path(f"{_portrait}make_avatar/", portraits.make_avatar, name="make_avatar"),
    path(f"{_portrait}choose/<int:asset_pk>/", portraits.choose, name="choose"),
]
