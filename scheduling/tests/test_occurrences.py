"""One time of a series, moved, skipped or with its own words; and this and the following, split off or ended."""

from datetime import UTC, datetime, timedelta

import pytest

from inflio.common.errors import Conflict, InvalidInput
from scheduling.models import Post, Publication
from scheduling.services.timing import occurrences, series, times
from scheduling.tests import makers
from scheduling.tests.timing_helpers import (
    DAILY,
    NOW,
    fresh,
    local,
    publisher_is_faster,
    reschedule,
    row,
    take,
    waiting,
)

pytestmark = pytest.mark.django_db
State = Publication.State


def change(service, post, day: int, **more):
    return service(post=post, occurrence_local=local(day), by=None, now=NOW, **more)


def test_a_skipped_time_never_comes_back(daily):
    for _ in range(2):
        change(occurrences.skip_occurrence, daily, 24)
    times.materialise_due(now=NOW + timedelta(days=1))
    reschedule(fresh(daily), rrule="FREQ=DAILY;COUNT=40")
    times.withdraw_publications(post=daily, by=None, now=NOW)
    times.materialise(post=daily, now=NOW)
    assert local(24) not in waiting(daily)
    assert local(25) in waiting(daily)


def test_a_skipped_time_can_be_taken_back_in(daily):
    change(occurrences.skip_occurrence, daily, 24)
    for _ in range(2):
        change(occurrences.restore_occurrence, daily, 24)
    assert waiting(daily).count(local(24)) == 1


def test_a_moved_time_keeps_its_place_in_the_series(daily):
    for _ in range(2):
        change(occurrences.move_occurrence, daily, 24, to_local=local(24, 17, 45))
    moved = row(daily, 24)
    assert moved.due_at == datetime(2026, 11, 24, 16, 45, tzinfo=UTC)
    assert moved.available_at == moved.due_at - timedelta(minutes=2)
    assert daily.events.filter(text__contains="moved").count() == 1
    times.withdraw_publications(post=daily, by=None, now=NOW)
    times.materialise(post=daily, now=NOW)
    reschedule(fresh(daily))
    assert row(daily, 24).due_at == moved.due_at
    change(occurrences.move_occurrence, daily, 24, to_local=local(24))
    assert row(daily, 24).due_at == datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def test_a_time_moved_past_the_others_survives_a_new_rule_and_a_pause(daily):
    change(occurrences.move_occurrence, daily, 22, to_local=local(30, 20, 0))
    later = NOW + timedelta(days=3)  # the 22nd is over by then, its moved time is not
    reschedule(fresh(daily), rrule="FREQ=DAILY;COUNT=60", now=later)
    times.withdraw_publications(post=daily, by=None, now=later)
    times.materialise(post=daily, now=later)
    assert row(daily, 22).state == State.SCHEDULED
    assert row(daily, 22).due_at == datetime(2026, 11, 30, 19, 0, tzinfo=UTC)


def test_a_time_beyond_the_plan_can_be_moved_close(daily):
    far = local(1, month=3).replace(year=2027)
    args = {"post": daily, "occurrence_local": far, "by": None, "now": NOW}
    occurrences.move_occurrence(**args, to_local=local(23, 20, 0))
    assert daily.publications.get(occurrence_local=far).due_at == datetime(2026, 11, 23, 19, 0, tzinfo=UTC)


def test_a_time_cannot_be_moved_onto_another_of_the_series_or_into_the_past(daily):
    with pytest.raises(InvalidInput, match="already"):
        change(occurrences.move_occurrence, daily, 24, to_local=local(25))
    change(occurrences.move_occurrence, daily, 24, to_local=local(25, 12))
    with pytest.raises(InvalidInput, match="already"):
        change(occurrences.move_occurrence, daily, 26, to_local=local(25, 12))
    for wrong, words in ((local(21), "over"), (datetime(9999, 12, 31, 23, 59), "century")):
        with pytest.raises(InvalidInput, match=words):
            change(occurrences.move_occurrence, daily, 24, to_local=wrong)
    change(occurrences.skip_occurrence, daily, 27)
    change(occurrences.move_occurrence, daily, 28, to_local=local(27))
    with pytest.raises(InvalidInput, match="already"):
        change(occurrences.restore_occurrence, daily, 27)


