"""Public pages: what strangers see of a persona, and what they do not."""

import io
import json
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from inflio.common.errors import Conflict, InvalidInput
from inflio.media.credentials import xmp
from inflio.media.credentials.record import SourceType
from inflio.media.models import Asset
from inflio.media.services import create_asset, store_file
from inflio.safety.services import Unsafe
from personas.services import archive_persona, create_persona, delete_persona, restore_persona, withdraw_consent
from personas.tests.makers import encoded, picture
from personas.tests.pages import said
from scheduling.models import Channel, Post, Publication
from scheduling.queries.pages import entries
from scheduling.services.composing.posts import create_post
from scheduling.services.connecting import pages as services
from scheduling.services.connecting.channels import disconnect_channel
from scheduling.tests import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(ready, alice) -> Channel:
    return services.open_page(persona=ready, slug="ada", about="Walks at dawn.", by=alice)


@pytest.fixture
def visitor() -> Client:
    """Somebody without an account."""
    return Client()


def publish(page: Channel, *, days: int = 0, pictures: int = 1, caption: str = "Out early.", **changes) -> Publication:
    """A publication as the publishing engine leaves it on a page, `days` ago."""
    post = makers.post(page.persona, page, pictures=pictures, **changes)
    media = [
        {"asset": row.asset_id, "alt_text": row.alt_text, "kind": "image"} for row in post.media.order_by("position")
    ]
    when = timezone.now() - timedelta(days=days)
    return makers.publication(
        post,
        page,
        due_at=when,
        published_at=when,
        state=Publication.State.PUBLISHED,
        payload={"title": post.title, "caption": caption, "media": media},
    )


def addresses(row: Publication) -> list[str]:
    """Everything that strangers could ask for."""
    base = f"/p/ada/{row.pk}"
    name = row.payload["media"][0]["asset"]
    extension = Asset.objects.get(pk=name).extension
    return ["/p/ada", "/p/ada/rss", "/p/ada/feed.json", base, f"{base}/1-320.webp", f"{base}/1.{extension}"]


# What is shown


def test_labels_in_the_caption_are_no_headline(page, visitor):
    said = "AI-generated video."
    row = publish(page, caption=f"A slow evening in the studio.\n\n{said}", title="A slow evening in the stu…")
    row.payload["disclosure"] = {"caption_lines": [said]}
    row.save(update_fields=["payload"])
    [entry] = entries(page)
    assert entry.headline == "A slow evening in the studio."
    assert said in visitor.get(entry.url).content.decode()


def test_anybody_reads_the_page_and_a_post_without_a_log_in_or_a_cookie(page, visitor):
    row = publish(page)
    first = visitor.get("/p/ada")
    assert "Walks at dawn." in first.content.decode()
    assert f'href="/p/ada/{row.pk}"' in first.content.decode()
    post = visitor.get(f"/p/ada/{row.pk}").content.decode()
    assert "Out early." in post
    assert 'alt="Ada on a bridge"' in post
    assert not visitor.cookies
    assert "public" in first["Cache-Control"]


def test_what_people_must_know_is_said(page, visitor):
    row = publish(page, partnership="third_party", sponsor_name="Northwind")
    for path in ("/p/ada", f"/p/ada/{row.pk}"):
        content = visitor.get(path).content.decode()
        assert "Made with AI" in content
        assert "Paid partnership with Northwind" in content
    assert "AI persona" in visitor.get("/p/ada").content.decode()
    assert "Advertising for its own brand" in visitor.get(publish_own(page)).content.decode()


def publish_own(page: Channel) -> str:
    return f"/p/ada/{publish(page, partnership='own_brand').pk}"


def test_only_what_was_published_here_is_shown(page, ready, visitor):
    elsewhere = makers.channel(ready)
    post = makers.post(ready, page, elsewhere, title="Secret plan")
    hidden = [makers.publication(post, page), makers.publication(post, elsewhere, state="published")]
    content = visitor.get("/p/ada").content.decode()
    assert "Secret plan" not in content
    assert "Nothing here yet" in content
    for row in hidden:
        assert visitor.get(f"/p/ada/{row.pk}").status_code == 404
        assert visitor.get(f"/p/ada/{row.pk}/1-320.webp").status_code == 404


