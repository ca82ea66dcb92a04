"""YouTube: our adapter and sandbox against Google's own document and client, and against all that goes wrong."""

import copy
import hashlib
import io
import urllib.parse
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseUpload

from scheduling.platforms.base import Account, Doubt, PlatformError
from scheduling.platforms.youtube.adapter import YouTube
from scheduling.platforms.youtube.upload import UNIT, last_piece
from scheduling.sandbox import faults
from scheduling.sandbox.server import Sandbox
from scheduling.tests.clips import padded, short_clip
from scheduling.tests.driving import drive, outgoing, saved
from scheduling.tests.google_schemas import complaints, document, validator
from scheduling.tests.platforms import eventually

PIECES = 3  # two of 256 KiB while preparing, and a short one to publish


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Sandbox(tmp_path_factory.mktemp("sandbox"), platforms=("youtube",)) as sandbox:
        yield sandbox


class Channel:
    """One channel of the sandbox, and adapters for it that keep what they record."""

    def __init__(self, sandbox: Sandbox, id: str, scopes: tuple[str, ...] = ()) -> None:
        self.sandbox, self.world, self.id = sandbox, sandbox.world, id
        self.token = sandbox.connect("youtube", id, f"handle-{id}", scopes=scopes)
        self.exchanges = []

    def adapter(self, *, token: str = "", timeout: float = 20) -> YouTube:
        hosts = {name: f"{self.sandbox.url}/youtube/{name}" for name in YouTube.hosts}
        account = Account(self.id, token or self.token, handle="ada")
        options = {"chunk_bytes": UNIT}
        return YouTube(account, hosts=hosts, options=options, record=self.exchanges.append, timeout=timeout)

    def posts(self) -> list[dict]:
        return self.world.posts("youtube", self.id)


@pytest.fixture
def channel(server, request):
    """A new channel. In the end all that was said is held against Google's document, and searched for secrets."""
    channel = Channel(server, f"UC{hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:22]}")
    yield channel
    faults.clear(server.world)
    server.world.change(**{name: None for name in server.world.all("setting")})
    server.world.shift(0)
    assert [complaint for exchange in channel.exchanges for complaint in complaints(exchange)] == []
    told = repr(channel.exchanges)
    assert channel.token not in told
    assert "upload_id" not in told


@pytest.fixture(scope="module")
def clip() -> bytes:
    return padded(short_clip(), 2 * UNIT + 5_000)


@pytest.fixture
def short(channel, clip):
    flags = {"containsSyntheticMedia": True, "hasPaidProductPlacement": True}
    return outgoing(str(uuid4()), "video", ("video/mp4", clip), flags=flags)


# What goes out


def test_short_goes_out_once_with_its_labels_and_every_byte(channel, short, clip):
    story = drive(channel.adapter, short)
    assert (story.end, story.doubts, story.errors) == ("published", [], [])
    [post] = channel.posts()
    assert post["remote_id"] == story.remote_id
    assert post["flags"] == {"containsSyntheticMedia": True, "hasPaidProductPlacement": True}
    assert (channel.world.files / post["media"][0]["file"]).read_bytes() == clip
    assert httpx.get(story.url).status_code == 200
    back = channel.adapter().read_back(story.remote_id)
    assert back["containsSyntheticMedia"] is True
    assert back["hasPaidProductPlacement"] is True
    assert (back["privacyStatus"], back["url"]) == ("public", story.url)


def test_pieces_are_whole_units_and_the_last_one_is_short(channel, short, clip):
    drive(channel.adapter, short)
    sizes = [one.sent["bytes"] for one in channel.exchanges if one.sent.get("bytes")]
    assert sizes == [UNIT, UNIT, 5_000]
    assert [last_piece(size) for size in (1, UNIT, UNIT + 1, 2 * UNIT)] == [0, 0, UNIT, UNIT]


def test_privacy_and_labels_are_always_said(channel, short):
    plain = replace(short, flags={}, options={"privacy_level": "unlisted"})
    drive(channel.adapter, plain)
    [post] = channel.posts()
    assert post["raw"]["status"]["privacyStatus"] == "unlisted"
    assert post["raw"]["status"]["containsSyntheticMedia"] is False
    assert post["raw"]["paidProductPlacementDetails"] == {"hasPaidProductPlacement": False}


