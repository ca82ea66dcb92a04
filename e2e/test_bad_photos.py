"""Photos that will not do: each gets its own sentence at that photo, and the others are kept."""

import shutil

import pytest
from playwright.sync_api import expect

from e2e import journey
from e2e.bad_files import write_bad_files, write_poor_photos, write_variants

pytestmark = pytest.mark.browser
SENTENCES = {
    "corrupt": "damaged",
    "empty": "empty",
    "renamed": "not a photo we can read",
    "animated": "animated",
    "hundred megapixels": "100 megapixels",
    "bomb": "megapixels",
    "drawing": "not photos",
}


@pytest.fixture
def photo_step(page, new_email):
    """The photo step of a new persona, with the consent declared."""
    journey.sign_up(page, new_email())
    journey.start_persona(page, "Rosa")
    journey.declare_own_face(page)
    return page


def test_each_bad_file_gets_its_sentence_and_good_ones_are_kept(photo_step, good_photos, tmp_path):
    page = photo_step
    bad = write_bad_files(tmp_path, good_photos[0])
    odd_name = tmp_path / "really_a_jpeg.png"
    shutil.copy(good_photos[1], odd_name)

    page.get_by_label("Photos to add").set_input_files([good_photos[0], *bad.values(), odd_name])

    for way, path in bad.items():
        card = journey.refusal(page, path.name)
        expect(card).to_contain_text("Not used")
        expect(card.get_by_role("alert")).to_contain_text(SENTENCES[way])
    expect(journey.taken_photos(page)).to_have_count(2)
    expect(page.get_by_text("Add 3 more photos: 5 are needed.")).to_be_visible()


def test_same_photo_twice_is_said_once_taken(photo_step, good_photos):
    page = photo_step
    journey.give_photos(page, good_photos[:1])
    page.get_by_label("Photos to add").set_input_files(good_photos[0])

    expect(journey.refusal(page, good_photos[0].name).get_by_role("alert")).to_contain_text("same photo")
    expect(journey.taken_photos(page)).to_have_count(1)


def test_four_photos_are_not_enough(photo_step, good_photos):
    page = photo_step
    journey.give_photos(page, good_photos[:4])

    expect(page.get_by_text("Add 1 more photo: 5 are needed.")).to_be_visible()
    expect(page.get_by_role("button", name="Analyse and make five portraits")).to_be_disabled()


def test_twenty_first_photo_is_named_and_left_out(photo_step, good_photos, tmp_path):
    page = photo_step
    photos = write_variants(tmp_path, good_photos[0], 21)
    page.get_by_label("Photos to add").set_input_files(photos)

    expect(page.get_by_role("alert").filter(has_text=f"Left out: {photos[-1].name}")).to_be_visible()
    expect(journey.taken_photos(page)).to_have_count(20, timeout=journey.ANALYSIS_MS)


def test_poor_photos_are_judged_one_by_one(photo_step, good_photos, tmp_path):
    page = photo_step
    poor = write_poor_photos(tmp_path, good_photos[0])
    dark, blurred = (good_photos[0].parent / name for name in ("09_dark.jpg", "10_blurred.jpg"))
    journey.give_photos(page, [*good_photos[:5], *poor.values(), dark, blurred])
    page.get_by_role("button", name="Analyse only").click()

    expect(page.get_by_text("All photos have been looked at.")).to_be_visible(timeout=journey.ANALYSIS_MS)
    for photo in good_photos[:5]:
        expect(card_of(page, photo.name)).to_have_attribute("data-verdict", "accepted")
    said = set()
    for path in [*poor.values(), dark, blurred]:
        card = card_of(page, path.name)
        expect(card).to_have_attribute("data-verdict", "rejected")
        said.add(card.locator(".photo__message").inner_text())
    assert len(said) == 5
    assert all(sentence.endswith(".") for sentence in said)


def card_of(page, name):
    return page.locator("#photo-set [data-photo-card]").filter(has=page.get_by_role("heading", name=name, exact=True))
