"""TikTok: our adapter against the sandbox, both against contracts written from TikTok's documents."""

import io
import json
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import count
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import av
import httpx
import jsonschema
import numpy as np
import pytest
from PIL import Image

from scheduling.platforms.base import Account, Doubt, Media, Outgoing, PlatformError
from scheduling.platforms.connect import App
from scheduling.platforms.tiktok import rules
from scheduling.platforms.tiktok.adapter import TikTok
from scheduling.platforms.tiktok.connect import TikTokConnector
from scheduling.platforms.tiktok.errors import CODES, FAIL_REASONS, OAUTH
from scheduling.platforms.tiktok.upload import plan
from scheduling.platforms.tiktok.webhook import read_webhook, sign_webhook, verify_webhook
from scheduling.sandbox import faults
from scheduling.sandbox.server import Sandbox

CONTRACTS = {path.stem: json.loads(path.read_text()) for path in (Path(__file__).parent / "contracts/tiktok").glob("*")}
BY_PATH = {one["path"]: one for one in CONTRACTS.values() if "path" in one}
VECTORS = CONTRACTS["vectors"]
OPTIONS = {"privacy_level": "PUBLIC_TO_EVERYONE", "allow_comment": True, "consent": True}
_numbers = count(1)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """One sandbox for all tests of this file; each test has an account of its own."""
    with Sandbox(tmp_path_factory.mktemp("tiktok"), platforms=("tiktok",)) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(world):
    """The sandbox, well-behaved again after the test."""
    yield world
    faults.clear(world.world)
    world.world.change(**dict.fromkeys(world.world.all("setting")))
    world.world.shift(0)


@pytest.fixture
def tiktok(sandbox):
    """Makes adapters: each for a new account, with a list of what it recorded in `exchanges`."""
    return lambda **options: adapter(sandbox, **options)


def adapter(sandbox, *, upload="file", timeout=10.0, scopes=()) -> TikTok:
    name = f"tt{next(_numbers)}"
    token = sandbox.connect("tiktok", name, name, token=f"secret-token-of-{name}", scopes=scopes)
    exchanges = []
    made = TikTok(
        Account(name, token, handle=name, scopes=scopes),
        hosts={host: f"{sandbox.url}/tiktok/{host}" for host in TikTok.hosts},
        options={"upload": upload},
        record=exchanges.append,
        timeout=timeout,
    )
    made.exchanges = exchanges
    return made


