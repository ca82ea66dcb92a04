"""The steps that users take, in their words: each finds what it uses by its label, as a person does."""

from pathlib import Path
from re import compile

from playwright.sync_api import Locator, Page, expect

from inflio.management.commands.seed_demo import DEMO_EMAIL, DEMO_PASSWORD
from inflio.management.commands.seed_demo import NAME as DEMO_NAME

PASSWORD = "a-long-quiet-evening"
ANALYSIS_MS = 90_000
PORTRAITS_MS = 180_000


def sign_up(page: Page, email: str) -> None:
    """Make an account on the sign-up page and arrive on the dashboard."""
    page.goto("/accounts/signup/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create my account").click()
    expect(page).to_have_url(compile(r"/dashboard$"))


def log_in_to_demo(page: Page) -> None:
    """Log in as the demo's owner, with what `make run` prints."""
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(DEMO_EMAIL)
    page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(compile(r"/dashboard$"))


def open_demo_persona(page: Page) -> None:
    """From anywhere to the finished persona of the demo."""
    page.goto("/personas/")
    page.get_by_role("main").get_by_role("link", name=DEMO_NAME).first.click()
    expect(portraits(page)).to_have_count(5)


def start_persona(page: Page, name: str) -> None:
    """Name a new persona; the photo step opens."""
    page.goto("/personas/new/")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Continue to the photos").click()
    expect(page.get_by_role("group", name="Whose face is it?")).to_be_visible()


def declare_own_face(page: Page) -> None:
    """Declare that the face is one's own."""
    page.get_by_label("It is my own face").check()
    page.get_by_label("I declare this").check()
    page.get_by_role("button", name="Declare consent").click()
    expect(page.get_by_role("group", name="Whose face is it?")).to_be_hidden()


def give_photos(page: Page, photos: list[Path]) -> None:
    """Choose files and wait until the server has taken them all."""
    before = taken_photos(page).count()
    page.get_by_label("Photos to add").set_input_files(photos)
    expect(taken_photos(page)).to_have_count(before + len(photos), timeout=ANALYSIS_MS)


def taken_photos(page: Page) -> Locator:
    """The cards of photos that the server has."""
    return page.locator("#photo-set [data-photo-key]")


def ask_for_portraits(page: Page) -> None:
    """Have the photos analysed and five portraits made; the persona's page opens."""
    page.get_by_role("button", name="Analyse and make five portraits").click()
    expect(page).to_have_url(compile(r"/personas/\d+/$"))


def portraits(page: Page) -> Locator:
    """The portraits on the page that have a picture."""
    return page.locator("#portraits .portrait__picture")


def wait_for_five(page: Page) -> None:
    """Wait until all five portraits are there and nothing is being made any more."""
    expect(portraits(page)).to_have_count(5, timeout=PORTRAITS_MS)
    expect(page.locator("#portraits[hx-trigger]")).to_have_count(0)


def make_persona(page: Page, name: str, photos: list[Path]) -> None:
    """From an account to a persona with five portraits."""
    start_persona(page, name)
    declare_own_face(page)
    give_photos(page, photos)
    ask_for_portraits(page)
    wait_for_five(page)


def portrait(page: Page, title: str) -> Locator:
    """The place of one of the five portraits."""
    return page.locator("#portraits li").filter(has=page.get_by_role("heading", name=title))


def refusal(page: Page, file: str) -> Locator:
    """The card of a file that was not taken."""
    return page.locator(".photo").filter(has=page.get_by_role("heading", name=file, exact=True))
