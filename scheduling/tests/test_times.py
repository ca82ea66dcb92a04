"""Times become publications: planned ahead, moved by a new rule; whatever is claimed or out stays as it is."""

from datetime import UTC, datetime, timedelta

import pytest

from inflio.common.errors import Conflict, InvalidInput
from inflio.queue.leases import LostLease, fenced
from scheduling.models import Post, PostTarget, Publication, PublishAttempt
from scheduling.services.timing import occurrences, times
from scheduling.services.timing.zone_rules import recompute_due
from scheduling.tests import makers
from scheduling.tests.timing_helpers import (
    DAILY,
    NOW,
    ONCE,
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


def test_a_series_is_planned_fifty_times_ahead_and_no_further(daily):
    assert waiting(daily) == [local(22) + timedelta(days=n) for n in range(50)]
    first = daily.publications.first()
    assert first.due_at == datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    assert first.available_at == first.due_at - timedelta(minutes=2)  # platforms need their time with files


def test_a_rare_series_is_planned_sixty_days_ahead(persona, channel):
    post = makers.post(persona, channel, pictures=0, **DAILY | {"rrule": "FREQ=WEEKLY;BYDAY=SU"})
    assert times.materialise(post=post, now=NOW) == 9
    assert times.materialise(post=post, now=NOW) == 0
    assert times.materialise_due(now=NOW + timedelta(days=10)) == 0
    assert times.materialise_due(now=NOW + timedelta(days=22)) == 3
    assert len(waiting(post)) == len(set(waiting(post))) == 12


def test_planning_twice_adds_nothing_and_the_hourly_turn_goes_on_from_the_end(daily):
    assert times.materialise(post=daily, now=NOW) == 0
    later = NOW + timedelta(days=10)
    daily.publications.filter(due_at__lt=later).update(state=State.PUBLISHED)
    assert times.materialise_due(now=later) == 10
    assert times.materialise_due(now=later) == 0
    assert len(waiting(daily)) == 50


def test_one_row_for_each_channel(persona, channel):
    post = makers.post(persona, channel, makers.channel(persona, "tiktok"), pictures=0, **ONCE)
    assert times.materialise(post=post, now=NOW) == 2


@pytest.mark.parametrize("state", [state for state in Post.State if state != Post.State.SCHEDULED])
def test_only_scheduled_posts_are_planned(persona, channel, state):
    post = makers.post(persona, channel, pictures=0, state=state, **DAILY)
    assert times.materialise(post=post, now=NOW) == times.materialise_due(now=NOW) == 0
    assert not post.publications.exists()


def test_a_post_with_one_time_is_planned_however_far_away(persona, channel):
    post = makers.post(persona, channel, pictures=0, **ONCE | {"starts_local": datetime(2029, 5, 5, 9)})
    assert times.materialise(post=post, now=NOW) == 1
    assert fresh(post).materialised_until == times.DONE


def test_a_series_that_is_over_is_said_so_and_a_late_one_is_not_looked_at_again(persona, channel):
    over = makers.post(persona, channel, pictures=0, **DAILY | {"rrule": "FREQ=DAILY;COUNT=3"})
    with pytest.raises(InvalidInput, match="no time left"):
        times.materialise(post=over, now=NOW)
    short = makers.post(persona, channel, pictures=0, **DAILY | {"rrule": "FREQ=DAILY;COUNT=30"})
    assert times.materialise(post=short, now=NOW) == 9  # 22 to 30 November
    assert fresh(short).materialised_until == times.DONE


def test_a_series_that_cannot_be_read_keeps_nobody_else_waiting(persona, channel):
    broken = makers.post(persona, channel, pictures=0, **DAILY | {"rrule": "FREQ=SOMETIMES"})
    good = makers.post(persona, channel, pictures=0, **DAILY)
    assert broken.pk < good.pk
    assert times.materialise_due(now=NOW) == 50


def test_times_that_passed_while_nobody_planned_are_not_lost(daily):
    """After 52 days of standstill the rows of the days since are there, to be marked as missed."""
    later = NOW + timedelta(days=52)
    assert times.materialise(post=daily, now=later) == 50
    assert waiting(daily)[50] == local(10, month=1).replace(year=2027) + timedelta(days=1)


def test_two_planners_at_once_write_each_row_once(daily):
    Post.objects.filter(pk=daily.pk).update(materialised_until=local(1))
    times.materialise(post=daily, now=NOW)
    assert len(waiting(daily)) == len(set(waiting(daily)))


# A new rule


def test_a_new_rule_replaces_what_waits_and_keeps_what_is_claimed_or_out(daily):
    out, held = row(daily, 22), row(daily, 23)
    Publication.objects.filter(pk=out.pk).update(state=State.PUBLISHED)
    assert take(held)
    now = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    post = reschedule(daily, rrule="FREQ=WEEKLY;BYDAY=FR", now=now)
    assert post.rule_version == 2
    assert {one.weekday() for one in waiting(post)} == {0, 4}
    assert waiting(post)[0] == local(23)  # the one in a publisher's hands
    assert fresh(out).state == State.PUBLISHED


def test_rows_whose_time_is_in_both_rules_stay_the_same_rows(daily):
    before = {one.occurrence_local: one.pk for one in daily.publications.all()}
    post = reschedule(daily, rrule="FREQ=WEEKLY;BYDAY=MO,FR")
    after = {one.occurrence_local: one.pk for one in post.publications.filter(due_at__lt=NOW + timedelta(days=40))}
    assert after == {key: before[key] for key in after}
    assert set(post.publications.values_list("rule_version", flat=True)) == {2}


def test_rescheduling_twice_changes_nothing_more(daily):
    first = reschedule(daily, rrule="FREQ=DAILY;INTERVAL=2")
    rows = list(first.publications.values_list("pk", "due_at"))
    second = reschedule(fresh(daily), rrule="FREQ=DAILY;INTERVAL=2")
    assert (second.rule_version, list(second.publications.values_list("pk", "due_at"))) == (2, rows)
    assert second.events.count() == 1


def test_another_zone_moves_the_moments(daily):
    reschedule(daily, tzid="America/New_York")
    assert row(daily, 22).due_at == datetime(2026, 11, 22, 14, 30, tzinfo=UTC)


def test_a_single_post_moves_with_its_row(once):
    pk = once.publications.get().pk
    reschedule(once, starts_local=datetime(2026, 12, 25, 8, 0))
    moved = once.publications.get()
    assert (moved.pk, moved.due_at) == (pk, datetime(2026, 12, 25, 7, 0, tzinfo=UTC))


@pytest.mark.parametrize("state", [State.PUBLISHING, State.UNKNOWN, State.PUBLISHED, State.ATTENTION])
def test_a_single_post_that_is_out_or_on_its_way_is_not_planned_again(once, state):
    once.publications.update(state=state)
    with pytest.raises(Conflict, match="Duplicate"):
        reschedule(once, starts_local=datetime(2026, 12, 25, 8, 0))
    assert fresh(once).starts_local == ONCE["starts_local"]
    assert once.publications.get().state == state


def test_a_single_post_goes_to_the_channels_where_it_is_not_out(persona, once, channel):
    second = makers.channel(persona, "tiktok")
    once.publications.update(state=State.PUBLISHED)
    once.targets.create(channel=second)
    reschedule(once, starts_local=datetime(2026, 12, 25, 8, 0))
    assert [one.channel for one in once.publications.filter(state=State.SCHEDULED)] == [second]


def test_a_publisher_that_is_faster_than_a_move_wins(once):
    with publisher_is_faster(once.publications.get()), pytest.raises(Conflict, match="right now"):
        reschedule(once, starts_local=datetime(2026, 12, 25, 8, 0))


def test_a_publisher_that_is_faster_than_a_new_rule_keeps_its_row(daily):
    first = row(daily, 22)
    with publisher_is_faster(first):
        reschedule(daily, rrule="FREQ=WEEKLY;BYDAY=FR")
    assert fresh(first).lease_token
    assert fresh(first).due_at == first.due_at


def test_a_publisher_that_slept_over_its_lease_cannot_write_to_a_moved_row(once):
    publication = once.publications.get()
    token = take(publication)
    Publication.objects.update(lease_until=NOW - timedelta(minutes=1))
    reschedule(once, starts_local=datetime(2026, 12, 25, 8, 0))
    with pytest.raises(LostLease):
        fenced(Publication, publication.pk, token, state=State.PUBLISHING)


def test_what_was_tried_before_is_kept_as_cancelled(daily):
    tried = row(daily, 22)
    PublishAttempt.objects.create(publication=tried, token="t", phase="prepare", started_at=NOW)
    reschedule(daily, rrule="FREQ=WEEKLY;BYDAY=FR")
    assert fresh(tried).state == State.CANCELLED
    assert not daily.publications.filter(occurrence_local=local(23)).exists()


def test_times_that_cannot_be_change_nothing(daily):
    for changes in (
        {"rrule": "FREQ=MINUTELY"},
        {"tzid": "Mars/Base"},
        {"rrule": "FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2"},
    ):
        with pytest.raises(InvalidInput):
            reschedule(daily, **changes)
    assert fresh(daily).rrule == "FREQ=DAILY"
    with pytest.raises(InvalidInput, match="passed"):
        reschedule(daily, rrule="", starts_local=local(20))


def test_withdrawn_times_come_back_when_the_post_is_scheduled_again(daily):
    occurrences.skip_occurrence(post=daily, occurrence_local=local(24), by=None, now=NOW)
    row(daily, 22)
    Publication.objects.filter(pk=row(daily, 23).pk).update(state=State.PUBLISHED)
    assert times.withdraw_publications(post=daily, by=None, now=NOW) == 48
    assert times.withdraw_publications(post=daily, by=None, now=NOW) == 0
    assert waiting(daily) == []
    assert times.materialise(post=daily, now=NOW) >= 47
    assert waiting(daily)[:2] == [local(25), local(26)]  # after the last that is out; the skipped one stays away
    assert row(daily, 23).state == State.PUBLISHED


def test_withdrawing_leaves_what_a_publisher_holds(once):
    assert take(once.publications.get())
    assert times.withdraw_publications(post=once, by=None) == 0
    assert once.publications.get().state == State.SCHEDULED


def test_rows_of_a_post_that_is_in_review_again_move_with_it(once):
    Post.objects.filter(pk=once.pk).update(state=Post.State.REVIEW)
    reschedule(fresh(once), starts_local=datetime(2026, 12, 25, 8, 0))
    Post.objects.filter(pk=once.pk).update(state=Post.State.SCHEDULED)
    times.materialise(post=once, now=NOW)
    assert waiting(once) == [datetime(2026, 12, 25, 8, 0)]


def test_a_change_of_a_zones_rules_moves_the_moments_and_not_the_wall_times(daily):
    """What was planned by yesterday's rules of the zone is an hour off today."""
    occurrences.move_occurrence(post=daily, occurrence_local=local(24), to_local=local(24, 11), by=None, now=NOW)
    right = dict(daily.publications.values_list("pk", "due_at"))
    for one in daily.publications.all():
        Publication.objects.filter(pk=one.pk).update(due_at=one.due_at + timedelta(hours=1))
    held = row(daily, 30)
    assert take(held)
    assert recompute_due(now=NOW) == 49
    assert recompute_due(now=NOW) == 0
    after = dict(daily.publications.exclude(pk=held.pk).values_list("pk", "due_at"))
    assert after == {pk: due for pk, due in right.items() if pk != held.pk}


def test_publication_that_is_tried_again_keeps_its_new_time(once, channel, persona):
    """It was missed and tried again; then its post gets another channel, which must not throw it back."""
    later = datetime(2026, 12, 25, 10, 0, tzinfo=UTC)
    row = once.publications.get()
    again = later - timedelta(minutes=3)
    Publication.objects.filter(pk=row.pk).update(due_at=again, available_at=again)
    PostTarget.objects.create(post=once, channel=makers.channel(persona, "linkedin"))
    times.reschedule_post(post=once, by=None, now=later, **ONCE)
    assert fresh(row).due_at == again
