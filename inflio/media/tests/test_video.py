"""Uploaded videos: measured, refused with a reason, stored unchanged, shown by a frame."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from inflio.common.errors import InvalidInput
from inflio.media import storage
from inflio.media.frames import frame_of
from inflio.media.tests.films import film, sideways
from inflio.media.thumbnails import thumbnail
from inflio.media.video import probe_video, store_video


@pytest.fixture(scope="module")
def good() -> bytes:
    return film(seconds=2, sound="aac")


def refusal(data: bytes) -> str:
    with pytest.raises(InvalidInput) as error:
        probe_video(io.BytesIO(data))
    assert error.value.message.endswith(".")
    return error.value.code


def test_what_is_measured(good):
    facts = probe_video(SimpleUploadedFile("holiday.txt", good))
    assert (facts.mime, facts.width, facts.height, facts.fps) == ("video/mp4", 180, 320, 10)
    assert facts.seconds == pytest.approx(2, abs=0.11)
    assert (facts.video_codec, facts.audio_codec, facts.faststart, facts.warnings) == ("h264", "aac", True, ())


def test_index_at_the_end_is_a_warning():
    facts = probe_video(io.BytesIO(film(faststart=False, container="mov")))
    assert (facts.mime, facts.faststart, len(facts.warnings)) == ("video/quicktime", False, 1)


def test_phone_film_is_measured_as_it_is_shown(good):
    """The matrix of a phone held upright: stored lying, shown standing."""
    facts = probe_video(io.BytesIO(sideways()))
    assert (facts.width, facts.height) == (180, 320)
    with Image.open(io.BytesIO(frame_of(io.BytesIO(sideways())))) as frame:
        assert frame.size == (180, 320)


@pytest.mark.parametrize(("curve", "hdr"), [(0, False), (1, False), (16, True), (18, True)])
def test_film_for_hdr_screens_is_known(curve, hdr):
    assert probe_video(io.BytesIO(film(curve=curve))).hdr is hdr


def test_other_files_are_refused_by_their_content(good):
    assert refusal(b"") == "empty"
    assert refusal(b"#EXTM3U\nhttp://127.0.0.1:1/x.ts\n") == "not_a_video"
    assert refusal(b"\x1a\x45\xdf\xa3" + bytes(64)) == "not_a_video"
    assert refusal(b"\x00\x00\x00\x18ftypmp42" + bytes(400)) == "broken"


@pytest.mark.parametrize("share", [0.15, 0.6, 0.9])
def test_file_that_was_not_uploaded_whole_is_refused(good, share):
    assert refusal(good[: int(len(good) * share)]) == "broken"
    late = film(seconds=2, faststart=False)
    assert refusal(late[: int(len(late) * share)]) == "broken"


def test_codecs_that_platforms_refuse_are_refused():
    assert refusal(film(codec="mpeg4")) == "codec"
    assert refusal(film(container="mov", sound="pcm_s16le")) == "audio_codec"


def test_sound_alone_is_no_film():
    assert refusal(film(codec="", sound="aac")) == "no_video"


def test_limits(good, settings):
    settings.VIDEO_MAX_SECONDS = 1
    assert refusal(good) == "too_long"
    settings.VIDEO_MAX_BYTES = 1000
    assert refusal(good) == "too_heavy"
    settings.VIDEO_MAX_BYTES, settings.UPLOAD_MAX_PIXELS = 10**9, 1000
    assert refusal(good) == "too_large"


def test_stored_unchanged_and_shown_by_a_frame(good, workspace, alice, bob_client, charlie_client):
    asset = store_video(workspace=workspace, file=SimpleUploadedFile("a.mp4", good), by=alice)
    assert storage.read(asset.name) == good
    assert (asset.mime, asset.width, asset.height, asset.is_video) == ("video/mp4", 180, 320, True)
    assert asset.provenance["seconds"] == pytest.approx(2, abs=0.11)
    assert asset.provenance["ai_made"] is True
    with Image.open(io.BytesIO(thumbnail(asset, 160))) as small:
        assert small.size == (160, 284)
    assert bob_client.get(asset.small_url)["Content-Type"] == "image/webp"
    assert charlie_client.get(asset.small_url).status_code == 404
    again = store_video(workspace=workspace, file=SimpleUploadedFile("b.mp4", good), by=alice, ai_made=False)
    assert again.name == asset.name
    assert again.provenance["ai_made"] is False


def test_frame_at_a_moment(good):
    def light(at_ms: int) -> int:
        with Image.open(io.BytesIO(frame_of(io.BytesIO(good), at_ms=at_ms))) as frame:
            return frame.convert("L").getpixel((90, 160))

    assert light(0) < 20 < 90 < light(1000) < 150 < 200 < light(60_000)
    with pytest.raises(FileNotFoundError):
        frame_of(io.BytesIO(b"nothing"))


def test_missing_video_has_no_thumbnail(good, workspace, alice, bob_client):
    asset = store_video(workspace=workspace, file=io.BytesIO(good), by=alice)
    storage.remove(asset.name)
    assert bob_client.get(asset.small_url).status_code == 404
