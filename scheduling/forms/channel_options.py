"""What differs on one channel of a post: own words, cut, cover, and what only its platform asks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from content.exports.presets import PRESETS
from inflio.accounts.models import User
from scheduling.models import Channel
from scheduling.platforms.tiktok import rules as tiktok_rules
from scheduling.services.composing.parts import TargetChoice
from scheduling.services.composing.problems import capabilities_of

PREFIX = {"instagram": ("ig_",), "tiktok": ("tt_",), "youtube": (), "linkedin": ("li_",)}
YOUTUBE_PRIVACY = (("public", "Public"), ("unlisted", "Unlisted"), ("private", "Private"))
SWITCHES = {  # switches of a platform beyond TikTok's own screen: field, label, whether it is on at first
    "instagram": (("share_to_feed", "Show the reel in the feed too", True),),
    "youtube": (
        ("made_for_kids", "Made for kids", False),
        ("notify_subscribers", "Tell subscribers", True),
    ),
}
STATEMENTS = (  # about the visible mark and ads in the picture, of every platform
    ("ai_mark", "Put a visible “AI” on it, also where no law asks for it", True),
    ("mark_in_video", "The video shows a visible “AI” already", False),
    ("ad_in_media", "The picture itself says that it is an ad, and for whom", False),
)
TIKTOK_SWITCHES = (
    "allow_comment",
    "allow_duet",
    "allow_stitch",
    "auto_add_music",
    "commercial",
    "your_brand",
    "branded_content",
    "consent",
)
ALL_SWITCHES = (  # of every platform: what may be true or false in the options that are stored
    *TIKTOK_SWITCHES,
    *(name for rows in (*SWITCHES.values(), STATEMENTS) for name, _, _ in rows),
)
LONGEST_FILM = 36_000  # seconds


class ChannelForm(forms.Form):
    """One channel's part of the composer; `rules` are what its platform takes for the post's format."""

    caption = forms.CharField(required=False, max_length=5000, widget=forms.Textarea({"rows": 4}), label="Own caption")
    first_comment = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea({"rows": 2}), label="First comment"
    )
    crop = forms.ChoiceField(required=False, label="Shape")
    cover_seconds = forms.FloatField(required=False, min_value=0, max_value=LONGEST_FILM, label="Cover, at second")
    collaborators = forms.CharField(required=False, max_length=200, help_text="At most three, such as: ada, bob")
    privacy_level = forms.ChoiceField(required=False, label="Who can see this post")

    def __init__(self, data: Mapping, *, channel: Channel, format: str, has_video: bool = False) -> None:
        super().__init__(data, prefix=f"c{channel.pk}")
        self.channel, self.format, self.has_video = channel, format, has_video
        self.rules = capabilities_of(channel).formats.get(format)
        self.fields["crop"].choices = [("", "As the platform shows it best"), *_crops(channel)]
        for name in TIKTOK_SWITCHES if channel.platform == "tiktok" else ():
            self.fields[name] = forms.BooleanField(required=False)
        for name, label, _ in switches_of(channel):
            self.fields[name] = forms.BooleanField(required=False, label=label)
        self.tiktok = self._tiktok_screen() if channel.platform == "tiktok" else None
        levels = self.tiktok["levels"] if self.tiktok else YOUTUBE_PRIVACY
        self.fields["privacy_level"].choices = [("", "Choose"), *levels] if self.tiktok else levels

    @property
    def shown(self) -> list:
        """Bound fields that make sense here, in their order; TikTok's own screen comes apart."""
        rules, platform = self.rules, self.channel.platform
        if rules is None:
            return []
        there = {
            "first_comment": rules.first_comment,
            "crop": bool(_crops(self.channel)) and "image" in rules.kinds,
            "cover_seconds": rules.cover and "video" in rules.kinds,
            "collaborators": platform == "instagram" and self.format != "story",
            "privacy_level": platform == "youtube",
            "share_to_feed": self.format == "video",
            "made_for_kids": True,
            "notify_subscribers": True,
            "ai_mark": True,
            "mark_in_video": self.has_video,
            "ad_in_media": self.format == "story",
        }
        return [self[name] for name in self.fields if there.get(name)]

    @property
    def shown_switches(self) -> list:
        """Those of the shown fields that are switched on and off."""
        return [bound for bound in self.shown if isinstance(bound.field, forms.BooleanField)]

    @property
    def shown_words(self) -> list:
        """The other shown fields."""
        return [bound for bound in self.shown if not isinstance(bound.field, forms.BooleanField)]

    @property
    def unseen(self) -> list:
        """Switches that are on and make no sense here: they stay on for when they do again."""
        names = [name for name, _, _ in switches_of(self.channel) if self._ticked(name)]
        shown = {bound.name for bound in self.shown}
        return [self[name] for name in names if name not in shown]

    @property
    def differs(self) -> bool:
        """Whether anything is chosen that the post as a whole has not."""
        return any(self[name].value() for name in ("caption", "first_comment", "crop", "cover_seconds"))

    def choice(self, by: User, now: datetime, before: Mapping[str, Any]) -> TargetChoice:
        """What is stored for the channel; a field that is wrong is left out. `before`: its options so far."""
        given = getattr(self, "cleaned_data", {})
        seconds = given.get("cover_seconds")
        return TargetChoice(
            channel=self.channel,
            caption=given.get("caption", ""),
            first_comment=given.get("first_comment", ""),
            crop=given.get("crop", ""),
            cover_ms=None if seconds is None else round(seconds * 1000),
            options=self._options(given, by, now, before),
        )

    def _options(self, given: Mapping, by: User, now: datetime, before: Mapping[str, Any]) -> dict[str, Any]:
        platform = self.channel.platform
        options: dict[str, Any] = {name: bool(given.get(name)) for name, _, _ in switches_of(self.channel)}
        if platform == "tiktok":
            return options | self._tiktok_options(given, by, now, before)
        if platform == "youtube":
            options["privacy_level"] = given.get("privacy_level") or "public"
        if platform == "instagram":
            names = given.get("collaborators", "").replace("@", "").split(",")
            options["collaborators"] = [name.strip() for name in names if name.strip()][:3]
        return options

    def _tiktok_options(self, given: Mapping, by: User, now: datetime, before: Mapping[str, Any]) -> dict[str, Any]:
        """The audit's choices, and who agreed to them when: an agreement holds for these choices only."""
        options = {name: bool(given.get(name)) for name in TIKTOK_SWITCHES} | {
            "privacy_level": given.get("privacy_level", "")
        }
        if not options["consent"]:
            return options
        settings = {name: value for name, value in options.items() if name != "consent"}
        agreed = before.get("agreed") or {}
        if agreed.get("settings") != settings:
            text = tiktok_rules.consent(options).text
            agreed = {
                "by": by.pk,
                "name": by.get_full_name(),
                "at": now.isoformat(),
                "text": text,
                "settings": settings,
            }
        return options | {"agreed": agreed}

    def _tiktok_screen(self) -> dict[str, Any]:
        """TikTok's audit screen: its choices as they are now, the label's sentence, and what is agreed to."""
        chosen = {name: self._ticked(name) for name in TIKTOK_SWITCHES}
        chosen["privacy_level"] = self.data.get(self.add_prefix("privacy_level"), "")
        choices = tiktok_rules.choices(self.channel.facts, self.format, chosen)
        levels = next((choice.values for choice in choices if choice.field == "privacy_level"), ())
        locked = next((choice.locked_values for choice in choices if choice.field == "privacy_level"), ())
        return {
            "chosen": chosen,
            "levels": [pair for pair in levels if pair[0] not in locked] or list(tiktok_rules.PRIVACY.items()),
            "not_private": bool(locked),
            "switches": [vars(row) | {"ticked": chosen[row.field]} for row in choices if row.kind == "switch"],
            "label": tiktok_rules.label(chosen, self.format),
            "consent": tiktok_rules.consent(chosen),
            "processing": tiktok_rules.PROCESSING,
        }

    def _ticked(self, name: str) -> bool:
        return self.data.get(self.add_prefix(name), "") in ("on", "true", "1")


