"""Holes of time, recurrence, slots and bulk that other schedulers had, each closed here; see their issue numbers."""

from datetime import UTC, datetime, time, timedelta

import pytest

from content.tests.gallery_makers import plain_persona
from scheduling.models import Post, Publication
from scheduling.recurrence import check_rule, moments
from scheduling.services.composing.planning import schedule_in_slot
from scheduling.services.timing import occurrences, series, slots, times
from scheduling.services.timing.imports import import_posts
from scheduling.tests import makers

pytestmark = pytest.mark.django_db
State = Publication.State
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
WINDOW = {"after": datetime(2026, 1, 1, tzinfo=UTC), "until": datetime(2028, 1, 1, tzinfo=UTC), "limit": 2000}


@pytest.fixture
def persona(workspace, alice):
    return plain_persona(workspace, alice)


@pytest.fixture
def daily(persona) -> Post:
    starts = datetime(2026, 11, 1, 9, 30)
    post = makers.post(persona, makers.channel(persona), pictures=0, starts_local=starts, rrule="FREQ=DAILY")
    times.materialise(post=post, now=NOW)
    return Post.objects.get(pk=post.pk)


def keys(post: Post) -> list[datetime]:
    return list(post.publications.filter(state=State.SCHEDULED).values_list("occurrence_local", flat=True))


def on(day: int, hour: int = 9, minute: int = 30) -> datetime:
    return datetime(2026, 11, day, hour, minute)


# BrightBean Studio


def test_brightbean_5_editing_the_words_of_an_occurrence_makes_no_second_one(daily):
    occurrences.change_occurrence(post=daily, occurrence_local=on(25), caption="Other words", by=None, now=NOW)
    Post.objects.filter(pk=daily.pk).update(caption="New words for all", materialised_until=None)
    times.materialise(post=daily, now=NOW)
    times.materialise_due(now=NOW + timedelta(hours=1))
    assert keys(daily).count(on(25)) == 1


def test_brightbean_5_a_skipped_occurrence_does_not_come_back(daily):
    occurrences.skip_occurrence(post=daily, occurrence_local=on(25), by=None, now=NOW)
    for hours in range(3):
        Post.objects.filter(pk=daily.pk).update(materialised_until=None)
        times.materialise_due(now=NOW + timedelta(hours=hours))
    assert on(25) not in keys(daily)


@pytest.mark.parametrize("state", [Post.State.DRAFT, Post.State.REVIEW, Post.State.CHANGES, Post.State.APPROVED])
def test_brightbean_5_a_series_that_nobody_scheduled_plans_nothing(persona, state):
    makers.post(persona, makers.channel(persona), pictures=0, rrule="FREQ=DAILY", state=state)
    assert times.materialise_due(now=NOW) == 0
    assert not Publication.objects.exists()


def test_brightbean_6_the_end_of_a_month_does_not_drift():
    found = moments("FREQ=MONTHLY;BYMONTHDAY=-1", datetime(2026, 1, 31, 9), "Europe/Paris", **WINDOW)
    assert [one.local.day for one in found[:4]] == [31, 28, 31, 30]
    on_31st = moments("FREQ=MONTHLY", datetime(2026, 1, 31, 9), "Europe/Paris", **WINDOW)
    assert {one.local.day for one in on_31st} == {31}


def test_brightbean_159_one_occurrence_is_edited_or_skipped_and_the_others_stay(daily):
    others = {key for key in keys(daily) if key not in (on(25), on(26))}
    occurrences.skip_occurrence(post=daily, occurrence_local=on(25), by=None, now=NOW)
    occurrences.move_occurrence(post=daily, occurrence_local=on(26), to_local=on(26, 20), by=None, now=NOW)
    assert {key for key in keys(daily) if key != on(26)} == others
    assert daily.publications.exclude(occurrence_local=on(26)).filter(due_at__hour=19).count() == 0


def test_brightbean_pr72_slots_are_wall_time_and_not_utc(persona):
    slots.add_slots(persona=persona, times=[(0, time(9, 0))], tzid="America/New_York")
    free = slots.next_free_slot(persona=persona, after=NOW)
    assert (free.local.hour, free.at.hour) == (9, 14)


def test_brightbean_slots_are_not_double_booked(persona):
    slots.add_slots(persona=persona, times=[(0, time(9, 0)), (2, time(9, 0))], tzid="Europe/Paris")
    page = makers.channel(persona, "site")
    drafts = [makers.post(persona, page, pictures=0, state="draft", starts_local=None) for _ in range(4)]
    taken = [schedule_in_slot(post=post, by=None, now=NOW).starts_local for post in drafts]
    assert len(set(taken)) == 4


# Postiz


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/New_York", "Australia/Sydney"])
def test_postiz_1145_the_wall_time_does_not_drift_when_the_clocks_change(zone):
    found = moments("FREQ=DAILY", datetime(2026, 1, 1, 9), zone, **WINDOW)
    assert {one.local.hour for one in found} == {9}
    assert len({one.at.hour for one in found}) == 2
    days = [one.local.date() for one in found]
    assert days == [days[0] + timedelta(days=number) for number in range(len(days))]


