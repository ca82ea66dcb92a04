"""Posts as services: nothing of others, nothing twice, nothing that cannot go out, nothing lost by an edit."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.checks import run_checks

from content.models import ContentItem
from content.services.guards import InUse
from content.services.items import delete_items
from content.services.results import KEPT_DAYS, delete_old_results
from inflio.common.errors import Conflict, InvalidInput
from inflio.media.models import Asset
from personas.tests.makers import persona_with_photos
from scheduling.models import Post, PostEvent, Publication, SchedulingSettings
from scheduling.services.composing import planning, posts
from scheduling.services.composing.parts import MediaChoice, TargetChoice, clean_hashtags, print_of
from scheduling.services.composing.problems import NotReady, problems_of
from scheduling.tests import makers

pytestmark = pytest.mark.django_db
SOON = (datetime.now() + timedelta(days=3)).replace(hour=9, minute=30, second=0, microsecond=0)


@pytest.fixture
def item(ada):
    return makers.gallery_item(ada)


@pytest.fixture
def instagram(ada):
    return makers.channel(ada, "instagram")


def choice(item: ContentItem, alt: str = "Ada on a bridge") -> MediaChoice:
    return MediaChoice(item.asset, item, alt)


def draft(ada, item, *channels, **fields) -> Post:
    """A draft with one picture that could be scheduled."""
    values = {"caption": "Out early.", "starts_local": SOON, "tzid": "Europe/Paris"} | fields
    targets = [TargetChoice(channel) for channel in channels]
    return posts.create_post(persona=ada, by=ada.created_by, media=[choice(item)], targets=targets, **values)


def approval(workspace, mode: str) -> None:
    SchedulingSettings.objects.update_or_create(workspace=workspace, defaults={"approval": mode})


def test_the_same_click_makes_one_post(ada, item, instagram):
    first = draft(ada, item, instagram, key="k1")
    assert draft(ada, item, instagram, key="k1") == first
    assert draft(ada, item, instagram, key="k2") != first
    assert (first.title, first.state, first.media.count()) == ("Out early.", Post.State.DRAFT, 1)


def test_nothing_of_another_workspace_gets_in(ada, item, instagram, charlie):
    theirs = persona_with_photos(charlie.workspaces.get(), charlie)
    foreign_item, foreign_channel = makers.gallery_item(theirs), makers.channel(theirs)
    for media, targets in (([choice(foreign_item)], []), ([], [TargetChoice(foreign_channel)])):
        with pytest.raises(InvalidInput, match="not in this workspace"):
            posts.create_post(persona=ada, by=None, media=media, targets=targets)
    mixed = MediaChoice(foreign_item.asset, item)
    with pytest.raises(InvalidInput):
        posts.create_post(persona=ada, by=None, media=[mixed])
    post = draft(ada, item, instagram)
    with pytest.raises(InvalidInput):
        posts.update_post(post=post, by=None, persona=theirs)
    assert Post.objects.count() == 1


def test_hashtags_are_cleaned_and_wrong_ones_named():
    assert clean_hashtags(["#Sun", "sun", " ", "été", "＃river"]) == ["Sun", "été", "river"]
    with pytest.raises(InvalidInput, match="no hashtag"):
        clean_hashtags(["two words"])


@pytest.mark.parametrize(
    "fields", [{"tzid": "Mars/Base"}, {"rrule": "FREQ=SECONDLY"}, {"format": "poem"}, {"caption": "x" * 5001}]
)
def test_what_cannot_be_is_refused_with_a_sentence(ada, item, fields):
    with pytest.raises(InvalidInput) as caught:
        draft(ada, item, **fields)
    assert caught.value.message.endswith(".")
    assert not Post.objects.exists()


def test_media_keep_their_order_and_words(ada, item, instagram):
    second = makers.gallery_item(ada, 2)
    post = draft(ada, item, instagram)
    posts.update_post(post=post, by=None, media=[choice(second, "Two"), choice(item, "One")])
    assert list(post.media.values_list("item_id", "alt_text")) == [(second.pk, "Two"), (item.pk, "One")]
    with pytest.raises(InvalidInput, match="twice"):
        posts.update_post(post=post, by=None, media=[choice(item), choice(item)])
    assert post.media.count() == 2


def test_two_tabs_the_second_save_is_told_and_loses_nothing(ada, item, instagram):
    post = draft(ada, item, instagram)
    seen = print_of(post)
    posts.update_post(post=post, by=None, expected=seen, caption="From the first tab")
    with pytest.raises(posts.EditConflict):
        posts.update_post(post=post, by=None, expected=seen, caption="From the second tab")
    post.refresh_from_db()
    assert post.caption == "From the first tab"
    posts.update_post(post=post, by=None, expected=print_of(post), media=[])
    assert print_of(post) != seen


def test_scheduling_writes_each_channel_once_and_a_double_click_changes_nothing(ada, item, instagram, alice):
    post = draft(ada, item, instagram, makers.channel(ada, "linkedin"))
    planning.schedule_post(post=post, by=alice)
    planning.schedule_post(post=post, by=alice)
    rows = Publication.objects.filter(post=post)
    assert sorted(rows.values_list("channel__platform", "occurrence_local")) == [
        ("instagram", SOON),
        ("linkedin", SOON),
    ]
    assert PostEvent.objects.filter(post=post, text="Scheduled.").count() == 1


def test_what_cannot_go_out_is_not_scheduled(ada, item, instagram):
    past = {"starts_local": datetime(2024, 1, 1, 9)}
    for fields, match in (
        ({"starts_local": None}, "when"),
        (past, "over"),
        (past | {"rrule": "FREQ=DAILY;COUNT=3"}, "over"),
    ):
        post = draft(ada, item, instagram, **fields)
        with pytest.raises(InvalidInput, match=match):
            planning.schedule_post(post=post, by=None)
    nowhere = draft(ada, item)
    with pytest.raises(NotReady, match="channel"):
        planning.schedule_post(post=nowhere, by=None)
    empty = posts.create_post(
        persona=ada, by=None, caption="Words", starts_local=SOON, targets=[TargetChoice(instagram)]
    )
    with pytest.raises(NotReady, match="nothing goes out here without"):
        planning.schedule_post(post=empty, by=None)
    assert not Publication.objects.exists()


def test_a_post_that_makes_its_picture_needs_none_now(ada, instagram):
    post = posts.create_post(
        persona=ada, by=None, caption="Words", starts_local=SOON, recipe={"look": "portrait.headshot", "count": 1},
        targets=[TargetChoice(instagram)],
    )  # fmt: skip
    assert [problem.code for one in problems_of(post) for problem in one.bad] == []
    assert planning.schedule_post(post=post, by=None).state == Post.State.SCHEDULED


def test_now_is_this_minute_and_a_slot_is_the_persona_s(ada, item, instagram):
    now = datetime.now(UTC)
    post = planning.schedule_now(post=draft(ada, item, instagram), by=None, now=now)
    due = Publication.objects.get(post=post).due_at
    assert now - timedelta(seconds=1) < due <= now + timedelta(minutes=1)
    with pytest.raises(InvalidInput, match="weekly times"):
        planning.schedule_in_slot(post=draft(ada, item, instagram, starts_local=None), by=None)
    ada.slots.create(workspace=ada.workspace, weekday=2, time="18:30", tzid="Europe/Paris")
    slotted = planning.schedule_in_slot(post=draft(ada, item, instagram, starts_local=None), by=None)
    assert (slotted.starts_local.weekday(), slotted.starts_local.hour, slotted.tzid) == (2, 18, "Europe/Paris")


def test_an_edit_after_approval_asks_again_and_a_plan_does_not(ada, item, instagram, workspace):
    approval(workspace, "team")
    post = draft(ada, item, instagram)
    with pytest.raises(Conflict, match="approved first"):
        planning.schedule_post(post=post, by=None)
    Post.objects.filter(pk=post.pk).update(approved_version=post.content_version, state=Post.State.APPROVED)
    planning.schedule_post(post=post, by=None)
    post = posts.update_post(post=post, by=None, context="She is on holiday")
    assert (post.state, post.content_version) == (Post.State.SCHEDULED, 1)
    post = posts.update_post(post=post, by=None, caption="Other words")
    assert (post.state, post.content_version) == (Post.State.REVIEW, 2)
    assert Publication.objects.get(post=post).state == Publication.State.SCHEDULED


def test_new_times_replace_those_that_wait_and_keep_what_is_out(ada, item, instagram):
    linkedin = makers.channel(ada, "linkedin")
    post = planning.schedule_post(post=draft(ada, item, instagram, linkedin), by=None)
    Publication.objects.filter(channel=instagram).update(state=Publication.State.PUBLISHED, attempt=1)
    later = SOON + timedelta(days=1)
    posts.update_post(post=post, by=None, starts_local=later)
    rows = dict(Publication.objects.filter(post=post).values_list("channel__platform", "occurrence_local"))
    assert rows == {"instagram": SOON, "linkedin": later}


def test_channels_that_come_and_go_bring_and_take_their_times(ada, item, instagram):
    linkedin = makers.channel(ada, "linkedin")
    post = planning.schedule_post(post=draft(ada, item, instagram), by=None)
    posts.update_post(post=post, by=None, targets=[TargetChoice(linkedin)])
    waiting = Publication.objects.filter(post=post, state=Publication.State.SCHEDULED)
    assert [row.channel for row in waiting] == [linkedin]


def test_a_scheduled_post_is_not_changed_into_one_that_cannot_go_out(ada, item, instagram):
    post = planning.schedule_post(post=draft(ada, item, instagram), by=None)
    with pytest.raises(NotReady):
        posts.update_post(post=post, by=None, media=[])
    assert post.media.count() == 1


def test_cancelling_and_taking_back_are_safe_to_repeat(ada, item, instagram):
    post = planning.schedule_post(post=draft(ada, item, instagram), by=None)
    for _ in range(2):
        assert planning.unschedule_post(post=post, by=None).state == Post.State.DRAFT
    assert not Publication.objects.filter(state=Publication.State.SCHEDULED).exists()
    planning.schedule_post(post=post, by=None)
    assert Publication.objects.get(post=post).state == Publication.State.SCHEDULED
    for _ in range(2):
        assert planning.cancel_post(post=post, by=None).state == Post.State.CANCELLED
    for act in (planning.schedule_post, lambda **given: posts.update_post(caption="x", **given)):
        with pytest.raises(Conflict, match="Duplicate"):
            act(post=post, by=None)


def test_a_copy_has_no_time_and_asks_tiktok_s_questions_anew(ada, item, instagram):
    tiktok = makers.channel(ada, "tiktok")
    post = draft(ada, item, instagram)
    targets = [TargetChoice(instagram, caption="Own"), TargetChoice(tiktok, options={"consent": True})]
    posts.update_post(post=post, by=None, targets=targets)
    copy = posts.duplicate_post(post=post, by=None, key="d1")
    assert posts.duplicate_post(post=post, by=None, key="d1") == copy
    assert (copy.starts_local, copy.state, copy.media.count()) == (None, Post.State.DRAFT, 1)
    assert dict(copy.targets.values_list("channel__platform", "options")) == {"instagram": {}, "tiktok": {}}
    assert copy.targets.get(channel=instagram).caption == "Own"


def test_what_was_sent_is_not_deleted_and_a_draft_is_with_its_video(ada, item, instagram, workspace):
    post = planning.schedule_post(post=draft(ada, item, instagram), by=None)
    Publication.objects.filter(post=post).update(attempt=1)
    with pytest.raises(Conflict, match="history"):
        posts.delete_post(post=post, by=None)
    file = {"name": "w1/v.mp4", "sha256": "0" * 64, "mime": "video/mp4", "size": 9, "width": 9, "height": 16}
    video = Asset.objects.create(workspace=workspace, source="upload", **file)
    other = posts.create_post(persona=ada, by=None, media=[MediaChoice(video)])
    for _ in range(2):
        posts.delete_post(post=other, by=None)
    assert not Asset.objects.filter(pk=video.pk).exists()
    assert ContentItem.objects.filter(pk=item.pk).exists()


def test_a_picture_that_a_planned_post_shows_cannot_vanish(ada, item, instagram):
    spare = makers.gallery_item(ada, 2)
    post = planning.schedule_post(post=draft(ada, item, instagram), by=None)
    with pytest.raises(InUse) as caught:
        delete_items(items=[spare, item])
    assert caught.value.links == (("Out early.", post.get_absolute_url()),)
    assert ContentItem.objects.count() == 2
    planning.cancel_post(post=post, by=None)
    assert delete_items(items=[spare, item]) == 2


def test_the_clearing_of_old_results_goes_around_pictures_in_use(ada, item, instagram):
    planning.schedule_post(post=draft(ada, item, instagram), by=None)
    old = datetime.now(UTC) - timedelta(days=KEPT_DAYS + 1)
    spare = makers.gallery_item(ada, 2)
    ContentItem.objects.update(saved=False, updated_at=old)
    assert delete_old_results() == 1
    assert list(ContentItem.objects.values_list("pk", flat=True)) == [item.pk] != [spare.pk]


def test_a_guard_that_leads_nowhere_is_found_at_start_up(settings):
    settings.ITEM_GUARDS = ("scheduling.services.composing.guard.nobody",)
    assert [error.id for error in run_checks() if error.id == "content.E001"] == ["content.E001"]
