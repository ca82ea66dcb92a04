"""Being in control while portraits are made: another variation, cancel, double clicks, a killed worker, strangers."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from e2e import journey

pytestmark = pytest.mark.browser
TITLE = "Professional headshot"


@pytest.fixture
def persona(page):
    """The page of the demo's persona with its five portraits."""
    journey.log_in_to_demo(page)
    journey.open_demo_persona(page)
    return page


def credits_left(page) -> int:
    """What the credit page says, from a tab of its own."""
    tab = page.context.new_page()
    tab.goto("/credits/")
    left = int(tab.locator(".stat").filter(has_text="Available").locator(".stat__value").inner_text())
    tab.close()
    return left


def pictures(page) -> dict[str, str]:
    """The address of each portrait's picture by its title."""
    places = journey.portraits(page)
    return places.evaluate_all("images => Object.fromEntries(images.map(i => [i.alt, new URL(i.src).pathname]))")


def test_another_variation_changes_one_portrait_and_costs_one_credit(persona):
    before, had = pictures(persona), credits_left(persona)
    place = journey.portrait(persona, TITLE)
    place.get_by_label(f"Actions for {TITLE}").click()
    place.get_by_role("button", name="Another variation").click()

    expect(persona.locator("#portraits[hx-trigger]")).to_have_count(1)
    journey.wait_for_five(persona)

    after = pictures(persona)
    assert {title for title in after if after[title] != before[title]} == {TITLE}
    assert credits_left(persona) == had - 1


def test_double_click_on_generate_makes_each_portrait_once(page, new_email, good_photos):
    journey.sign_up(page, new_email())
    had = credits_left(page)
    journey.start_persona(page, "Olga")
    journey.declare_own_face(page)
    journey.give_photos(page, good_photos[:5])
    page.get_by_role("button", name="Analyse and make five portraits").dblclick()
    expect(page).to_have_url(re.compile(r"/personas/\d+/$"))
    journey.wait_for_five(page)

    page.goto("/jobs/")
    expect(page.locator("tbody tr")).to_have_count(6)
    assert credits_left(page) == had - 5


def test_cancelled_portrait_gives_its_credit_back_and_can_be_tried_again(persona):
    persona.get_by_role("button", name="Make all five again").click()
    last = journey.portrait(persona, "Environmental portrait")
    last.get_by_role("button", name="Cancel").click()
    expect(last.get_by_role("button", name="Try again")).to_be_visible(timeout=journey.PORTRAITS_MS)
    journey.wait_for_five(persona)
    had = credits_left(persona)

    last.get_by_role("button", name="Try again").click()
    expect(last.get_by_role("button", name="Try again")).to_be_hidden()
    journey.wait_for_five(persona)

    assert credits_left(persona) == had - 1


def test_killed_worker_delays_but_loses_nothing(page, new_email, good_photos, product):
    journey.sign_up(page, new_email())
    had = credits_left(page)
    journey.start_persona(page, "Irma")
    journey.declare_own_face(page)
    journey.give_photos(page, good_photos[:5])
    journey.ask_for_portraits(page)
    expect(journey.portraits(page).first).to_be_visible(timeout=journey.PORTRAITS_MS)

    for worker in product.workers("gpu"):
        worker.kill()

    journey.wait_for_five(page)
    assert credits_left(page) == had - 5


def test_download_is_a_picture_without_camera_data(persona):
    place = journey.portrait(persona, TITLE)
    place.get_by_label(f"Actions for {TITLE}").click()
    with persona.expect_download() as waiting:
        place.get_by_role("link", name="Download").click()

    with Image.open(io.BytesIO(waiting.value.path().read_bytes())) as picture:
        assert picture.format == "JPEG"
        assert picture.width >= 1024
        assert picture.height >= 1280
        assert not {0x8825, 0x0110}.intersection(picture.getexif())  # no location, no camera


def test_stranger_sees_nothing(persona, visitor, new_email, guard):
    own = [persona.url, f"{persona.url}photos/", f"{persona.url}portraits/professional_headshot/"]
    files = list(pictures(persona).values())
    stranger = visitor().new_page()
    journey.sign_up(stranger, new_email())

    guard.allow(404)
    for address in [*own, *files]:
        assert stranger.goto(address).status == 404
    nobody = visitor().new_page()
    for address in own:
        nobody.goto(address)
        expect(nobody).to_have_url(re.compile("/accounts/login/"))
    for address in files:
        answer = nobody.goto(address)
        assert answer.status == 404 or "/accounts/login/" in nobody.url