def test_postiz_1840_1936_starting_again_fires_no_burst_of_the_past(daily):
    """Paused for six weeks and started again: nothing of those weeks goes out."""
    times.withdraw_publications(post=daily, by=None, now=NOW)
    later = NOW + timedelta(days=42)
    times.materialise(post=daily, now=later)
    assert keys(daily)
    assert all(row.due_at > later for row in daily.publications.filter(state=State.SCHEDULED))


def test_postiz_1840_several_series_due_at_once_are_planned_once_each(persona):
    channel = makers.channel(persona)
    rows = [makers.post(persona, channel, pictures=0, starts_local=on(22), rrule="FREQ=DAILY") for _ in range(3)]
    for _ in range(2):
        times.materialise_due(now=NOW)
    assert [len(keys(row)) for row in rows] == [50, 50, 50]
    assert all(len(set(keys(row))) == 50 for row in rows)


def test_postiz_1321_a_series_that_is_published_is_not_published_again(daily):
    daily.publications.filter(occurrence_local__lte=on(24)).update(state=State.PUBLISHED)
    Post.objects.filter(pk=daily.pk).update(materialised_until=None)
    times.materialise(post=daily, now=NOW)
    assert min(keys(daily)) == on(25)
    assert daily.publications.filter(state=State.PUBLISHED).count() == 3


@pytest.mark.parametrize(("rule", "months"), [("FREQ=MONTHLY;INTERVAL=3", 3), ("FREQ=YEARLY", 12)])
def test_postiz_1399_series_may_be_longer_than_a_month(rule, months):
    first, second = moments(rule, datetime(2026, 2, 5, 9), "UTC", **WINDOW)[:2]
    assert (second.local.year - first.local.year) * 12 + second.local.month - first.local.month == months


def test_postiz_1429_a_series_ends_on_its_day(daily):
    series.end_series(post=daily, last_day=on(25).date(), by=None, now=NOW)
    times.materialise_due(now=NOW + timedelta(days=3))
    assert max(keys(daily)) == on(25)


def test_postiz_1954_1963_a_time_is_stored_as_it_was_typed(persona):
    for zone, utc in (("Europe/London", "09:00"), ("Asia/Kolkata", "03:30"), ("America/Sao_Paulo", "12:00")):
        post = makers.post(persona, makers.channel(persona), pictures=0, starts_local=on(30, 9, 0), tzid=zone)
        times.materialise(post=post, now=NOW)
        stored = post.publications.get()
        assert (f"{stored.occurrence_local:%H:%M}", f"{stored.due_at:%H:%M}") == ("09:00", utc)


def test_postiz_236_718_1779_many_posts_come_from_a_file_and_the_same_file_adds_nothing(workspace, alice, persona):
    day = (datetime.now() + timedelta(days=9)).strftime("%Y-%m-%d")
    rows = [f"{day},{hour:02}:00,Ada,Post {hour}" for hour in range(6, 22)]
    data = "\n".join(["date,time,persona,caption", *rows, rows[0]]).encode()
    for _ in range(2):
        import_posts(workspace=workspace, data=data, tzid="UTC", schedule=False, by=alice)
    assert Post.objects.count() == 16


# Mixpost and AiToEarn


def test_mixpost_131_a_post_of_the_past_is_not_dropped_in_silence(persona):
    """Its row is there, so that it goes out late or is marked as missed, and somebody is told."""
    post = makers.post(persona, makers.channel(persona), pictures=0, starts_local=on(20))
    assert times.materialise(post=post, now=NOW) == 1


def test_mixpost_a_publication_in_a_publishers_hands_is_not_taken_from_it(daily):
    row = daily.publications.get(occurrence_local=on(22))
    Publication.objects.filter(pk=row.pk).update(lease_token="theirs", lease_until=NOW + timedelta(minutes=2))
    times.reschedule_post(post=daily, starts_local=on(22, 15), tzid=daily.tzid, rrule="FREQ=WEEKLY", by=None, now=NOW)
    kept = Publication.objects.get(pk=row.pk)
    assert (kept.lease_token, kept.due_at) == ("theirs", row.due_at)


def test_aitoearn_3_rules_of_the_standard_are_understood():
    for rule in ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=DAILY;COUNT=10"):
        check_rule(rule, datetime(2026, 1, 5, 9))
        assert moments(rule, datetime(2026, 1, 5, 9), "Europe/Paris", **WINDOW)


def test_aitoearn_341_what_is_scheduled_has_its_row_at_once(persona):
    post = makers.post(persona, makers.channel(persona), pictures=0, starts_local=datetime(2027, 12, 1, 9))
    assert times.materialise(post=post, now=NOW) == 1
    assert post.publications.get().due_at == datetime(2027, 12, 1, 8, tzinfo=UTC)
