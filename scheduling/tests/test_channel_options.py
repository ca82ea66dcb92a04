"""What each channel's part of the composer keeps: the visible mark, statements, and switches that hide for a while."""

import re
from datetime import datetime

import pytest

from inflio.media.models import Asset
from personas.tests.pages import HTMX
from scheduling.models import Post
from scheduling.services.preparing import prepare_media
from scheduling.tests import makers

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 12, 1, 12)


@pytest.fixture
def channel(ready):
    return makers.channel(ready, "instagram")


@pytest.fixture
def compose(ready, channel, alice_client):
    """Send what the composer shows, with these changes; returns the post and the part about its channels."""

    def send(fields: dict, **changes):
        response = alice_client.post("/posts/save", fields | changes, **HTMX, HTTP_HX_TARGET="post-side")
        assert response.status_code == 200
        return Post.objects.get(), response.content.decode()

    return send


def first(persona, channel, **changes) -> dict:
    """A post for a channel that was ticked just now, whose switches the page has not shown yet."""
    words = {"persona": persona.pk, "kind": "post", "caption": "Hello", "when": "later", "key": "tab-1"}
    return words | {"channel": channel.pk} | changes


def shown(page: str, channel) -> dict[str, str]:
    """Which of the channel's switches the page has on, by how it holds them: "checkbox" or "hidden"."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name = re.search(rf'name="c{channel.pk}-(\w+)"', tag)
        kind = re.search(r'type="(\w+)"', tag)
        if name and kind and (kind[1] == "hidden" or (kind[1] == "checkbox" and " checked" in tag)):
            found[name[1]] = kind[1]
    return found


def edit_page(client, post) -> str:
    return client.get(f"/posts/{post.pk}/edit").content.decode()


def test_new_channel_starts_with_the_mark_and_the_reel_in_the_feed(ready, channel, compose, alice_client):
    post, _ = compose(first(ready, channel))
    options = post.targets.get().options
    assert (options["ai_mark"], options["share_to_feed"], options["mark_in_video"]) == (True, True, False)
    assert shown(edit_page(alice_client, post), channel) == {"ai_mark": "checkbox", "share_to_feed": "hidden"}


def test_switch_that_is_hidden_for_a_while_keeps_its_place(ready, channel, compose, alice_client):
    """The reel's switch hides while the post is a picture, and is still on when a film is added."""
    post, _ = compose(first(ready, channel))
    held = {f"c{channel.pk}-{name}": "on" for name in shown(edit_page(alice_client, post), channel)}
    film = makers.video_item(ready).asset
    again = first(ready, channel, shown_channel=channel.pk, post=post.pk, media=f"a{film.pk}")
    post, _ = compose(again | held)
    assert post.format == Post.Format.VIDEO
    assert post.targets.get().options["share_to_feed"] is True
    assert shown(edit_page(alice_client, post), channel) == {"ai_mark": "checkbox", "share_to_feed": "checkbox"}


def test_owner_can_leave_out_the_mark_and_only_where_the_law_lets_them(ready, channel, compose):
    ready.consents.all().delete()
    item = makers.gallery_item(ready)
    given = first(ready, channel, shown_channel=channel.pk, media=f"i{item.pk}", regions="GB")
    post, _ = compose(given)
    assert post.targets.get().options["ai_mark"] is False
    [asset] = prepare_media(publication=makers.publication(post, channel, occurrence_local=NOON))
    assert asset.provenance["marked"] is False
    Post.objects.update(regions=["EU"])
    post.refresh_from_db()
    [asset] = prepare_media(publication=post.publications.get())
    assert asset.provenance["marked"] is True


def test_film_that_shows_the_mark_is_stated_where_there_is_a_film(ready, channel, compose, alice_client):
    item, film = makers.gallery_item(ready), makers.video_item(ready).asset
    post, _ = compose(first(ready, channel, media=f"i{item.pk}"))
    assert f"c{channel.pk}-mark_in_video" not in edit_page(alice_client, post)
    given = first(ready, channel, shown_channel=channel.pk, post=post.pk, media=f"a{film.pk}")
    post, _ = compose(given)
    assert "The video shows a visible “AI” already" in edit_page(alice_client, post)
    post, _ = compose(given, **{f"c{channel.pk}-mark_in_video": "on"})
    Asset.objects.filter(pk=film.pk).update(provenance=film.provenance | {"judged": True})
    publication = makers.publication(post, channel, occurrence_local=NOON)
    assert [one.pk for one in prepare_media(publication=publication)] == [film.pk]


def test_sponsored_story_can_state_that_its_picture_says_so(ready, channel, compose):
    item = makers.gallery_item(ready)
    story = {"kind": "story", "media": f"i{item.pk}", "partnership": "third_party", "sponsor_name": "Acme"}
    blocked = "Write that it is an ad"
    given = first(ready, channel, shown_channel=channel.pk, **story)
    post, page = compose(given)
    assert blocked in page
    post, page = compose(given, post=post.pk, **{f"c{channel.pk}-ad_in_media": "on"})
    assert blocked not in page
    assert post.targets.get().options["ad_in_media"] is True


def test_tiktok_keeps_them_beside_its_own_choices(ready, compose):
    tiktok = makers.channel(ready, "tiktok")
    own = {"privacy_level": "SELF_ONLY", "consent": "on", "ai_mark": "on"}
    given = first(ready, tiktok, shown_channel=tiktok.pk) | {
        f"c{tiktok.pk}-{name}": value for name, value in own.items()
    }
    post, _ = compose(given)
    options = post.targets.get().options
    assert (options["ai_mark"], options["consent"], options["privacy_level"]) == (True, True, "SELF_ONLY")
    agreed = options["agreed"]
    assert "ai_mark" not in agreed["settings"]  # it is no choice of TikTok's screen
    given.pop(f"c{tiktok.pk}-ai_mark")
    post, _ = compose(given, post=post.pk)
    assert post.targets.get().options["agreed"] == agreed