def test_words_of_users_cannot_bring_markup(page, visitor):
    row = publish(page, caption="<script>alert(1)</script> https://example.com/x", title="<b>bold</b>")
    for path in ("/p/ada", f"/p/ada/{row.pk}"):
        content = visitor.get(path).content.decode()
        assert "<script>alert" not in content
        assert "<b>bold" not in content
    assert 'rel="nofollow"' in content
    item = json.loads(visitor.get("/p/ada/feed.json").content)["items"][0]
    assert "<script>" not in item["content_html"]
    assert "<script>" not in ElementTree.fromstring(visitor.get("/p/ada/rss").content).find(".//item/description").text


def test_the_meta_tags_lead_to_full_addresses(page, visitor, settings):
    settings.SITE_URL = "https://studio.example.com"
    row = publish(page)
    content = visitor.get(f"/p/ada/{row.pk}").content.decode()
    assert f'<link rel="canonical" href="https://studio.example.com/p/ada/{row.pk}">' in content
    assert f'content="https://studio.example.com/p/ada/{row.pk}/1.jpg"' in content
    assert '<link rel="canonical" href="https://studio.example.com/p/ada">' in visitor.get("/p/ada").content.decode()


def test_older_posts_follow_by_key_without_gaps_or_repeats(page, visitor):
    rows = [publish(page, days=day, pictures=0) for day in range(30)]
    seen, path = [], "/p/ada"
    while path:
        answer = visitor.get(path)
        seen += [entry.pk for entry in answer.context["entries"]]
        path = f"/p/ada?before={answer.context['next_before']}" if answer.context["next_before"] else ""
    assert seen == [row.pk for row in rows]
    assert visitor.get("/p/ada?before=999999999").context["entries"] == []
    assert visitor.get("/p/ada?before=x").context["is_first"]


def test_pages_and_feeds_take_the_same_queries_for_one_and_three(page, visitor):
    paths = ("/p/ada", "/p/ada/rss", "/p/ada/feed.json")

    def counts() -> list[int]:
        found = []
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                visitor.get(path)
            found.append(len(captured))
        return found

    publish(page)
    one = counts()
    publish(page, days=1, pictures=2)
    publish(page, days=2)
    assert counts() == one
    assert max(one) <= 3


# Pictures


