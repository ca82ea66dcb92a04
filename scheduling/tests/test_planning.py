"""Now and free slots: at once means this second, whatever the clocks do; pressed again, nothing changes."""

from datetime import UTC, datetime, timedelta

import pytest
from django_q.models import OrmQ

from inflio.common.errors import Conflict, InvalidInput
from inflio.queue.leases import claim
from scheduling.models import Post, PostEvent, PostTarget, Publication
from scheduling.queries.publications import Turns
from scheduling.recurrence import resolve
from scheduling.services.composing import planning, posts
from scheduling.services.composing.parts import TargetChoice, print_of
from scheduling.services.composing.problems import NotReady
from scheduling.services.publishing.phases import run_next
from scheduling.services.timing.zone_rules import recompute_due
from scheduling.tests import makers

pytestmark = pytest.mark.django_db
State = Publication.State
NOW = datetime(2026, 11, 21, 9, 30, 42, 500_000, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def post(ada) -> Post:
    """A draft for the public page, ready to go out, without a time."""
    return makers.post(ada, makers.channel(ada, "site"), state=Post.State.DRAFT, starts_local=None)


@pytest.fixture
def allowed(ready) -> Post:
    """The same of a persona whose consent lets it go out."""
    return makers.post(ready, makers.channel(ready, "site"), state=Post.State.DRAFT, starts_local=None)


def rows_of(post: Post) -> list[tuple]:
    return list(post.publications.order_by("pk").values_list("pk", "occurrence_local", "due_at", "state"))


def at_once(post: Post, now: datetime | None = None) -> Publication:
    planning.schedule_now(post=post, by=None, now=now)
    return post.publications.get()


def test_now_is_this_second_under_the_key_of_its_minute(post):
    row = at_once(post, NOW)
    post.refresh_from_db()
    assert (row.occurrence_local, row.due_at) == (datetime(2026, 11, 21, 10, 30), NOW)
    assert (post.starts_local, post.tzid) == (row.occurrence_local, "Europe/Paris")


def test_now_is_published_at_once_and_its_lateness_counts_from_the_click(allowed):
    row = at_once(allowed)
    assert run_next(Turns())
    row.refresh_from_db()
    assert row.state == State.PUBLISHED
    assert 0 <= row.lateness < 5


def test_now_wakes_a_worker_by_itself(post, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        row = at_once(post)
    (message,) = OrmQ.objects.all()
    assert (message.key, message.task["args"]) == ("default", ("publication", row.pk))
    row.refresh_from_db()
    assert row.dispatched_at is not None  # so that the ticker sends no second message


@pytest.mark.parametrize("seconds", [0.3, 20, 59])
def test_now_pressed_again_changes_nothing(post, seconds, django_capture_on_commit_callbacks):
    at_once(post, NOW)
    before, events = rows_of(post), PostEvent.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        planning.schedule_now(post=post, by=None, now=NOW + timedelta(seconds=seconds))
    assert (rows_of(post), PostEvent.objects.count(), OrmQ.objects.count()) == (before, events, 0)


@pytest.mark.parametrize(
    ("tzid", "now"),
    [
        ("Europe/Paris", "2026-10-25T00:30:20"),  # 02:30 for the first time
        ("Europe/Paris", "2026-10-25T01:30:20"),  # and for the second
        ("Europe/Paris", "2026-10-25T01:59:59"),
        ("Europe/Paris", "2026-10-25T02:00:00"),
        ("Europe/Paris", "2026-03-29T00:59:59"),  # 01:59:59, and then 03:00
        ("Europe/Paris", "2026-03-29T01:00:00"),
        ("Australia/Lord_Howe", "2026-04-04T14:45:30"),  # its clocks change by half an hour
        ("Australia/Lord_Howe", "2026-04-04T15:15:30"),
        ("Australia/Lord_Howe", "2026-10-03T15:30:10"),
        ("America/New_York", "2026-11-01T06:10:59"),
        ("Asia/Kathmandu", "2026-11-01T06:10:59"),
    ],
)
def test_now_is_now_whatever_the_clocks_do(ada, post, tzid, now):
    now = datetime.fromisoformat(now).replace(tzinfo=UTC)
    Post.objects.update(tzid=tzid)
    row = at_once(post, now)
    assert row.due_at == now
    post.refresh_from_db()
    by_rule = resolve(post.starts_local, post.tzid).at
    assert now - MINUTE < by_rule <= now  # the post's own time says the same, so that no later look moves it
    before = rows_of(post)
    recompute_due(now=now - timedelta(hours=3))
    planning.schedule_now(post=post, by=None, now=now + timedelta(seconds=1))
    assert rows_of(post) == before
    another = makers.channel(ada, "instagram")
    posts.update_post(post=post, by=None, targets=[TargetChoice(row.channel), TargetChoice(another)])
    dues = dict(post.publications.values_list("channel", "due_at"))
    assert dues == {row.channel_id: now, another.pk: by_rule}


def test_an_hour_that_comes_twice_keeps_its_wall_time_the_first_time_only(post):
    at_once(post, datetime(2026, 10, 25, 1, 30, 20, tzinfo=UTC))
    post.refresh_from_db()
    assert (post.starts_local, post.tzid) == (datetime(2026, 10, 25, 1, 30), "UTC")


def test_a_post_planned_for_later_goes_out_now_by_the_same_row(ada, post):
    posts.update_post(post=post, by=None, starts_local=datetime(2027, 1, 5, 9))
    planning.schedule_post(post=post, by=None)
    planned = post.publications.get()
    row = at_once(post)
    assert (row.pk, row.state) == (planned.pk, State.SCHEDULED)
    assert timedelta(0) <= datetime.now(UTC) - row.due_at < timedelta(seconds=5)
    assert PostEvent.objects.filter(text="Scheduled.").count() == 1


def test_what_failed_goes_out_now_and_what_is_out_stays(ada, post):
    failed = makers.channel(ada, "instagram")
    PostTarget.objects.create(post=post, channel=failed)
    planning.schedule_now(post=post, by=None, now=datetime.now(UTC) - MINUTE)
    post.publications.exclude(channel=failed).update(state=State.PUBLISHED, attempt=1)
    post.publications.filter(channel=failed).update(state=State.FAILED, attempt=1)
    planning.schedule_now(post=post, by=None)
    assert sorted(post.publications.values_list("channel__platform", "state")) == [
        ("instagram", State.FAILED),
        ("instagram", State.SCHEDULED),
        ("site", State.PUBLISHED),
    ]


def test_now_says_so_when_nothing_is_left_and_changes_nothing(post):
    now = datetime.now(UTC)
    at_once(post, now)
    post.publications.update(state=State.FAILED)
    before = rows_of(post)
    with pytest.raises(Conflict, match="Nothing of this post is left"):
        planning.schedule_now(post=post, by=None, now=now)
    assert rows_of(post) == before


def test_now_does_not_take_a_row_from_its_publisher(post):
    row = at_once(post)
    token = claim(Publication, row.pk, 60)
    planning.schedule_now(post=post, by=None)
    row.refresh_from_db()
    assert row.lease_token == token


def test_now_refuses_what_cannot_go_out_and_keeps_its_time(ada):
    tomorrow = datetime(2027, 1, 5, 9)
    post = makers.post(ada, state=Post.State.DRAFT, starts_local=tomorrow)
    with pytest.raises(NotReady):
        planning.schedule_now(post=post, by=None)
    post.refresh_from_db()
    assert (post.state, post.starts_local) == (Post.State.DRAFT, tomorrow)


def test_a_planned_series_is_not_ended_by_now_or_a_slot(ada, post):
    ada.slots.create(workspace=ada.workspace, weekday=2, time="18:30", tzid="Europe/Paris")
    posts.update_post(post=post, by=None, starts_local=datetime(2027, 1, 5, 9), rrule="FREQ=DAILY")
    planning.schedule_post(post=post, by=None)
    for act in (planning.schedule_now, lambda **given: planning.schedule_in_slot(move=True, **given)):
        with pytest.raises(InvalidInput, match="its own times"):
            act(post=post, by=None)
    assert Post.objects.get().rrule == "FREQ=DAILY"


def test_a_planned_post_moves_to_a_slot_only_when_asked_and_once(ada, post):
    posts.update_post(post=post, by=None, starts_local=datetime(2027, 1, 5, 9))
    planning.schedule_post(post=post, by=None)
    ada.slots.create(workspace=ada.workspace, weekday=2, time="18:30", tzid="Europe/Paris")
    before = rows_of(post)
    planning.schedule_in_slot(post=post, by=None)
    assert rows_of(post) == before
    planning.schedule_in_slot(post=post, by=None, move=True)
    moved = rows_of(post)
    planning.schedule_in_slot(post=post, by=None, move=True)
    assert (len(moved), moved[0][0], rows_of(post)) == (1, before[0][0], moved)
    assert (moved[0][1].weekday(), moved[0][1].hour) == (2, 18)


def test_what_changes_nothing_is_not_refused_for_what_happened_meanwhile(allowed):
    seen = print_of(allowed)
    posts.update_post(post=allowed, by=None, caption="Second thoughts")
    posts.update_post(post=allowed, by=None, expected=seen, caption="Second thoughts")
    with pytest.raises(posts.EditConflict):
        posts.update_post(post=allowed, by=None, expected=seen, caption="Others")
    at_once(allowed)
    assert run_next(Turns())
    posts.update_post(post=allowed, by=None, expected=seen, caption="Second thoughts")
    with pytest.raises(Conflict, match="out already"):
        posts.update_post(post=allowed, by=None, caption="Others")
    assert Post.objects.get().caption == "Second thoughts"


def test_a_post_that_is_gone_is_said_to_be_deleted(post):
    posts.delete_post(post=Post.objects.get(pk=post.pk), by=None)
    for act in (planning.schedule_post, planning.schedule_now, planning.unschedule_post, planning.cancel_post):
        with pytest.raises(Conflict, match="deleted meanwhile"):
            act(post=post, by=None)
