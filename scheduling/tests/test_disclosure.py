"""The disclosure compiler: what each platform, format, origin, partnership and region asks for, as a table."""

from itertools import product

import pytest

from scheduling.disclosure import RULES, Facts, compile_disclosure
from scheduling.disclosure.compiler import AI_FIELD, OWN_FIELD, PAID_FIELD
from scheduling.platforms.base import Capabilities, Rules
from scheduling.registry import platform_class

FORMATS = ("image", "carousel", "video", "story")
REGIONS = ((), ("EU",), ("DE",), ("US",), ("US-NY",), ("US-CA",), ("BR",))
PARTNERSHIPS = ("none", "third_party", "own_brand")
FIELDS = {  # formats with a field for AI, and with one for paid posts
    "instagram": (FORMATS, ()),
    "tiktok": (("image", "carousel", "video"), ("image", "carousel", "video")),
    "youtube": (("video",), ("video",)),
    "linkedin": ((), ()),
}


def capabilities(platform: str) -> Capabilities | None:
    if platform == "site":
        return None
    ai, paid = FIELDS[platform]
    return Capabilities(formats={name: Rules() for name in FORMATS}, ai_flag=frozenset(ai), paid_flag=frozenset(paid))


def facts(platform: str, format: str = "image", **changes) -> Facts:
    values = {"capabilities": capabilities(platform), "sponsor_name": "Acme", "caption": "Hello"} | changes
    return Facts(platform=platform, format=format, **values)


def in_law(regions: tuple[str, ...], *places: str) -> bool:
    return not regions or bool(set(regions) & set(places))


# platform, format, and what it says of AI: its field, words, or both
AI_TABLE = [
    ("instagram", "image", "is_ai_generated", False),
    ("instagram", "carousel", "is_ai_generated", False),
    ("instagram", "story", "is_ai_generated", False),
    ("tiktok", "video", "is_aigc", False),
    ("tiktok", "image", "is_aigc", True),
    ("tiktok", "carousel", "is_aigc", True),
    ("youtube", "video", "containsSyntheticMedia", False),
    ("linkedin", "image", "", True),
    ("linkedin", "carousel", "", True),
    ("linkedin", "video", "", True),
    ("site", "image", "", True),
    ("site", "video", "", True),
]


@pytest.mark.parametrize(("platform", "format", "field", "words"), AI_TABLE)
@pytest.mark.parametrize("ai_made", [True, False])
def test_ai_is_said_by_the_platforms_field_or_by_words(platform, format, field, words, ai_made):
    made = compile_disclosure(facts(platform, format, ai_made=ai_made, regions=("BR",)))
    assert made.flags.get(field, None) is (ai_made if field else None)
    assert any("AI-generated" in line for line in made.caption_lines) is (words and ai_made)
    assert made.visible_mark is ai_made


@pytest.mark.parametrize("platform", [*FIELDS, "site"])
def test_ads_are_labelled_in_every_place(platform):
    every = product(("image", "carousel", "video"), (True, False), PARTNERSHIPS, REGIONS)
    for format, ai_made, partnership, regions in every:
        made = compile_disclosure(facts(platform, format, ai_made=ai_made, partnership=partnership, regions=regions))
        has_field = platform != "site" and format in FIELDS[platform][1]
        paid, own = partnership == "third_party", partnership == "own_brand"
        if has_field:
            assert made.flags[PAID_FIELD[platform]] is paid
        if has_field and platform == "tiktok":
            assert made.flags["brand_organic_toggle"] is own
        labelled = has_field and (paid or (own and platform == "tiktok"))
        said = any(line.startswith("Ad: ") for line in made.opening)
        assert said is (partnership != "none" and (not labelled or in_law(regions, "US", "US-NY", "US-CA")))
        performer = "The person in this ad was made with AI." in made.opening
        assert performer is (partnership != "none" and ai_made and in_law(regions, "US", "US-NY"))
        if partnership == "none":
            assert not made.opening
        assert made.problems == ()


