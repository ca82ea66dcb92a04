"""What goes wrong with TikTok: lost answers and doubts, refusals, media that it does not take, and its limits."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduling.platforms.base import Doubt, PlatformError
from scheduling.platforms.tiktok.adapter import TikTok
from scheduling.platforms.tiktok.errors import CODES, FAIL_REASONS, OAUTH
from scheduling.sandbox import faults
from scheduling.tests import tiktok_stage
from scheduling.tests.tiktok_stage import (
    OPTIONS,
    VECTORS,
    check_contracts,
    deliver,
    jpeg,
    media,
    mp4,
    photos,
    prepared,
    public,
    settled,
    video,
)

world, sandbox, tiktok = tiktok_stage.world, tiktok_stage.sandbox, tiktok_stage.tiktok


# Faults and doubts


def test_a_chunk_whose_answer_was_lost_is_not_counted_twice(sandbox, tiktok):
    sandbox.world.change(check_media=False)
    ours, data = tiktok(), bytes(30_000_000)
    post = video(sandbox, media=(replace(media(sandbox, mp4()), size=len(data), open=lambda: io.BytesIO(data)),))
    progress = ours.prepare(post, {}).progress
    sandbox.fault("tiktok.chunk", "error_after", times=1)
    with pytest.raises(Doubt):
        ours.prepare(post, progress)
    step = ours.prepare(post, progress)  # 416: TikTok says how far it is
    assert step.progress["sent"] == 10_000_000
    assert prepared(ours, post, step.progress)["sent"] == 20_000_000


@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "error_before", "error_after", "limit", "garbage"])
def test_no_fault_of_any_call_doubles_or_loses_a_post(sandbox, tiktok, kind):
    cases = [
        ("file", video, ("tiktok.creator", "tiktok.video_init", "tiktok.chunk", "tiktok.status")),
        ("pull", video, ("tiktok.video_init", "tiktok.status")),
        ("pull", photos, ("tiktok.photo_init",)),
    ]
    for upload, make, calls in cases:
        for call in calls:
            ours, post = tiktok(upload=upload), make(sandbox)
            sandbox.fault(call, kind, times=1)
            found = deliver(ours, post)
            # Only the lost number of a fetched post can leave a doubt, and then nothing is sent again.
            expected = ("published", "unclear") if (upload, call) == ("pull", calls[0]) else ("published",)
            assert found.outcome in expected, (call, kind, found)
            assert len(public(sandbox, ours)) <= 1, (call, kind)
            assert len(public(sandbox, ours)) == 1 or found.outcome == "unclear", (call, kind)
            record = json.dumps([[one.url, dict(one.sent), one.answer] for one in ours.exchanges])
            assert ours.account.access_token not in record
            assert "upload_token" not in record
            check_contracts([one for one in ours.exchanges if one.status == 200 and one.answer.startswith("{")])
            faults.clear(sandbox.world)


def test_a_last_chunk_that_is_sent_once_more_makes_no_second_post(sandbox, tiktok):
    ours, post = tiktok(), video(sandbox)
    progress = prepared(ours, post)
    sandbox.fault("tiktok.chunk", "reset_after", times=1)
    for _ in range(2):  # the second one is refused with 416, which does not say whether there is a post
        with pytest.raises(Doubt):
            ours.publish(post, progress)
    assert settled(ours, post, progress, datetime.now(UTC)).outcome == "published"
    assert len(public(sandbox, ours)) == 1


def test_a_file_that_became_shorter_is_not_sent(sandbox, tiktok):
    ours, post = tiktok(), video(sandbox)
    progress = prepared(ours, post)
    cut = replace(post, media=(replace(post.media[0], open=lambda: io.BytesIO(b"short")),))
    with pytest.raises(PlatformError, match="cannot be read"):
        ours.publish(cut, progress)
    assert sandbox.world.calls("tiktok.chunk", limit=1)[0]["at"] < progress["until"] - 3600


@pytest.mark.parametrize(("kind", "outcome"), [("hang_before", "absent"), ("hang_after", "published")])
def test_a_hanging_last_chunk_is_a_doubt_that_its_number_settles(sandbox, tiktok, kind, outcome):
    ours, post = tiktok(), video(sandbox)
    progress = prepared(ours, post)
    sandbox.world.change(hang_seconds=5)
    sandbox.fault("tiktok.chunk", kind, times=1)
    impatient = replace_timeout(ours, 1)
    with pytest.raises(Doubt):
        impatient.publish(post, progress)
    assert settled(ours, post, progress, datetime.now(UTC)).outcome == outcome
    assert len(public(sandbox, ours)) == (outcome == "published")


def replace_timeout(ours: TikTok, timeout: float) -> TikTok:
    return TikTok(ours.account, hosts=ours.hosts_used, options=ours.options, timeout=timeout)


@pytest.mark.parametrize("kind", ["reset_after", "error_after", "garbage"])
def test_a_fetched_video_whose_number_was_lost_is_found_among_the_public_ones(sandbox, tiktok, kind):
    ours, post = tiktok(upload="pull"), video(sandbox, "A walk " + "x" * 200)
    progress, since = prepared(ours, post), datetime.now(UTC)
    sandbox.fault("tiktok.video_init", kind, times=1)
    with pytest.raises(Doubt):
        ours.publish(post, progress)
    found = ours.look(post, progress, since)
    assert (found.outcome, found.remote_id) == ("published", public(sandbox, ours)[0]["remote_id"])


def test_what_was_only_found_by_its_words_says_since_when_another_may_be_meant(sandbox, tiktok):
    """TikTok's clock may be behind ours, and a twin whose id its moderation keeps back has a publish_id for one."""
    ours, post = tiktok(upload="pull"), video(sandbox)
    progress = ours.publish(post, prepared(ours, post)).progress
    since = datetime.now(UTC) + timedelta(seconds=60)
    found = ours.look(post, {"way": "pull"}, since)
    assert (found.outcome, found.alike_since) == ("published", since - timedelta(minutes=2))
    assert settled(ours, post, progress, since).alike_since is None
    assert ours.is_post_id(found.remote_id)
    assert not ours.is_post_id(progress["publish_id"])
    assert not ours.is_post_id("")


