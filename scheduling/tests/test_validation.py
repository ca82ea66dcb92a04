"""What a post may not be on a platform: each limit at its edge, with the sentence's field and level."""

from dataclasses import replace

import pytest

from scheduling.platforms.base import Capabilities, Ratio, Rules
from scheduling.registry import NAMES, platform_class
from scheduling.validation import File, check_post, full_caption, length_in

PICTURE = File("image", "image/jpeg", 500_000, 1080, 1350, alt_text="Ada")
VIDEO = File("video", "video/mp4", 5_000_000, 1080, 1920, 12.0)
TIKTOK = {"privacy_level": "PUBLIC_TO_EVERYONE", "consent": True}


def check(rules: Rules, format: str = "image", **given) -> dict[str, tuple[str, str]]:
    """code: (field, level) of what is wrong with a small post that is otherwise right."""
    post = {"caption": "Hello", "title": "Title", "hashtags": [], "files": [PICTURE], "options": {}} | given
    found = check_post(Capabilities(formats={format: rules}), format, **post)
    assert all(problem.text.endswith(".") for problem in found)
    return {problem.code: (problem.field, problem.level) for problem in found}


def test_a_post_that_fits_has_no_problem():
    assert check(Rules(caption=5, hashtags=3, mentions=1, alt_text=1000, title=10)) == {}


@pytest.mark.parametrize(
    ("unit", "text", "length"), [("characters", "a😀é", 3), ("utf16", "a😀é", 4), ("bytes", "a😀é", 7)]
)
def test_captions_are_counted_in_the_unit_of_the_platform(unit, text, length):
    assert length_in(text, unit) == length
    assert check(Rules(caption=length, count_in=unit), caption=text) == {}
    assert check(Rules(caption=length - 1, count_in=unit), caption=text) == {"caption_long": ("caption", "bad")}


def test_the_caption_is_measured_as_it_is_sent():
    """Hashtags that are in the words already are not sent twice; labels of the disclosure count."""
    assert full_caption("Sun #Lisbon", ["lisbon", "river"], ["Made with AI"]) == "Sun #Lisbon\n\nMade with AI\n\n#river"
    room = len("Hello\n\n#river")
    assert check(Rules(caption=room), hashtags=["river"]) == {}
    assert "caption_long" in check(Rules(caption=room), hashtags=["river"], lines=["Ad"])


def test_hashtags_and_mentions_are_counted_in_words_and_list():
    text = "#a #b @ada @bob.b mail@example.com"
    assert check(Rules(hashtags=3, mentions=2), caption=text, hashtags=["c"]) == {}
    found = check(Rules(hashtags=2, mentions=1), caption=text, hashtags=["c"])
    assert found == {"hashtags_many": ("hashtags", "bad"), "mentions_many": ("caption", "bad")}


def test_a_story_leaves_words_out_and_says_so():
    assert check(Rules(caption=2), "story", caption="Long words") == {"story_caption": ("caption", "warn")}
    assert check(Rules(), "story", caption="") == {}


def test_number_and_kind_of_media():
    rules = Rules(least=2, most=3)
    assert check(rules, files=[]) == {"media_missing": ("media", "bad")}
    assert check(rules, files=[], to_be_made=True) == {}
    assert check(rules, files=[PICTURE]) == {"media_few": ("media", "bad")}
    assert check(rules, files=[PICTURE] * 3) == {}
    assert check(rules, files=[PICTURE] * 4) == {"media_many": ("media", "bad")}
    assert check(Rules(), files=[VIDEO]) == {"media_kind": ("media", "bad")}


def test_a_format_that_a_platform_has_not():
    only_video, nothing = Capabilities(formats={"video": Rules()}), {"caption": "", "title": "", "hashtags": []}
    found = check_post(only_video, "image", files=[], options={}, **nothing)
    assert [(one.code, one.field) for one in found] == [("format", "format")]
    assert "a video" in found[0].text


VIDEO_RULES = Rules(
    kinds=("video",),
    mimes=("video/mp4",),
    most_bytes=5_000_000,
    ratio=Ratio(0.5, 1.0),
    widest=1080,
    shortest_seconds=3,
    longest_seconds=12,
)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"mime": "video/webm"}, "media_type"),
        ({"size": 5_000_001}, "media_bytes"),
        ({"width": 1081, "height": 1081}, "media_width"),
        ({"width": 1080, "height": 1000}, "media_ratio"),
        ({"width": 500, "height": 1080}, "media_ratio"),
        ({"seconds": 2.9}, "video_short"),
        ({"seconds": 12.1}, "video_long"),
    ],
)
def test_videos_go_out_as_they_are_so_each_limit_holds(change, code):
    assert check(VIDEO_RULES, "video", files=[VIDEO]) == {}
    assert check(VIDEO_RULES, "video", files=[replace(VIDEO, **change)]) == {code: ("media", "bad")}


def test_pictures_with_a_preset_are_cut_so_only_softness_is_said():
    rules = Rules(preset="ig_feed_square", ratio=Ratio(0.8, 1.91), mimes=("image/jpeg",), most_bytes=1000)
    assert check(rules, files=[replace(PICTURE, mime="image/png", width=3000, height=1080)]) == {}
    assert check(rules, files=[replace(PICTURE, width=1080, height=700)]) == {"soft": ("media", "warn")}
    assert check(rules, files=[replace(PICTURE, width=1080, height=1300)], crop="ig_reel_cover") == {}


def test_alt_texts_are_wished_for_and_limited():
    files = [PICTURE, replace(PICTURE, alt_text=" ")]
    assert check(Rules(most=2, alt_text=3), files=files) == {"alt_text_missing": ("media", "warn")}
    assert check(Rules(alt_text=2)) == {"alt_text_long": ("media", "bad")}
    assert check(Rules(), files=[replace(PICTURE, alt_text="")]) == {}


def test_titles_first_comments_and_needed_captions():
    assert check(Rules(title=5), title=" ") == {"title_missing": ("title", "bad")}
    assert check(Rules(title=4)) == {"title_long": ("title", "bad")}
    assert check(Rules(caption_needed=True), caption=" ") == {"caption_missing": ("caption", "bad")}
    assert check(Rules(), first_comment="First!") == {"first_comment": ("first_comment", "warn")}
    assert check(Rules(first_comment=True), first_comment="First!") == {}


def test_tiktok_has_no_audience_by_default_and_wants_consent():
    found = check(Rules(), platform="tiktok")
    assert found["privacy_missing"] == ("privacy_level", "bad")
    assert found["consent_missing"] == ("consent", "bad")
    assert check(Rules(), platform="tiktok", options=TIKTOK) == {}
    hidden = TIKTOK | {"privacy_level": "SELF_ONLY", "commercial": True, "branded_content": True}
    assert "branded_private" in check(Rules(), platform="tiktok", options=hidden)


@pytest.mark.parametrize("name", NAMES)
def test_each_real_platform_takes_an_ordinary_post_and_refuses_an_endless_caption(name):
    capabilities = platform_class(name).capabilities
    format = "image" if "image" in capabilities.formats else "video"
    file = PICTURE if format == "image" else VIDEO
    given = {"title": "Morning", "hashtags": ["sun"], "files": [file], "options": TIKTOK, "platform": name}
    assert [p for p in check_post(capabilities, format, caption="Hello", **given) if p.blocks] == []
    endless = check_post(capabilities, format, caption="a" * 20_000, **given)
    assert [p.code for p in endless if p.blocks] == ["caption_long"]
