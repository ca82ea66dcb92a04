"""What goes wrong with Instagram: faults around every call, wrong media, its errors and codes, and its limits."""

import re
from datetime import UTC, datetime

import pytest

from scheduling.platforms.base import Account, Doubt, PlatformError
from scheduling.platforms.instagram.adapter import Instagram
from scheduling.platforms.instagram.errors import CODES, SUBCODES
from scheduling.sandbox.faults import KINDS
from scheduling.sandbox.instagram_errors import error
from scheduling.tests import instagram_stage
from scheduling.tests.driving import drive
from scheduling.tests.instagram_stage import LABEL, NOW
from scheduling.tests.platforms import Stage, eventually, hosted, jpeg, mp4

sandbox, stage = instagram_stage.sandbox, instagram_stage.stage
picture, video = instagram_stage.picture, instagram_stage.video

CALLS = {
    "instagram.create": lambda platform, post, progress: platform.prepare(post, {}),
    "instagram.read": lambda platform, post, progress: platform.prepare(post, progress),
    "instagram.publish": lambda platform, post, progress: platform.publish(post, progress),
    "instagram.list": lambda platform, post, progress: platform.look(post, {**progress, "container": "1"}, NOW),
    "instagram.limit": lambda platform, post, progress: platform.inspect(),
    "instagram.insights": lambda platform, post, progress: platform.measure([]),
    "instagram.comment": lambda platform, post, progress: platform.comment(
        post, platform.publish(post, progress).remote_id
    ),
}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "answer"])
@pytest.mark.parametrize("call", CALLS)
def test_whatever_goes_wrong_around_a_call_is_told_apart(stage, picture, call, kind):
    """A publish that may have worked is a Doubt, one that did not is a PlatformError; reading never is a Doubt."""
    post = stage.post(picture, first_comment="First")
    progress, since = stage.prepared(post), datetime.now(UTC)
    stage.sandbox.fault(call, kind, times=1)
    effects = call in ("instagram.create", "instagram.publish", "instagram.comment")
    with pytest.raises(Doubt if effects and kind != "limit" else PlatformError) as caught:
        CALLS[call](stage.platform, post, progress)
    if isinstance(caught.value, PlatformError):
        assert caught.value.kind == ("limit" if kind == "limit" else "later")
        assert caught.value.fix
    if call == "instagram.publish":
        went_out = kind == "garbage" or kind.endswith("_after")
        assert len(stage.public()) == int(went_out)
        assert stage.platform.look(post, progress, since).outcome == ("published" if went_out else "absent")
    assert stage.token not in repr(stage.exchanges) + repr(caught.value) + str(caught.value.answer)


def test_call_that_hangs_longer_than_we_wait_is_a_doubt(stage, picture):
    post = stage.post(picture)
    progress, since = stage.prepared(post), datetime.now(UTC)
    stage.world.change(hang_seconds=5)
    stage.sandbox.fault("instagram.publish", "hang_after", times=1)
    stage.platform._wire.timeout = 0.5
    with pytest.raises(Doubt, match="ReadTimeout"):
        stage.platform.publish(post, progress)
    stage.world.change(hang_seconds=0.05)
    assert eventually(stage.public)
    stage.platform._wire.timeout = 20
    assert stage.platform.look(post, progress, since).outcome == "published"


def test_with_every_fault_around_every_call_each_post_is_public_once(stage, picture):
    for seed, kind in enumerate(kind for kind in KINDS if kind != "answer"):
        stage.sandbox.fault("instagram.*", kind, rate=0.05, seed=seed)
    account, hosts = stage.platform.account, stage.hosts
    doubts = 0
    for number in range(20):
        post = stage.post(picture, caption=f"Number {number}", flags=LABEL)
        story = drive(lambda: Instagram(account, hosts=hosts, timeout=20), post)
        assert story.end == "published", story
        assert story.remote_id in {public["remote_id"] for public in stage.public()}
        doubts += len(story.doubts)
    assert sorted(public["caption"] for public in stage.public()) == sorted(f"Number {n}" for n in range(20))
    assert doubts > 1  # else it has proved nothing


