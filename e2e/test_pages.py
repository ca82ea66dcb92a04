"""Every page, on a desktop in light and on a phone in the dark: nothing broken, all labelled."""

import pytest
from playwright.sync_api import Page, expect

from e2e import journey

pytestmark = pytest.mark.browser
PUBLIC = ["/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"]
OWN = [
    "/dashboard",
    "/personas/",
    "/personas/new/",
    "/personas/new/?way=description",
    "/gallery/",
    "/gallery/?show=results&q=nothing",
    "/gallery/boards/",
    "/jobs/",
    "/credits/",
    "/profile/",
    "/profile/keys/",
    "/calendar",
    "/calendar?view=week",
    "/calendar?view=list",
    "/calendar/slots",
    "/calendar/import",
    "/posts",
    "/posts/new",
    "/posts/settings",
    "/reviews",
    "/channels/",
    "/insights/",
    "/notices/",
    "/reliability",
]
OF_PERSONA = ["", "photos/", "settings/", "consent/", "activity/", "portraits/professional_headshot/"]
UNLABELLED = """() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea, button, a[href]")]
    .filter(e => e.checkVisibility() && !(e.labels?.length || e.ariaLabel || e.title || e.innerText?.trim()
        || e.querySelector("img[alt]:not([alt='']), svg[aria-label], .visually-hidden")))
    .map(e => e.outerHTML.slice(0, 200))"""
STICKING_OUT = """() => [...document.querySelectorAll("body *")]
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1
        && !e.closest(".visually-hidden"))
    .map(e => e.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize(("screen", "theme"), [("desktop", "light"), ("phone", "dark")])
def test_every_page_is_whole(visitor, screen, theme):
    page = visitor(screen, dark=theme == "dark").new_page()
    for address in PUBLIC:
        look_at(page, address)
    journey.log_in_to_demo(page)
    for address in OWN:
        look_at(page, address)
    journey.open_demo_persona(page)
    persona = page.url
    for address in OF_PERSONA:
        look_at(page, persona + address)


def look_at(page: Page, address: str) -> None:
    """Open a page and check what holds for every page."""
    answer = page.goto(address)
    assert answer.status == 200, address
    assert page.locator("h1").count() == 1, address
    assert page.locator("main").count() == 1, address
    assert page.title().endswith("Inflio"), address
    assert page.locator("img:not([alt])").count() == 0, address
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (
        address,
        page.evaluate(STICKING_OUT),
    )
    assert page.evaluate(UNLABELLED) == [], address
    assert (
        "script-src" in answer.headers["content-security-policy"]
        or "default-src 'self'" in answer.headers["content-security-policy"]
    )


def test_phone_leads_wherever_the_desktop_does(visitor):
    page = visitor("phone").new_page()
    journey.log_in_to_demo(page)
    page.get_by_text("More", exact=True).tap()
    wanted = page.locator(".sidebar .nav-link").evaluate_all("links => links.map(link => link.pathname)")
    shown = page.locator(".tabbar a").filter(visible=True).evaluate_all("links => links.map(link => link.pathname)")
    assert sorted(shown) == sorted(wanted)
    page.get_by_role("link", name="Posts").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Posts")
    page.get_by_text("More", exact=True).tap()
    expect(page.get_by_role("link", name="Posts")).to_have_attribute("aria-current", "page")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Posts")).to_be_hidden()


def test_theme_follows_the_system_and_a_choice_stays(visitor):
    page = visitor(dark=True).new_page()
    page.goto("/")
    assert settles_at(page, bright=False)
    page.get_by_role("button", name="Switch between light and dark").first.click()
    assert settles_at(page, bright=True)
    page.reload()
    assert settles_at(page, bright=True)


def settles_at(page: Page, *, bright: bool) -> bool:
    """Whether the page's ground gets bright or dark within some seconds; colours change in a short transition."""
    for _ in range(50):
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        channels = [float(part) for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
        share = sum(channels) / 3 / 255
        if share > 0.8 if bright else share < 0.2:
            return True
        page.wait_for_timeout(100)
    return False