@pytest.mark.parametrize("regions", REGIONS, ids="+".join)
def test_mark_can_be_turned_off_only_where_no_law_asks_for_it(regions):
    for partnership, real_person, photoreal in product(PARTNERSHIPS, (True, False), (True, False)):
        given = {"regions": regions, "partnership": partnership, "real_person": real_person}
        must = real_person or in_law(regions, "EU", "DE")
        must = must or (partnership != "none" and in_law(regions, "US", "US-NY"))
        kept = compile_disclosure(facts("instagram", photoreal=photoreal, **given))
        off = compile_disclosure(facts("instagram", photoreal=photoreal, options={"ai_mark": False}, **given))
        if photoreal:
            assert kept.visible_mark
            assert off.visible_mark is off.mark_required is must
        assert off.flags["is_ai_generated"] is True  # the label itself can never be turned off


def test_realistic_ai_never_leaves_without_field_words_or_mark():
    """Whatever a platform can do, whoever is shown, whoever pays: something says that it is AI, or nothing goes out."""
    every = product(
        (*FIELDS, "site"), FORMATS, (True, False), (True, False), PARTNERSHIPS, REGIONS, (True, False), (True, False)
    )
    count = 0
    for platform, format, ai_field, real_person, partnership, regions, video, off in every:
        can = Capabilities(formats={name: Rules() for name in FORMATS}, ai_flag=frozenset(FORMATS if ai_field else ()))
        made = compile_disclosure(
            facts(
                platform,
                format,
                capabilities=None if platform == "site" else can,
                real_person=real_person,
                partnership=partnership,
                regions=regions,
                has_video=video,
                options={"ai_mark": False} if off else {},
            )
        )
        field = made.flags.get(AI_FIELD.get(platform, "")) is True
        words = any("AI" in line for line in made.caption_lines)
        blocked = any(problem.code == "ai_not_said" for problem in made.problems)
        assert field or words or made.visible_mark or blocked, (platform, format, ai_field, off)
        assert set(made.caption_lines) <= set(made.complete("Hello").splitlines())
        if format == "story" and platform != "site":
            assert made.caption_lines == ()  # it has no caption that could carry them
        count += 1
    assert count == 5 * 4 * 2 * 2 * 3 * 7 * 2 * 2


PROBLEMS = [
    ("sponsor_name", "instagram", "image", {"partnership": "third_party", "sponsor_name": " "}),
    ("branded_private", "tiktok", "video", {"partnership": "third_party", "options": {"privacy_level": "SELF_ONLY"}}),
    (
        "branded_private",
        "tiktok",
        "video",
        {"options": {"commercial": True, "branded_content": True, "privacy_level": "SELF_ONLY"}},
    ),
    ("ad_not_said", "instagram", "story", {"partnership": "third_party", "regions": ("EU",)}),
    ("caption_room", "linkedin", "image", {"caption": "x" * 2195}),
]


@pytest.mark.parametrize(("code", "platform", "format", "changes"), PROBLEMS)
def test_what_is_missing_blocks(code, platform, format, changes):
    assert code in {problem.code for problem in compile_disclosure(facts(platform, format, **changes)).problems}


@pytest.mark.parametrize(
    ("platform", "format", "changes"),
    [
        ("tiktok", "video", {"partnership": "own_brand", "options": {"privacy_level": "SELF_ONLY"}}),
        ("tiktok", "video", {"partnership": "third_party", "options": {"privacy_level": "PUBLIC_TO_EVERYONE"}}),
        ("instagram", "story", {"partnership": "third_party", "options": {"ad_in_media": True}}),
        ("linkedin", "image", {"caption": "x" * 2178}),
        ("tiktok", "video", {"options": {"branded_content": True, "privacy_level": "SELF_ONLY"}}),  # its switch is off
    ],
)
def test_what_is_complete_is_not_blocked(platform, format, changes):
    assert compile_disclosure(facts(platform, format, **changes)).problems == ()


