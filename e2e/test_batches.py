"""A batch in the browser: choose, look it over, start, pause, go on, and find every picture."""

from re import compile

import pytest
from playwright.sync_api import Page, expect

from e2e import journey

pytestmark = pytest.mark.browser
BATCH_MS = 150_000


def choose(page: Page, *chips: str) -> None:
    """Check chips by their words."""
    for chip in chips:
        page.locator("label.chip", has_text=compile(f"^\\s*{chip}\\s*$")).click()


def test_a_batch_is_planned_paused_and_finished(visitor):
    page = visitor("phone").new_page()
    journey.log_in_to_demo(page)
    page.goto("/batches/new/")
    choose(page, journey.DEMO_NAME, "Headshot", "Yacht")
    page.get_by_label("Versions of each").fill("2")
    page.get_by_label("Pictures of each version").fill("1")
    page.get_by_label("Name").fill("A quiet week")
    page.get_by_role("button", name="Look it over").click()
    expect(page).to_have_url(compile(r"/batches/\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("A quiet week")
    expect(page.locator(".stat", has_text="Pictures")).to_contain_text("4")
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".batch-cell img")).to_have_count(4, timeout=BATCH_MS)
    expect(page.locator("#batch-state[hx-trigger]")).to_have_count(0, timeout=BATCH_MS)
    expect(page.locator(".page-header .badge")).to_have_text("Done")


def test_a_file_with_faults_names_each_of_them(visitor, guard):
    guard.allow(422)
    page = visitor().new_page()
    journey.log_in_to_demo(page)
    page.goto("/batches/new/?way=file")
    rows = b"persona,look,count\nNobody,travel,1\n" + journey.DEMO_NAME.encode() + b",the moon,1\n"
    page.get_by_label("CSV file").set_input_files({"name": "may.csv", "mimeType": "text/csv", "buffer": rows})
    page.get_by_role("button", name="Look it over").click()
    expect(page.locator(".field__error")).to_have_count(2)
    expect(page.locator("#new-batch")).to_contain_text("Line 2")
    expect(page.locator("#new-batch")).to_contain_text("Line 3")
