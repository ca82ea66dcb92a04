"""Making content in a real browser: choose, four results from the real engine, keep one, more like it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e import journey

pytestmark = pytest.mark.browser
RESULTS_MS = 150_000


def results(page: Page) -> Locator:
    """The results on the page that have a picture."""
    return page.locator("#shoot .result__picture")


def wait_for_four(page: Page) -> None:
    """Wait until four pictures are there and nothing is being made any more."""
    expect(results(page)).to_have_count(4, timeout=RESULTS_MS)
    expect(page.locator("#shoot[hx-trigger]")).to_have_count(0)


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_four_pictures_a_click(visitor, screen):
    page = visitor(screen).new_page()
    journey.log_in_to_demo(page)
    page.goto("/create/shoots/")
    before = page.locator(".shoot-row").count()
    page.goto("/create")
    make = page.get_by_role("button", name=re.compile("Make 4 pictures"))
    expect(make).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.get_by_text("Luxury", exact=True).first.click()
    page.locator("label.look", has_text="Villa").click()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value(re.compile("modern villa"))
    page.locator("label.chip", has_text="Moody").click()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value(re.compile("[Cc]ool restrained colour"))
    expect(page.get_by_label("Setting")).to_contain_text("Garden")
    with page.expect_response(re.compile("/create$")):  # until then the shoot before is shown
        make.dblclick()
    expect(page.locator("#shoot-title")).to_contain_text("Villa")
    wait_for_four(page)
    for score in page.locator("#shoot .portrait__score").all():
        assert float(score.inner_text().split()[-1]) >= 0.85
    page.goto("/create/shoots/")
    expect(page.locator(".shoot-row")).to_have_count(before + 1)  # the double click made one

    page.locator(".shoot-row a").first.click()
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_role("button", name="Saved", exact=True)).to_have_count(1)
    page.locator(".result .menu").first.click()
    page.get_by_role("button", name="More like this").click()
    expect(page.get_by_text("made from another picture")).to_be_visible()
    if screen == "phone":
        page.get_by_role("button", name="Cancel all").click()
        expect(page.get_by_role("button", name="Cancel all")).to_have_count(0)
        return
    wait_for_four(page)
    page.locator(".result .menu").first.click()
    page.get_by_role("link", name="Change one thing").first.click()
    page.locator("label.chip", has_text="Bold").click()
    expect(page.get_by_text("Changed from the picture")).to_be_visible()
    expect(page.locator("ins")).to_have_text(["Bold"])