def test_caption_room_is_counted_as_the_platform_counts():
    short = Capabilities(formats={"image": Rules(caption=40, count_in="utf16")})
    made = compile_disclosure(facts("linkedin", capabilities=short, caption="🌊" * 12))
    assert [problem.text.split()[-2] for problem in made.problems] == ["5"]  # 24 + 2 + 19 - 40


def test_claims_of_an_experience_are_a_warning_and_not_a_block():
    ad = {"partnership": "third_party", "caption": "I tried this cream and my skin feels new."}
    made = compile_disclosure(facts("instagram", **ad))
    assert [warning.code for warning in made.warnings] == ["testimony"]
    assert made.problems == ()
    assert compile_disclosure(facts("instagram", partnership="third_party", caption="A calm cream.")).warnings == ()
    assert compile_disclosure(facts("instagram", ai_made=False, **ad)).warnings == ()


def test_film_for_the_union_carries_the_mark_unless_it_shows_one():
    made = compile_disclosure(facts("tiktok", "video", regions=("FR",)))
    assert (made.visible_mark, made.mark_required, made.film_is_marked) == (True, True, False)
    stated = compile_disclosure(facts("tiktok", "video", regions=("FR",), options={"mark_in_video": True}))
    assert (stated.visible_mark, stated.film_is_marked, stated.problems) == (True, True, ())


def test_statement_about_a_film_says_nothing_of_a_picture():
    made = compile_disclosure(facts("instagram", regions=("FR",), options={"mark_in_video": True}))
    assert (made.visible_mark, made.film_is_marked) == (True, False)


@pytest.mark.parametrize("platform", [*FIELDS, "site"])
def test_hdr_film_that_needs_the_mark_is_blocked_until_its_owner_sees_to_it(platform):
    hdr = {"hdr": True, "has_video": True, "regions": ("FR",)}
    blocked = compile_disclosure(facts(platform, "video", **hdr))
    assert [problem.code for problem in blocked.problems] == ["hdr_mark"]
    stated = compile_disclosure(facts(platform, "video", options={"mark_in_video": True}, **hdr))
    assert (stated.problems, stated.visible_mark) == ((), True)
    elsewhere = compile_disclosure(facts(platform, "video", **hdr | {"regions": ("BR",)}))
    assert (elsewhere.problems, elsewhere.visible_mark) == ((), False)  # field or words say it there


def test_completing_a_caption_twice_changes_nothing_and_ads_come_first():
    made = compile_disclosure(facts("linkedin", partnership="third_party", regions=("EU",)))
    once = made.complete("Hello\n\nWorld  ")
    assert once == "Ad: paid partnership with Acme.\n\nHello\n\nWorld\n\nAI-generated image."
    assert made.complete(once) == once


def test_sponsors_name_cannot_break_out_of_its_line():
    made = compile_disclosure(facts("linkedin", partnership="third_party", sponsor_name="Acme\n#notanad"))
    assert made.opening[0] == "Ad: paid partnership with Acme #notanad."


def test_rules_are_named_with_their_day_and_only_where_they_apply():
    names = compile_disclosure(facts("instagram", partnership="third_party", regions=("US-NY",))).rules
    assert "NY-GBL-396b 2026-06-09" in names
    assert not any(name.startswith("EU-") for name in names)
    assert "EU-AI-Act-50 2026-08-02" in compile_disclosure(facts("instagram", regions=("DE",))).rules
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.source and rule.text for rule in RULES)


@pytest.mark.parametrize("platform", ["instagram", "tiktok", "youtube", "linkedin"])
def test_real_adapters_get_fields_that_they_have(platform):
    """Each format of each adapter is labelled; formats it states a field for get exactly that field."""
    can = platform_class(platform).capabilities
    for format in can.formats:
        made = compile_disclosure(facts(platform, format, capabilities=can, partnership="third_party"))
        assert (AI_FIELD.get(platform) in made.flags) is (format in can.ai_flag)
        assert (PAID_FIELD.get(platform) in made.flags) is (format in can.paid_flag)
        assert (OWN_FIELD.get(platform) in made.flags) is (format in can.paid_flag and platform in OWN_FIELD)
        assert not can.ai_flag or platform in AI_FIELD