def test_upload_goes_on_after_a_kill_between_any_two_calls(channel, short, clip):
    """The answer of each call is lost with the process: what was saved before it must do."""
    progress = saved(channel.adapter().prepare(short, {}).progress)
    for _ in range(PIECES):
        channel.adapter().prepare(short, progress)  # its answer was never saved
        step = channel.adapter().prepare(short, progress)
        progress = saved(step.progress)
    assert step.ready
    story = drive(channel.adapter, short, progress)
    assert story.end == "published"
    [post] = channel.posts()
    assert (channel.world.files / post["media"][0]["file"]).read_bytes() == clip


def test_publish_of_a_finished_upload_gives_the_same_video(channel, short):
    progress = {}
    while not (step := channel.adapter().prepare(short, progress)).ready:
        progress = saved(step.progress)
    first = channel.adapter().publish(short, step.progress)
    again = channel.adapter().publish(short, step.progress)
    assert again.remote_id == first.remote_id
    assert channel.adapter().prepare(short, step.progress).ready
    assert len(channel.posts()) == 1


# What goes wrong

FAULTS = ("hang_before", "hang_after", "reset_before", "reset_after", "error_before", "error_after", "garbage")


@pytest.mark.parametrize("call", ["session", "chunk", "held", "publish", "videos"])
def test_every_fault_around_every_call_ends_with_one_video(channel, clip, call):
    channel.world.change(hang_seconds=0.02)
    for number, kind in enumerate((*FAULTS, "limit")):
        channel.sandbox.fault(f"youtube.{call}", kind, times=2)
        if call == "held" or (call == "videos" and number % 2):
            channel.sandbox.fault("youtube.publish", "reset_after", times=1)
        post = outgoing(str(uuid4()), "video", ("video/mp4", clip))
        story = drive(channel.adapter, post)
        assert story.end == "published", (kind, story)
        assert len(channel.posts()) == number + 1, (kind, story)
        if call == "publish":
            assert bool(story.doubts) == (kind != "limit"), (kind, story)
        faults.clear(channel.world)


def test_call_that_hangs_longer_than_we_wait_is_a_doubt(channel, short):
    channel.world.change(hang_seconds=5)
    channel.sandbox.fault("youtube.publish", "hang_after", times=1)
    progress = {}
    while not (step := channel.adapter().prepare(short, progress)).ready:
        progress = saved(step.progress)
    with pytest.raises(Doubt, match="ReadTimeout"):
        channel.adapter(timeout=0.5).publish(short, step.progress)
    assert eventually(channel.posts)
    assert channel.adapter().look(short, step.progress, datetime.now(UTC)).outcome in ("working", "published")
    assert len(channel.posts()) == 1


def test_dead_session_while_preparing_means_a_new_one(channel, short):
    step = channel.adapter().prepare(short, {})
    channel.world.shift(8 * 86400)
    with pytest.raises(PlatformError) as caught:
        channel.adapter().prepare(short, step.progress)
    assert (caught.value.kind, caught.value.code) == ("container", "session_gone")


def test_bytes_lost_on_the_way_are_sent_again_to_the_same_session(channel, short):
    progress = {}
    while not (step := channel.adapter().prepare(short, progress)).ready:
        progress = saved(step.progress)
    channel.sandbox.fault(
        "youtube.publish", "answer", status=308, body={}, headers={"Range": f"bytes=0-{UNIT - 1}"}, times=1
    )
    with pytest.raises(PlatformError) as caught:
        channel.adapter().publish(short, step.progress)
    assert (caught.value.kind, caught.value.code) == ("later", "incomplete")
    assert channel.adapter().publish(short, step.progress).remote_id
    assert len(channel.posts()) == 1


def test_session_that_was_forgotten_is_found_by_its_files_name(channel, short):
    channel.world.change(youtube_forget_sessions=True, processing_polls=0)
    channel.sandbox.fault("youtube.publish", "error_after", times=1)
    story = drive(channel.adapter, short)
    assert (story.end, len(story.doubts), len(channel.posts())) == ("published", 1, 1)
    assert story.looks[-1].evidence["found"] == [story.remote_id]