@cache
def mp4(width=360, height=640, fps=24) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for shade in range(fps + fps // 4):
            picture = np.full((height, width, 3), shade * 4 % 255, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return file.getvalue()


@cache
def jpeg(size=(1080, 1350), kind="JPEG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (40, 90, 60)).save(file, kind)
    return file.getvalue()


def media(sandbox, data: bytes, kind="video") -> Media:
    """A file that the sandbox can fetch and that can be read here."""
    mime = "video/mp4" if kind == "video" else "image/jpeg"
    url = f"{sandbox.url}/_sandbox/files/{sandbox.world.store(data, mime)}"
    return Media(kind, mime, len(data), 360, 640, url, lambda: io.BytesIO(data), seconds=1.25)


def video(sandbox, caption="Morning walk #ada", **changes) -> Outgoing:
    values = {"flags": {"is_aigc": True}, "options": OPTIONS, "media": (media(sandbox, mp4()),)} | changes
    return Outgoing("key", "video", caption, "", **values)


def photos(sandbox, caption="Out early. AI-generated.", number=2, **changes) -> Outgoing:
    values = {"options": OPTIONS, "media": (media(sandbox, jpeg(), "image"),) * number} | changes
    return Outgoing("key", "carousel", caption, "Morning", **values)


def prepared(adapter, post, progress=None):
    """Prepare a post to its end, with another try for what may be tried again."""
    for _ in range(9):
        try:
            step = adapter.prepare(post, progress or {})
        except Doubt:
            continue
        except PlatformError as error:
            if not error.retryable:
                raise
            continue
        progress = json.loads(json.dumps(step.progress))  # as a row would keep it
        if step.ready:
            return progress
    raise AssertionError("It is never ready.")


def settled(adapter, post, progress, since):
    """Look until it is settled; a look that failed is tried again."""
    for _ in range(6):
        try:
            found = adapter.look(post, progress, since)
        except PlatformError as error:
            if not error.retryable:
                raise
            continue
        if found.outcome != "working":
            return found
    raise AssertionError("It works for ever.")


def deliver(adapter, post):
    """As the publishing engine does it: publish once, and never again before it is proved absent. The last Look."""
    progress, since = prepared(adapter, post), datetime.now(UTC)
    for _ in range(5):
        try:
            progress = adapter.publish(post, progress).progress
        except Doubt:
            pass
        except PlatformError as error:
            if not error.retryable:
                raise
            progress = prepared(adapter, post)
            continue
        found = settled(adapter, post, progress, since)
        if found.outcome == "gone":
            progress = prepared(adapter, post)
        elif found.outcome != "absent":
            return found
    raise AssertionError("It never ends.")


def public(sandbox, adapter) -> list[dict]:
    return sandbox.world.posts("tiktok", adapter.account.external_id)


def check_contracts(exchanges) -> set[str]:
    """Each recorded exchange against its contract; the paths that were checked."""
    for one in exchanges:
        path = "/" + one.url.partition("/api/")[2]
        if contract := BY_PATH.get(path):
            if "request" in contract:
                fits(one.sent["json"], contract["request"])
            if one.status == 200:
                fits(json.loads(one.answer), contract["answer"])
    return {"/" + one.url.partition("/api/")[2] for one in exchanges} & set(BY_PATH)


def fits(value, schema) -> None:
    """Raise ValidationError unless a value is as its contract says; the schemas themselves have a test of their own."""
    jsonschema.Draft202012Validator(schema).validate(value)


# Contracts


def stale(today: date) -> list[str]:
    """Contracts that were read more than 180 days before, and should be read again."""
    read = {name: date.fromisoformat(one["$comment"].rpartition("read ")[2]) for name, one in CONTRACTS.items()}
    return sorted(name for name, day in read.items() if (today - day).days > 180)


def test_every_contract_names_its_document_and_goes_stale_after_180_days():
    for one in CONTRACTS.values():
        assert one["$comment"].startswith("https://developers.tiktok.com/doc")
        for schema in (one.get(part) for part in ("request", "answer", "refusal", "body")):
            jsonschema.Draft202012Validator.check_schema(schema or {})
    assert stale(date(2026, 11, 21)) == []
    assert stale(date(2026, 11, 21) + timedelta(days=181)) == sorted(CONTRACTS)
    print("TikTok's contracts to read again:", ", ".join(stale(date.today())) or "none")  # noqa: T201 - a report


def test_the_official_vector_of_chunks():
    for vector in VECTORS["chunks"]:
        cut = plan(vector["video_size"], vector["chunk_size"])
        assert cut.count == vector["total_chunk_count"]
        assert [list(cut.range(number)) for number in range(cut.count)] == vector["ranges"]


@pytest.mark.parametrize("size", [1, 4_999_999, 5_000_000, 9_999_999, 19_999_999, 20_000_000, 64 << 20, 4_000_000_000])
def test_every_size_is_cut_as_the_guide_says(size):
    cut = plan(size)
    ranges = [cut.range(number) for number in range(cut.count)]
    assert [first for first, _ in ranges] == [0, *[last + 1 for _, last in ranges[:-1]]]
    assert ranges[-1][1] == size - 1
    assert cut.count == size // cut.chunk
    assert all(5_000_000 <= last - first + 1 <= 64_000_000 for first, last in ranges[:-1])
    assert ranges[-1][1] - ranges[-1][0] + 1 <= 64_000_000


def test_what_we_send_and_what_the_sandbox_answers_fit_the_contracts(sandbox, tiktok):
    checked = set()
    for upload, make in (("file", video), ("pull", video), ("pull", photos)):
        ours = tiktok(upload=upload)
        found = deliver(ours, make(sandbox))
        assert found.outcome == "published"
        assert ours.read_back(found.remote_id)["url"].endswith(found.remote_id)
        ours.measure([found.remote_id])
        checked |= check_contracts(ours.exchanges)
    lost = tiktok(upload="pull")
    lost.look(video(sandbox), {"way": "pull"}, datetime.now(UTC))
    checked |= check_contracts(lost.exchanges)
    assert checked == set(BY_PATH) - {"/v2/oauth/token/"}


def test_the_init_answer_of_the_sandbox_is_the_documented_one(sandbox, tiktok):
    ours = tiktok()
    headers = {"Authorization": f"Bearer {ours.account.access_token}", "Content-Type": "application/json"}
    info = {"privacy_level": "SELF_ONLY", "brand_content_toggle": False, "brand_organic_toggle": False}
    source = {"source": "FILE_UPLOAD", "video_size": 50_000_123, "chunk_size": 10_000_000, "total_chunk_count": 5}
    url = f"{sandbox.url}/tiktok/api/v2/post/publish/video/init/"
    reply = httpx.post(url, headers=headers, json={"post_info": info, "source_info": source})
    fits(reply.json(), BY_PATH["/v2/post/publish/video/init/"]["answer"])
    wrong = httpx.post(url, headers=headers, json={"post_info": info, "source_info": source | {"total_chunk_count": 6}})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (400, "invalid_param")


# Publishing


def test_a_video_is_public_only_after_its_last_chunk(sandbox, tiktok):
    sandbox.world.change(check_media=False)
    ours, data = tiktok(), bytes(25_000_000)
    post = video(sandbox, media=(replace(media(sandbox, mp4()), size=len(data), open=lambda: io.BytesIO(data)),))
    first = ours.prepare(post, {})
    assert (first.progress["count"], first.ready) == (2, False)
    second = ours.prepare(post, first.progress)
    assert second.ready
    assert second.container_id == first.progress["publish_id"]
    assert public(sandbox, ours) == []
    sandbox.fault("tiktok.chunk", "reset_before", times=1)
    with pytest.raises(Doubt):
        ours.publish(post, second.progress)
    assert ours.look(post, second.progress, datetime.now(UTC)).outcome == "absent"
    sent = ours.publish(post, second.progress)
    assert not sent.final
    assert "upload_url" not in sent.progress
    assert settled(ours, post, sent.progress, datetime.now(UTC)).outcome == "published"
    assert len(public(sandbox, ours)) == 1


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
    sandbox.world.change(hang_seconds=0.5)
    sandbox.fault("tiktok.chunk", kind, times=1)
    impatient = replace_timeout(ours, 0.3)
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


def test_what_the_user_chose_and_the_labels_reach_tiktok(sandbox, tiktok):
    ours = tiktok()
    options = OPTIONS | {"commercial": True, "your_brand": True, "allow_stitch": True}
    deliver(ours, video(sandbox, options=options, cover_ms=400, flags={"is_aigc": True, "brand_content_toggle": True}))
    [post] = public(sandbox, ours)
    assert post["flags"] == {"is_aigc": True, "brand_content_toggle": True, "brand_organic_toggle": True}
    info = post["raw"]["post_info"]
    assert (info["disable_comment"], info["disable_duet"], info["disable_stitch"]) == (False, True, False)
    assert info["video_cover_timestamp_ms"] == 400
    deliver(ours, photos(sandbox, options=OPTIONS | {"auto_add_music": True, "cover_index": 1}))
    info = public(sandbox, ours)[0]["raw"]["post_info"]
    assert (info["title"], info["description"], info["auto_add_music"]) == ("Morning", "Out early. AI-generated.", True)


def test_an_ai_flag_for_photos_is_refused_instead_of_dropped(sandbox, tiktok):
    assert TikTok.capabilities.ai_flag == {"video"}
    ours = tiktok()
    with pytest.raises(PlatformError, match="no field for the AI label") as refused:
        ours.prepare(photos(sandbox, flags={"is_aigc": True}), {})
    assert refused.value.kind == "invalid"
    assert ours.exchanges == []


def test_text_is_counted_in_units_of_utf16(sandbox, tiktok):
    ours = tiktok()
    assert ours.prepare(video(sandbox, "😀" * 1100), {}).ready
    with pytest.raises(PlatformError, match="2202 of at most 2200"):
        ours.prepare(video(sandbox, "😀" * 1101), {})


def test_an_audience_that_the_account_does_not_offer_is_refused_before_anything_is_sent(sandbox, tiktok):
    ours = tiktok()
    for level, code in (("FOLLOWER_OF_CREATOR", "privacy_not_offered"), ("", "privacy_missing")):
        with pytest.raises(PlatformError) as refused:
            ours.prepare(video(sandbox, options=OPTIONS | {"privacy_level": level}), {})
        assert (refused.value.code, refused.value.kind) == (code, "invalid")
    branded = video(sandbox, options={"privacy_level": "SELF_ONLY"}, flags={"brand_content_toggle": True})
    with pytest.raises(PlatformError, match="cannot be set to private"):
        ours.prepare(branded, {})
    assert {one.url.rpartition("/v2")[2] for one in ours.exchanges} == {"/post/publish/creator_info/query/"}


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


# Reading


def test_a_post_without_a_public_id_is_published_and_its_id_is_found_later(sandbox, tiktok):
    sandbox.world.change(tiktok_moderation_seconds=3600)
    ours = tiktok()
    found = deliver(ours, video(sandbox))
    publish_id = found.evidence["publish_id"]
    assert (found.outcome, found.remote_id, found.url) == ("published", publish_id, "")
    with pytest.raises(PlatformError, match="moderation") as refused:
        ours.read_back(publish_id)
    assert refused.value.kind == "later"
    assert ours.measure([publish_id]).posts == {}
    sandbox.world.shift(3700)
    shown = ours.read_back(publish_id)
    remote_id = public(sandbox, ours)[0]["remote_id"]
    assert (shown["remote_id"], shown["is_aigc"]) == (remote_id, True)
    measured = ours.measure([publish_id, "1", "v_pub_file~v2.forgotten"])
    assert set(measured.posts) == {publish_id}
    assert set(ours.measure([remote_id]).posts[remote_id]) == set(TikTok.capabilities.metrics)
    assert measured.account["posts"] == 1


def test_a_private_post_is_published_and_has_no_id_for_good(sandbox, tiktok):
    ours = tiktok()
    found = deliver(ours, video(sandbox, options=OPTIONS | {"privacy_level": "SELF_ONLY"}))
    assert (found.outcome, found.remote_id) == ("published", "")
    assert found.url == f"{sandbox.url}/tiktok/www/@{ours.account.handle}"
    assert httpx.get(found.url, follow_redirects=True).status_code == 200
    assert len(public(sandbox, ours)) == 1


def test_figures_that_may_not_be_read_are_absent(sandbox, tiktok):
    measured = tiktok(scopes=("user.info.basic", "video.publish")).measure(["75"])
    assert (measured.account, measured.posts) == ({}, {})


def test_the_account_says_what_the_composer_must_offer(sandbox, tiktok):
    ours = tiktok()
    closed = {"id": ours.account.external_id, "handle": "quiet", "name": "Quiet", "private": True, "longest": 60}
    sandbox.world.add_account("tiktok", closed | {"comment_disabled": True})
    facts = ours.inspect()
    assert (facts.handle, facts.name) == ("quiet", "Quiet")
    assert facts.options["privacy_levels"] == ["FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
    long = video(sandbox, options={"privacy_level": "SELF_ONLY", "allow_comment": True})
    with pytest.raises(PlatformError, match="at most 60 seconds"):
        ours.prepare(replace(long, media=(replace(long.media[0], seconds=61.0),)), {})
    deliver(ours, long)
    assert public(sandbox, ours)[0]["raw"]["post_info"]["disable_comment"] is True


# Connecting


def connector(sandbox) -> TikTokConnector:
    hosts = {host: f"{sandbox.url}/tiktok/{host}" for host in TikTokConnector.hosts}
    return TikTokConnector(App("inflio-sandbox", "inflio-sandbox-secret"), hosts=hosts, timeout=10)


def code_from(sandbox, ours: TikTokConnector, account="tt-ada", **form) -> str:
    back = "https://inflio.example/channels/back"
    page = ours.authorize_url(state="state-1", redirect_uri=back)
    assert httpx.get(page).status_code == 200
    reply = httpx.post(page, data={"account": account, "decision": "allow"} | form)
    query = parse_qs(urlsplit(reply.headers["location"]).query)
    assert query["state"] == ["state-1"]
    return query["code"][0]


def test_connecting_renewing_and_how_a_reused_refresh_token_ends_it_all(sandbox):
    ours, back = connector(sandbox), "https://inflio.example/channels/back"
    code = code_from(sandbox, ours)
    tokens = ours.exchange(code=code, redirect_uri=back)
    assert tokens.scopes == TikTokConnector.scopes
    assert timedelta(hours=1) < tokens.access_expires_at - datetime.now(UTC) <= timedelta(hours=2)
    assert tokens.refresh_expires_at - datetime.now(UTC) > timedelta(days=179)
    [found] = ours.accounts(tokens)
    assert (found.external_id, found.handle, found.name) == ("tt-ada", "ada.studio", "Ada")
    with pytest.raises(PlatformError):
        ours.exchange(code=code, redirect_uri=back)  # a code works once
    renewed = ours.refresh(tokens)
    assert renewed.refresh_token != tokens.refresh_token
    assert ours.accounts(renewed)
    with pytest.raises(PlatformError) as ended:
        ours.refresh(tokens)
    assert ended.value.kind == "reconnect"
    for gone in (lambda: ours.refresh(renewed), lambda: ours.accounts(renewed)):
        with pytest.raises(PlatformError) as ended:
            gone()
        assert ended.value.kind == "reconnect"


def test_token_answers_fit_the_contract(sandbox):
    url, app = f"{sandbox.url}/tiktok/api/v2/oauth/token/", {"client_key": "inflio-sandbox"}
    app["client_secret"] = "inflio-sandbox-secret"
    code = code_from(sandbox, connector(sandbox), "tt-noor")
    form = {"code": code, "grant_type": "authorization_code", "redirect_uri": "https://inflio.example/channels/back"}
    fits(httpx.post(url, data=app | form).json(), CONTRACTS["token"]["answer"])
    for wrong in (form, form | {"grant_type": "magic"}, form | {"client_secret": "x"}):
        fits(httpx.post(url, data=app | wrong).json(), CONTRACTS["token"]["refusal"])


def test_an_account_that_may_not_be_posted_to_is_no_channel(sandbox):
    ours = connector(sandbox)
    code = code_from(sandbox, ours, "tt-quiet", **{"no:video.publish": "1"})
    tokens = ours.exchange(code=code, redirect_uri="https://inflio.example/channels/back")
    assert "video.publish" not in tokens.scopes
    with pytest.raises(PlatformError, match="not allowed to let Inflio post"):
        ours.accounts(tokens)


def test_a_revoked_connection_is_over(sandbox):
    ours = connector(sandbox)
    tokens = ours.exchange(code=code_from(sandbox, ours), redirect_uri="https://inflio.example/channels/back")
    ours.revoke(tokens)
    with pytest.raises(PlatformError) as ended:
        ours.accounts(tokens)
    assert ended.value.kind == "reconnect"


# Webhooks


def test_a_webhook_is_believed_only_with_a_fresh_signature_over_this_body():
    now, body = datetime(2026, 11, 21, 12, tzinfo=UTC), b'{"event":"authorization.removed"}'
    header = sign_webhook(body, "secret", now)
    fits(header, CONTRACTS["webhook"]["signature"])
    assert verify_webhook(body, header, "secret", now + timedelta(seconds=299))
    assert not verify_webhook(body + b" ", header, "secret", now)
    assert not verify_webhook(body, header, "other", now)
    assert not verify_webhook(body, header, "", now)
    assert not verify_webhook(body, header, "secret", now + timedelta(seconds=301))
    for broken in ("", "t=,s=", "t=1", "s=ab", "t=²,s=ab", f"{header[:-1]}é", "t=99999999999999999999,s=ab"):
        assert not verify_webhook(body, broken, "secret", now)


def test_the_sandbox_calls_back_as_tiktok_does(sandbox, tiktok):
    got = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((self.rfile.read(int(self.headers["Content-Length"])), self.headers["TikTok-Signature"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            """Keep quiet."""

    ours = tiktok()
    publish_id = deliver(ours, video(sandbox)).evidence["publish_id"]
    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        order = {"url": f"http://127.0.0.1:{server.server_port}/", "event": "post.publish.publicly_available"}
        order |= {"account": ours.account.external_id, "publish_id": publish_id}
        reply = httpx.post(f"{sandbox.url}/_sandbox/actions/tiktok.webhook", json=order)
    assert reply.json() == {"status": 200}
    [(body, header)] = got
    assert verify_webhook(body, header, "inflio-sandbox-secret", datetime.now(UTC))
    fits(json.loads(body), CONTRACTS["webhook"]["body"])
    event = read_webhook(body)
    assert (event.open_id, event.publish_id) == (ours.account.external_id, publish_id)
    assert event.post_id == public(sandbox, ours)[0]["remote_id"]
    for broken in (b"", b"[]", b'{"event":"x"}', b'{"event":"x","user_openid":"y","create_time":"soon"}'):
        with pytest.raises(ValueError, match="no event of TikTok"):
            read_webhook(broken)


# The screen


FACTS = {"privacy_levels": ["PUBLIC_TO_EVERYONE", "SELF_ONLY"], "duet_disabled": True, "longest_seconds": 60}


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"privacy_level": ""}, ["privacy_missing"]),
        ({"privacy_level": "FOLLOWER_OF_CREATOR"}, ["privacy_not_offered"]),
        ({"allow_duet": True}, ["interaction_disabled"]),
        ({"commercial": True}, ["commercial_unspecified"]),
        ({"commercial": True, "your_brand": True, "privacy_level": "SELF_ONLY"}, []),
        ({"commercial": True, "branded_content": True, "privacy_level": "SELF_ONLY"}, ["branded_private"]),
        ({"branded_content": True, "privacy_level": "SELF_ONLY"}, []),  # the switch is off: it does not count
        ({"consent": False}, ["consent_missing"]),
    ],
)
def test_what_stops_a_post_on_the_screen(changes, codes):
    for facts in (FACTS, {"handle": "ada", "options": FACTS}):
        found = rules.check_options(OPTIONS | changes, facts, "video", seconds=12)
        assert [code for code, text, field in found] == codes
        assert all(text.endswith(".") and field in {*OPTIONS, "allow_duet", "commercial"} for _, text, field in found)


def test_the_length_and_the_labels_of_the_disclosure_count_too():
    assert [one.code for one in rules.check_options(OPTIONS, FACTS, "video", seconds=61)] == ["video_too_long"]
    private = OPTIONS | {"privacy_level": "SELF_ONLY"}
    found = rules.check_options(private, FACTS, "image", labels={"brand_content_toggle": True})
    assert [one.code for one in found] == ["branded_private"]
    assert rules.check_options(OPTIONS | {"allow_duet": True}, FACTS, "image") == []  # photos have no duets


def test_the_exact_words_of_the_screen():
    own, branded = {"commercial": True, "your_brand": True}, {"commercial": True, "branded_content": True}
    assert rules.label(own, "video") == "Your video will be labeled as 'Promotional content'"
    assert rules.label(branded, "image") == "Your photo will be labeled as 'Paid partnership'"
    assert rules.label(own | branded, "video").endswith("'Paid partnership'")
    assert rules.label({"commercial": True}, "video").startswith("You need to indicate")
    assert rules.label({}, "video") == ""
    assert rules.consent({}).text == "By posting, you agree to TikTok's Music Usage Confirmation."
    agreed = rules.consent(branded)
    assert agreed.text == "By posting, you agree to TikTok's Branded Content Policy and Music Usage Confirmation."
    assert all(words in agreed.text and url.startswith("https://www.tiktok.com/legal/") for words, url in agreed.links)


def test_fields_are_greyed_out_with_a_reason_and_nothing_is_chosen_beforehand():
    fields = {one.field: one for one in rules.choices(FACTS, "video", {"commercial": True, "branded_content": True})}
    assert fields["privacy_level"].values == (("PUBLIC_TO_EVERYONE", "Everyone"), ("SELF_ONLY", "Only you"))
    assert fields["privacy_level"].locked_values == ("SELF_ONLY",)
    assert fields["allow_duet"].locked
    assert not fields["allow_comment"].locked
    private = {
        one.field: one for one in rules.choices(FACTS, "video", {"commercial": True, "privacy_level": "SELF_ONLY"})
    }
    assert private["branded_content"].locked == "Branded content visibility cannot be set to private."
    assert [one.field for one in rules.choices(FACTS, "carousel")] == [
        "privacy_level",
        "allow_comment",
        "auto_add_music",
        "commercial",
    ]
