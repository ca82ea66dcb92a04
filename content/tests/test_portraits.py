"""Portraits in the gallery: saved once, kept when either place lets go, and for their own workspace only."""

import dataclasses

import pytest

from content.models import ContentItem
from content.queries.portraits import portraits_outside
from content.services import portraits as services
from content.services.items import delete_items, unsave_items
from inflio.accounts.models import Level
from inflio.billing import plans
from inflio.common.errors import Conflict
from inflio.media.models import Asset
from personas.models import Portrait

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(ready, portrait) -> Portrait:
    return ready.portraits.get(scenario="casual_friendly")


def test_portrait_is_saved_once_with_how_it_was_made(ready, row, alice):
    assert portraits_outside(ready) == [row]
    item = services.save_portrait(portrait=row, by=alice)
    assert services.save_portrait(portrait=row, by=alice) == item
    assert (item.asset, item.saved, item.seed, item.engine) == (row.asset, True, 5, "embedded")
    assert item.look == "lifestyle.travel"
    assert ContentItem.objects.get() == item
    assert portraits_outside(ready) == []
    unsave_items(items=[item], by=alice)
    assert portraits_outside(ready) == [row]
    assert services.save_portrait(portrait=row, by=alice) == item


def test_portrait_stays_when_it_is_deleted_from_the_gallery(ready, row, alice, django_capture_on_commit_callbacks):
    item = services.save_portrait(portrait=row, by=alice)
    with django_capture_on_commit_callbacks(execute=True):
        delete_items(items=[item], by=alice)
    row.refresh_from_db()
    assert row.asset is not None
    assert Asset.objects.filter(pk=row.asset_id).exists()


def test_portrait_without_a_picture_cannot_be_saved(ready, alice):
    empty = Portrait.objects.create(persona=ready, scenario="dynamic_action")
    with pytest.raises(Conflict, match="no picture yet"):
        services.save_portrait(portrait=empty, by=alice)
    assert portraits_outside(ready) == []


def test_full_gallery_takes_no_portrait(row, alice, monkeypatch):
    monkeypatch.setitem(plans.PLANS, "free", dataclasses.replace(plans.PLANS["free"], saved_images=0))
    with pytest.raises(Conflict, match="Your plan keeps 0"):
        services.save_portrait(portrait=row, by=alice)
    assert not ContentItem.objects.exists()


def test_its_page_saves_it_and_opens_it_there(ready, row, alice_client):
    page = alice_client.get(row.get_absolute_url()).content.decode()
    url = f"/gallery/portraits/{ready.pk}/casual_friendly/save/"
    assert url in page
    answer = alice_client.post(url)
    item = ContentItem.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, item.get_absolute_url())
    assert alice_client.get(item.get_absolute_url()).status_code == 200


def test_only_editors_of_its_workspace_save_it(ready, row, client, bob, bob_client, charlie_client, set_level):
    url = f"/gallery/portraits/{ready.pk}/casual_friendly/save/"
    assert charlie_client.post(url).status_code == 404
    assert client.post(url).status_code == 302
    set_level(bob, Level.VIEWER)
    assert bob_client.post(url).status_code == 403
    assert bob_client.get(url).status_code == 405
    assert not ContentItem.objects.exists()
