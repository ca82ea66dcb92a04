"""Planning in the calendar: a series across a change of the clocks, moved by mouse and by keys, seen on a phone."""

import re
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e import publishing

pytestmark = pytest.mark.browser
PARIS = ZoneInfo("Europe/Paris")


def change_of_clocks() -> datetime:
    """Midnight, by the wall, of the next day on which Paris changes its clocks, three weeks from now or later."""
    day = datetime.now(PARIS).date() + timedelta(days=21)
    while True:
        midnight, next_one = (datetime.combine(day + timedelta(days=more), time(), PARIS) for more in (0, 1))
        if midnight.utcoffset() != next_one.utcoffset():
            return midnight.replace(tzinfo=None)
        day += timedelta(days=1)


def entry(page: Page, name: str, day: datetime) -> Locator:
    """The entry of a post on one day of the calendar."""
    return page.locator(f"[data-day='{day:%Y-%m-%d}'] [data-entry]").filter(has_text=name)


def test_series_across_a_change_of_clocks_is_planned_and_moved(page, visitor):
    publishing.log_in_ready_to_post(page)
    name = f"Series {uuid4().hex[:6]}"
    sunday = change_of_clocks()
    monday = sunday - timedelta(days=13)  # four times before the change
    publishing.write_post(page, name)
    publishing.choose_time(page, "Again and again", monday.replace(hour=9, minute=30), "Europe/Paris")
    for day in ("Mon", "Thu"):
        page.locator("label.weekday", has_text=day).click()
    rows = page.locator("#post-times tbody tr")
    expect(rows).to_have_count(10)
    expect(page.locator("#post-times")).to_contain_text("Monday and Thursday")
    days = [monday + timedelta(days=7 * (number // 2) + 3 * (number % 2)) for number in range(10)]
    for number, day in enumerate(days):
        at = day.replace(hour=9, minute=30, tzinfo=PARIS)
        expect(rows.nth(number)).to_contain_text(f"{at:%a}, {at.day} {at:%b} {at.year}, 09:30")
        expect(rows.nth(number).locator("td").last).to_contain_text(f"{at.astimezone(UTC):%H:%M}")
    expect(rows.filter(has_text="The clocks change before this one")).to_have_count(1)
    expect(rows.nth(4)).to_contain_text("The clocks change before this one")
    page.get_by_role("button", name="Schedule").click()
    expect(page.locator("#post-line")).to_contain_text("Scheduled")

    month = f"/calendar?view=month&on={monday:%Y-%m-%d}"
    page.goto(month)
    first, second = days[0], days[1]
    to_tuesday, to_friday = first + timedelta(days=1), second + timedelta(days=1)
    box = page.locator(f"[data-day='{to_tuesday:%Y-%m-%d}']").bounding_box()
    entry(page, name, first).hover()
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=6)
    page.mouse.up()
    expect(entry(page, name, to_tuesday)).to_be_visible()
    expect(entry(page, name, first)).to_have_count(0)

    said = page.locator("#calendar-live")
    entry(page, name, second).get_by_role("link").focus()
    page.keyboard.press("Space")
    expect(said).to_contain_text("picked up")
    page.keyboard.press("ArrowRight")
    expect(said).to_have_text(re.compile("^Friday"))
    page.keyboard.press("Enter")
    expect(said).to_have_text(re.compile(rf"{name} moved to Friday,? {to_friday.day} "))
    page.reload()
    for day, count in ((first, 0), (to_tuesday, 1), (second, 0), (to_friday, 1), (days[2], 1)):
        expect(entry(page, name, day)).to_have_count(count)

    phone = visitor("phone")
    phone.add_cookies(page.context.cookies())
    small = phone.new_page()
    small.goto(month)
    lefts = {round(entry(small, name, day).bounding_box()["x"]) for day in (to_tuesday, to_friday, days[2])}
    assert len(lefts) == 1  # one day below the other
    expect(small.locator(".day--empty").first).to_be_hidden()
    entry(small, name, to_tuesday).tap()
    expect(small.get_by_role("dialog").get_by_role("heading", name=name)).to_be_visible()
    assert small.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    small.goto("/calendar?view=week")
    expect(small.locator("thead .day--today")).to_be_in_viewport()