def test_times_that_the_rule_does_not_give_or_that_are_over_cannot_be_changed(daily):
    for occurrence in (local(24, 10), local(20)):
        with pytest.raises(Conflict):
            occurrences.skip_occurrence(post=daily, occurrence_local=occurrence, by=None, now=NOW)
    assert not daily.changes.exists()


@pytest.mark.parametrize("service", ["move", "skip", "words", "split"])
def test_a_publisher_that_is_faster_than_a_change_of_one_time_wins(daily, service):
    calls = {
        "move": lambda: change(occurrences.move_occurrence, daily, 24, to_local=local(24, 12)),
        "skip": lambda: change(occurrences.skip_occurrence, daily, 24),
        "words": lambda: change(occurrences.change_occurrence, daily, 24, caption="Other words"),
        "split": lambda: change(series.split_series, daily, 24),
    }
    held = row(daily, 24)
    if service == "split":
        assert take(held)
        with pytest.raises(Conflict, match="right now"):
            calls[service]()
    else:
        with pytest.raises(Conflict, match="right now"), publisher_is_faster(held):
            calls[service]()
    assert not daily.changes.exists()
    assert Post.objects.count() == 1


def test_own_words_of_one_time_ask_for_approval_again(daily):
    for _ in range(2):
        change(occurrences.change_occurrence, daily, 24, caption="  Only today ")
    assert daily.changes.get().caption == "Only today"
    assert fresh(daily).content_version == 2


def test_a_post_with_one_time_has_no_occurrences(once):
    at = {"post": once, "occurrence_local": once.starts_local, "by": None, "now": NOW}
    for call in (occurrences.skip_occurrence, series.split_series):
        with pytest.raises(InvalidInput, match="one time only"):
            call(**at)
    occurrences.move_occurrence(**at, to_local=datetime(2026, 12, 24, 19, 0))
    assert fresh(once).starts_local == datetime(2026, 12, 24, 19, 0)
    assert once.publications.get().occurrence_local == datetime(2026, 12, 24, 19, 0)


# This and the following


def test_a_series_is_split_and_goes_on_without_gap_or_double(daily):
    change(occurrences.move_occurrence, daily, 27, to_local=local(27, 20, 0))
    new = change(series.split_series, daily, 25)
    again = change(series.split_series, daily, 25)
    assert (new.pk, new.starts_local, new.rrule) == (again.pk, local(25), "FREQ=DAILY")
    assert waiting(daily) == [local(22), local(23), local(24)]
    assert waiting(new)[:2] == [local(25), local(26)]
    assert row(new, 27).due_at == datetime(2026, 11, 27, 19, 0, tzinfo=UTC)
    assert [one.channel_id for one in new.targets.all()] == [one.channel_id for one in daily.targets.all()]


def test_the_rest_of_a_counted_series_has_the_rest_of_its_times(persona, channel):
    post = makers.post(persona, channel, pictures=0, **DAILY | {"rrule": "FREQ=DAILY;COUNT=30"})
    times.materialise(post=post, now=NOW)
    new = change(series.split_series, post, 25, rrule=None)
    assert new.rrule == "FREQ=DAILY;COUNT=6"
    assert waiting(post)[-1] == local(24)
    assert waiting(new) == [local(day) for day in range(25, 31)]


def test_the_following_times_can_get_another_rule_and_the_first_cannot_be_split_off(daily):
    new = change(series.split_series, daily, 25, rrule="FREQ=WEEKLY;BYDAY=WE", starts_local=local(25, 18))
    assert waiting(new)[0] == local(25, 18)
    fresh_series = reschedule(fresh(daily), starts_local=local(22), rrule="FREQ=DAILY;COUNT=3")
    with pytest.raises(InvalidInput, match="first time"):
        change(series.split_series, fresh_series, 22)


def test_a_series_ends_with_a_day(daily):
    for _ in range(2):
        series.end_series(post=fresh(daily), last_day=local(24).date(), by=None, now=NOW)
    assert waiting(daily) == [local(22), local(23), local(24)]