def test_dead_session_after_a_doubt_is_replaced_when_the_channel_has_no_such_video(channel, short, clip):
    other = replace(short, key=str(uuid4()), title="Something else")
    drive(channel.adapter, other)
    progress = {}
    while not (step := channel.adapter().prepare(short, progress)).ready:
        progress = saved(step.progress)
    since = datetime.now(UTC)
    channel.sandbox.fault("youtube.publish", "hang_before", times=1)
    channel.world.change(hang_seconds=0.05)
    with pytest.raises(Doubt):
        channel.adapter().publish(short, step.progress)
    assert channel.adapter().look(short, step.progress, since).outcome == "absent"
    _forget(channel, step.progress)
    assert channel.adapter().look(short, step.progress, since).outcome == "gone"
    with pytest.raises(Doubt):  # an earlier call may have made the video: the channel is asked first
        channel.adapter().publish(short, step.progress)
    assert drive(channel.adapter, short).end == "published"
    assert len(channel.posts()) == 2


def _forget(channel, progress) -> None:
    key = urllib.parse.parse_qs(urllib.parse.urlsplit(progress["session"]).query)["upload_id"][0]
    channel.world.drop("youtube session", key)


def test_same_title_without_a_file_is_not_taken_for_ours(channel, short):
    """The owner put up a video with this very title meanwhile, and YouTube tells nothing of its file."""
    channel.world.change(youtube_failure="codec")
    since = datetime.now(UTC)
    by_hand = drive(channel.adapter, replace(short, key=str(uuid4())))
    look = channel.adapter().look(short, {}, since)
    assert (look.outcome, look.evidence["found"]) == ("unclear", [by_hand.remote_id])
    assert channel.adapter().look(replace(short, title="Another"), {}, since).outcome == "gone"
    assert channel.adapter().look(short, {}, since + timedelta(hours=1)).outcome == "gone"


@pytest.mark.parametrize(("setting", "word"), [("youtube_failure", "codec"), ("youtube_rejection", "copyright")])
def test_verdict_of_youtube_is_told_in_words(channel, short, setting, word):
    channel.world.change(**{setting: word})
    story = drive(channel.adapter, short)
    assert story.end == "refused"
    assert word in story.looks[-1].reason
    assert story.looks[-1].fix
    assert channel.posts() == []


def test_file_that_is_no_video_is_refused_after_processing(channel):
    post = outgoing("no-film", "video", ("video/mp4", b"not a film" * 500))
    story = drive(channel.adapter, post)
    assert (story.end, story.looks[-1].reason) == ("refused", "YouTube could not read the file as a video.")


def test_daily_uploads_of_the_app_park_until_midnight_in_california(channel, short):
    channel.world.change(youtube_daily_uploads=0)
    with pytest.raises(PlatformError) as caught:
        channel.adapter().prepare(short, {})
    assert (caught.value.kind, caught.value.code) == ("limit", "quotaExceeded")
    assert 0 < caught.value.retry_after <= 25 * 3600
    channel.world.change(youtube_daily_uploads=100, youtube_channel_uploads=0)
    with pytest.raises(PlatformError) as caught:
        channel.adapter().prepare(short, {})
    assert (caught.value.kind, caught.value.code) == ("limit", "uploadLimitExceeded")


@pytest.mark.parametrize(
    "change",
    [
        {"title": "x" * 101},
        {"title": "1 < 2"},
        {"caption": "é" * 2501},
        {"title": "", "caption": ""},
        {"options": {"privacy_level": "friends"}},
    ],
)
def test_what_youtube_would_refuse_never_leaves(channel, short, change):
    with pytest.raises(PlatformError) as caught:
        channel.adapter().prepare(replace(short, **change), {})
    assert caught.value.kind == "invalid"
    assert caught.value.fix
    assert channel.exchanges == []


@pytest.mark.parametrize(
    ("status", "reason", "kind"),
    [
        (401, "authError", "reconnect"),
        (401, "youtubeSignupRequired", "blocked"),
        (403, "insufficientPermissions", "reconnect"),
        (403, "forbidden", "blocked"),
        (403, "accessNotConfigured", "setup"),
        (403, "rateLimitExceeded", "limit"),
        (400, "invalidTitle", "invalid"),
        (400, "invalidPublishAt", "invalid"),
    ],
)
def test_refusals_say_who_can_help(channel, short, status, reason, kind):
    body = {"error": {"code": status, "message": reason, "errors": [{"domain": "x", "reason": reason}]}}
    channel.sandbox.fault("youtube.session", "answer", status=status, body=body)
    with pytest.raises(PlatformError) as caught:
        channel.adapter().prepare(short, {})
    assert (caught.value.kind, caught.value.code, caught.value.http_status) == (kind, reason, status)


