"""Turns facts into what has to be said: the rules that apply, the platform's own fields, words where it has none."""

from dataclasses import replace
from typing import Any

from scheduling.disclosure.facts import Disclosure, Facts, Problem
from scheduling.disclosure.lines import PERFORMER
from scheduling.disclosure.rules import RULES, Need
from scheduling.disclosure.wording import ad_words, ai_words, length, testimony_in

# The platforms' own names of their fields.
AI_FIELD = {"instagram": "is_ai_generated", "tiktok": "is_aigc", "youtube": "containsSyntheticMedia"}
PAID_FIELD = {
    "instagram": "is_paid_partnership",
    "tiktok": "brand_content_toggle",
    "youtube": "hasPaidProductPlacement",
}
OWN_FIELD = {"tiktok": "brand_organic_toggle"}
# Here the platform's documents disagree about where the field belongs, so words say it too.
FIELD_IN_DOUBT = {("tiktok", "image"), ("tiktok", "carousel")}
PRIVATE = {"SELF_ONLY", "private"}


def compile_disclosure(facts: Facts) -> Disclosure:
    """What one post must say on one platform; the same facts give the same answer."""
    rules = [rule for rule in RULES if rule.applies(facts)]
    needs = {need for rule in rules for need in rule.needs}
    flags = _flags(facts)
    burnable = facts.ai_made and (not facts.hdr or facts.film_is_marked)
    required = burnable and (Need.MARK in needs or (_wordless(facts) and not _labelled(facts, flags)))
    visible = required or (burnable and Need.MARK_BY_DEFAULT in needs and facts.options.get("ai_mark") is not False)
    opening, closing = _opening(facts, needs, flags), _closing(facts, needs, flags)
    wordless = _wordless(facts)
    disclosure = Disclosure(
        flags=flags,
        opening=() if wordless else opening,
        closing=() if wordless else closing,
        visible_mark=visible,
        film_is_marked=facts.film_is_marked,
        mark_required=required,
        warnings=tuple(_warnings(facts, needs)),
        rules=tuple(rule.id for rule in rules),
    )
    problems = _problems(facts, needs, disclosure, unsaid=bool(wordless and opening))
    if wordless and facts.ai_made and not visible and not _labelled(facts, flags):
        problems.append(_nowhere_to_say())
    return replace(disclosure, problems=tuple(problems))


def _flags(facts: Facts) -> dict[str, Any]:
    """The platform's fields for this format, each with a clear yes or no."""
    if facts.capabilities is None:
        return {}
    flags: dict[str, Any] = {}
    if facts.platform in AI_FIELD and facts.format in facts.capabilities.ai_flag:
        flags[AI_FIELD[facts.platform]] = facts.ai_made
    if facts.format in facts.capabilities.paid_flag:
        if facts.platform in PAID_FIELD:
            flags[PAID_FIELD[facts.platform]] = facts.paid
        if facts.platform in OWN_FIELD:
            flags[OWN_FIELD[facts.platform]] = facts.own_brand
    return flags


def _opening(facts: Facts, needs: set[Need], flags: dict[str, Any]) -> tuple[str, ...]:
    """What is advertised, where it is seen first."""
    labelled = (flags.get(PAID_FIELD.get(facts.platform, "")) if facts.paid else True) and (
        flags.get(OWN_FIELD.get(facts.platform, "")) if facts.own_brand else True
    )
    lines = []
    if Need.AD_WORDS in needs or (Need.AD_LABEL in needs and not labelled):
        lines.append(ad_words(facts))
    if Need.PERFORMER_WORDS in needs:
        lines.append(PERFORMER)
    return tuple(line for line in lines if line)


def _closing(facts: Facts, needs: set[Need], flags: dict[str, Any]) -> tuple[str, ...]:
    """That it was made with AI, where no field says so surely."""
    if Need.AI_LABEL not in needs:
        return ()
    labelled = _labelled(facts, flags) and (facts.platform, facts.format) not in FIELD_IN_DOUBT
    return () if labelled else (ai_words(facts),)


def _wordless(facts: Facts) -> bool:
    """Whether there is no caption to say anything in."""
    return facts.format == "story" and facts.capabilities is not None


def _labelled(facts: Facts, flags: dict[str, Any]) -> bool:
    """Whether the platform's own field says that it was made with AI."""
    return flags.get(AI_FIELD.get(facts.platform, "")) is True


def _problems(facts: Facts, needs: set[Need], disclosure: Disclosure, *, unsaid: bool) -> list[Problem]:
    """What blocks publishing."""
    found = []
    if Need.SPONSOR_NAME in needs and not facts.sponsor_name.strip():
        found.append(Problem("sponsor_name", "Say who pays for this post: fill in the sponsor's name.", "sponsor_name"))
    private = facts.options.get("privacy_level") in PRIVATE
    if Need.NOT_PRIVATE in needs and facts.paid and private:
        text = "Branded content cannot be visible to you alone. Choose who may see it, or say that nobody pays for it."
        found.append(Problem("branded_private", text, "options"))
    if facts.ai_made and facts.hdr and not facts.film_is_marked and Need.MARK in needs:
        text = (
            "This video has to show a visible “AI”, and none can be put on an HDR video. Save it in SDR (Rec. 709)"
            " and add it again, or say at the channel that it shows one already."
        )
        found.append(Problem("hdr_mark", text, "media"))
    if unsaid and facts.options.get("ad_in_media") is not True:
        text = "A story has no caption. Write that it is an ad, and for whom, into the picture itself and say so here."
        found.append(Problem("ad_not_said", text, "media"))
    rules = facts.capabilities.formats.get(facts.format) if facts.capabilities else None
    if rules and rules.caption and disclosure.caption_lines and length(facts.caption, rules.count_in) <= rules.caption:
        over = length(disclosure.complete(facts.caption), rules.count_in) - rules.caption
        if over > 0:
            text = (
                f"With the lines that have to be in it the caption is {over} too long. Shorten it by {over} characters."
            )
            found.append(Problem("caption_room", text, "caption"))
    return found


def _nowhere_to_say() -> Problem:
    text = "Nothing here can say that this was made with AI: no field, no caption, no mark. Post it in another format."
    return Problem("ai_not_said", text, "media")


def _warnings(facts: Facts, needs: set[Need]) -> list[Problem]:
    """What the owner should know, and may decide."""
    found = []
    if Need.NO_TESTIMONY in needs and (warning := testimony_in(facts.caption)):
        found.append(warning)
    return found
