"""Films as each channel gets them: judged, fitting, with the visible mark and signed, made once and ahead of time."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from PIL import Image

from inflio.common.errors import InvalidInput
from inflio.media import storage
from inflio.media.credentials import read_credentials
from inflio.media.frames import frame_of
from inflio.media.models import Asset
from inflio.media.tests.films import film, noise
from inflio.media.video import store_video
from inflio.safety.checks import Check, Finding
from scheduling.disclosure.mark import mark_for
from scheduling.models import Post, PostMedia, Publication
from scheduling.platforms.base import Rules
from scheduling.services.preparing import film_work, films, prepare_media
from scheduling.services.preparing.films import prepare_film
from scheduling.services.publishing.filming import LEFT, LEFT_FIX, TURN_SECONDS, WORDS
from scheduling.services.publishing.phases import run_publication
from scheduling.services.publishing.preflight import check_ahead
from scheduling.services.publishing.turn import take_turn
from scheduling.services.timing.waiting import begins
from scheduling.tests import makers
from scheduling.tests.publishing_helpers import pass_time, run
from scheduling.tests.trial_platform import install


class Strict(Check):
    """Objects to everything."""

    name = "strict"

    def look(self, data: bytes) -> Finding:
        return Finding("other", "This picture is refused.", {})


@pytest.fixture
def video_post(ready, alice):
    def make(platform: str, *, seconds: float = 4, options: dict | None = None, **facts):
        asset = store_video(workspace=ready.workspace, file=io.BytesIO(film(seconds=seconds, sound="aac")), by=alice)
        asset.provenance = asset.provenance | {"judged": True} | facts
        asset.save()
        channel = makers.channel(ready, platform)
        post = makers.post(ready, channel, pictures=0, format=Post.Format.VIDEO)
        post.targets.update(options=options or {})
        PostMedia.objects.create(post=post, asset=asset, position=0)
        return asset, makers.publication(post, channel)

    return make


def test_film_that_no_ai_made_passes_unchanged(video_post):
    asset, publication = video_post("tiktok", ai_made=False)
    assert prepare_media(publication=publication) == [asset]
    assert film_work(publication) == 0


def test_film_that_shows_the_mark_already_passes_unchanged(video_post):
    asset, publication = video_post("tiktok", options={"mark_in_video": True})
    assert prepare_media(publication=publication) == [asset]
    assert film_work(publication) == 0


@pytest.mark.parametrize("platform", ["instagram", "tiktok", "youtube", "linkedin", "site"])
def test_film_made_with_ai_gets_the_mark_and_is_signed(video_post, platform):
    asset, publication = video_post(platform)
    [copy] = prepare_media(publication=publication)
    assert (copy.source, copy.parent, copy.mime) == (Asset.Source.DERIVED, asset, "video/mp4")
    assert copy.provenance["marked"] is True
    assert copy.provenance["ai_made"] is True
    assert copy.provenance["seconds"] == asset.provenance["seconds"]
    data = storage.read(copy.name)
    report = read_credentials(data, "video/mp4")
    assert report.state == "trusted"
    assert {"c2pa.addedText", "c2pa.transcoded"} <= {step.code for step in report.steps}
    assert [one.relation for one in report.ingredients] == ["made from"]
    badge, (left, top) = mark_for((asset.width, asset.height))
    with Image.open(io.BytesIO(frame_of(io.BytesIO(data), at_ms=3000))) as seen:
        corner = seen.convert("L").crop((left, top, left + badge.width, top + badge.height))
        assert corner.getextrema()[0] < 40
        assert corner.getextrema()[1] > 225


def test_film_is_marked_once_for_each_content(video_post):
    _, publication = video_post("instagram")
    assert film_work(publication) > 0
    first = prepare_media(publication=publication)
    assert film_work(publication) == 0
    assert prepare_media(publication=publication) == first
    storage.remove(first[0].name)  # a file that was lost is made again
    assert storage.read(prepare_media(publication=publication)[0].name)


def test_film_is_marked_once_for_all_channels(video_post, ready):
    _, publication = video_post("instagram")
    [copy] = prepare_media(publication=publication)
    for platform in ("tiktok", "youtube", "linkedin", "site"):
        channel = makers.channel(ready, platform)
        assert prepare_media(publication=makers.publication(publication.post, channel)) == [copy]


def test_copy_that_grew_over_a_limit_is_made_smaller(ready, alice):
    asset = store_video(workspace=ready.workspace, file=io.BytesIO(noise(crf=30)), by=alice, ai_made=True)
    Asset.objects.filter(pk=asset.pk).update(provenance=asset.provenance | {"judged": True})
    asset.refresh_from_db()
    rules = Rules(kinds=("video",), mimes=("video/mp4",))
    assert prepare_film(asset=asset, rules=rules, marked=True).size > 1.5 * asset.size
    limit = round(1.2 * asset.size)
    assert prepare_film(asset=asset, rules=replace(rules, most_bytes=limit), marked=True).size <= limit


def test_smaller_copy_for_a_channel_with_a_lower_limit_is_work_too(video_post, ready):
    _, publication = video_post("youtube")
    [copy] = prepare_media(publication=publication)
    Asset.objects.filter(pk=copy.pk).update(size=600_000_000)
    assert film_work(publication) == 0
    other = makers.publication(publication.post, makers.channel(ready, "linkedin"))
    assert film_work(other) > 0
    [smaller] = prepare_media(publication=other)
    assert smaller.size < 500_000_000
    assert film_work(other) == 0


def test_film_damaged_in_storage_is_said(video_post):
    asset, publication = video_post("instagram")
    data = storage.read(asset.name)
    storage.remove(asset.name)
    storage.write_once(asset.name, data[: len(data) // 2])
    with pytest.raises(InvalidInput) as error:
        prepare_media(publication=publication)
    assert error.value.code == "media_broken"
    assert not Asset.objects.filter(source=Asset.Source.DERIVED).exists()


def test_video_that_does_not_fit_is_refused(video_post):
    asset, publication = video_post("tiktok", seconds=0.5)
    with pytest.raises(InvalidInput) as error:
        prepare_media(publication=publication)
    assert error.value.code == "short"
    storage.remove(asset.name)
    with pytest.raises(InvalidInput) as error:
        prepare_media(publication=publication)
    assert error.value.code == "media_missing"


def test_uploaded_video_is_judged_once_before_it_goes_out(video_post, settings):
    """With a check that objects to everything nothing goes out; what was judged well is not judged again."""
    settings.SAFETY_CHECKS = ["scheduling.tests.test_films.Strict"]
    asset, publication = video_post("tiktok", judged=False)
    with pytest.raises(InvalidInput) as error:
        prepare_media(publication=publication)
    assert error.value.code == "unsafe"
    settings.SAFETY_CHECKS = []
    assert prepare_media(publication=publication)[0].parent == asset
    settings.SAFETY_CHECKS = ["scheduling.tests.test_films.Strict"]
    publication.refresh_from_db()
    assert prepare_media(publication=publication)[0].parent == asset


@pytest.fixture
def planned(monkeypatch, video_post):
    """A film that is due in 50 minutes, on a small platform in memory."""
    world = install(monkeypatch)

    def make(**how) -> tuple[Asset, Publication]:
        asset, publication = video_post("instagram", **how)
        due_at = datetime.now(UTC) + timedelta(minutes=50)
        Publication.objects.filter(pk=publication.pk).update(due_at=due_at, available_at=begins(due_at))
        publication.refresh_from_db()
        return asset, publication

    return world, make


def test_film_gets_its_mark_ahead_and_waits_for_its_time_untouched(planned):
    world, make = planned
    _, publication = make(seconds=4, fps=2_000_000)  # stated so that the work is reckoned to take two hours
    assert not run_publication(publication.pk)
    assert check_ahead() == 1
    run(publication)
    copy = Asset.objects.get(source=Asset.Source.DERIVED)
    assert (publication.state, publication.payload, publication.reason) == (Publication.State.SCHEDULED, {}, "")
    assert (publication.lease_until, publication.attempt) == (None, 0)  # it can still be moved, changed, cancelled
    assert publication.available_at == begins(publication.due_at)
    assert not run_publication(publication.pk)
    assert world.calls == []
    run(publication, after=50 * 60)
    assert publication.state == Publication.State.PUBLISHED
    assert [one["asset"] for one in publication.payload["media"]] == [copy.pk]
    assert publication.payload["disclosure"]["visible_mark"] is True


def test_film_is_reckoned_to_take_longer_the_larger_it_is(video_post):
    _, small = video_post("instagram", seconds=4, fps=10)
    asset, large = video_post("tiktok", seconds=4, fps=60)
    assert film_work(large) == pytest.approx(6 * film_work(small))
    assert film_work(small) == pytest.approx(asset.provenance["seconds"] * 10 * 180 * 320 / 25_000_000)


def test_film_that_needs_no_mark_is_not_begun_early(planned):
    _, make = planned
    _, publication = make(ai_made=False)
    assert check_ahead() == 1
    publication.refresh_from_db()
    assert publication.available_at == begins(publication.due_at)


def test_what_is_wrong_with_a_film_ahead_is_said_and_can_still_be_mended(planned):
    _, make = planned
    asset, publication = make(fps=2_000_000)
    assert check_ahead() == 1
    data = storage.read(asset.name)
    storage.remove(asset.name)
    storage.write_once(asset.name, data[: len(data) // 2])
    run(publication)
    assert publication.state == Publication.State.SCHEDULED
    assert "damaged" in publication.reason
    storage.remove(asset.name)
    storage.write_once(asset.name, data)
    run(publication, after=50 * 60)
    assert (publication.state, publication.reason) == (Publication.State.PUBLISHED, "")


def test_edit_after_the_mark_was_made_goes_out_as_edited(planned, ready):
    _, make = planned
    _, publication = make(fps=2_000_000)
    check_ahead()
    run(publication)
    assert film_work(publication) == 0
    post = publication.post
    other = makers.video_item(ready).asset
    post.media.update(asset=other)
    Post.objects.filter(pk=post.pk).update(content_version=post.content_version + 1)
    run(publication, after=50 * 60)
    assert publication.state == Publication.State.PUBLISHED
    assert Asset.objects.get(pk=publication.payload["media"][0]["asset"]).parent == other


def test_one_film_is_marked_at_a_time_and_the_others_wait_their_turn(planned):
    """A worker is busy with another film: this one comes later, and other posts are not kept waiting."""
    _, make = planned
    _, busy = make(fps=2_000_000)
    _, publication = make(fps=2_000_000)
    check_ahead()
    until = datetime.now(UTC) + timedelta(minutes=1)
    Publication.objects.filter(pk=busy.pk).update(filming_token="other", lease_until=until, lease_token="other")
    run(publication)
    assert (publication.reason, publication.attempt, publication.lease_until) == (WORDS, 0, None)
    assert not Asset.objects.filter(source=Asset.Source.DERIVED).exists()
    assert publication.available_at <= datetime.now(UTC) + timedelta(seconds=TURN_SECONDS)
    Publication.objects.filter(pk=busy.pk).update(lease_until=None, lease_token="")
    run(publication, after=TURN_SECONDS + 1)
    assert publication.reason == ""
    assert film_work(publication) == 0


def test_worker_may_take_long_over_a_film_and_shows_that_it_goes_on(video_post):
    asset, publication = video_post("instagram", seconds=4)
    frames = []
    prepare_media(publication=publication, on_frame=lambda: frames.append(1))
    assert len(frames) == round(asset.provenance["seconds"] * asset.provenance["fps"])
    assert settings.QUEUE_KINDS["publication"]["timeout"] >= 2 * settings.VIDEO_MAX_SECONDS


def test_film_that_breaks_off_is_read_once_and_fails_with_what_is_wrong(planned, monkeypatch):
    """At its time nobody marks it a second time, outside of its turn and its heartbeat."""
    _, make = planned
    asset, publication = make()
    data = storage.read(asset.name)
    storage.remove(asset.name)
    storage.write_once(asset.name, data[: len(data) // 2])
    opened, frames = films.burn_in, []

    def counted(*args, **given):
        frames.append(args)
        return opened(*args, **given)

    monkeypatch.setattr(films, "burn_in", counted)
    run(publication, after=50 * 60)
    assert (publication.state, publication.code, len(frames)) == (Publication.State.FAILED, "media_broken", 1)
    assert publication.fix == "Edit the post, then try again."


def test_web_request_leaves_films_to_workers(planned, settings):
    world, make = planned
    settings.QUEUE_PERIODIC = {}
    _, publication = make()
    pass_time(publication, 50 * 60)
    assert take_turn(seconds=60).taken == 1  # and it is not taken again and again
    publication.refresh_from_db()
    assert (publication.state, publication.reason, publication.fix) == (Publication.State.SCHEDULED, LEFT, LEFT_FIX)
    assert (publication.attempt, publication.lease_until, world.calls) == (0, None, [])
    assert publication.available_at <= datetime.now(UTC)  # a worker that is woken finds it
    assert not Asset.objects.filter(source=Asset.Source.DERIVED).exists()
    run(publication)
    assert (publication.state, publication.reason) == (Publication.State.PUBLISHED, "")


def test_web_request_publishes_a_film_whose_mark_is_there(planned, settings):
    _, make = planned
    settings.QUEUE_PERIODIC = {}
    _, publication = make()
    prepare_media(publication=publication)
    pass_time(publication, 50 * 60)
    take_turn(seconds=60)
    publication.refresh_from_db()
    assert publication.state == Publication.State.PUBLISHED
