"""TikTok: our adapter against the sandbox, both against contracts written from TikTok's documents."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import httpx
import jsonschema
import pytest

from scheduling.platforms.base import Doubt, PlatformError
from scheduling.platforms.tiktok import rules
from scheduling.platforms.tiktok.adapter import TikTok
from scheduling.platforms.tiktok.upload import plan
from scheduling.tests import tiktok_stage
from scheduling.tests.tiktok_stage import (
    BY_PATH,
    CONTRACTS,
    OPTIONS,
    VECTORS,
    check_contracts,
    deliver,
    fits,
    media,
    mp4,
    photos,
    public,
    settled,
    video,
)

world, sandbox, tiktok = tiktok_stage.world, tiktok_stage.sandbox, tiktok_stage.tiktok


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
