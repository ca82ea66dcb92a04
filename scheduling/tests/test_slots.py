"""Weekly times: added, suggested, removed, and the next free one given to one post only."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection

from content.tests.gallery_makers import plain_persona
from inflio.accounts.models import Level
from inflio.common.errors import Conflict, InvalidInput
from scheduling.models import Post, Publication, Slot
from scheduling.services.composing.planning import schedule_in_slot
from scheduling.services.timing import occurrences, slots, times
from scheduling.tests import makers

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)  # a Saturday
MONDAY, THURSDAY = datetime(2026, 11, 23, 18, 30), datetime(2026, 11, 26, 12, 15)


@pytest.fixture
def persona(workspace, alice):
    return plain_persona(workspace, alice)


@pytest.fixture
def two(persona):
    """Mondays at 18:30 and Thursdays at 12:15, in Paris."""
    slots.add_slots(persona=persona, times=[(0, time(18, 30)), (3, time(12, 15))], tzid="Europe/Paris")
    return persona


def draft(persona, at: datetime | None = None, **more) -> Post:
    values = {"starts_local": at, "tzid": "Europe/Paris", "state": Post.State.DRAFT} | more
    return makers.post(persona, pictures=0, **values)


def ready_draft(persona) -> Post:
    """A draft that could go out: words for the persona's page."""
    page = persona.channels.filter(platform="site").first() or makers.channel(persona, "site")
    return makers.post(persona, page, pictures=0, starts_local=None, state=Post.State.DRAFT)


def take(post: Post) -> Post:
    return schedule_in_slot(post=post, by=None, now=NOW)


def free(persona, after=NOW):
    return slots.next_free_slot(persona=persona, after=after)


def test_the_next_slot_is_wall_time_of_its_own_zone(two):
    first = free(two)
    assert (first.local, first.tzid) == (MONDAY, "Europe/Paris")
    assert first.at == datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
    summer = free(two, datetime(2027, 7, 4, tzinfo=UTC))
    assert (summer.local.time(), summer.at.hour) == (time(18, 30), 16)


def test_every_kind_of_plan_takes_a_slot(two, persona):
    draft(persona, MONDAY)
    assert free(two).local == THURSDAY
    scheduled = makers.post(persona, makers.channel(persona), pictures=0, starts_local=THURSDAY, tzid="Europe/Paris")
    times.materialise(post=scheduled, now=NOW)
    assert free(two).local == MONDAY + timedelta(days=7)
    series = draft(persona, datetime(2026, 11, 2, 18, 30), rrule="FREQ=WEEKLY;BYDAY=MO")
    assert free(two).local == THURSDAY + timedelta(days=7)
    occurrences.skip_occurrence(post=series, occurrence_local=MONDAY + timedelta(days=7), by=None, now=NOW)
    assert free(two).local == MONDAY + timedelta(days=7)


@pytest.mark.parametrize("state", [Publication.State.FAILED, Publication.State.MISSED, Publication.State.CANCELLED])
def test_what_did_not_go_out_and_what_is_cancelled_leaves_its_slot(two, persona, state):
    post = makers.post(persona, makers.channel(persona), pictures=0, starts_local=MONDAY, tzid="Europe/Paris")
    times.materialise(post=post, now=NOW)
    assert free(two).local == THURSDAY
    post.publications.update(state=state)
    assert free(two).local == MONDAY
    draft(persona, MONDAY, state=Post.State.CANCELLED)
    assert free(two).local == MONDAY


def test_posts_in_other_zones_and_of_others_count_rightly(two, persona, workspace, alice):
    draft(persona, datetime(2026, 11, 23, 12, 30), tzid="America/New_York")  # the same moment
    assert free(two).local == THURSDAY
    draft(plain_persona(workspace, alice, name="Grace"), THURSDAY)
    assert free(two).local == THURSDAY


def test_one_slot_after_the_other_is_taken_and_never_twice(two, persona):
    taken = [take(ready_draft(persona)).starts_local for _ in range(6)]
    assert len(set(taken)) == 6
    assert taken == sorted(taken)


def test_a_tab_that_waited_for_the_lock_sees_what_the_other_took(two, persona):
    """The other tab's post is committed at the moment at which this one gets the lock."""
    asked, mine = [], ready_draft(persona)

    def other_tab(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if 'FROM "scheduling_schedulingsettings"' in sql:
            asked.append(sql)
            if len(asked) == 2:  # the first only looks whether the row is there
                draft(persona, MONDAY)
        return result

    with connection.execute_wrapper(other_tab):
        post = take(mine)
    assert len(asked) >= 2  # approval looks at the settings too
    assert post.starts_local == THURSDAY


def test_a_full_half_year_and_no_slots_are_said_so(persona):
    with pytest.raises(InvalidInput, match="no weekly times"):
        free(persona)
    slots.add_slots(persona=persona, times=[(0, time(18, 30))], tzid="Europe/Paris")
    draft(persona, datetime(2026, 11, 2, 18, 30), rrule="FREQ=WEEKLY;BYDAY=MO")
    with pytest.raises(Conflict, match="taken"):
        free(persona)


def test_adding_twice_adds_once_and_wrong_input_is_refused(persona):
    for expected in (7, 0):
        assert slots.suggest_slots(persona=persona, tzid="Europe/Paris") == expected
    for bad in ({"times": [(7, time(9))], "tzid": "UTC"}, {"times": [(0, time(9))], "tzid": "Mars"}):
        with pytest.raises(InvalidInput):
            slots.add_slots(persona=persona, **bad)
    with pytest.raises(InvalidInput, match="70"):
        slots.add_slots(persona=persona, times=[(d, time(h)) for d in range(7) for h in range(12)], tzid="UTC")
    slot = persona.slots.first()
    for _ in range(2):
        slots.remove_slot(slot=slot)
    assert persona.slots.count() == 6


# Pages


def test_the_page_adds_suggests_and_removes(alice_client, persona):
    page = f"/calendar/slots?persona={persona.pk}"
    assert "Add seven times" in alice_client.get(page).content.decode()
    alice_client.post("/calendar/slots", {"persona": persona.pk, "suggest": "1"})
    assert "next free one" in alice_client.get(page).content.decode()
    data = {"persona": persona.pk, "day": "working", "time": "07:15", "tzid": "Asia/Tokyo"}
    for _ in range(2):
        assert alice_client.post("/calendar/slots", data).status_code == 302
    assert Slot.objects.filter(tzid="Asia/Tokyo").count() == 5
    assert alice_client.post("/calendar/slots", data | {"time": "late"}).status_code == 422
    slot = Slot.objects.first()
    for _ in range(2):
        alice_client.post(f"/calendar/slots/{slot.pk}/remove", {"persona": persona.pk})
    assert Slot.objects.count() == 11


def test_strangers_and_viewers_change_no_slots(charlie_client, bob_client, bob, set_level, two):
    slot, data = Slot.objects.first(), {"persona": two.pk, "suggest": "1"}
    assert charlie_client.get(f"/calendar/slots?persona={two.pk}").status_code == 404
    assert charlie_client.post("/calendar/slots", data).status_code == 404
    assert charlie_client.post(f"/calendar/slots/{slot.pk}/remove", {"persona": two.pk}).status_code == 404
    set_level(bob, Level.VIEWER)
    assert bob_client.get("/calendar/slots").status_code == 200
    assert bob_client.post("/calendar/slots", data).status_code == 403
    assert bob_client.post(f"/calendar/slots/{slot.pk}/remove", {"persona": two.pk}).status_code == 403
    assert Slot.objects.count() == 2
