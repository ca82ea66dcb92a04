"""What a new user waits for: a scripted browser from sign-up to five portraits, with 12-megapixel photos."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.pictures import write_large_photos
from benchmarks.table import Row
from e2e import journey
from e2e.browser import find_chromium
from e2e.product import Product


def measure() -> list[Row]:
    """Start the product, go the whole way once, and read what its processes needed at most."""
    with tempfile.TemporaryDirectory() as folder:
        photos = [path for path in write_large_photos(Path(folder) / "large") if path.name < "09"]
        product = Product(Path(folder) / "var", "--no-demo").wait_until_it_runs()
        try:
            with browser_page(product.url) as page:
                rows = go(page, photos)
            worker = max(peak_megabytes(process.pid) for process in product.workers("gpu"))
            everything = sum(peak_megabytes(process.pid) for process in product.family())
        finally:
            product.stop()
    rows.append(Row("Memory of the gpu worker at its highest", worker, "MB", "< 1000 MB"))
    rows.append(Row("Memory of all processes at their highest", everything, "MB"))
    return rows


@contextmanager
def browser_page(url: str) -> Iterator[Page]:
    """A page of a desktop browser."""
    chromium = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        context = browser.new_context(base_url=url, viewport={"width": 1440, "height": 900})
        yield context.new_page()
        browser.close()


def go(page: Page, photos: list[Path]) -> list[Row]:
    """The whole way, with the time that each wait takes."""
    marks = [("start", time.monotonic())]

    def mark(name: str) -> None:
        marks.append((name, time.monotonic()))

    journey.sign_up(page, "bench@example.com")
    journey.start_persona(page, "Ada")
    journey.declare_own_face(page)
    mark("Sign-up, name and consent")
    journey.give_photos(page, photos)
    mark("Eight 12-megapixel photos sent and taken")
    journey.ask_for_portraits(page)
    expect(page.get_by_role("heading", name="Looking at the photos")).to_have_count(0, timeout=journey.ANALYSIS_MS)
    mark("Analysis, as the page shows it")
    expect(journey.portraits(page).first).to_be_visible(timeout=journey.PORTRAITS_MS)
    mark("First portrait after the analysis")
    journey.wait_for_five(page)
    mark("The other four")
    steps = [
        Row(f"Browser: {name}", now - before, target="<= 3 s" if name.startswith("First") else "")
        for (_, before), (name, now) in zip(marks, marks[1:], strict=False)
    ]
    return [*steps, Row("Browser: sign-up to five portraits", marks[-1][1] - marks[0][1], target="< 60 s")]


def peak_megabytes(pid: int) -> int:
    """The most memory that a process ever had in use, as the kernel counted it."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return round(int(line.split()[1]) / 1024)
    raise ValueError(f"process {pid} has ended")