class TestMedia:
    """The sandbox fetches and looks at files as Instagram does, and the user is told what is wrong with them."""

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (lambda: jpeg(540, 675, kind="PNG"), "36001/2207005"),
            (lambda: jpeg(300, 600), "36003/2207009"),
            (lambda: b"no picture at all", "36001/2207005"),
        ],
    )
    def test_a_wrong_picture_is_refused_at_once(self, stage, data, code):
        url = stage.world.url + f"/_sandbox/files/{stage.world.store(data(), 'image/jpeg')}"
        good = hosted(stage.sandbox, jpeg())
        post = stage.post(type(good)("image", "image/jpeg", 1, 1, 1, url, good.open))
        with pytest.raises(PlatformError) as caught:
            stage.platform.prepare(post, {})
        assert (caught.value.code, caught.value.kind, caught.value.retryable) == (code, "invalid", False)

    def test_a_wrong_video_is_refused_when_it_was_looked_at(self, stage):
        post = stage.post(hosted(stage.sandbox, mp4(1.5)), format="video")
        with pytest.raises(PlatformError) as caught:
            stage.prepared(post)
        assert (caught.value.code, caught.value.kind) == ("2207026", "invalid")

    def test_a_video_that_cannot_be_played_at_once_is_refused(self, stage):
        post = stage.post(hosted(stage.sandbox, mp4(faststart=False)), format="video")
        with pytest.raises(PlatformError):
            stage.prepared(post)

    def test_an_address_that_cannot_be_fetched_is_ours_to_mend(self, stage, picture):
        gone = type(picture)("image", "image/jpeg", 1, 1, 1, picture.url + "x", picture.open)
        with pytest.raises(PlatformError) as caught:
            stage.platform.prepare(stage.post(gone), {})
        assert (caught.value.code, caught.value.kind) == ("9004/2207052", "setup")


