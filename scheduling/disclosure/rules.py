"""The rules as data: each with its id, the day since which it applies, where, its source, and what it asks for.

Summaries for product design, collected in November 2026; they are not legal advice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scheduling.disclosure.facts import ALL_REGIONS, Facts

READ = date(2026, 11, 21)  # of platforms' pages that name no day: when they were last read


class Need(StrEnum):
    """What a rule can ask for."""

    AI_LABEL = "ai_label"  # the platform's field, or words where it has none
    MARK = "mark"  # a visible "AI" on the picture that cannot be turned off
    MARK_BY_DEFAULT = "mark_by_default"  # the same, unless the owner turns it off
    AD_LABEL = "ad_label"  # the platform's field, or words where it has none
    AD_WORDS = "ad_words"  # words in the caption, also where there is a field
    PERFORMER_WORDS = "performer_words"  # that the person in an advertisement does not exist
    SPONSOR_NAME = "sponsor_name"
    NOT_PRIVATE = "not_private"  # branded content must be seen by more than its author
    NO_TESTIMONY = "no_testimony"  # no claims of a person who could not have made the experience


@dataclass(frozen=True)
class Rule:
    """One rule. `platform`: "" for all. `region`: "*" for everywhere, else "EU", "US", "US-NY"."""

    name: str
    since: date
    text: str
    source: str
    when: Callable[[Facts], bool]
    needs: frozenset[Need]
    region: str = ALL_REGIONS
    platform: str = ""

    @property
    def id(self) -> str:
        """Its name and the day since which it applies: what is kept as evidence."""
        return f"{self.name} {self.since.isoformat()}"

    def applies(self, facts: Facts) -> bool:
        """Whether it concerns a post with these facts."""
        return self.platform in ("", facts.platform) and facts.reaches(self.region) and self.when(facts)


def _ai(facts: Facts) -> bool:
    return facts.ai_made


def _realistic(facts: Facts) -> bool:
    return facts.ai_made and (facts.photoreal or facts.real_person)


def _likeness(facts: Facts) -> bool:
    return facts.ai_made and facts.real_person


def _ai_ad(facts: Facts) -> bool:
    return facts.ai_made and facts.advertises


def _ad(facts: Facts) -> bool:
    return facts.advertises


def _paid(facts: Facts) -> bool:
    return facts.paid


def _needs(*needs: Need) -> frozenset[Need]:
    return frozenset(needs)


RULES: tuple[Rule, ...] = (
    Rule(
        "EU-AI-Act-50",
        date(2026, 8, 2),
        "Whoever publishes a realistic AI picture says so visibly, at first sight.",
        "Regulation (EU) 2024/1689, Article 50(4); Code of Practice on AI-generated content, section 2",
        _realistic,
        _needs(Need.AI_LABEL, Need.MARK),
        region="EU",
    ),
    Rule(
        "NY-GBL-396b",
        date(2026, 6, 9),
        "An advertisement with a synthetic performer says so conspicuously.",
        "New York General Business Law § 396-b (S.8420-A)",
        _ai_ad,
        _needs(Need.AI_LABEL, Need.MARK, Need.PERFORMER_WORDS),
        region="US-NY",
    ),
    Rule(
        "FTC-16-CFR-255",
        date(2023, 7, 26),
        "A paid connection is stated clearly and where it is seen, by virtual influencers too.",
        "16 CFR Part 255, Guides Concerning Endorsements and Testimonials",
        _ad,
        _needs(Need.AD_LABEL, Need.AD_WORDS),
        region="US",
    ),
    Rule(
        "FTC-16-CFR-465",
        date(2024, 10, 21),
        "Somebody who does not exist does not tell what a product did for them.",
        "16 CFR Part 465, Rule on the Use of Consumer Reviews and Testimonials",
        _ai_ad,
        _needs(Need.NO_TESTIMONY),
        region="US",
    ),
    Rule(
        "EU-UCPD-7",
        date(2007, 12, 12),
        "The commercial purpose of a post can be recognised.",
        "Directive 2005/29/EC, Article 7(2)",
        _ad,
        _needs(Need.AD_LABEL),
        region="EU",
    ),
    Rule(
        "Instagram-AI-info",
        date(2026, 6, 22),
        "Realistic AI content carries the AI info label.",
        "Instagram platform changelog, 22 June 2026; Meta's transparency rules",
        _ai,
        _needs(Need.AI_LABEL),
        platform="instagram",
    ),
    Rule(
        "Instagram-paid-partnership",
        date(2026, 4, 22),
        "Branded content is marked as a paid partnership.",
        "Instagram platform changelog, 22 April 2026; branded content policies",
        _paid,
        _needs(Need.AD_LABEL, Need.SPONSOR_NAME),
        platform="instagram",
    ),
    Rule(
        "TikTok-AIGC",
        READ,
        "Realistic AI content is labelled as AI-generated.",
        "TikTok community guidelines: AI-generated content; Content Posting API, is_aigc",
        _ai,
        _needs(Need.AI_LABEL),
        platform="tiktok",
    ),
    Rule(
        "TikTok-commercial",
        READ,
        "Branded content and one's own promotion are switched on as such; branded content is never private.",
        "TikTok content sharing guidelines; Content Posting API, brand toggles",
        _ad,
        _needs(Need.AD_LABEL, Need.NOT_PRIVATE),
        platform="tiktok",
    ),
    Rule(
        "YouTube-synthetic",
        date(2024, 10, 30),
        "Realistic altered or synthetic people and scenes are declared.",
        "YouTube Data API revision history, 30 October 2024, status.containsSyntheticMedia",
        _ai,
        _needs(Need.AI_LABEL),
        platform="youtube",
    ),
    Rule(
        "YouTube-paid-promotion",
        READ,
        "Paid product placement and endorsements are declared.",
        "YouTube Data API, paidProductPlacementDetails.hasPaidProductPlacement",
        _paid,
        _needs(Need.AD_LABEL),
        platform="youtube",
    ),
    Rule(
        "LinkedIn-AI",
        READ,
        "AI-made media are recognisable as such; there is no field for it, so words say it.",
        "LinkedIn professional community policies; C2PA labels",
        _ai,
        _needs(Need.AI_LABEL),
        platform="linkedin",
    ),
    Rule(
        "Inflio-likeness",
        date(2026, 11, 1),
        "Pictures made from a real person's face always carry the mark.",
        "Our own rule, stricter than any law",
        _likeness,
        _needs(Need.AI_LABEL, Need.MARK),
    ),
    Rule(
        "Inflio-photoreal",
        date(2026, 11, 1),
        "What is made with AI is labelled everywhere; what looks like a photo carries the mark unless turned off.",
        "Our own rule",
        _realistic,
        _needs(Need.AI_LABEL, Need.MARK_BY_DEFAULT),
    ),
    Rule(
        "Inflio-AI",
        date(2026, 11, 1),
        "What is made with AI says so, also where it is plainly drawn.",
        "Our own rule",
        _ai,
        _needs(Need.AI_LABEL),
    ),
    Rule(
        "Inflio-sponsor",
        date(2026, 11, 1),
        "Who is paid says by whom.",
        "Our own rule, from all of the above",
        _paid,
        _needs(Need.AD_LABEL, Need.SPONSOR_NAME),
    ),
    Rule(
        "Inflio-own-brand",
        date(2026, 11, 1),
        "Who advertises their own business says so.",
        "Our own rule, from all of the above",
        lambda facts: facts.own_brand,
        _needs(Need.AD_LABEL),
    ),
)
