"""Tests of Instagram: the adapter and the sandbox against each other, and both against Meta's own SDK."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from facebook_business.adobjects.igmediaforigonlyapi import IGMediaForIGOnlyAPI
from facebook_business.adobjects.iguser import IGUser
from facebook_business.adobjects.iguserforigonlyapi import IGUserForIGOnlyAPI
from facebook_business.adobjects.insightsresult import InsightsResult
from facebook_business.adobjects.instagraminsightsresult import InstagramInsightsResult
from facebook_business.adobjects.shadowigmediabuilder import ShadowIGMediaBuilder
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession

from scheduling.platforms.base import Doubt, PlatformError
from scheduling.platforms.instagram import adapter as instagram
from scheduling.platforms.instagram import connect as instagram_connect
from scheduling.platforms.instagram import insights as instagram_insights
from scheduling.platforms.instagram.adapter import Instagram
from scheduling.tests import instagram_stage
from scheduling.tests.instagram_stage import LABEL, NOW
from scheduling.tests.platforms import Stage

sandbox, stage = instagram_stage.sandbox, instagram_stage.stage
picture, video = instagram_stage.picture, instagram_stage.video


class TestFormats:
    def test_a_picture_goes_out_once_with_its_label_and_description(self, stage, picture):
        post = stage.post(picture, flags=LABEL)
        sent = stage.platform.publish(post, stage.prepared(post))
        (public,) = stage.public()
        assert (public["remote_id"], public["caption"]) == (sent.remote_id, post.caption)
        assert public["media"][0]["alt"] == "Ada on a bridge"
        read = stage.platform.read_back(sent.remote_id)
        assert read["is_ai_generated"] is True
        assert httpx.get(read["url"]).status_code == 200

    def test_a_carousel_is_made_part_by_part_and_labelled_as_a_whole(self, stage, picture, video):
        post = stage.post(picture, video, picture, format="carousel", flags=LABEL)
        progress, parts = {}, []
        for _ in range(20):
            step = stage.platform.prepare(post, progress)
            progress = dict(step.progress)
            parts.append(len(progress.get("children", ())))
            if step.ready:
                break
        assert parts[:3] == [1, 2, 3]  # each is saved before the next is made
        stage.platform.publish(post, progress)
        (public,) = stage.public()
        assert [file["kind"] for file in public["media"]] == ["image", "video", "image"]
        forms = [exchange.sent["form"] for exchange in stage.exchanges if exchange.url.endswith("/media")]
        assert ["is_ai_generated" in form for form in forms] == [False, False, False, True]
        assert ["caption" in form for form in forms] == [False, False, False, True]

    def test_a_reel_waits_until_instagram_is_done_with_it(self, stage, video):
        post = stage.post(video, format="video", flags=LABEL, cover_ms=1500)
        step = stage.platform.prepare(post, {})
        assert step.wait >= 10
        step = stage.platform.prepare(post, step.progress)
        assert (step.ready, step.stage) == (False, "processing")
        progress = stage.prepared(post)
        stage.platform.publish(post, progress)
        (public,) = stage.public()
        assert public["raw"]["product"] == "REELS"
        assert public["raw"]["sent"]["thumb_offset"] == "1500"

    @pytest.mark.parametrize("kind", ["picture", "video"])
    def test_a_story_has_no_caption(self, stage, kind, request):
        post = stage.post(request.getfixturevalue(kind), format="story", flags=LABEL)
        stage.platform.publish(post, stage.prepared(post))
        (public,) = stage.public()
        assert (public["caption"], public["raw"]["product"], public["flags"]) == ("", "STORY", LABEL)

    def test_a_label_that_it_has_no_field_for_is_refused_before_anything_is_sent(self, stage, picture):
        with pytest.raises(PlatformError, match="no field") as caught:
            stage.platform.prepare(stage.post(picture, flags={"is_paid_partnership": True}), {})
        assert (caught.value.kind, stage.exchanges) == ("invalid", [])

    def test_the_first_comment_stands_under_the_post(self, stage, picture):
        post = stage.post(picture, first_comment="More in the link.")
        sent = stage.platform.publish(post, stage.prepared(post))
        stage.platform.comment(post, sent.remote_id)
        (comment,) = stage.world.get("comments", f"instagram {sent.remote_id}")
        assert comment["text"] == "More in the link."


class TestContainers:
    def test_one_that_is_a_day_old_is_made_anew(self, stage, picture):
        post = stage.post(picture)
        progress = stage.prepared(post)
        stage.world.shift(86_401)
        with pytest.raises(Doubt):
            stage.platform.publish(post, progress)
        assert stage.platform.look(post, progress, datetime.now(UTC) + timedelta(days=1)).outcome == "gone"
        with pytest.raises(PlatformError) as caught:
            stage.platform.prepare(post, progress)
        assert caught.value.kind == "container"
        stage.platform.publish(post, stage.prepared(post))
        assert len(stage.public()) == 1

    def test_one_that_instagram_does_not_know_is_made_anew(self, stage, picture):
        with pytest.raises(PlatformError) as caught:
            stage.platform.prepare(stage.post(picture), {"container": "1", "made": NOW.isoformat(), "looks": 0})
        assert caught.value.kind == "container"

    def test_one_that_is_never_done_is_given_up_after_half_an_hour(self, stage, video):
        post = stage.post(video, format="video")
        step = stage.platform.prepare(post, {})
        old = {**step.progress, "made": (datetime.now(UTC) - timedelta(minutes=31)).isoformat()}
        with pytest.raises(PlatformError) as caught:
            stage.platform.prepare(post, old)
        assert caught.value.kind == "container"

    def test_publishing_one_twice_is_a_doubt_that_looking_settles(self, stage, picture):
        post = stage.post(picture)
        progress = stage.prepared(post)
        since = datetime.now(UTC)
        sent = stage.platform.publish(post, progress)
        with pytest.raises(Doubt):
            stage.platform.publish(post, progress)
        look = stage.platform.look(post, progress, since)
        assert (look.outcome, look.remote_id) == ("published", sent.remote_id)
        assert len(stage.public()) == 1

    def test_too_early_is_no_doubt(self, stage, video):
        post = stage.post(video, format="video")
        step = stage.platform.prepare(post, {})
        with pytest.raises(PlatformError) as caught:
            stage.platform.publish(post, step.progress)
        assert (caught.value.kind, stage.public()) == ("later", [])


class TestLook:
    def test_before_any_publish_it_is_proved_absent(self, stage, picture):
        post = stage.post(picture)
        assert stage.platform.look(post, stage.prepared(post), datetime.now(UTC)).outcome == "absent"

    def test_the_right_one_of_two_with_the_same_words_is_found(self, stage, picture):
        first, second = stage.post(picture), stage.post(picture)
        stage.platform.publish(first, stage.prepared(first))
        progress = stage.prepared(second)
        stage.world.shift(60)
        sent = stage.platform.publish(second, progress)
        look = stage.platform.look(second, progress, datetime.now(UTC) + timedelta(seconds=60))
        assert (look.outcome, look.remote_id) == ("published", sent.remote_id)

    def test_a_twin_of_another_publication_proves_nothing(self, stage, picture):
        lost, other = stage.post(picture), stage.post(picture)
        progress = stage.prepared(lost)
        stage.platform.publish(other, stage.prepared(other))
        stage.world.drop("instagram container", progress["container"])
        look = stage.platform.look(lost, progress, datetime.now(UTC) + timedelta(seconds=30))
        assert look.outcome == "unclear"

    def test_words_that_instagram_spaces_differently_are_the_same(self, stage, picture):
        post = stage.post(picture, caption="One\n\n  two ")
        progress, since = stage.prepared(post), datetime.now(UTC)
        sent = stage.platform.publish(post, progress)
        stage.world.drop("instagram container", progress["container"])
        assert stage.platform.look(post, progress, since).remote_id == sent.remote_id

    def test_a_story_is_looked_for_among_the_stories(self, stage, picture):
        post = stage.post(picture, format="story")
        progress, since = stage.prepared(post), datetime.now(UTC)
        sent = stage.platform.publish(post, progress)
        assert stage.platform.look(post, progress, since).remote_id == sent.remote_id

    def test_a_token_that_is_no_more_accepted_is_said_so(self, stage, picture):
        post = stage.post(picture)
        progress = stage.prepared(post)
        stage.world.drop("token", stage.token)
        with pytest.raises(PlatformError) as caught:
            stage.platform.look(post, progress, NOW)
        assert caught.value.kind == "reconnect"


class TestFigures:
    def test_what_is_not_given_is_missing_and_not_nothing(self, stage, picture, video):
        ids = []
        for post in (stage.post(picture), stage.post(video, format="video"), stage.post(picture, format="story")):
            ids.append(stage.platform.publish(post, stage.prepared(post)).remote_id)
        stage.world.shift(86_400 * 0.9)
        measured = stage.platform.measure([*ids, "404"])
        feed, reel, story = (measured.posts[id] for id in ids)
        assert feed["views"] > 0
        assert "average_watch_ms" in reel
        assert "average_watch_ms" not in feed
        assert {"views", "replies"} <= set(story)
        assert "saves" not in story
        assert "404" not in measured.posts
        assert measured.account["posts"] == 3

    def test_a_small_account_has_followers_but_no_insights(self, sandbox, picture):
        small = Stage(sandbox, Instagram)
        account = {"id": small.id, "handle": "small", "followers": 42}
        sandbox.world.add_account("instagram", account)
        assert small.platform.measure([]).account == {"followers": 42, "posts": 0}


class TestAgainstMetasSdk:
    """facebook_business is generated by Meta from its API: it drives our sandbox, and names what we may send."""

    def test_what_the_adapter_sends_is_what_the_sdk_knows(self, stage, picture, video):
        posts = (
            stage.post(picture, flags=LABEL, options={"collaborators": ["@bruno"]}),
            stage.post(picture, video, format="carousel", flags=LABEL),
            stage.post(video, format="video", flags=LABEL, cover_ms=100),
            stage.post(video, format="story", flags=LABEL),
        )
        for post in posts:
            sent = stage.platform.publish(post, stage.prepared(post, steps=30))
        stage.platform.comment(stage.post(picture, first_comment="Hi"), sent.remote_id)
        stage.platform.inspect()
        stage.platform.measure([sent.remote_id])
        known = {
            ("POST", "media"): _types(IGUserForIGOnlyAPI, "create_media"),
            ("POST", "media_publish"): _types(IGUser, "create_media_publish"),
            ("POST", "comments"): {"message": "string"},
            ("GET", "content_publishing_limit"): _types(IGUserForIGOnlyAPI, "get_content_publishing_limit"),
        }
        seen = set()
        for exchange in stage.exchanges:
            edge = exchange.method, exchange.url.rsplit("/", 1)[1]
            values = exchange.sent.get("form") or exchange.sent.get("query") or {}
            if edge in known:
                seen.add(edge)
                assert set(values) - {"fields"} <= set(known[edge]), exchange
                booleans = {name for name in values if known[edge].get(name) == "bool"}
                assert all(values[name] in ("true", "false") for name in booleans)
        assert seen == set(known)

    def test_the_fields_that_are_asked_for_are_fields(self):
        asked = instagram.MEDIA_FIELDS.split(",") + instagram.LABELS.split(",")
        assert set(asked) <= set(IGMediaForIGOnlyAPI._field_types)
        assert set(instagram_connect._PROFILE.split(",")) <= set(IGUserForIGOnlyAPI._field_types)
        assert {"status", "status_code"} <= set(ShadowIGMediaBuilder._field_types)
        media = {name for names in instagram_insights.ASKED.values() for name in names.split(",")}
        metrics = set(vars(InsightsResult.Metric).values()) | set(vars(InstagramInsightsResult.Metric).values())
        assert media <= metrics

    def test_the_sdk_can_publish_on_our_sandbox(self, stage, picture, video, sdk):
        user = IGUser(stage.id, api=sdk)
        sent = {"media_type": "REELS", "video_url": video.url, "caption": "From the SDK", "is_ai_generated": True}
        reel = user.create_media(params=sent)["id"]
        parts = [user.create_media(params={"image_url": picture.url, "is_carousel_item": True})["id"] for _ in range(2)]
        carousel = user.create_media(params={"media_type": "CAROUSEL", "children": parts, "caption": "Two"})["id"]
        for container in (reel, carousel):
            builder = ShadowIGMediaBuilder(container, api=sdk)
            states = [builder.api_get(fields=["status_code"])["status_code"] for _ in range(2)]
            assert states[-1] == "FINISHED"
            user.create_media_publish(params={"creation_id": int(container)})
        assert [post["caption"] for post in stage.public()] == ["Two", "From the SDK"]
        (limit,) = user.get_content_publishing_limit(fields=["quota_usage", "config"])
        assert limit["quota_usage"] == 2

    def test_the_sdk_reads_our_errors_as_metas(self, stage, sdk):
        with pytest.raises(FacebookRequestError) as caught:
            IGUser(stage.id, api=sdk).create_media_publish(params={"creation_id": 1})
        assert (caught.value.api_error_code(), caught.value.api_error_subcode()) == (24, 2207006)
        assert caught.value.api_error_type() == "OAuthException"
        assert not caught.value.api_transient_error()


@pytest.fixture
def sdk(stage, monkeypatch):
    """Meta's SDK with the token of the stage, its requests sent to the sandbox."""
    monkeypatch.setattr(FacebookSession, "GRAPH", stage.hosts["graph"])
    session = FacebookSession(access_token=stage.token)
    yield FacebookAdsApi(session, api_version="v26.0")
    session.requests.close()


def _types(kind: type, method: str) -> dict[str, str]:
    """The parameter types that Meta generated for a call."""
    return getattr(kind("1"), method)(pending=True)._param_checker._type_check_info
