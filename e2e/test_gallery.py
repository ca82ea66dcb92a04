"""The gallery in a browser: find, select, tag, put on a board, delete, export; on a desk and on a phone."""

import io
import re
import subprocess
import sys
import zipfile
from os import environ

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from e2e import journey
from e2e.product import ROOT

pytestmark = pytest.mark.browser
COUNT = 60  # more than one page
SEED = """
from content.tests.gallery_makers import finished_item, plain_persona
from inflio.accounts.models import User
user = User.objects.get(email={email!r})
ada = plain_persona(user.workspaces.get(), user)
looks = ("lifestyle.travel", "luxury.villa")
for number in range({count}):
    finished_item(ada, number=number, look=looks[number % 2], prompt=f"picture {{number}}" + " zebra" * (number == 7))
finished_item(ada, number=900, saved=False, prompt="not saved")
"""


@pytest.fixture
def filled(product, page, new_email) -> Page:
    """A new user's gallery with COUNT saved items of one persona and one result, made through the services."""
    email = new_email()
    journey.sign_up(page, email)
    code = SEED.format(email=email, count=COUNT)
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", code]
    subprocess.run(command, cwd=ROOT, env=environ | {"INFLIO_VAR": str(product.var)}, check=True, timeout=60)
    page.goto("/gallery/")
    return page


def shots(page: Page):
    return page.locator("[data-shot]")


def test_find_select_and_export(filled):
    page = filled
    expect(shots(page)).to_have_count(48)
    shots(page).last.scroll_into_view_if_needed()
    expect(shots(page)).to_have_count(COUNT)

    page.get_by_label("Search in prompts").fill("zeb")
    expect(shots(page)).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/gallery/\?q=zeb$"))
    page.reload()
    expect(shots(page)).to_have_count(1)
    page.get_by_label("Search in prompts").fill("")
    expect(shots(page)).to_have_count(48)
    page.get_by_label("Category").select_option("luxury.villa")
    expect(shots(page)).to_have_count(COUNT // 2)
    expect(page).to_have_url(re.compile(r"\?look=luxury\.villa$"))

    pick = page.locator(".shot__pick")
    expect(page.locator("[data-bulk]")).to_be_hidden()
    pick.nth(1).check()
    pick.nth(4).click(modifiers=["Shift"])
    expect(page.get_by_text("4 selected")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-bulk]")).to_be_hidden()
    pick.nth(0).check()
    shots(page).nth(1).locator("a").click()  # while selecting, a picture is ticked instead of opened
    expect(page.get_by_text("2 selected")).to_be_visible()

    page.get_by_role("button", name="Export").click()
    expect(page.get_by_role("heading", name="Export 2 pictures")).to_be_visible()
    page.get_by_label("For").select_option("ig_feed_square")
    expect(page.get_by_text("1080 × 1080 pixels")).to_be_visible()
    page.get_by_label("A text file with each picture").check()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download a zip").click()
    with zipfile.ZipFile(waiting.value.path()) as archive:
        pictures = [name for name in archive.namelist() if name.endswith(".jpg")]
        assert len(pictures) == 2
        assert len(archive.namelist()) == 4
        assert {Image.open(io.BytesIO(archive.read(name))).size for name in pictures} == {(1080, 1080)}


def test_keep_order_among_many(filled):
    page = filled
    first, second = shots(page).nth(0), shots(page).nth(1)
    first.hover()
    first.get_by_role("button", name="Favourite").click()
    expect(first.get_by_role("button", name="Favourite")).to_have_attribute("aria-pressed", "true")

    first.locator(".shot__pick").check()
    second.locator(".shot__pick").check()
    page.get_by_role("button", name="Tag", exact=True).click()
    page.get_by_label("Tags").fill("summer, sea")
    page.get_by_role("button", name="Add tags").click()
    expect(page.get_by_text("2 pictures tagged: summer, sea.")).to_be_visible()

    first.locator(".shot__pick").check()
    page.get_by_role("button", name="Board", exact=True).click()
    page.get_by_label("Name of a new board").fill("Week 1")
    page.get_by_role("button", name="Put there").click()
    expect(page.get_by_text("1 picture put on Week 1.")).to_be_visible()
    page.goto("/gallery/boards/")
    page.get_by_role("link", name="Week 1").click()
    expect(shots(page)).to_have_count(1)

    page.goto("/gallery/?look=lifestyle")
    expect(shots(page)).to_have_count(COUNT // 2)
    page.goto("/gallery/")
    shots(page).first.locator(".shot__pick").check()
    page.get_by_role("button", name="All that match").click()
    expect(page.get_by_text(f"{COUNT} selected")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text(f"Delete {COUNT} pictures with their files?")).to_be_visible()
    page.get_by_role("button", name="Keep as it is").click()
    page.get_by_role("button", name="Clear the selection").click()
    shots(page).first.locator(".shot__pick").check()
    page.get_by_role("button", name="Delete").click()
    page.locator("[data-confirm-yes]").click()
    expect(page.get_by_text("1 picture deleted.")).to_be_visible()
    expect(shots(page)).to_have_count(47)


def test_phone_selects_by_a_long_press_and_saves_a_result(filled, visitor):
    desk = filled
    phone = visitor("phone")
    phone.add_cookies(desk.context.cookies())
    page = phone.new_page()
    page.goto("/gallery/?show=results")
    shot = shots(page).first
    box = shot.bounding_box()
    touch = page.context.new_cdp_session(page)
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    expect(page.get_by_text("1 selected")).to_be_visible()
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.get_by_text("1 selected")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="No results wait here")).to_be_visible()
    page.goto("/gallery/")
    shots(page).first.locator("a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Travel")
    expect(page.get_by_role("link", name="Older picture")).to_be_visible()
