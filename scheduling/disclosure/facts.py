"""What the disclosure rules are asked about, and what they answer: frozen data, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from scheduling.disclosure.lines import place_lines
from scheduling.platforms.base import Capabilities

ALL_REGIONS = "*"
EU_COUNTRIES = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split()  # noqa: SIM905
) | {"NO", "IS", "LI"}  # the Union, and the rest of the Economic Area, which takes its rules over


@dataclass(frozen=True)
class Problem:
    """One thing to mend. `code` is stable; `field` names the part of the composer; "bad" blocks publishing."""

    code: str
    text: str
    field: str = ""
    level: Literal["bad", "warn"] = "bad"

    @property
    def blocks(self) -> bool:
        """Whether nothing is published with it."""
        return self.level == "bad"


@dataclass(frozen=True)
class Facts:
    """What is known of one post on one platform.

    real_person: it shows the likeness of a living or once living person. photoreal: it could be taken for a photo or a
    film of real life. regions: where its audience is ("EU", "DE", "US", "US-NY" ...); empty: everywhere. options: what
    was chosen for this platform in the composer. caption: as it would go out, with hashtags, without our lines.
    """

    platform: str
    format: str
    ai_made: bool = True
    real_person: bool = False
    partnership: str = "none"  # "none", "third_party", "own_brand"
    sponsor_name: str = ""
    regions: tuple[str, ...] = ()
    capabilities: Capabilities | None = None  # None: a public page of ours, which has no fields
    options: Mapping[str, Any] = field(default_factory=dict)
    photoreal: bool = True
    caption: str = ""
    has_video: bool | None = None  # None: as the format says
    hdr: bool = False  # a film made for HDR screens is in it, on which no mark can be burnt

    @property
    def video(self) -> bool:
        """Whether there is moving picture in it."""
        return self.format == "video" if self.has_video is None else self.has_video

    @property
    def film_is_marked(self) -> bool:
        """Its owner states that a visible "AI" is in the film already."""
        return self.video and self.options.get("mark_in_video") is True

    @property
    def paid(self) -> bool:
        """Another brand pays for it."""
        return self.partnership == "third_party" or self._switched("branded_content", "brand_content_toggle")

    @property
    def own_brand(self) -> bool:
        """It promotes a business of the owner's."""
        return self.partnership == "own_brand" or self._switched("your_brand", "brand_organic_toggle")

    @property
    def advertises(self) -> bool:
        """It is an advertisement, whoever pays."""
        return self.paid or self.own_brand

    def _switched(self, choice: str, field: str) -> bool:
        """Whether TikTok's own switches say it: the composer's, which count while the first is on, or the field."""
        return bool(self.options.get("commercial") and self.options.get(choice)) or self.options.get(field) is True

    def reaches(self, region: str) -> bool:
        """Whether its audience may be in a region ("*" for every one); a country reaches its states and back."""
        if region == ALL_REGIONS or not self.regions:
            return True
        places = {place.strip().upper() for place in self.regions}
        if region == "EU":
            return bool(places & ({"EU", "EEA"} | EU_COUNTRIES))
        country = region.split("-")[0]
        return region in places or country in places or any(place.startswith(f"{region}-") for place in places)


@dataclass(frozen=True)
class Disclosure:
    """What has to be said, and where.

    flags: in the platform's own names, for its own fields. opening and closing: lines before and after the caption.
    visible_mark: pictures and films that AI made carry a visible "AI"; film_is_marked: the film does already. problems
    block publishing; warnings do not. rules: ids with dates.
    """

    flags: Mapping[str, Any] = field(default_factory=dict)
    opening: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    visible_mark: bool = False
    film_is_marked: bool = False
    mark_required: bool = False  # by law: the owner cannot turn it off
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    rules: tuple[str, ...] = ()

    @property
    def caption_lines(self) -> tuple[str, ...]:
        """Every line that the caption must contain."""
        return self.opening + self.closing

    def complete(self, caption: str) -> str:
        """The caption with these lines in their places; completing it twice changes nothing."""
        return place_lines(caption, self.caption_lines)
