"""Posts that are taken back, moved, or taken off a channel while they are made ready go out as planned last, once."""

from datetime import UTC, datetime, timedelta

import pytest

from inflio.common.errors import Conflict
from inflio.notices.models import Notice
from inflio.queue.leases import claim, release
from scheduling.models import Channel, Post, Publication, PublishAttempt
from scheduling.platforms.base import Step
from scheduling.services.composing import planning, posts
from scheduling.services.composing.parts import targets_of
from scheduling.services.publishing import settle
from scheduling.services.reviewing import reviews
from scheduling.services.timing import occurrences
from scheduling.tests import makers
from scheduling.tests.publishing_helpers import run
from scheduling.tests.timing_helpers import NOW, fresh, local
from scheduling.tests.trial_platform import refusal

State = Publication.State
DAY = 24 * 60  # minutes


@pytest.fixture
def ada(workspace, alice):
    return makers.illustrated_persona(workspace, alice)


@pytest.fixture
def soon(ada, channel) -> Post:
    """A post on one channel, planned for the next minute."""
    return planned(ada, channel)


def planned(ada, *channels: Channel, minutes: int = 1) -> Post:
    post = makers.post(ada, *channels, state="draft", tzid="UTC", starts_local=in_minutes(minutes))
    return planning.schedule_post(post=post, by=None)


def in_minutes(minutes: int) -> datetime:
    """Wall time in UTC, so many minutes from now."""
    return (datetime.now(UTC) + timedelta(minutes=minutes)).replace(tzinfo=None, second=0, microsecond=0)


def made_ready(world, publication: Publication) -> Publication:
    """The platform works on its files; nobody holds it."""
    world.order("prepare", Step({"container": "c9"}, "processing", wait=30))
    world.containers["c9"] = "FINISHED"
    run(publication)
    assert publication.state == State.PENDING
    return publication


def hold(publication: Publication) -> str:
    """A worker takes it early, as one does that marks its film; returns the lease."""
    Publication.objects.filter(pk=publication.pk).update(available_at=datetime.now(UTC) - timedelta(seconds=1))
    return claim(Publication, publication.pk, 120)


def give_back(publication: Publication, token: str) -> None:
    release(Publication, publication.pk, token, available_at=datetime.now(UTC))


def move(post: Post, minutes: int) -> None:
    occurrences.move_occurrence(post=post, occurrence_local=post.starts_local, to_local=in_minutes(minutes), by=None)


def test_one_taken_back_while_it_is_made_ready_goes_out_at_its_new_time_only(world, soon):
    publication = made_ready(world, soon.publications.get())
    planning.unschedule_post(post=soon, by=None)
    publication.refresh_from_db()
    assert publication.state == State.CANCELLED

    posts.update_post(post=soon, by=None, starts_local=in_minutes(DAY))
    planning.schedule_post(post=soon, by=None)
    run(publication, after=200)
    assert (publication.state, world.posts) == (State.CANCELLED, [])
    tomorrow = soon.publications.get(state=State.SCHEDULED)
    run(tomorrow, after=DAY * 60)
    assert (tomorrow.state, len(world.posts)) == (State.PUBLISHED, 1)


def test_one_taken_back_is_not_announced_as_missed(world, soon):
    publication = made_ready(world, soon.publications.get())
    planning.unschedule_post(post=soon, by=None)
    run(publication, after=3 * 3600)
    assert not Notice.objects.filter(kind="post_missed").exists()


def test_held_one_that_is_taken_back_ends_with_its_worker(world, soon):
    publication = soon.publications.get()
    token = hold(publication)
    planning.unschedule_post(post=soon, by=None)
    give_back(publication, token)
    run(publication, after=200)
    assert (publication.state, world.posts) == (State.CANCELLED, [])


def test_held_one_gets_no_second_time_beside_it(world, soon):
    publication = soon.publications.get()
    token = hold(publication)
    planning.unschedule_post(post=soon, by=None)
    posts.update_post(post=soon, by=None, starts_local=in_minutes(DAY))
    with pytest.raises(Conflict, match="made ready .* right now"):
        planning.schedule_post(post=soon, by=None)

    give_back(publication, token)
    planning.schedule_post(post=soon, by=None)
    rows = list(soon.publications.order_by("pk"))
    for row in rows:
        run(row, after=2 * DAY * 60)
    assert [row.state for row in rows].count(State.PUBLISHED) <= 1
    assert rows[0].state == State.CANCELLED