def test_refusal_in_foreign_words_while_publishing_is_a_doubt(channel, short):
    progress = {}
    while not (step := channel.adapter().prepare(short, progress)).ready:
        progress = saved(step.progress)
    channel.sandbox.fault("youtube.publish", "answer", status=403, body="<h1>Proxy</h1>")
    with pytest.raises(Doubt):
        channel.adapter().publish(short, step.progress)


# Reading


def test_figures_are_read_and_hidden_ones_are_missing(channel, short):
    story = drive(channel.adapter, short)
    channel.world.put("youtube figures", story.remote_id, {"views": 41, "likes": 7})  # comments are turned off
    measured = channel.adapter().measure([story.remote_id, "unknown"])
    assert measured.posts == {story.remote_id: {"views": 41, "likes": 7}}
    assert measured.account == {"followers": 0, "views": 41, "posts": 1}


def test_account_without_a_channel_is_told_so(server, channel):
    server.world.add_account("youtube", {"id": channel.id, "handle": "none", "name": "None", "channel": False})
    with pytest.raises(PlatformError) as caught:
        channel.adapter().inspect()
    assert (caught.value.kind, caught.value.code) == ("blocked", "youtubeSignupRequired")


def test_channel_tells_its_name(channel):
    facts = channel.adapter().inspect()
    assert facts.handle == f"handle-{channel.id}"
    assert facts.options["privacy_level"] == ["public", "unlisted", "private"]


def test_ended_token_asks_to_reconnect(channel, short):
    channel.world.shift(366 * 86400)
    with pytest.raises(PlatformError) as caught:
        channel.adapter().prepare(short, {})
    assert caught.value.kind == "reconnect"


# Google's client against our sandbox


def _google(channel):
    rewritten = copy.deepcopy(document())
    rewritten["rootUrl"] = rewritten["baseUrl"] = f"{channel.sandbox.url}/youtube/api/"
    rewritten["servicePath"] = ""
    rewritten.pop("mtlsRootUrl", None)
    return build_from_document(rewritten, credentials=Credentials(channel.token))


def test_googles_own_client_uploads_to_our_sandbox(channel, clip):
    with _google(channel) as google:
        media = MediaIoBaseUpload(io.BytesIO(clip), "video/mp4", chunksize=UNIT, resumable=True)
        body = {"snippet": {"title": "By Google"}, "status": {"privacyStatus": "private"}}
        request = google.videos().insert(part="snippet,status", notifySubscribers=False, body=body, media_body=media)
        answer = None
        while answer is None:
            _, answer = request.next_chunk()
        assert list(validator("Video").iter_errors(answer)) == []
        found = google.videos().list(part="snippet,status,processingDetails", id=answer["id"]).execute()
        assert found["items"][0]["snippet"]["title"] == "By Google"
        mine = google.channels().list(part="snippet,contentDetails", mine=True).execute()["items"][0]
        uploads = mine["contentDetails"]["relatedPlaylists"]["uploads"]
        listed = google.playlistItems().list(part="contentDetails", playlistId=uploads).execute()
        assert [one["contentDetails"]["videoId"] for one in listed["items"]] == [answer["id"]]
    [post] = channel.posts()
    assert (channel.world.files / post["media"][0]["file"]).read_bytes() == clip


def test_googles_own_client_understands_our_refusals(channel):
    with _google(channel) as google:
        media = MediaIoBaseUpload(io.BytesIO(b"x"), "video/mp4", resumable=True)
        request = google.videos().insert(part="snippet", body={"snippet": {"title": "<b>"}}, media_body=media)
        with pytest.raises(HttpError) as caught:
            request.next_chunk()
    assert caught.value.status_code == 400
    assert caught.value.error_details[0]["reason"] == "invalidTitle"


def test_wrong_videos_do_not_pass_googles_document():
    for wrong in ({"status": {"privacyStatus": "secret"}}, {"status": {"aiMade": True}}, {"snippet": {"title": 1}}):
        assert list(validator("Video").iter_errors(wrong))