class TestErrors:
    @pytest.mark.parametrize("subcode", SUBCODES)
    def test_each_documented_one_has_a_sentence_and_what_to_do(self, stage, picture, subcode):
        body = error(100, subcode, "In Meta's words").body
        stage.sandbox.fault("instagram.create", "answer", times=1, body=body)
        with pytest.raises(PlatformError) as caught:
            stage.platform.prepare(stage.post(picture), {})
        known = SUBCODES[subcode]
        assert (caught.value.kind, caught.value.message, caught.value.fix) == known
        assert re.fullmatch(r"[A-Z].*\.", known.text)
        assert re.fullmatch(r"[A-Z].*\.", known.fix)

    @pytest.mark.parametrize("code", [190, 10, 4, 9, 25, 101])
    def test_codes_without_a_subcode_are_known_too(self, stage, picture, code):
        stage.sandbox.fault("instagram.create", "answer", times=1, body=error(code, 0, "In Meta's words").body)
        with pytest.raises(PlatformError) as caught:
            stage.platform.prepare(stage.post(picture), {})
        assert caught.value.kind == CODES[code].kind

    def test_one_that_is_not_known_is_told_in_instagrams_words(self, stage, picture):
        body = error(999, 1, "x", user_msg="The moon is full.").body
        stage.sandbox.fault("instagram.create", "answer", times=1, body=body)
        with pytest.raises(PlatformError, match="The moon is full"):
            stage.platform.prepare(stage.post(picture), {})

    def test_a_limit_says_when_to_go_on(self, stage, picture):
        stage.sandbox.fault("instagram.create", "limit", times=1)
        with pytest.raises(PlatformError) as caught:
            stage.platform.prepare(stage.post(picture), {})
        assert (caught.value.kind, caught.value.retry_after) == ("limit", 60)

    def test_an_error_that_may_hide_a_success_is_a_doubt_at_publish_only(self, stage, picture):
        post = stage.post(picture)
        progress = stage.prepared(post)
        for code, subcode in ((-1, 2207001), (-2, 2207003), (24, 2207006), (24, 2207008), (2, 0), (1, 0)):
            body = error(code, subcode, "x").body
            stage.sandbox.fault("instagram.publish", "answer", times=1, body=body)
            with pytest.raises(Doubt):
                stage.platform.publish(post, progress)
            stage.sandbox.fault("instagram.create", "answer", times=1, body=body)
            with pytest.raises(PlatformError):
                stage.platform.prepare(post, {})

    @pytest.mark.parametrize(
        ("status", "body"), [(400, "<h1>Bad gateway</h1>"), (403, ""), (409, {}), (404, {"error": {}})]
    )
    def test_a_no_that_is_not_instagrams_own_is_a_doubt_at_publish(self, stage, picture, status, body):
        post = stage.post(picture)
        progress, since = stage.prepared(post), datetime.now(UTC)
        stage.sandbox.fault("instagram.publish", "answer", times=1, status=status, body=body)
        with pytest.raises(Doubt):
            stage.platform.publish(post, progress)
        assert stage.platform.look(post, progress, since).outcome == "absent"

    def test_a_429_in_nobodys_words_is_a_limit(self, stage, picture):
        post = stage.post(picture)
        progress = stage.prepared(post)
        stage.sandbox.fault("instagram.publish", "answer", times=1, status=429, body={})
        with pytest.raises(PlatformError) as caught:
            stage.platform.publish(post, progress)
        assert caught.value.kind == "limit"

    def test_an_answer_without_end_is_cut_off(self, stage, picture):
        post = stage.post(picture)
        progress = stage.prepared(post)
        for call, expected in (("instagram.publish", Doubt), ("instagram.read", PlatformError)):
            stage.sandbox.fault(call, "answer", times=1, status=200, body={"id": "1" * 4_100_000})
            with pytest.raises(expected) as caught:
                CALLS[call](stage.platform, post, progress)
            assert len(repr(stage.exchanges[-1])) < 10_000
            assert len(str(caught.value)) < 200

    def test_a_missing_permission_asks_to_connect_again(self, sandbox, picture):
        stage = Stage(sandbox, Instagram, scopes=("instagram_business_basic",))
        with pytest.raises(PlatformError) as caught:
            stage.platform.prepare(stage.post(picture), {})
        assert caught.value.kind == "reconnect"

    def test_an_unreachable_instagram_is_surely_no_effect(self, stage, picture):
        nowhere = {"graph": "http://127.0.0.1:9"}
        platform = Instagram(Account(stage.id, stage.token), hosts=nowhere, timeout=20)
        with pytest.raises(PlatformError) as caught:
            platform.publish(stage.post(picture), {"container": "1"})
        assert caught.value.kind == "later"


class TestLimits:
    def test_the_number_that_is_left_is_read_and_reached(self, stage, picture):
        stage.world.change(instagram_quota=2)
        try:
            for left in (2, 1):
                assert stage.platform.inspect().left == left
                post = stage.post(picture)
                stage.platform.publish(post, stage.prepared(post))
            post = stage.post(picture)
            progress = stage.prepared(post)
            with pytest.raises(PlatformError) as caught:
                stage.platform.publish(post, progress)
            assert (caught.value.kind, caught.value.code) == ("limit", "9/2207042")
            assert len(stage.public()) == 2
            stage.world.shift(86_401)
            post = stage.post(picture)
            stage.platform.publish(post, stage.prepared(post))
        finally:
            stage.world.change(instagram_quota=None)

    def test_four_hundred_containers_a_day_are_enough(self, stage, picture):
        stage.world.hit(f"instagram containers {stage.id}", 399)
        post = stage.post(picture)
        stage.platform.prepare(post, {})
        with pytest.raises(PlatformError) as caught:
            stage.platform.prepare(post, {})
        assert caught.value.kind == "limit"