def test_one_put_back_at_its_old_time_while_it_is_held_goes_on(world, soon):
    publication = soon.publications.get()
    token = hold(publication)
    planning.unschedule_post(post=soon, by=None)
    planning.schedule_post(post=soon, by=None)
    give_back(publication, token)
    run(publication, after=90)
    assert (publication.state, len(world.posts)) == (State.PUBLISHED, 1)


@pytest.mark.parametrize("is_held", [False, True])
def test_channel_taken_off_while_it_waits_stays_silent(world, ada, channel, is_held):
    other = makers.channel(ada, "linkedin")
    post = planned(ada, channel, other)
    publication = post.publications.get(channel=other)
    world.order("prepare", refusal("limit", "No more posts for now.", retry_after=300))
    run(publication)
    assert publication.state == State.PENDING
    token = hold(publication) if is_held else ""
    left = [target for target in targets_of(post) if target.channel == channel]
    posts.update_post(post=fresh(post), by=None, targets=left)
    if is_held:
        give_back(publication, token)
    assert not Publication.objects.filter(pk=publication.pk).exclude(state__in=["cancelled", "pending"]).exists()
    run_if_there(publication, after=400)
    assert world.posts == []


def run_if_there(publication: Publication, after: float) -> None:
    if Publication.objects.filter(pk=publication.pk).exists():
        run(publication, after=after)


def test_move_takes_a_channel_along_that_waits_for_its_platform(world, ada, channel):
    other = makers.channel(ada, "linkedin")
    post = planned(ada, channel, other)
    publication = post.publications.get(channel=other)
    world.order("prepare", refusal("limit", "No more posts for now.", retry_after=300))
    run(publication)
    move(post, DAY)
    run(publication, after=400)
    assert (publication.state, publication.occurrence_local) == (State.SCHEDULED, fresh(post).starts_local)
    assert world.posts == []


def test_move_is_refused_while_a_channel_is_made_ready(ada, channel):
    other = makers.channel(ada, "linkedin")
    post = planned(ada, channel, other)
    hold(post.publications.get(channel=other))
    with pytest.raises(Conflict, match=other.handle):
        move(post, DAY)
    assert fresh(post).starts_local == post.starts_local
    assert set(post.publications.values_list("occurrence_local", flat=True)) == {post.starts_local}


def test_failed_one_that_was_moved_is_not_tried_again_at_its_old_time(world, soon, alice):
    failed = soon.publications.get()
    world.order("prepare", refusal("invalid"))
    assert run(failed, after=120).state == State.FAILED
    move(soon, DAY)
    with pytest.raises(Conflict, match="another time"):
        settle.retry_publication(publication=failed, by=alice)
    (moved,) = soon.publications.exclude(pk=failed.pk)
    assert (run(moved, after=DAY * 60).state, len(world.posts)) == (State.PUBLISHED, 1)


def test_one_tried_again_goes_out_whatever_the_post_s_minute(world, soon, alice):
    failed = soon.publications.get()
    world.order("prepare", refusal("invalid"))
    run(failed, after=600)
    settle.retry_publication(publication=failed, by=alice)
    assert run(failed).state == State.PUBLISHED


def test_public_post_is_never_deleted(world, ada):
    page = makers.channel(ada, "site", external_id="ada", handle="ada")
    post = planned(ada, page, minutes=0)
    publication = run(post.publications.get(), after=60)
    assert publication.state == State.PUBLISHED
    with pytest.raises(Conflict, match="history"):
        posts.delete_post(post=post, by=None)
    assert Publication.objects.filter(pk=publication.pk).exists()
    assert not PublishAttempt.objects.exists()  # a page of ours leaves none, so these do not tell


