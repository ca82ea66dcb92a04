"""Filling a post: a portrait by a tick, a film whose upload is seen, stopped and begun again."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e import journey
from scheduling.tests.clips import padded, short_clip

pytestmark = pytest.mark.browser
SLOW = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 400_000}  # bytes a second
FAST = SLOW | {"uploadThroughput": -1}
LARGE = 2_000_000


def upload(page: Page, file: Path) -> None:
    page.get_by_label("Video", exact=True).set_input_files(file)
    page.get_by_role("button", name="Upload it").click()


def test_film_shows_its_way_and_a_portrait_is_a_tick_away(page, tmp_path):
    journey.log_in_to_demo(page)
    page.goto("/posts/new")
    page.get_by_role("list", name="Pictures to choose from").locator("label").first.click()
    tiles = page.locator("[data-tile]")
    expect(tiles).to_have_count(1)
    expect(page.locator("[data-pick]:checked")).to_have_count(1)

    film, words = tmp_path / "film.mp4", tmp_path / "words.mp4"
    film.write_bytes(padded(short_clip(), LARGE))
    words.write_text("no film")
    said, bar = page.locator("[data-upload-words]"), page.locator("[data-upload-bar]")
    page.locator("summary", has_text="A video").click()
    page.get_by_role("button", name="Upload it").click()
    expect(said).to_have_text("Choose a video first.")
    upload(page, words)
    expect(said).to_contain_text("not a video")
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW)
    upload(page, film)
    expect(said).to_contain_text("Uploading, ")
    expect(bar).to_be_visible()
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(said).to_have_text("Stopped. Nothing was added.")
    expect(bar).to_be_hidden()
    expect(tiles).to_have_count(1)
    network.send("Network.emulateNetworkConditions", FAST)
    page.get_by_role("button", name="Upload it").click()
    expect(tiles).to_have_count(2)
    expect(tiles.last).to_contain_text("Video, 3.5 seconds")
    expect(page.get_by_role("button", name="Upload it")).to_be_hidden()

    page.reload()
    expect(tiles).to_have_count(2)
    expect(page.locator("[data-pick]:checked")).to_have_count(1)