def test_a_lost_number_stays_unclear_when_the_list_proves_nothing(sandbox, tiktok):
    private = video(sandbox, options=OPTIONS | {"privacy_level": "SELF_ONLY"})
    for post, times in ((private, 1), (video(sandbox), 2)):
        ours = tiktok(upload="pull")
        progress, since = prepared(ours, post), datetime.now(UTC)
        for _ in range(times):
            ours.publish(post, progress)
        assert ours.look(post, progress, since).outcome == "unclear"
    mute = tiktok(upload="pull", scopes=("video.publish",))  # its list may not be read
    assert mute.look(video(sandbox), {"way": "pull"}, datetime.now(UTC)).outcome == "unclear"


def test_an_upload_address_is_over_after_an_hour(sandbox, tiktok):
    ours, post = tiktok(), video(sandbox)
    progress = prepared(ours, post)
    sandbox.world.shift(3700)  # TikTok's clock; ours still trusts the address
    with pytest.raises(PlatformError) as refused:
        ours.publish(post, progress)
    assert (refused.value.kind, refused.value.http_status) == ("container", 403)
    sandbox.world.shift(0)
    ours.clock = lambda: progress["until"] + 1
    with pytest.raises(PlatformError) as refused:
        ours.publish(post, progress)
    assert refused.value.kind == "container"
    assert ours.look(post, progress, datetime.now(UTC)).outcome == "gone"
    assert ours.prepare(post, progress).progress["publish_id"] != progress["publish_id"]
    assert public(sandbox, ours) == []


# What TikTok refuses


def test_every_documented_code_is_a_readable_refusal(sandbox, tiktok):
    assert set(VECTORS["codes"]) <= set(CODES)
    for number, (code, status) in enumerate(VECTORS["codes"].items()):
        ours, post = tiktok(upload="pull"), (video, photos)[number % 2](sandbox)
        progress = prepared(ours, post)
        sandbox.world.change(tiktok_refuse={"*": code})
        with pytest.raises(PlatformError) as refused:
            ours.publish(post, progress)
        sandbox.world.change(tiktok_refuse=None)
        error = refused.value
        assert (error.code, error.http_status, error.kind) == (code, status, CODES[code].kind)
        assert public(sandbox, ours) == []
    for meanings in (CODES, FAIL_REASONS, OAUTH):
        for meaning in meanings.values():
            assert meaning.text.endswith(".")
            assert meaning.fix.endswith(".")
            assert (meaning.kind == "limit") == (meaning.retry_after is not None)


