"""What is added to a post in its composer: portraits by a tick, a film by an upload."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from content.models import ContentItem
from inflio.media.models import Asset
from inflio.media.tests.films import film
from personas.models import Persona, Portrait
from personas.tests.pages import HTMX
from scheduling.models import Post
from scheduling.tests import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def portrait(ready) -> Portrait:
    asset = makers.gallery_item(ready).asset
    ContentItem.objects.all().delete()
    return Portrait.objects.create(persona=ready, scenario="casual_friendly", asset=asset)


@pytest.fixture
def send(ready, alice_client):
    """What the composer sends while it is filled in; the post it makes, if any."""
    words = {"persona": ready.pk, "kind": "post", "caption": "Hello", "when": "later", "key": "tab-1"}

    def post(**fields) -> tuple[Post | None, str]:
        made = Post.objects.first()
        there = {"post": made.pk, "media": [f"i{row.item_id}" for row in made.media.all()]} if made else {}
        answer = alice_client.post("/posts/save", words | there | fields, **HTMX, HTTP_HX_TARGET="post-side")
        assert answer.status_code == 200
        return Post.objects.first(), answer.content.decode()

    return post


def test_portraits_are_offered_beside_the_gallery(ready, portrait, alice_client):
    page = alice_client.get("/posts/new").content.decode()
    assert f'value="p{portrait.pk}"' in page
    assert "There is no picture" not in page
    assert f'value="p{portrait.pk}"' not in alice_client.get(f"/posts/media?persona={ready.pk}&q=sea").content.decode()


def test_ticked_portrait_is_kept_in_the_gallery_and_in_the_post(portrait, send):
    ticks = {"command": "add", "pick_seen": f"p{portrait.pk}"}
    post, page = send(**ticks, pick=f"p{portrait.pk}")
    item = ContentItem.objects.get()
    assert (item.asset, item.saved) == (portrait.asset, True)
    assert [row.item for row in post.media.all()] == [item]
    assert f'value="i{item.pk}"' in page
    post, _ = send(**ticks, pick=f"p{portrait.pk}")  # the tick stays in the page and is sent again
    assert (post.media.count(), ContentItem.objects.count()) == (1, 1)
    post, _ = send(**ticks)  # it is taken out again
    assert (post.media.count(), ContentItem.objects.count()) == (0, 1)


def test_only_a_change_of_ticks_keeps_portraits(portrait, send):
    send(pick=f"p{portrait.pk}", pick_seen=f"p{portrait.pk}")
    assert not ContentItem.objects.exists()


def test_portrait_of_another_workspace_is_no_choice(portrait, charlie_client, charlie):
    persona = Persona.objects.create(workspace=charlie.workspaces.get(), name="Theirs", created_by=charlie)
    name = f"p{portrait.pk}"
    fields = {"persona": persona.pk, "kind": "post", "caption": "Mine", "when": "later", "key": "tab-2"}
    ticks = {"command": "add", "pick": name, "pick_seen": name}
    charlie_client.post("/posts/save", fields | ticks, **HTMX, HTTP_HX_TARGET="post-side")
    assert not ContentItem.objects.exists()
    assert Post.objects.get().media.count() == 0


def upload(data: bytes, name: str = "reel.mp4") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "video/mp4")


def test_film_is_taken_without_leaving_the_page(send):
    post, page = send(command="upload", video=upload(film(seconds=4)))
    asset = Asset.objects.get(mime="video/mp4")
    assert [row.asset for row in post.media.all()] == [asset]
    assert asset.provenance["ai_made"] is True
    assert re.search(rf'name="media"\s+value="a{asset.pk}"', page)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose a video first."),
        ({"video": upload(b"", "empty.mp4")}, "This file is empty."),
        ({"video": upload(b"no film", "words.mp4")}, "This is not a video we can read"),
        ({"video": upload(film(seconds=3)[:2000], "half.mp4")}, "damaged"),
    ],
)
def test_what_is_no_film_is_said_and_nothing_is_lost(send, sent, said):
    before, _ = send(caption="Typed before")
    post, page = send(command="upload", caption="Typed before and after", **sent)
    assert said in page
    assert "not saved" not in page
    assert (post.pk, post.media.count(), post.caption) == (before.pk, 0, "Typed before and after")