def test_pictures_are_sized_cacheable_and_still_say_how_they_were_made(page, visitor):
    row = publish(page)
    data = encoded(picture(7, size=(900, 1200)))
    packet = xmp.make_packet(source_type=SourceType.COMPOSITE.iri, title="x", tool="y")
    marked = xmp.put_packet(data, "image/jpeg", packet)
    file = store_file(
        workspace_id=page.workspace_id, data=marked, mime="image/jpeg", extension="jpg", width=900, height=1200
    )
    asset = create_asset(workspace=page.workspace, file=file, source=Asset.Source.ENGINE)
    row.payload["media"][0]["asset"] = asset.pk
    row.save()
    answer = visitor.get(f"/p/ada/{row.pk}/1-640.webp")
    with Image.open(io.BytesIO(answer.content)) as image:
        assert (image.format, image.width) == ("WEBP", 640)
    assert xmp.read_source_type(answer.content, "image/webp") == SourceType.COMPOSITE.iri
    assert "public, max-age=300" in answer["Cache-Control"]
    again = visitor.get(f"/p/ada/{row.pk}/1-640.webp", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert b"".join(visitor.get(f"/p/ada/{row.pk}/1.jpg").streaming_content) == marked


def test_there_are_no_other_pictures(page, visitor):
    row = publish(page)
    for name in ("2-320.webp", "0-320.webp", "1-321.webp", "1.png", "1.jpgx"):
        assert visitor.get(f"/p/ada/{row.pk}/{name}").status_code == 404


def test_a_picture_of_another_workspace_is_never_shown(page, visitor, charlie):
    theirs = create_persona(workspace=charlie.workspaces.get(), name="Eve", by=charlie, look="illustrated",
                            description="Red hair.")  # fmt: skip
    foreign = makers.gallery_item(theirs).asset
    row = publish(page)
    row.payload["media"][0]["asset"] = foreign.pk
    row.save()
    assert visitor.get(f"/p/ada/{row.pk}/1-320.webp").status_code == 404
    assert "1-320.webp" not in visitor.get("/p/ada").content.decode()


def test_a_deleted_picture_leaves_the_words(page, visitor):
    row = publish(page)
    Asset.objects.filter(pk=row.payload["media"][0]["asset"]).delete()
    assert "Out early." in visitor.get(f"/p/ada/{row.pk}").content.decode()


# Feeds


def test_the_rss_feed_has_each_post_once_with_its_labels(page, visitor, settings):
    row = publish(page, partnership="third_party", sponsor_name="Northwind")
    answer = visitor.get("/p/ada/rss")
    assert answer["Content-Type"].startswith("application/rss+xml")
    feed = ElementTree.fromstring(answer.content)
    item = feed.find("./channel/item")
    assert item.find("guid").text == f"urn:uuid:{row.key}"
    assert item.find("link").text == f"{settings.SITE_URL}/p/ada/{row.pk}"
    assert "Made with AI. Paid partnership with Northwind." in item.find("description").text
    assert item.find("enclosure").get("type") == "image/jpeg"
    assert feed.find("./channel/link").text == f"{settings.SITE_URL}/p/ada"


def test_a_character_that_xml_cannot_hold_takes_no_feed_down(page, visitor):
    """Rows that were stored before such characters were taken out of posts."""
    persona = page.persona
    publish(
        page, caption="Pasted\vfrom Word\x07", title="T\x0citle", partnership="third_party", sponsor_name="A\x1bcme"
    )
    Channel.objects.update(name="A\x01da", facts={"about": "Walks\x02."})
    feed = ElementTree.fromstring(visitor.get("/p/ada/rss").content)
    assert "Pasted" in feed.find("./channel/item/description").text
    assert (feed.find("./channel/title").text, feed.find("./channel/description").text) == ("Ada", "Walks.")
    post = create_post(persona=persona, by=None, caption="Pasted\vfrom Word\x07", context="a\x1b")
    assert (post.caption, post.context) == ("Pasted\nfrom Word", "a")


def test_the_json_feed_is_as_its_standard_says(page, visitor, settings):
    row = publish(page, pictures=2)
    answer = visitor.get("/p/ada/feed.json")
    feed = json.loads(answer.content)
    assert answer["Content-Type"] == "application/feed+json"
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"{settings.SITE_URL}/p/ada/feed.json"
    item = feed["items"][0]
    assert item["id"] == f"urn:uuid:{row.key}"
    assert timezone.datetime.fromisoformat(item["date_published"]).tzinfo
    assert [one["mime_type"] for one in item["attachments"]] == ["image/jpeg"] * 2
    assert item["_inflio"] == {"made_with_ai": True}
    assert "Made with AI" in item["content_text"]
    extensions = [key for key in item if key.startswith("_")]
    known = {"id", "url", "title", "content_html", "content_text", "image", "date_published", "tags", "attachments"}
    assert set(item) - set(extensions) <= known


# What ends a page


def everything_is_gone(visitor: Client, row: Publication) -> bool:
    return {visitor.get(path).status_code for path in addresses(row)} == {404}


def test_a_closed_page_is_gone_and_comes_back_where_it_was(page, visitor, alice, ready):
    row = publish(page)
    disconnect_channel(channel=page, by=alice)
    assert everything_is_gone(visitor, row)
    services.open_page(persona=ready, slug="ada", by=alice)
    assert visitor.get(f"/p/ada/{row.pk}").status_code == 200


def test_an_archived_persona_shows_nothing_until_it_is_restored(page, visitor, alice, ready):
    row = publish(page)
    archive_persona(persona=ready, by=alice)
    assert everything_is_gone(visitor, row)
    restore_persona(persona=ready, by=alice)
    assert visitor.get("/p/ada").status_code == 200


def test_a_withdrawn_consent_takes_everything_down_at_once(page, visitor, alice, ready):
    row = publish(page)
    withdraw_consent(persona=ready, by=alice)
    assert everything_is_gone(visitor, row)
    with pytest.raises(Conflict, match="consent"):
        services.open_page(persona=ready, slug="ada", by=alice)


def test_a_deleted_persona_shows_nothing(page, visitor, ready):
    row = publish(page)
    asked = addresses(row)
    delete_persona(persona=ready)
    assert {visitor.get(path).status_code for path in asked} == {404}


def test_one_post_is_taken_down_and_shown_again(page, visitor, bob_client, charlie_client):
    row, other = publish(page), publish(page, days=1)
    url = f"/channels/page/posts/{row.pk}"
    assert charlie_client.post(url).status_code == 404
    bob_client.post(url)
    assert visitor.get(f"/p/ada/{row.pk}").status_code == 404
    assert visitor.get(f"/p/ada/{row.pk}/1-320.webp").status_code == 404
    assert visitor.get(f"/p/ada/{other.pk}").status_code == 200
    assert str(row.key) not in visitor.get("/p/ada/feed.json").content.decode()
    assert "Taken down" in bob_client.get(page.get_absolute_url()).content.decode()
    bob_client.post(url, {"shown": "on"})
    assert visitor.get(f"/p/ada/{row.pk}").status_code == 200


# Its address


def test_an_old_address_leads_to_the_new_one_and_belongs_to_nobody_else(page, visitor, alice, workspace):
    row = publish(page)
    services.change_page(page=page, slug="ada-walks", about="", by=alice)
    for path in ("", "/rss", f"/{row.pk}", f"/{row.pk}/1-320.webp"):
        answer = visitor.get(f"/p/ada{path}")
        assert (answer.status_code, answer["Location"]) == (302, f"/p/ada-walks{path}")
    other = create_persona(workspace=workspace, name="Eve", by=alice, look="illustrated", description="Red hair.")
    with pytest.raises(Conflict, match="taken"):
        services.open_page(persona=other, slug="ada", by=alice)
    assert not Channel.objects.filter(persona=other).exists()
    assert services.change_page(page=page, slug="ada", about="", by=alice).handle == "ada"
    assert visitor.get("/p/ada-walks")["Location"] == "/p/ada"


def test_another_workspace_cannot_take_an_address(page, charlie):
    theirs = create_persona(workspace=charlie.workspaces.get(), name="Ada", by=charlie, look="illustrated",
                            description="Red hair.")  # fmt: skip
    with pytest.raises(Conflict, match="taken"):
        services.open_page(persona=theirs, slug="ada", by=charlie)


def test_what_cannot_be_an_address_is_refused(ready, alice):
    for slug in ("", "ab", "a" * 41, "ada lovelace", "-ada", "ada--l", "ädä", "ada/x", "admin"):
        with pytest.raises(InvalidInput):
            services.open_page(persona=ready, slug=slug, by=alice)
    assert not Channel.objects.exists()


def test_a_double_click_opens_one_page(ready, alice):
    first = services.open_page(persona=ready, slug="Ada", by=alice)
    assert services.open_page(persona=ready, slug="ada", by=alice) == first
    assert Channel.objects.count() == 1


def test_managers_open_change_and_close_pages(alice_client, bob_client, charlie_client, ready):
    url = f"/channels/page/new/{ready.pk}"
    assert charlie_client.get(url).status_code == 404
    assert bob_client.post(url, {"slug": "ada"}).status_code == 403
    assert alice_client.post(url, {"slug": "a"}).status_code == 422
    alice_client.post(url, {"slug": "ada", "about": "Walks."})
    page = Channel.objects.get()
    assert (page.handle, page.persona, page.facts["about"]) == ("ada", ready, "Walks.")
    assert "/p/ada/feed.json" in alice_client.get(page.get_absolute_url()).content.decode()
    change = f"/channels/{page.pk}/page"
    assert charlie_client.post(change, {"slug": "eve"}).status_code == 404
    assert bob_client.post(change, {"slug": "eve"}).status_code == 403
    assert alice_client.post(change, {"slug": "!"}).status_code == 422
    alice_client.post(change, {"slug": "ada-walks", "about": ""})
    assert Channel.objects.get().handle == "ada-walks"
    assert "is closed" in said(alice_client.post(f"/channels/{page.pk}/disconnect"))
    assert Channel.objects.get().status == "revoked"


def test_what_a_page_says_of_its_persona_is_checked_like_every_word(ready, alice):
    with pytest.raises(Unsafe):
        services.open_page(persona=ready, slug="ada", about="nude pictures of a child", by=alice)


def test_pages_of_other_posts_are_not_reached_through_ones_own(page, visitor, alice, workspace):
    eve = create_persona(workspace=workspace, name="Eve", by=alice, look="illustrated", description="Red hair.")
    other = services.open_page(persona=eve, slug="eve", by=alice)
    row = publish(other)
    assert visitor.get(f"/p/eve/{row.pk}").status_code == 200
    assert visitor.get(f"/p/ada/{row.pk}").status_code == 404
    assert Post.objects.count() == 1
