"""The calendar's pages: what they show, in how many queries, to whom; moving, and the times of a series."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content.tests.gallery_makers import plain_persona
from inflio.accounts.models import Level
from scheduling.models import Post, Publication
from scheduling.queries import calendar as queries
from scheduling.queries import times as time_queries
from scheduling.queries.calendar_filter import CalendarFilter
from scheduling.services.timing import times
from scheduling.tests import makers

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
State = Publication.State
HTMX = {"HX-Request": "true", "HX-Target": "calendar-body"}


@pytest.fixture
def persona(workspace, alice):
    alice.time_zone = "Europe/Paris"
    alice.save()
    return plain_persona(workspace, alice)


@pytest.fixture
def channel(persona):
    return makers.channel(persona)


@pytest.fixture
def soon() -> datetime:
    """A wall time in a month that is still to come."""
    return (datetime.now() + timedelta(days=40)).replace(day=10, hour=9, minute=30, second=0, microsecond=0)


@pytest.fixture
def post(persona, channel, soon) -> Post:
    row = makers.post(persona, channel, pictures=0, starts_local=soon)
    times.materialise(post=row)
    return row


@pytest.fixture
def series(persona, channel, soon) -> Post:
    row = makers.post(persona, channel, pictures=0, starts_local=soon, rrule="FREQ=DAILY;COUNT=5", title="Hello")
    times.materialise(post=row)
    return row


def shown(workspace, day: date, *, fit: int = 3, zone=PARIS, **chosen) -> list[queries.Day]:
    found = CalendarFilter(on=day, **chosen)
    first, last = found.span
    return queries.calendar_days(workspace, found, zone, first=first, last=last, fit=fit)


def titles(days) -> list[tuple]:
    return [(day.date, entry.post.title, entry.state) for day in days for entry in day.entries]


def iso(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def month_url(moment: datetime) -> str:
    return f"/calendar?on={moment:%Y-%m-%d}"


@pytest.mark.parametrize("view", ["month", "week", "list", "day"])
def test_a_post_is_seen_in_every_view(alice_client, post, soon, view):
    page = alice_client.get(f"{month_url(soon)}&view={view}").content.decode()
    assert page.count(f'data-post="{post.pk}"') == 1
    assert "09:30" in page


def test_an_empty_calendar_leads_to_a_first_post(alice_client, workspace):
    assert "Nothing is planned yet" in alice_client.get("/calendar").content.decode()
    nonsense = "/calendar?view=hours&on=2026-99-99&persona=x&state=9&channel=-1&format=%00"
    assert alice_client.get(nonsense).status_code == 200


def test_strangers_see_nothing_and_change_nothing(charlie_client, post, series, soon):
    assert f'data-post="{post.pk}"' not in charlie_client.get(month_url(soon)).content.decode()
    assert charlie_client.get(f"/calendar/entries/{post.pk}?at={iso(soon)}").status_code == 404
    to = {"at": iso(soon), "to": iso(soon + timedelta(days=1)), "caption": "x", "last_day": f"{soon:%Y-%m-%d}"}
    assert charlie_client.post(f"/calendar/entries/{post.pk}/move", to).status_code == 404
    assert charlie_client.get(f"/posts/{series.pk}/times").status_code == 404
    for verb in ("skip", "restore", "move", "caption", "split", "end"):
        assert charlie_client.post(f"/posts/{series.pk}/times/{verb}", to).status_code == 404
    assert not series.changes.exists()


def test_viewers_see_and_change_nothing(bob_client, bob, set_level, post, series, soon):
    set_level(bob, Level.VIEWER)
    page = bob_client.get(month_url(soon)).content.decode()
    assert f'data-post="{post.pk}"' in page
    assert "data-movable" not in page
    assert bob_client.get(f"/posts/{series.pk}/times").status_code == 200
    assert bob_client.post(f"/calendar/entries/{post.pk}/move", {"at": iso(soon), "to": iso(soon)}).status_code == 403
    for verb in ("skip", "restore", "move", "caption", "split", "end"):
        assert bob_client.post(f"/posts/{series.pk}/times/{verb}", {"at": iso(soon)}).status_code == 403


def test_days_are_the_viewers_days(workspace, persona, channel):
    late = makers.post(persona, channel, pictures=0, starts_local=datetime(2027, 1, 31, 22, 0), tzid="America/New_York")
    times.materialise(post=late)
    assert [one[0] for one in titles(shown(workspace, date(2027, 2, 1), view="day"))] == [date(2027, 2, 1)]
    there = shown(workspace, date(2027, 1, 31), view="day", zone=ZoneInfo("America/New_York"))
    assert [one[0] for one in titles(there)] == [date(2027, 1, 31)]


def test_days_on_which_the_clocks_change_are_marked(workspace):
    marked = {day.date: day.clock_change for day in shown(workspace, date(2027, 3, 1)) if day.clock_change}
    assert marked == {date(2027, 3, 28): "Clocks go forward 1 h"}
    assert queries.clock_change(date(2027, 10, 31), PARIS) == "Clocks go back 1 h"
    assert queries.clock_change(date(2027, 4, 4), ZoneInfo("Australia/Lord_Howe")) == "Clocks go back 30 min"


def test_drafts_and_times_beyond_the_plan_are_shown_too(workspace, persona, channel):
    makers.post(persona, channel, pictures=0, state="draft", title="Idea", starts_local=datetime(2027, 6, 8, 9))
    weekly = {"starts_local": datetime(2026, 12, 7, 9), "rrule": "FREQ=WEEKLY;BYDAY=TU"}
    post = makers.post(persona, channel, pictures=0, title="Weekly", **weekly)
    times.materialise(post=post, now=datetime(2026, 11, 21, tzinfo=UTC))
    post.changes.create(occurrence_local=datetime(2027, 6, 15, 9), skipped=True)
    post.changes.create(occurrence_local=datetime(2027, 6, 22, 9), moved_local=datetime(2027, 6, 24, 20))
    found = titles(shown(workspace, date(2027, 6, 1)))
    assert [(day.day, state) for day, title, state in found if title == "Weekly"] == [
        (1, "scheduled"),
        (8, "scheduled"),
        (24, "scheduled"),
        (29, "scheduled"),
    ]
    assert (date(2027, 6, 8), "Idea", "draft") in found
    both = shown(workspace, date(2027, 1, 1)) + shown(workspace, date(2027, 2, 1))
    days = {day for day, title, _ in titles(both) if title == "Weekly"}
    assert days == {date(2026, 12, 29) + timedelta(weeks=week) for week in range(9)}  # none twice, none missing


def test_of_several_channels_the_worst_state_is_shown(workspace, persona, channel, post, soon):
    makers.publication(
        post, makers.channel(persona, "tiktok"), state=State.PUBLISHED, due_at=post.publications.get().due_at
    )
    for state, word in ((State.PUBLISHED, "published"), (State.FAILED, "failed"), (State.SCHEDULED, "scheduled")):
        post.publications.filter(channel=channel).update(state=state)
        assert titles(shown(workspace, soon.date(), view="day"))[0][2] == word


def test_filters_combine(workspace, alice, persona, channel, post, series, soon):
    other = plain_persona(workspace, alice, name="Grace")
    makers.post(other, pictures=0, state="draft", format="story", title="Hers", starts_local=soon)
    cases = [
        ({"persona": other.pk}, {"Hers"}),
        ({"channel": channel.pk}, {"Morning walk", "Hello"}),
        ({"state": "draft"}, {"Hers"}),
        ({"state": "scheduled", "persona": persona.pk}, {"Morning walk", "Hello"}),
        ({"format": "story"}, {"Hers"}),
        ({"state": "published"}, set()),
        ({"persona": other.pk, "state": "scheduled"}, set()),
    ]
    for chosen, names in cases:
        assert {one[1] for one in titles(shown(workspace, soon.date(), **chosen))} == names


def test_cancelled_posts_are_hidden_unless_asked_for(workspace, post, soon):
    times.withdraw_publications(post=post, by=None)
    Post.objects.filter(pk=post.pk).update(state=Post.State.CANCELLED)
    assert titles(shown(workspace, soon.date())) == []
    assert titles(shown(workspace, soon.date(), state="cancelled"))[0][2] == "cancelled"
    Post.objects.filter(pk=post.pk).update(state=Post.State.DRAFT)
    assert titles(shown(workspace, soon.date()))[0][2] == "draft"


def test_a_full_day_shows_what_fits_and_counts_the_rest(alice_client, persona, channel, soon):
    for minute in range(6):
        row = makers.post(persona, channel, pictures=0, starts_local=soon.replace(minute=minute))
        times.materialise(post=row)
    row.publications.update(state=State.FAILED)
    page = alice_client.get(month_url(soon)).content.decode()
    assert page.count("data-entry") == 3
    assert "+3 more" in page
    assert "view=day" in page
    assert alice_client.get(f"{month_url(soon)}&view=day").content.decode().count("data-entry") == 6


@pytest.mark.parametrize("view", ["month", "week", "list"])
def test_the_number_of_queries_does_not_grow(alice_client, persona, channel, soon, view):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert alice_client.get(f"{month_url(soon)}&view={view}").status_code == 200
        return len(captured)

    def add(number: int) -> None:
        row = makers.post(persona, channel, pictures=0, starts_local=soon + timedelta(hours=number))
        times.materialise(post=row)
        makers.post(persona, channel, pictures=0, starts_local=soon, state="draft", rrule="FREQ=DAILY")

    add(0)
    alice_client.get(month_url(soon))
    one = count()
    add(1)
    add(2)
    assert count() == one


# Moving


def test_dropping_on_a_day_keeps_the_time_and_answers_with_the_calendar(alice_client, post, soon):
    to = (soon + timedelta(days=2)).strftime("%Y-%m-%d")
    data = {"at": iso(soon), "to": to, "here": f"on={soon:%Y-%m-%d}&state=scheduled"}
    answer = alice_client.post(f"/calendar/entries/{post.pk}/move", data, headers=HTMX)
    page = answer.content.decode()
    assert f'data-now="{to}T09:30"' in page
    assert "state=scheduled" in page
    assert "goes out on" in page
    post.refresh_from_db()
    assert post.starts_local == soon + timedelta(days=2)


def test_a_drop_is_by_the_viewers_clock_whatever_the_posts_zone(alice_client, persona, channel):
    at = datetime(2027, 2, 1, 9, 30)
    row = makers.post(persona, channel, pictures=0, starts_local=at, tzid="America/New_York")
    times.materialise(post=row)
    alice_client.post(f"/calendar/entries/{row.pk}/move", {"at": iso(at), "to": "2027-02-03T18:00"})
    row.refresh_from_db()
    assert row.starts_local == datetime(2027, 2, 3, 12, 0)
    assert row.publications.get().due_at == datetime(2027, 2, 3, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(("to", "lands"), [("02:30", "01:30"), ("02:45", "01:45"), ("03:30", "02:30")])
def test_an_entry_in_the_second_of_two_equal_hours_stays_in_it(alice_client, persona, channel, to, lands):
    """Paris has 02:30 twice on this day; the post is at the second, and its form shows 02:30."""
    row = makers.post(persona, channel, pictures=0, starts_local=datetime(2095, 10, 30, 1, 30), tzid="UTC")
    data = {"at": "2095-10-30T01:30", "to": f"2095-10-30T{to}"}
    assert alice_client.post(f"/calendar/entries/{row.pk}/move", data).status_code == 302
    row.refresh_from_db()
    assert iso(row.starts_local) == f"2095-10-30T{lands}"


def test_a_move_that_cannot_be_says_why_and_changes_nothing(alice_client, post, soon):
    url = f"/calendar/entries/{post.pk}/move"
    for to in ("2020-01-01", "9999-12-31T23:59", "0001-01-01T00:00", "soon", ""):
        answer = alice_client.post(url, {"at": iso(soon), "to": to}, headers=HTMX)
        assert answer["HX-Reswap"] == "none"
        assert "Choose" in answer.content.decode()
    assert alice_client.post(url, {"at": "x", "to": "2020-01-01"}).status_code == 302
    post.publications.update(state=State.PUBLISHED)
    data = {"at": iso(soon), "to": iso(soon + timedelta(days=1))}
    assert "Duplicate" in alice_client.post(url, data, headers=HTMX).content.decode()
    post.refresh_from_db()
    assert post.starts_local == soon


def test_a_quick_look_shows_both_zones_and_what_can_be_done(alice_client, persona, channel):
    at = datetime(2027, 2, 1, 9, 30)
    row = makers.post(persona, channel, pictures=0, starts_local=at, tzid="America/New_York", rrule="FREQ=DAILY")
    times.materialise(post=row)
    url = f"/calendar/entries/{row.pk}?at={iso(at)}"
    page = alice_client.get(url).content.decode()
    assert "15:30" in page
    assert "09:30 in America/New_York" in page
    for words in ("Skip this one", "Duplicate", "Cancel series", "Every day at 09:30"):
        assert words in page
    fragment = alice_client.get(url, headers={"HX-Request": "true", "HX-Target": "entry-preview"}).content.decode()
    assert "<dialog" in fragment
    assert "<html" not in fragment
    assert alice_client.get(f"/calendar/entries/{row.pk}?at=never").status_code == 404


# The next ten times, and the times of a series


def next_ten(client, **given):
    return client.get("/calendar/next-times", given)


def test_the_next_ten_times_in_local_time_and_utc_with_changes_of_the_clock(alice_client, persona):
    given = {"starts_local": "2027-03-24T02:30", "tzid": "Europe/Paris", "rrule": "FREQ=DAILY"}
    page = next_ten(alice_client, **given).content.decode()
    assert page.count("<tr>") == 11
    assert "Every day at 02:30" in page
    assert "Sun, 28 Mar 2027, 03:30" in page  # the clock leaves 02:30 out
    assert "leaves this time out" in page
    assert "from UTC+1:00 to UTC+2:00" in page
    assert "Sat, 27 Mar, 01:30" in page
    assert "Mon, 29 Mar, 00:30" in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"starts_local": "2027-03-24T02:30", "tzid": "Europe/Paris", "rrule": "FREQ=MINUTELY"}, "every hour at most"),
        ({"starts_local": "2027-03-24T02:30", "tzid": "Nowhere", "rrule": ""}, "no time zone"),
        ({"starts_local": "", "tzid": "UTC", "rrule": "FREQ=DAILY"}, "Choose a day and a time"),
        ({"starts_local": "2027-03-24T02:30Z", "tzid": "UTC", "rrule": ""}, "Choose a day and a time"),
    ],
)
def test_a_rule_that_cannot_be_is_a_sentence_with_422(alice_client, persona, given, words):
    answer = next_ten(alice_client, **given)
    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("rule", "words"),
    [("", "This time is over"), ("FREQ=DAILY;COUNT=3", "All of these times are over")],
)
def test_past_times_are_said_to_be_over(alice_client, persona, rule, words):
    page = next_ten(alice_client, starts_local="2020-01-01T09:00", tzid="UTC", rrule=rule).content.decode()
    assert words in page


def test_each_time_of_a_series_can_be_changed_from_its_page(alice_client, series, soon):
    url = f"/posts/{series.pk}/times"
    second, at = iso(soon + timedelta(days=1)), {"at": iso(soon + timedelta(days=1))}
    assert alice_client.get(url).content.decode().count('class="occurrence"') == 5
    for _ in range(2):
        alice_client.post(f"{url}/skip", at)
    assert "Left out" in alice_client.get(url).content.decode()
    alice_client.post(f"{url}/restore", at)
    alice_client.post(f"{url}/move", at | {"to": f"{second[:10]}T20:15"})
    alice_client.post(f"{url}/caption", at | {"caption": "Only today"})
    page = alice_client.get(url).content.decode()
    for words in ("20:15", "moved from", "Own caption", "Only today"):
        assert words in page
    alice_client.post(f"{url}/end", {"last_day": f"{soon + timedelta(days=2):%Y-%m-%d}"})
    assert series.publications.filter(state=State.SCHEDULED).count() == 3
    answer = alice_client.post(f"{url}/split", {"at": iso(soon + timedelta(days=2))})
    new = Post.objects.latest("pk")
    assert answer.url == f"/posts/{new.pk}/edit"
    assert Publication.objects.filter(state=State.SCHEDULED).count() == 3


@pytest.mark.parametrize("verb", ["skip", "restore", "move", "caption", "split", "end"])
def test_wrong_times_from_a_form_change_nothing(alice_client, series, verb):
    before = list(series.publications.values_list("pk", "due_at", "state"))
    for at in ("", "x", "2027-01-01T09:30:00Z", "1999-01-01T00:00"):
        data = {"at": at, "to": "", "last_day": "2000-13-01", "caption": "x"}
        assert alice_client.post(f"/posts/{series.pk}/times/{verb}", data).status_code == 302
    assert list(series.publications.values_list("pk", "due_at", "state")) == before


def test_a_skip_from_the_calendar_goes_back_there_and_nowhere_else(alice_client, series, soon):
    data = {"at": iso(soon), "here": f"on={soon:%Y-%m-%d}&next=//evil.example&view=week"}
    answer = alice_client.post(f"/posts/{series.pk}/times/skip", data)
    assert answer.url == f"/calendar?on={soon:%Y-%m-%d}&view=week"


def test_the_page_of_times_has_a_fixed_number_of_queries(series, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert len(time_queries.occurrences_of(series, now=timezone.now())) == 5
