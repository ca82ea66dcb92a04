"""The main job in a real browser: photos in, five portraits out, on a desk and on a phone."""

import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from e2e import journey
from e2e.product import ROOT

pytestmark = pytest.mark.browser
SCENARIOS = [
    "Professional headshot",
    "Casual and friendly",
    "Dynamic action",
    "Thoughtful close-up",
    "Environmental portrait",
]


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_five_portraits_appear_from_photos(visitor, new_email, good_photos, screen):
    page = visitor(screen).new_page()
    page.goto("/")
    page.get_by_role("link", name="Start free").first.click()
    expect(page).to_have_url(re.compile("/accounts/signup/$"))
    journey.sign_up(page, new_email())
    journey.start_persona(page, "Ada")
    journey.declare_own_face(page)
    journey.give_photos(page, good_photos)
    journey.ask_for_portraits(page)

    # One by one: the first is on the screen while others are still being made.
    expect(journey.portraits(page).first).to_be_visible(timeout=journey.PORTRAITS_MS)
    assert journey.portraits(page).count() < 5
    second_tab = page.context.new_page()
    second_tab.goto(page.url)
    journey.wait_for_five(second_tab)
    journey.wait_for_five(page)

    for title in SCENARIOS:
        place = journey.portrait(page, title)
        assert float(place.locator(".portrait__score").inner_text().split()[-1]) >= 0.85
    loaded = "images => images.every(image => image.complete && image.naturalWidth > 0)"
    page.wait_for_function(f"() => ({loaded})([...document.querySelectorAll('#portraits .portrait__picture')])")
    shown = page.locator("#portraits").inner_text()

    assert second_tab.locator("#portraits").inner_text() == shown
    page.reload()
    assert page.locator("#portraits").inner_text() == shown

    second_tab.goto("/personas/")
    expect(second_tab.get_by_role("link", name="Ada")).to_be_visible()
    assert second_tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_demo_that_is_there_is_left_alone(product):
    made = {path: path.stat().st_mtime_ns for path in product.var.rglob("*.jpg")}
    command = [sys.executable, "manage.py", "seed_demo"]
    env = os.environ | {"INFLIO_VAR": str(product.var)}
    again = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=True)
    assert (again.stdout, again.stderr) == ("", "")
    assert len(made) > 5
    assert made.items() <= {path: path.stat().st_mtime_ns for path in product.var.rglob("*.jpg")}.items()


def test_photos_can_be_taken_with_the_camera(page, new_email):
    journey.sign_up(page, new_email())
    journey.start_persona(page, "Mae")
    journey.declare_own_face(page)
    page.get_by_role("button", name="Use the camera").click()
    page.get_by_role("button", name="Turn the camera on").click()
    video = page.get_by_label("Camera preview, mirrored")
    expect(video).to_be_visible()
    assert video.evaluate("video => getComputedStyle(video).transform").startswith("matrix(-1")

    take = page.get_by_role("button", name="Take photo")
    for taken in range(1, 6):
        take.click()
        expect(journey.taken_photos(page)).to_have_count(taken)
        page.wait_for_timeout(700)  # the film shows another picture
    page.keyboard.press("Escape")
    expect(video).to_be_hidden()
    assert page.evaluate("document.querySelector('[data-webcam-video]').srcObject === null")

    journey.ask_for_portraits(page)
    journey.wait_for_five(page)


def test_whole_way_by_keyboard_alone(page, new_email, good_photos):
    # Listening from the start: `expect_file_chooser` asks Chromium for its chooser without waiting until it has it.
    page.on("filechooser", lambda chooser: None)
    journey.sign_up(page, new_email())
    page.goto("/personas/new/")
    press_until(page, page.get_by_label("Name"))
    page.keyboard.type("Hedy")
    page.keyboard.press("Enter")
    press_until(page, page.get_by_label("It is my own face"))
    page.keyboard.press("Space")
    press_until(page, page.get_by_label("I declare this"))
    page.keyboard.press("Space")
    press_until(page, page.get_by_role("button", name="Declare consent"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Whose face is it?")).to_be_hidden()
    press_until(page, page.get_by_label("Photos to add"))
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(good_photos[:5])
    expect(journey.taken_photos(page)).to_have_count(5)
    press_until(page, page.get_by_role("button", name="Analyse and make five portraits"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Five portraits follow by themselves.")).to_be_visible()


def press_until(page, wanted) -> None:
    """Press Tab until an element has the focus, and shows that it has."""
    expect(wanted).to_be_visible()
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            assert wanted.evaluate("element => element.matches(':focus-visible')")
            return
    raise AssertionError(f"the Tab key never reaches {wanted}")


def test_description_alone_gives_drawings_and_says_so(page, new_email):
    journey.sign_up(page, new_email())
    page.goto("/personas/new/")
    page.get_by_role("link", name="From a description").click()
    page.get_by_label("Name").fill("Lin")
    page.get_by_label("Description").fill("Short black hair, round glasses, a warm smile, yoga teacher in Lisbon.")
    expect(page.get_by_text("A photoreal one needs photos of a face")).to_be_visible()
    page.get_by_role("button", name="Create and draw five pictures").click()

    journey.wait_for_five(page)

    expect(page.get_by_text("Illustrated").first).to_be_visible()
    expect(page.locator(".portrait__score")).to_have_count(0)
