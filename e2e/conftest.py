"""Fixtures of the browser tests: the running product, Chromium with a fake camera, and pages under guard."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from e2e.browser import NOT_TO_BE_HAD, find_chromium
from e2e.camera import write_film
from e2e.guard import Guard
from e2e.product import ROOT, Product

PHOTOS = ROOT / "demo" / "photos"
FAILURES = ROOT / "var" / "e2e"
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
SCREENS = {"desktop": DESKTOP, "phone": PHONE}
FAKE_CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]

expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def product(tmp_path_factory) -> Iterator[Product]:
    # A short lease: a killed worker's job is taken up again in seconds instead of a minute. A short grace: a post whose
    # publishing ended in doubt is looked for within seconds, but not before a page that asks every 3 s has shown it.
    settings = {"INFLIO_LEASE_SECONDS": "8", "INFLIO_PUBLISH_GRACE_SECONDS": "5"}
    running = Product(tmp_path_factory.mktemp("product"), **settings)
    try:
        yield running.wait_until_it_runs()
    finally:
        running.stop()


@pytest.fixture(scope="session")
def good_photos() -> list[Path]:
    return sorted(PHOTOS.glob("0[1-8]_*.jpg"))


@pytest.fixture(scope="session")
def chromium(tmp_path_factory, good_photos) -> Iterator[Browser]:
    path = find_chromium()
    assert path, NOT_TO_BE_HAD
    film = tmp_path_factory.mktemp("camera") / "face.mjpeg"
    write_film(good_photos, film)
    arguments = [*FAKE_CAMERA, f"--use-file-for-fake-video-capture={film}"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.failed = report.failed
    return report


@pytest.fixture
def guard() -> Iterator[Guard]:
    watching = Guard()
    yield watching
    assert watching.problems == []


@pytest.fixture
def visitor(request, product, chromium, guard) -> Iterator[Callable[..., BrowserContext]]:
    """Make a new visitor, with cookies of their own: `visitor("phone", dark=True)`."""
    contexts: list[BrowserContext] = []

    def come(screen: str = "desktop", *, dark: bool = False) -> BrowserContext:
        scheme = "dark" if dark else "light"
        options = SCREENS[screen] | {"base_url": product.url, "color_scheme": scheme, "permissions": ["camera"]}
        context = chromium.new_context(**options, reduced_motion="reduce")
        context.set_default_timeout(30_000)
        context.on("page", guard.watch)
        contexts.append(context)
        return context

    yield come
    for number, page in enumerate(page for context in contexts for page in context.pages):
        if getattr(request.node, "failed", False):
            FAILURES.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=FAILURES / f"{request.node.name}-{number}.png", full_page=True)
    for context in contexts:
        context.close()


@pytest.fixture
def page(visitor) -> Page:
    """A page on a desktop screen."""
    return visitor().new_page()


@pytest.fixture(scope="session")
def new_email() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"creator{next(numbers)}@example.com"