def test_a_code_that_is_new_to_us_is_a_refusal_and_its_words_are_shown(sandbox, tiktok):
    ours, post = tiktok(upload="pull"), video(sandbox)
    progress = prepared(ours, post)
    body = {"error": {"code": "brand_new", "message": "The moon is full."}}
    sandbox.fault("tiktok.video_init", "answer", status=403, body=body, times=1)
    with pytest.raises(PlatformError, match="The moon is full") as refused:
        ours.publish(post, progress)
    assert refused.value.kind == "invalid"
    sandbox.fault("tiktok.video_init", "answer", status=200, body=body, times=1)
    with pytest.raises(Doubt):
        ours.publish(post, progress)


def test_every_documented_reason_of_failure_says_what_helps(sandbox, tiktok):
    assert set(VECTORS["fail_reasons"]) == set(FAIL_REASONS)
    sandbox.world.change(tiktok_limits=False, processing_polls=0, check_media=False)
    ours, post = tiktok(upload="pull"), video(sandbox)
    progress = prepared(ours, post)
    for reason in VECTORS["fail_reasons"]:
        sandbox.world.change(tiktok_fail_reason=reason)
        found = ours.look(post, ours.publish(post, progress).progress, datetime.now(UTC))
        again = FAIL_REASONS[reason].kind == "later"
        assert (found.outcome, found.reason) == ("gone" if again else "refused", FAIL_REASONS[reason].text)
        assert found.evidence["fail_reason"] == reason
    sandbox.world.change(tiktok_fail_reason=None, tiktok_ends_as="SEND_TO_USER_INBOX")
    found = ours.look(post, ours.publish(post, progress).progress, datetime.now(UTC))
    assert (found.outcome, "inbox" in found.fix) == ("refused", True)
    assert public(sandbox, ours) == []


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda s: video(s, media=(media(s, mp4(fps=12)),)), "frame_rate_check_failed"),
        (lambda s: video(s, media=(media(s, mp4(240, 426)),)), "picture_size_check_failed"),
        (lambda s: video(s, media=(media(s, jpeg(), "image"),)), "file_format_check_failed"),
        (lambda s: photos(s, media=(media(s, jpeg(kind="PNG"), "image"),)), "file_format_check_failed"),
        (lambda s: photos(s, media=(media(s, jpeg((2000, 2000)), "image"),)), "picture_size_check_failed"),
        (lambda s: photos(s, media=(replace(media(s, jpeg(), "image"), url=f"{s.url}/nothing"),)), "photo_pull_failed"),
    ],
)
def test_the_sandbox_fetches_and_checks_media_as_tiktok_does(sandbox, tiktok, make, reason):
    ours = tiktok(upload="pull")
    post = make(sandbox)
    sent = ours.publish(post, prepared(ours, post))
    assert settled(ours, post, sent.progress, datetime.now(UTC)).evidence["fail_reason"] == reason
    assert public(sandbox, ours) == []


def test_limits_a_minute_and_a_day_and_before_the_audit(sandbox, tiktok):
    sandbox.world.change(check_media=False, tiktok_posts_a_day=7)
    ours, post = tiktok(upload="pull"), video(sandbox)
    progress = prepared(ours, post)
    for _ in range(6):
        ours.publish(post, progress)
    with pytest.raises(PlatformError) as refused:
        ours.publish(post, progress)
    assert (refused.value.code, refused.value.kind) == ("rate_limit_exceeded", "limit")
    sandbox.world.shift(61)
    ours.publish(post, progress)
    with pytest.raises(PlatformError) as refused:
        ours.publish(post, progress)
    assert refused.value.code == "spam_risk_too_many_posts"
    assert len(public(sandbox, ours)) == 7
    sandbox.world.shift(2 * 86400)  # nobody has posted today
    sandbox.world.change(tiktok_unaudited=True, tiktok_verified=["https://media.example/"])
    other = tiktok(upload="pull")
    with pytest.raises(PlatformError) as refused:
        other.publish(post, prepared(other, post))
    assert (refused.value.code[:9], refused.value.kind) == ("unaudited", "setup")
    for account in [tiktok().account.external_id for _ in range(5)]:
        sandbox.world.hit(f"tiktok posts {account}")
    with pytest.raises(PlatformError) as refused:
        other.publish(post, prepared(other, post))
    assert (refused.value.code, refused.value.kind) == ("reached_active_user_cap", "limit")
    sandbox.world.change(tiktok_unaudited=False)
    with pytest.raises(PlatformError) as refused:
        other.publish(post, prepared(other, post))
    assert (refused.value.code, refused.value.kind) == ("url_ownership_unverified", "setup")
