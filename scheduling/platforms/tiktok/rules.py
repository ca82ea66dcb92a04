"""What TikTok's audit asks of the screen on which a post for TikTok is made: exact words, choices, what goes together.

For the composer and its validation (developers.tiktok.com/doc/content-sharing-guidelines, points 1 to 5):

    choices(facts, format, options)   the fields to show, in their order, with those that are greyed out and why
    check_options(options, facts, format)   what still stops this post, as (code, text, field); [] when nothing does
    label(options, format)            the sentence below the commercial switch, or ""
    consent(options)                  the sentence and its links just above the button that schedules
    PROCESSING                        the notice after scheduling

`facts` is Facts of TikTok.inspect(), its `options`, or what a channel saved of either; `options` is what is saved in
PostTarget.options. Nothing may be chosen beforehand: no audience, no switch. Read the account (inspect) when the
screen is shown and show Facts.name as whose account it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from scheduling.platforms.base import Facts

PRIVACY = {  # who can see it: TikTok's value and its word in TikTok's app
    "PUBLIC_TO_EVERYONE": "Everyone",
    "MUTUAL_FOLLOW_FRIENDS": "Friends",
    "FOLLOWER_OF_CREATOR": "Followers",
    "SELF_ONLY": "Only you",
}
MUSIC = ("Music Usage Confirmation", "https://www.tiktok.com/legal/page/global/music-usage-confirmation/en")
BRANDED = ("Branded Content Policy", "https://www.tiktok.com/legal/page/global/bc-policy/en")
CONSENT = "By posting, you agree to TikTok's Music Usage Confirmation."
CONSENT_BRANDED = "By posting, you agree to TikTok's Branded Content Policy and Music Usage Confirmation."
DISCLOSE = "Disclose commercial content"
DISCLOSE_HELP = "Turn on if this post promotes yourself, a third party, or both."
YOUR_BRAND_HELP = "You are promoting yourself or your own business. This content will be classified as Brand Organic."
BRANDED_HELP = "You are promoting another brand or a third party. This content will be classified as Branded Content."
PICK_ONE = "You need to indicate if your content promotes yourself, a third party, or both."
NOT_PRIVATE = "Branded content visibility cannot be set to private."
PROCESSING = (
    "After it is published it may take a few minutes for TikTok to process the post and show it on the profile."
)


class Problem(NamedTuple):
    """Why a post cannot be scheduled as it is; `field` is the key in the options."""

    code: str
    text: str
    field: str


@dataclass(frozen=True)
class Choice:
    """One field. `kind`: "one of" `values`, or "switch". `locked`: why it cannot be used now, or an empty text."""

    field: str
    label: str
    kind: str
    help: str = ""
    values: tuple[tuple[str, str], ...] = ()
    locked: str = ""
    locked_values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Consent:
    """A sentence and the links in it: (words, address)."""

    text: str
    links: tuple[tuple[str, str], ...]


def account_options(facts: Facts | Mapping[str, Any] | None) -> Mapping[str, Any]:
    """What the account offers, from any form of the facts; empty when it was never read."""
    if facts is None:
        return {}
    if isinstance(facts, Facts):
        return facts.options
    inner = facts.get("options")
    return inner if isinstance(inner, Mapping) else facts


def brands(options: Mapping[str, Any]) -> tuple[bool, bool]:
    """(own business, another brand) as they count: only while the commercial switch is on."""
    on = bool(options.get("commercial"))
    return on and bool(options.get("your_brand")), on and bool(options.get("branded_content"))


def choices(
    facts: Facts | Mapping[str, Any] | None, format: str, options: Mapping[str, Any] | None = None
) -> list[Choice]:
    """The fields of the screen. `options` is what is chosen so far; it decides what is greyed out."""
    account, options = account_options(facts), options or {}
    _, branded = brands(options)
    offered = tuple((value, PRIVACY.get(value, value)) for value in account.get("privacy_levels", ()))
    private = options.get("privacy_level") == "SELF_ONLY"
    hidden = ("SELF_ONLY",) if branded else ()
    found = [Choice("privacy_level", "Who can see this post", "one of", "", offered, locked_values=hidden)]
    for field, word, closed in _interactions(format):
        locked = f"The account has switched {word} off in TikTok." if account.get(closed) else ""
        found.append(Choice(field, f"Allow {word}", "switch", locked=locked))
    if format != "video":
        found.append(Choice("auto_add_music", "Let TikTok add music", "switch"))
    found.append(Choice("commercial", DISCLOSE, "switch", DISCLOSE_HELP))
    if options.get("commercial"):
        found.append(Choice("your_brand", "Your brand", "switch", YOUR_BRAND_HELP))
        locked = NOT_PRIVATE if private else ""
        found.append(Choice("branded_content", "Branded content", "switch", BRANDED_HELP, locked=locked))
    return found


def label(options: Mapping[str, Any], format: str) -> str:
    """How TikTok will label the post, in its own words, or what is missing while the switch is on without a choice."""
    own, branded = brands(options)
    what = "video" if format == "video" else "photo"
    if branded:
        return f"Your {what} will be labeled as 'Paid partnership'"
    if own:
        return f"Your {what} will be labeled as 'Promotional content'"
    return PICK_ONE if options.get("commercial") else ""


def consent(options: Mapping[str, Any]) -> Consent:
    """What the user agrees to by scheduling; keep who agreed, when, and to which options."""
    if brands(options)[1]:
        return Consent(CONSENT_BRANDED, (BRANDED, MUSIC))
    return Consent(CONSENT, (MUSIC,))


def check_options(
    options: Mapping[str, Any],
    facts: Facts | Mapping[str, Any] | None,
    format: str,
    *,
    seconds: float | None = None,
    labels: Mapping[str, Any] | None = None,
) -> list[Problem]:
    """What stops this post on TikTok; each problem is (code, text, field).

    `seconds` is the length of a video; `labels` are the flags of the disclosure, which count like the switches. Keys
    of the options: privacy_level, allow_comment, allow_duet, allow_stitch, auto_add_music, commercial, your_brand,
    branded_content, consent (true once the user agreed to `consent(options)` for this post).
    """
    account, labels = account_options(facts), labels or {}
    found = [*_check_audience(options, account, labels)]
    for field, word, closed in _interactions(format):
        if options.get(field) and account.get(closed):
            text = f"The account has switched {word} off in TikTok. Switch “Allow {word}” off here too."
            found.append(Problem("interaction_disabled", text, field))
    if options.get("commercial") and not any(brands(options)):
        found.append(Problem("commercial_unspecified", PICK_ONE, "commercial"))
    longest = account.get("longest_seconds")
    if format == "video" and seconds and longest and seconds > longest:
        text = f"This account may post videos of at most {longest} seconds. Cut this one, which has {seconds:.0f}."
        found.append(Problem("video_too_long", text, "media"))
    if not options.get("consent"):
        found.append(
            Problem("consent_missing", f"Agree to TikTok's terms for this post: {consent(options).text}", "consent")
        )
    return found


def _check_audience(options: Mapping[str, Any], account: Mapping[str, Any], labels: Mapping[str, Any]) -> list[Problem]:
    level, offered = options.get("privacy_level"), account.get("privacy_levels")
    if not level:
        return [Problem("privacy_missing", "Choose who can see this post on TikTok.", "privacy_level")]
    if level not in PRIVACY or (offered and level not in offered):
        text = "This account does not offer that audience. Choose again who can see this post on TikTok."
        return [Problem("privacy_not_offered", text, "privacy_level")]
    if level == "SELF_ONLY" and (brands(options)[1] or labels.get("brand_content_toggle")):
        return [Problem("branded_private", f"{NOT_PRIVATE} Choose another audience.", "privacy_level")]
    return []


def _interactions(format: str) -> tuple[tuple[str, str, str], ...]:
    comment = (("allow_comment", "comments", "comment_disabled"),)
    if format != "video":  # TikTok has no duets and stitches with photos
        return comment
    return (*comment, ("allow_duet", "Duet", "duet_disabled"), ("allow_stitch", "Stitch", "stitch_disabled"))
