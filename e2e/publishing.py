"""The steps from an account to a published post, in users' words, and what the sandbox platforms hold."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from urllib.request import Request, urlopen

from playwright.sync_api import Locator, Page, expect

from e2e import journey
from e2e.product import Product

PICTURE_MS = 150_000
PUBLISHED_MS = 180_000
ACCOUNT = "bruno.sandbox"
SLUG = "demo-page"
ALT = "She stands in warm light and looks into the camera."


class Platforms:
    """The product's sandbox, asked directly: what is public there, and orders to misbehave."""

    def __init__(self, product: Product) -> None:
        line = product.children()["sandbox"].cmdline()
        self.url = f"http://127.0.0.1:{line[line.index('--port') + 1]}"

    def posts(self, caption: str) -> list[dict]:
        """Everything public there whose caption holds these words."""
        return [post for post in self._ask("posts")["posts"] if caption in post["caption"]]

    @contextmanager
    def misbehaving(self, call: str, kind: str) -> Iterator[None]:
        """Let the next such call go wrong once."""
        self._ask("faults", {"call": call, "kind": kind, "times": 1, "rate": 1})
        try:
            yield
            assert [fault["left"] for fault in self._ask("faults")["faults"]] == [0], "the fault was never played"
        finally:
            self._ask("faults", method="DELETE")

    def _ask(self, name: str, values: dict | None = None, method: str = "") -> dict:
        data = json.dumps(values).encode() if values else None
        request = Request(f"{self.url}/_sandbox/{name}", data, method=method or ("POST" if data else "GET"))
        with urlopen(request, timeout=10) as answer:
            return json.load(answer)


def have_a_picture(page: Page) -> None:
    """A picture of the demo persona in the gallery; one is made and saved unless there is one."""
    page.goto("/gallery/")
    if page.locator("[data-shot]").count():
        return
    page.goto("/create")
    page.get_by_role("group", name="How many pictures").get_by_text("1", exact=True).click()
    page.get_by_role("button", name=re.compile("Make 1 picture")).click()
    expect(page.locator("#shoot .result__picture")).to_have_count(1, timeout=PICTURE_MS)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Saved", exact=True)).to_be_visible()


def connect_instagram(page: Page) -> None:
    """Connect an account of the Instagram sandbox and give it to the demo persona, unless it is connected."""
    page.goto("/channels/")
    card = page.get_by_role("region", name="Instagram")
    if card.get_by_role("link", name=f"@{ACCOUNT}").count():
        return
    card.get_by_role("button", name="Try it on the sandbox").click()
    page.get_by_text(f"@{ACCOUNT}").click()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(ACCOUNT)
    page.get_by_label("Whose account it is").select_option(label=journey.DEMO_NAME)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Whose account it is").locator("option:checked")).to_have_text(journey.DEMO_NAME)


def open_public_page(page: Page) -> None:
    """Open the demo persona's public page, unless it is open."""
    page.goto("/channels/")
    if not (link := page.get_by_role("link", name=f"Open a page for {journey.DEMO_NAME}")).count():
        return
    link.click()
    page.get_by_label("Address").fill(SLUG)
    page.get_by_role("button", name="Open the page").click()
    expect(page.get_by_role("main")).to_contain_text(f"/p/{SLUG}")


def log_in_ready_to_post(page: Page) -> None:
    """Log in to the demo, with a picture to post and an account to post to."""
    journey.log_in_to_demo(page)
    have_a_picture(page)
    connect_instagram(page)


def write_post(page: Page, caption: str, *, channels: tuple[str, ...] = ("Instagram",)) -> None:
    """Compose a post with the first picture of the gallery on exactly these channels."""
    page.goto("/posts/new")
    for chip in page.get_by_role("group", name="Channels").locator("label").all():
        chip.get_by_role("checkbox").set_checked(any(name in chip.inner_text() for name in channels))
    page.get_by_role("list", name="Pictures to choose from").locator("label").first.click()
    page.get_by_label("Picture 1 in words").fill(ALT)
    page.get_by_label("Caption", exact=True).fill(caption)


def choose_time(page: Page, when: str, local: datetime, zone: str) -> None:
    """Choose how a post goes out, "At a time" or "Again and again", and from when."""
    page.locator(".when label.chip", has_text=when).click()
    page.get_by_label("Date and time").fill(f"{local:%Y-%m-%dT%H:%M}")
    page.get_by_label("Time zone").select_option(zone)


def outcome(page: Page, channel: str) -> Locator:
    """What a post's page says of one channel."""
    return page.locator("#post-outs li").filter(has_text=channel)
