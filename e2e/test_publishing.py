"""From a picture to what the public sees: connect, compose, approve, publish once, and settle what was left open."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from e2e import publishing

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def platforms(product) -> publishing.Platforms:
    return publishing.Platforms(product)


@pytest.fixture
def caption() -> str:
    """Words that no other post has."""
    return f"Slow morning in Lisbon ({uuid4().hex[:6]})"


def test_post_goes_out_once_on_each_channel_and_the_public_sees_it(page, visitor, platforms, caption):
    publishing.log_in_ready_to_post(page)
    publishing.open_public_page(page)
    publishing.write_post(page, caption, channels=("Instagram", "Public page"))
    preview = page.get_by_role("region", name="How it will look")
    on_instagram = preview.get_by_role("article", name=re.compile("Instagram"))
    expect(on_instagram).to_contain_text(caption)
    expect(on_instagram.locator(".mock__label")).to_contain_text("AI info")
    page.locator("label", has_text="Now").click()
    page.get_by_role("button", name="Schedule").click()

    for channel in ("Instagram", "Public page"):  # the page follows by itself
        expect(publishing.outcome(page, channel)).to_contain_text("Published", timeout=publishing.PUBLISHED_MS)
    expect(publishing.outcome(page, "Instagram").get_by_role("link", name="See it there")).to_be_visible()
    expect(page.locator("#post-outs[hx-trigger]")).to_have_count(0)
    expect(page.get_by_role("link", name="Edit", exact=True)).to_have_count(0)
    (post,) = platforms.posts(caption)
    assert post["flags"]["is_ai_generated"] is True

    anybody = visitor().new_page()
    anybody.goto(f"/p/{publishing.SLUG}")
    anybody.get_by_role("link", name=caption).click()
    expect(anybody.get_by_text("Made with AI").first).to_be_visible()
    shown = anybody.get_by_role("img", name=publishing.ALT)
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def test_doubtful_answer_is_looked_up_instead_of_sent_again(page, platforms, caption):
    publishing.log_in_ready_to_post(page)
    publishing.write_post(page, caption)
    publishing.choose_time(page, "At a time", datetime.now(UTC), "UTC")  # the minute that has begun: it is due at once
    with platforms.misbehaving("instagram.publish", "error_after"):
        page.get_by_role("button", name="Schedule").click()
        publishing.outcome(page, "Instagram").get_by_role("link").last.click()
        expect(page.locator(".publication-line")).to_contain_text("Checking", timeout=publishing.PUBLISHED_MS)
        expect(page.locator(".publication-line")).to_contain_text("Published", timeout=publishing.PUBLISHED_MS)
    assert len(platforms.posts(caption)) == 1


@pytest.fixture
def with_approval(page) -> Page:
    """Logged in, where a manager and then the client have to approve."""
    publishing.log_in_ready_to_post(page)
    choose_approval(page, "A manager, then the client")
    yield page
    choose_approval(page, "Nobody has to approve")


def choose_approval(page: Page, who: str) -> None:
    page.goto("/posts/settings")
    page.get_by_label(who).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label(who)).to_be_checked()


def test_client_approves_by_link_without_an_account(with_approval, visitor, guard, caption):
    page = with_approval
    publishing.write_post(page, caption)
    publishing.choose_time(page, "At a time", datetime.now(UTC) + timedelta(days=30), "UTC")
    page.get_by_role("button", name="Send to review").click()
    expect(page.locator("#post-line")).to_contain_text("In review")

    page.goto("/reviews")
    page.get_by_label("Client's name").fill("Nora")
    page.get_by_label(caption).check()
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("Link for the client").inner_text()

    client = visitor("phone").new_page()
    client.goto(link)
    post = client.get_by_role("article").filter(has=client.get_by_role("button", name="Approve"))
    expect(post).to_contain_text(caption)
    post.get_by_label("Your name").fill("Nora Silva")
    post.get_by_role("button", name="Approve").click()
    expect(post).to_contain_text("Approved")
    guard.allow(404)
    client.goto(link[:-4] + "AAAA")
    expect(client.get_by_role("heading", name="This link does not work")).to_be_visible()
    expect(client.get_by_text(caption)).to_have_count(0)

    page.get_by_role("link", name=caption).click()
    expect(page.get_by_text("Nora Silva").first).to_be_visible()
    page.get_by_role("button", name="Approve and schedule").click()
    expect(page.locator("#post-line")).to_contain_text("Scheduled")
