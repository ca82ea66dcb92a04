"""A thumbnail by conversation: said, seen while it forms, undone, saved."""

import re

import pytest
from playwright.sync_api import expect

from e2e import journey

pytestmark = pytest.mark.browser
MADE_MS = 150_000


def say(page, words):
    page.get_by_label("What should change?").fill(words)
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".turn__said").last).to_have_text(words)


def wait_for_picture(page, number):
    expect(page.locator(".stage__facts")).to_contain_text(f"Picture {number}", timeout=MADE_MS)
    expect(page.locator("[data-live]")).to_have_count(0)


def test_conversation_from_start_to_gallery(page):
    journey.log_in_to_demo(page)
    page.goto("/thumbnails/")
    page.get_by_role("link", name=re.compile("New thumbnail|Make the first one")).first.click()
    page.get_by_role("button", name="Start").click()
    expect(page).to_have_url(re.compile(r"/thumbnails/\d+/$"))
    wait_for_picture(page, 1)
    first = page.locator(".stage__picture").get_attribute("src")

    say(page, 'headline "I QUIT" in yellow, warmer')
    expect(page.locator("[data-live-picture]:not([hidden])")).to_be_visible()  # the first look, before the picture
    wait_for_picture(page, 2)
    expect(page.get_by_text("Headline “I QUIT” in yellow, warmer.")).to_be_visible()
    expect(page.get_by_label("What should change?")).to_have_value("")

    say(page, "make me look excited")
    expect(page.get_by_role("link", name="Set up an engine that draws")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".stage__picture")).to_have_attribute("src", first)
    page.get_by_role("button", name="Go on from here").last.click()
    expect(page.locator(".stage__facts")).to_contain_text("Picture 2")

    page.get_by_role("button", name="Save to gallery").click()
    expect(page.get_by_text("In the gallery")).to_be_visible()
    page.reload()
    expect(page.get_by_text("In the gallery")).to_be_visible()
