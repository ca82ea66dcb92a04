"""A public page as RSS and as JSON Feed 1.1 (jsonfeed.org): the same entries, with their labels in the text."""

from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Enclosure, Rss201rev2Feed
from django.utils.html import escape, linebreaks

from inflio.common.text import clean_text
from scheduling.models import Channel
from scheduling.queries.pages import Entry, Picture


class PageFeed(Feed):
    """RSS 2.0 of one page. Its words are cleaned: one character that XML cannot hold would end the whole feed."""

    feed_type = Rss201rev2Feed
    item_guid_is_permalink = False

    def __init__(self, page: Channel, entries: list[Entry]) -> None:
        self.page, self.entries = page, entries

    def title(self) -> str:
        return clean_text(self.page.name)

    def link(self) -> str:
        return _absolute("page", self.page.handle)

    def feed_url(self) -> str:
        return _absolute("page_rss", self.page.handle)

    def description(self) -> str:
        return clean_text(_about(self.page))

    def items(self) -> list[Entry]:
        return self.entries

    def item_title(self, item: Entry) -> str:
        return clean_text(item.headline)

    def item_description(self, item: Entry) -> str:
        return clean_text(entry_html(item))

    def item_link(self, item: Entry) -> str:
        return settings.SITE_URL + item.url

    def item_guid(self, item: Entry) -> str:
        return f"urn:uuid:{item.uid}"

    def item_pubdate(self, item: Entry):
        return item.published_at

    def item_categories(self, item: Entry) -> tuple[str, ...]:
        return tuple(clean_text(label) for label in item.labels)

    def item_enclosures(self, item: Entry) -> list[Enclosure]:
        cover = item.cover
        return [Enclosure(_full(cover), str(cover.asset.size), cover.asset.mime)] if cover else []


def json_feed(page: Channel, entries: list[Entry]) -> dict[str, Any]:
    """JSON Feed 1.1 of one page."""
    home = _absolute("page", page.handle)
    author = {"name": page.name, "url": home}
    if page.persona.avatar_id:
        author["avatar"] = _absolute("page_avatar", page.handle, 320)
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": page.name,
        "home_page_url": home,
        "feed_url": _absolute("page_json", page.handle),
        "description": _about(page),
        "authors": [author],
        "items": [_item(entry) for entry in entries],
    }


def _item(entry: Entry) -> dict[str, Any]:
    item = {
        "id": f"urn:uuid:{entry.uid}",
        "url": settings.SITE_URL + entry.url,
        "title": entry.headline,
        "content_html": entry_html(entry),
        "content_text": entry.summary,
        "date_published": entry.published_at.isoformat(timespec="seconds"),
        "tags": list(entry.labels),
        "attachments": [
            {
                "url": _full(picture),
                "mime_type": picture.asset.mime,
                "size_in_bytes": picture.asset.size,
                "title": picture.alt,
            }
            for picture in entry.pictures
        ],
        "_inflio": {"made_with_ai": entry.made_with_ai},
    }
    if entry.cover and not entry.cover.is_video:
        item["image"] = settings.SITE_URL + entry.cover.large_url
    return item


def entry_html(entry: Entry) -> str:
    """Pictures, words and labels, for readers of feeds."""
    pictures = "".join(
        f'<p><img src="{settings.SITE_URL}{picture.large_url}" alt="{escape(picture.alt)}"></p>'
        for picture in entry.pictures
        if not picture.is_video
    )
    return pictures + linebreaks(entry.summary, autoescape=True)


def _about(page: Channel) -> str:
    return page.facts.get("about") or f"Posts of {page.name}, made with AI."


def _full(picture: Picture) -> str:
    return settings.SITE_URL + picture.original_url


def _absolute(name: str, *args) -> str:
    return settings.SITE_URL + reverse(f"scheduling:{name}", args=args)