def options_values(channel: Channel, target: TargetChoice | None) -> dict[str, str | list[str]]:
    """A stored channel as the form's values; for a new one the platform's usual choices, none for TikTok."""
    prefix, options = f"c{channel.pk}-", dict(target.options) if target else {}
    values: dict[str, str] = {}
    if target:
        values |= {"caption": target.caption, "first_comment": target.first_comment, "crop": target.crop}
        values["cover_seconds"] = "" if target.cover_ms is None else f"{target.cover_ms / 1000:g}"
    for name, _, at_first in switches_of(channel):
        values[name] = "on" if options.get(name, at_first) else ""
    if channel.platform == "tiktok":
        values |= {name: "on" if options.get(name) else "" for name in TIKTOK_SWITCHES}
    values["privacy_level"] = str(options.get("privacy_level") or ("public" if channel.platform == "youtube" else ""))
    values["collaborators"] = ", ".join(options.get("collaborators", ()))
    return {f"{prefix}{name}": value for name, value in values.items() if value}


def switches_of(channel: Channel) -> tuple[tuple[str, str, bool], ...]:
    """Field, label, and whether it is on at first, of each switch but those of TikTok's own screen."""
    return (*SWITCHES.get(channel.platform, ()), *STATEMENTS)


def _crops(channel: Channel) -> list[tuple[str, str]]:
    """Presets of pictures for this platform."""
    kinds = PREFIX.get(channel.platform, ())
    return [(key, preset.label) for key, preset in PRESETS.items() if kinds and key.startswith(kinds)
            and "cover" not in key]  # fmt: skip
