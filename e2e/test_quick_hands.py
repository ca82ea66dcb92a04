"""The composer under quick hands and on a small screen: nothing chosen is undone, and everything is there."""

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from e2e import publishing

pytestmark = pytest.mark.browser
SAVE = "**/posts/save"


def tick(page: Page, channel: str) -> Locator:
    """The tick of a channel."""
    return page.get_by_role("group", name="Channels").locator("label", has_text=channel).get_by_role("checkbox")


def test_what_is_chosen_while_an_answer_is_on_its_way_stays(page):
    publishing.log_in_ready_to_post(page)
    publishing.open_public_page(page)
    page.goto("/posts/new")
    chosen = tick(page, "Public page").is_checked()
    held: list[Route] = []
    page.route(SAVE, lambda route: route.continue_() if held else held.append(route))
    with page.expect_request(SAVE):
        tick(page, "Instagram").click()
    tick(page, "Public page").click()
    with page.expect_response(SAVE):
        held[0].continue_()  # the answer knows of the first click only, and brings all ticks anew
    page.wait_for_load_state("networkidle")
    expect(tick(page, "Public page")).to_be_checked(checked=not chosen)


def test_days_of_a_series_are_chosen_on_a_phone(visitor):
    page = visitor("phone").new_page()
    publishing.log_in_ready_to_post(page)
    page.goto("/posts/new")
    page.locator(".when label.chip", has_text="Again and again").tap()
    days = page.get_by_role("group", name="On").locator("label")
    expect(days).to_have_count(7)
    for day in days.all():
        expect(day).to_be_visible()
    days.filter(has_text="Thu").tap()
    expect(days.filter(has_text="Thu").get_by_role("checkbox")).to_be_checked()