def test_post_that_is_out_is_not_taken_back(world, soon):
    run(soon.publications.get(), after=200)
    with pytest.raises(Conflict, match="out already"):
        planning.unschedule_post(post=soon, by=None)
    assert fresh(soon).state == Post.State.SCHEDULED


def test_post_with_nothing_left_to_go_out_is_never_called_scheduled(soon):
    soon.publications.update(state=State.UNKNOWN)
    planning.unschedule_post(post=soon, by=None)
    with pytest.raises(Conflict, match="Duplicate"):
        planning.schedule_post(post=soon, by=None)
    assert fresh(soon).state == Post.State.DRAFT


class TestApproval:
    """An approval puts a post on the calendar only if it was taken from there for it."""

    @pytest.fixture
    def ahead(self, workspace, ada, channel, alice) -> Post:
        """Approved and planned for tomorrow, where a manager approves."""
        reviews.change_settings(workspace=workspace, approval="team", grace_minutes=60, by=alice)
        post = makers.post(ada, channel, state="approved", tzid="UTC", starts_local=in_minutes(DAY))
        post.approved_version = post.content_version
        post.save()
        return planning.schedule_post(post=post, by=alice)

    def approve(self, post: Post, by) -> Post:
        post = fresh(post)
        reviews.decide(post=post, decision="approved", version=post.content_version, by=by)
        return fresh(post)

    def object_to(self, post: Post, by) -> Post:
        post = fresh(post)
        version = post.content_version
        reviews.decide(post=post, decision="changes", note="Another picture.", version=version, by=by)
        return fresh(post)

    def test_draft_stays_off_the_calendar(self, ahead, alice):
        planning.unschedule_post(post=ahead, by=alice)
        posts.update_post(post=ahead, by=alice, caption="Other words")
        reviews.ask_for_review(post=ahead, by=alice)
        assert self.approve(ahead, alice).state == Post.State.APPROVED
        assert not ahead.publications.exclude(state=State.CANCELLED).exists()

    def test_one_changed_on_the_calendar_goes_on(self, ahead, alice):
        posts.update_post(post=ahead, by=alice, caption="Other words")
        assert fresh(ahead).state == Post.State.REVIEW
        assert self.approve(ahead, alice).state == Post.State.SCHEDULED
        assert ahead.publications.get().state == State.SCHEDULED

    def test_one_taken_off_by_an_objection_comes_back(self, ahead, alice):
        assert self.object_to(ahead, alice).state == Post.State.CHANGES
        posts.update_post(post=ahead, by=alice, caption="Other words")
        reviews.ask_for_review(post=ahead, by=alice)
        assert self.approve(ahead, alice).state == Post.State.SCHEDULED
        assert ahead.publications.get().state == State.SCHEDULED

    def test_objection_and_then_taken_back_stays_off(self, ahead, alice):
        self.object_to(ahead, alice)
        planning.unschedule_post(post=ahead, by=alice)
        reviews.ask_for_review(post=ahead, by=alice)
        assert self.approve(ahead, alice).state == Post.State.APPROVED

    @pytest.mark.parametrize("change", [{"media": []}, {"starts_local": None}])
    def test_one_that_cannot_go_out_is_approved_and_says_why_it_is_not_planned(self, ahead, alice, change):
        self.object_to(ahead, alice)
        posts.update_post(post=ahead, by=alice, **change)
        reviews.ask_for_review(post=ahead, by=alice)
        assert self.approve(ahead, alice).state == Post.State.APPROVED
        assert not ahead.publications.exclude(state=State.CANCELLED).exists()
        assert Notice.objects.filter(kind="not_scheduled", text__gt="").exists()
        assert ahead.events.filter(text__startswith="It is not on the calendar").exists()

    def test_own_words_of_one_time_ask_for_approval(self, workspace, daily, alice):
        reviews.change_settings(workspace=workspace, approval="team", grace_minutes=60, by=alice)
        Post.objects.filter(pk=daily.pk).update(approved_version=daily.content_version)
        occurrences.change_occurrence(post=daily, occurrence_local=local(25), caption="Other words", by=alice, now=NOW)
        assert fresh(daily).state == Post.State.REVIEW
        assert fresh(daily).content_version == daily.content_version + 1
